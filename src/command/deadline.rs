use std::time::{Duration, Instant};

use crate::error::Error;

/// Cuts work off at its deadline. Work that has ended by itself counts as what it is, however late: what it published
/// stays published.
pub(super) async fn cut_at<T>(deadline: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(deadline, work).await.unwrap_or(Err(Error::Deadline(deadline)))
}

/// As [`cut_at`], for work that leaves nothing behind: between two requests it is not interrupted, and what has taken
/// too long there is not delivered.
pub(super) async fn keep_to<T>(deadline: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let begun = Instant::now();
    let done = cut_at(deadline, work).await?;
    if begun.elapsed() <= deadline { Ok(done) } else { Err(Error::Deadline(deadline)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_ended_too_late_by_itself_counts_only_where_it_left_something() {
        let ended = || async { Ok(1) };
        assert_eq!(cut_at(Duration::ZERO, ended()).await.unwrap(), 1);
        assert!(matches!(keep_to(Duration::ZERO, ended()).await, Err(Error::Deadline(_))));
    }

    #[tokio::test]
    async fn what_goes_on_is_cut_off() {
        let endless = std::future::pending::<Result<(), Error>>;
        assert!(matches!(cut_at(Duration::ZERO, endless()).await, Err(Error::Deadline(_))));
        assert!(matches!(keep_to(Duration::ZERO, endless()).await, Err(Error::Deadline(_))));
    }
}
