use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::observer::{Observer, Overdue, Retry, Wait};
use crate::secret::Secret;

/// The stack of a thread that only waits and, at most once, says why a run ends.
const STACK: usize = 256 * 1024;

/// The time limit of a run, and what the run waits for. As an observer, it passes everything on to the front end and
/// remembers what is waited for, so that a timeout can name it.
#[derive(Debug)]
pub(super) struct Deadline {
    limit: Duration,
    begun: Instant,
    front_end: Arc<dyn Observer>,
    waits: Mutex<Vec<Wait>>,
    /// What the thread that watches looks at. It is started with the first work that is watched.
    watch: Arc<Watch>,
    /// This deadline, for that thread.
    this: Weak<Self>,
}

/// What the thread that works and the one that watches it tell each other.
#[derive(Debug, Default)]
struct Watch {
    work: Mutex<Work>,
    changed: Condvar,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Nothing was watched yet, so nobody watches.
    #[default]
    Unwatched,
    /// Nothing is done that has to be watched.
    Idle,
    Going,
    /// It is said already to be overdue.
    Overdue,
    /// Nothing will be done any more.
    Over,
}

impl Watch {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deadline {
    pub(super) fn new(limit: Duration, front_end: Arc<dyn Observer>) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            limit,
            begun: Instant::now(),
            front_end,
            waits: Mutex::default(),
            watch: Arc::default(),
            this: Weak::clone(this),
        })
    }

    /// Ends work at its deadline. The result of work that has finished counts, however late: what it published stays
    /// published.
    pub(super) async fn cut<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        // Work that is dropped waits for nothing any more, so it must still be there when its waits are read.
        let mut work = pin!(work);
        match tokio::time::timeout(self.limit, work.as_mut()).await {
            Ok(done) => done,
            Err(_) => Err(self.overdue().into()),
        }
    }

    /// As [`cut`](Self::cut), for work that has no effect outside. It cannot be interrupted between two requests, so if
    /// it finishes too late, its result does not count.
    pub(super) async fn keep<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let begun = Instant::now();
        let done = self.cut(work).await?;
        if begun.elapsed() <= self.limit { Ok(done) } else { Err(self.overdue().into()) }
    }

    /// Works on this thread and watches it from another: nothing else of the run goes on meanwhile, so nothing of it
    /// would notice that the deadline passes. Only for work that neither sends nor writes anything.
    pub(super) fn watch<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut state = self.watch.work();
        if *state == Work::Unwatched {
            let (this, watch, left) = (Weak::clone(&self.this), Arc::clone(&self.watch), self.left());
            let look = move || Self::look(&this, &watch, left);
            // Without a second thread the deadline is kept as soon as the work is done.
            let _ = thread::Builder::new().stack_size(STACK).spawn(look);
        }
        *state = Work::Going;
        // Until the time is up, the thread wakes by itself then.
        if self.left().is_zero() {
            self.watch.changed.notify_one();
        }
        drop(state);
        let result = work();
        *self.watch.work() = Work::Idle;
        result
    }

    /// Waits for the deadline, and then says of all work that is watched that it is overdue.
    fn look(this: &Weak<Self>, watch: &Watch, left: Duration) {
        let until = Instant::now().checked_add(left);
        let mut work = watch.work();
        while *work != Work::Over {
            let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
            work = if !left.is_zero() {
                watch.changed.wait_timeout(work, left).unwrap_or_else(PoisonError::into_inner).0
            } else if *work == Work::Going {
                // The work does not end before this is said: its run would go on and write. So it is not the last to
                // hold the deadline either.
                *work = Work::Overdue;
                if let Some(deadline) = this.upgrade() {
                    deadline.front_end.overdue(deadline.overdue());
                }
                work
            } else {
                watch.changed.wait(work).unwrap_or_else(PoisonError::into_inner)
            };
        }
    }

    /// How much time is left.
    pub(super) fn left(&self) -> Duration {
        self.limit.saturating_sub(self.begun.elapsed())
    }

    fn overdue(&self) -> Overdue {
        let waits = self.waits();
        // Every request waits for credentials where they are waited for.
        let is_for_credentials = |wait: &&Wait| !matches!(wait, Wait::Object { .. });
        let first = waits.iter().find(is_for_credentials).or_else(|| waits.first());
        Overdue { limit: self.limit, wait: first.cloned(), others: waits.len().saturating_sub(1) }
    }

    fn waits(&self) -> MutexGuard<'_, Vec<Wait>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        *self.watch.work() = Work::Over;
        self.watch.changed.notify_one();
    }
}

impl Observer for Deadline {
    fn overdue(&self, overdue: Overdue) {
        self.front_end.overdue(overdue);
    }

    fn credential(&self, text: &Secret<String>) {
        self.front_end.credential(text);
    }

    fn retry(&self, retry: &Retry) {
        self.front_end.retry(retry);
    }

    fn path_of_variables(&self, path: &str, written: &str) {
        self.front_end.path_of_variables(path, written);
    }

    fn pushed_from(&self, repository: &str, git_ref: &str) {
        self.front_end.pushed_from(repository, git_ref);
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

    /// Notes what is overdue, and lets the work go on.
    #[derive(Debug, Default)]
    struct Noting(Mutex<Vec<Overdue>>);

    impl Observer for Noting {
        fn overdue(&self, overdue: Overdue) {
            self.0.lock().unwrap().push(overdue);
        }

        fn credential(&self, _: &Secret<String>) {}

        fn retry(&self, _: &Retry) {}
    }

    #[test]
    fn work_that_nothing_interrupts_is_said_to_be_overdue_while_it_goes_on() {
        let front_end = Arc::new(Noting::default());
        let told = || front_end.0.lock().unwrap().len();
        let deadline = Deadline::new(Duration::ZERO, Arc::clone(&front_end) as _);
        // Each piece of work, also one that begins when the time is up already.
        for piece in 1..=3 {
            let done = deadline.watch(|| {
                while told() < piece {
                    thread::yield_now();
                }
                piece
            });
            assert_eq!(done, piece);
        }
        assert!(matches!(front_end.0.lock().unwrap()[..], [Overdue { wait: None, .. }, _, _]));
    }

    #[test]
    fn whoever_watches_goes_with_the_run() {
        let deadline = Deadline::new(Duration::from_secs(3600), Arc::new(Silent));
        let watch = Arc::clone(&deadline.watch);
        deadline.watch(|| ());
        drop(deadline);
        while Arc::strong_count(&watch) > 1 {
            thread::yield_now();
        }
    }

    #[test]
    fn work_that_is_done_in_time_is_not() {
        let front_end = Arc::new(Noting::default());
        let deadline = Deadline::new(Duration::from_secs(3600), Arc::clone(&front_end) as _);
        assert_eq!(deadline.watch(|| 1), 1);
        assert_eq!(front_end.0.lock().unwrap().len(), 0);
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
