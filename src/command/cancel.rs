use std::time::Duration;

use crate::cancellation::Cancellation;
use crate::error::Error;

/// Ends work when the run is cancelled, after the grace period that it is given from then on. The result of work that
/// finishes within that period counts.
pub(super) async fn unless_cancelled<T>(
    cancellation: &Cancellation,
    grace: impl FnOnce() -> Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let cancelled = async {
        let signal = cancellation.requested().await;
        let grace = grace();
        if !grace.is_zero() {
            tokio::time::sleep(grace).await;
        }
        signal
    };
    tokio::select! {
        biased; // so that a run that is cancelled before it has begun does nothing
        signal = cancelled => Err(Error::Cancelled(signal)),
        done = work => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::Signal;

    #[tokio::test]
    async fn cancelled_work_is_not_begun_unless_it_is_given_time() {
        let (canceller, cancellation) = Cancellation::new();
        let work = || async { Ok(1) };
        assert_eq!(unless_cancelled(&cancellation, || Duration::ZERO, work()).await.unwrap(), 1);
        canceller.cancel(Signal::Interrupt);
        let cut = unless_cancelled(&cancellation, || Duration::ZERO, work()).await;
        assert!(matches!(cut, Err(Error::Cancelled(Signal::Interrupt))), "{cut:?}");
        assert_eq!(unless_cancelled(&cancellation, || Duration::MAX, work()).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn work_without_anybody_to_cancel_it_goes_on() {
        let (_, cancellation) = Cancellation::new();
        assert_eq!(unless_cancelled(&cancellation, || Duration::ZERO, async { Ok(1) }).await.unwrap(), 1);
    }
}
