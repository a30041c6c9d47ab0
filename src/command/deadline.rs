use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::observer::{Observer, Retry, Wait};
use crate::secret::Secret;

/// The time limit of a run, and what the run waits for. As an observer, it passes everything on to the front end and
/// remembers what is waited for, so that a timeout can name it.
#[derive(Debug)]
pub(super) struct Deadline {
    limit: Duration,
    front_end: Arc<dyn Observer>,
    waits: Mutex<Vec<Wait>>,
}

impl Deadline {
    pub(super) fn new(limit: Duration, front_end: Arc<dyn Observer>) -> Arc<Self> {
        Arc::new(Self { limit, front_end, waits: Mutex::default() })
    }

    /// Ends work at its deadline. The result of work that has finished counts, however late: what it published stays
    /// published.
    pub(super) async fn cut<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        // Work that is dropped waits for nothing any more, so it must still be there when its waits are read.
        let mut work = pin!(work);
        match tokio::time::timeout(self.limit, work.as_mut()).await {
            Ok(done) => done,
            Err(_) => Err(self.passed()),
        }
    }

    /// As [`cut`](Self::cut), for work that has no effect outside. It cannot be interrupted between two requests, so if
    /// it finishes too late, its result does not count.
    pub(super) async fn keep<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let begun = Instant::now();
        let done = self.cut(work).await?;
        if begun.elapsed() <= self.limit { Ok(done) } else { Err(self.passed()) }
    }

    fn passed(&self) -> Error {
        let waits = self.waits();
        // Every request waits for credentials where they are waited for.
        let is_for_credentials = |wait: &&Wait| !matches!(wait, Wait::Object { .. });
        let first = waits.iter().find(is_for_credentials).or_else(|| waits.first());
        Error::Deadline { limit: self.limit, wait: first.cloned(), others: waits.len().saturating_sub(1) }
    }

    fn waits(&self) -> MutexGuard<'_, Vec<Wait>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Deadline {
    fn credential(&self, text: &Secret<String>) {
        self.front_end.credential(text);
    }

    fn retry(&self, retry: &Retry) {
        self.front_end.retry(retry);
    }

    fn begin(&self, wait: &Wait) {
        self.waits().push(wait.clone());
        self.front_end.begin(wait);
    }

    fn end(&self, wait: &Wait) {
        let mut waits = self.waits();
        if let Some(position) = waits.iter().position(|other| other == wait) {
            waits.remove(position);
        }
        drop(waits);
        self.front_end.end(wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::{Silent, Waiting};

    fn none_left() -> Arc<Deadline> {
        Deadline::new(Duration::ZERO, Arc::new(Silent))
    }

    #[tokio::test]
    async fn what_ended_too_late_by_itself_counts_only_where_it_left_something() {
        let ended = || async { Ok(1) };
        assert_eq!(none_left().cut(ended()).await.unwrap(), 1);
        assert!(matches!(none_left().keep(ended()).await, Err(Error::Deadline { wait: None, .. })));
    }

    #[tokio::test]
    async fn what_goes_on_is_cut_off() {
        let endless = std::future::pending::<Result<(), Error>>;
        assert!(matches!(none_left().cut(endless()).await, Err(Error::Deadline { .. })));
        assert!(matches!(none_left().keep(endless()).await, Err(Error::Deadline { .. })));
    }

    #[tokio::test]
    async fn what_was_waited_for_is_named_and_credentials_before_requests() {
        let object =
            |key: &str| Wait::Object { action: "s3:GetObject", bucket: "shop".to_owned(), key: key.to_owned() };
        let deadline = none_left();
        let observer: Arc<dyn Observer> = Arc::clone(&deadline) as _;
        let work = async {
            drop(Waiting::new(&observer, object("done")));
            let _requests = [object("a"), object("b")].map(|wait| Waiting::new(&observer, wait));
            let _token = Waiting::new(&observer, Wait::JobToken);
            std::future::pending::<Result<(), Error>>().await
        };
        let passed = deadline.cut(work).await;
        assert!(matches!(passed, Err(Error::Deadline { wait: Some(Wait::JobToken), others: 2, .. })), "{passed:?}");
        assert_eq!(deadline.waits().len(), 0);

        let work = async {
            let _requests = [object("a"), object("b")].map(|wait| Waiting::new(&observer, wait));
            std::future::pending::<Result<(), Error>>().await
        };
        let Err(Error::Deadline { wait: Some(first), others: 1, .. }) = deadline.cut(work).await else { panic!() };
        assert_eq!(first, object("a"));
    }
}
