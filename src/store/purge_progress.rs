use std::cell::RefCell;
use std::rc::Rc;

use crate::s3::ListedVersion;

/// How far a purge has come, for the caller to read when it was cut off. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct PurgeProgress(Rc<RefCell<PurgeReached>>);

/// How far a purge had come.
#[derive(Debug, Clone, Default)]
pub struct PurgeReached {
    /// What pulls get by then.
    pub stage: PurgeStage,
    /// What is gone.
    pub removed: Vec<ListedVersion>,
    /// What may be gone: its delete was sent, and not answered, or answered with an error that leaves it open.
    pub unanswered: Vec<ListedVersion>,
}

impl PurgeReached {
    /// Whether some of it may be gone.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.stage != PurgeStage::Published || !self.removed.is_empty() || !self.unanswered.is_empty()
    }
}

/// What pulls get of what is purged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PurgeStage {
    /// All of it.
    #[default]
    Published,
    /// It is not known: the request that takes it from them was not answered.
    Hiding,
    /// Nothing.
    Hidden,
    /// Nothing, and the purge no longer claims the version's name.
    Released,
}

impl PurgeProgress {
    /// How far it has come by now.
    #[must_use]
    pub fn reached(&self) -> PurgeReached {
        self.0.borrow().clone()
    }

    pub(super) fn reach(&self, stage: PurgeStage) {
        self.0.borrow_mut().stage = stage;
    }

    /// A delete of this is sent next.
    pub(super) fn sends(&self, version: &ListedVersion) {
        self.0.borrow_mut().unanswered.push(version.clone());
    }

    /// The answer has come, and says whether it is gone.
    pub(super) fn answered(&self, version: &ListedVersion, is_gone: bool) {
        let mut reached = self.0.borrow_mut();
        reached.unanswered.retain(|other| (&other.key, &other.version) != (&version.key, &version.version));
        if is_gone {
            reached.removed.push(version.clone());
        }
    }
}
