use std::time::Duration;

use crate::cancellation::{Cancellation, GRACE};
use crate::error::Error;
use crate::store::Progress;

/// Ends work at once when the run is cancelled.
pub(super) async fn unless_cancelled<T>(
    cancellation: &Cancellation,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    unless_cancelled_for(cancellation, || Duration::ZERO, work).await
}

/// Ends work that publishes when the run is cancelled. What is being published by then is done in a moment, and then it
/// is known whether it is, so that it gets the grace period.
pub(super) async fn unless_cancelled_before_publishing<T>(
    cancellation: &Cancellation,
    progress: &Progress,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let grace = || if progress.stage().may_be_published() { GRACE } else { Duration::ZERO };
    unless_cancelled_for(cancellation, grace, work).await
}

/// Ends work when the run is cancelled, after the grace period that it is given from then on. The result of work that
/// finishes within that period counts.
async fn unless_cancelled_for<T>(
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
        assert_eq!(unless_cancelled(&cancellation, work()).await.unwrap(), 1);
        canceller.cancel(Signal::Interrupt);
        let cut = unless_cancelled(&cancellation, work()).await;
        assert!(matches!(cut, Err(Error::Cancelled(Signal::Interrupt))), "{cut:?}");
        assert_eq!(unless_cancelled_for(&cancellation, || Duration::MAX, work()).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn work_without_anybody_to_cancel_it_goes_on() {
        let (_, cancellation) = Cancellation::new();
        assert_eq!(unless_cancelled(&cancellation, async { Ok(1) }).await.unwrap(), 1);
    }
}
