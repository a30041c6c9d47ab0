//! What a pull tells of where it was pushed from, handed on to who asks GitHub about it meanwhile.

use std::fmt;
use std::io::Write;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::action::log::Log;
use crate::github::RepositoryName;
use crate::observer::{Observer, Overdue, Retry};
use crate::secret::Secret;

/// A tag of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) repository: RepositoryName,
    pub(super) name: String,
}

impl Tag {
    /// The tag that a git ref is; none of every other ref.
    pub(super) fn new(repository: &str, git_ref: &str) -> Option<Self> {
        let name = git_ref.strip_prefix("refs/tags/")?.to_owned();
        Some(Self { repository: RepositoryName::new(repository)?, name })
    }
}

/// The log of a step, which hands on the tags that it hears of.
pub(super) struct Hearing<W> {
    log: Log<W>,
    tags: UnboundedSender<Tag>,
}

impl<W> fmt::Debug for Hearing<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hearing").field("log", &self.log).finish_non_exhaustive()
    }
}

impl<W> Hearing<W> {
    /// With the tags as they are heard.
    pub(super) fn new(log: &Log<W>) -> (Self, UnboundedReceiver<Tag>) {
        let (tags, heard) = unbounded_channel();
        (Self { log: log.clone(), tags }, heard)
    }
}

impl<W: Write + Send> Observer for Hearing<W> {
    fn credential(&self, text: &Secret<String>) {
        self.log.credential(text);
    }

    fn retry(&self, retry: &Retry) {
        self.log.retry(retry);
    }

    fn overdue(&self, overdue: Overdue) {
        self.log.overdue(overdue);
    }

    fn path_of_variables(&self, path: &str, written: &str) {
        self.log.path_of_variables(path, written);
    }

    fn pushed_from(&self, repository: &str, git_ref: &str) {
        // Nobody listens any more where the pull has ended otherwise.
        let _ = Tag::new(repository, git_ref).map(|tag| self.tags.send(tag));
    }
}
