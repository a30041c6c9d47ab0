//! What a run tells its front end while it goes on.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::secret::Secret;

/// A front end, as far as a run that is not yet done has something to tell it.
pub trait Observer: fmt::Debug + Send + Sync {
    /// A credential has come up that no log may show from now on.
    fn credential(&self, text: &Secret<String>);

    /// A request is sent again.
    fn retry(&self, retry: &Retry);

    /// The deadline has passed, and the run's only thread is busy with what nothing can interrupt, such as checking a
    /// schema. It has sent and written nothing yet, and what it goes on to do does not count. To be answered by ending
    /// the process, after saying why.
    fn overdue(&self, _: Overdue) {}

    /// A path holds values of variables, which no log shows: what is written in the catalog stands in its place.
    fn path_of_variables(&self, _path: &str, _written: &str) {}

    /// What is pulled was pushed from this git ref of this repository: its manifest says so, and its files are yet to
    /// come.
    fn pushed_from(&self, _repository: &str, _git_ref: &str) {}

    /// The run begins to wait for something.
    fn begin(&self, _: &Wait) {}

    /// What was waited for has come, or failed, or is not wanted any more.
    fn end(&self, _: &Wait) {}
}

/// A request that is sent again. Its texts are a service's or the network's, not yet cleaned for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// What is asked, such as `GetObject`.
    pub operation: String,
    /// Which attempt comes now; the first was 1.
    pub attempt: u32,
    /// Why the one before it failed.
    pub reason: String,
}

/// A run that has reached its deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The time that the run was given.
    pub limit: Duration,
    /// What it waits for, if it does; of several things, the one that the others wait for.
    pub wait: Option<Wait>,
    /// How many things it waits for besides.
    pub others: usize,
}

/// Something that a run waits for, with all its tries and the pauses between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// The job's OIDC token, from GitHub.
    JobToken,
    /// A role's credentials, from STS.
    Role {
        /// The role's ARN.
        arn: String,
    },
    /// The existing credentials, from wherever the SDK looks for them.
    Credentials,
    /// The account of the credentials, from STS.
    Account,
    /// The answer to a request to S3.
    Object {
        /// The IAM action of the request, such as `s3:GetObject`.
        action: &'static str,
        /// The bucket's name.
        bucket: String,
        /// The key, or the prefix of a listing.
        key: String,
    },
}

/// Tells an observer of a wait, and of its end when this goes, also where the waiting is cut off.
#[derive(Debug)]
pub struct Waiting {
    observer: Arc<dyn Observer>,
    wait: Wait,
}

impl Waiting {
    /// Begins to wait.
    #[must_use]
    pub fn new(observer: &Arc<dyn Observer>, wait: Wait) -> Self {
        observer.begin(&wait);
        Self { observer: Arc::clone(observer), wait }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.observer.end(&self.wait);
    }
}

/// A front end that does not listen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn credential(&self, _: &Secret<String>) {}

    fn retry(&self, _: &Retry) {}
}
