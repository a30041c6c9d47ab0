use std::cell::Cell;
use std::rc::Rc;

/// How far a push has come: what its bucket may hold of it when the run ends, however it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Nothing that this push has put is known to be there.
    #[default]
    Untouched,
    /// The version is claimed, and files of it may be there. There is no manifest, so nothing is published.
    Begun,
    /// Files of the head, or of a version that is overwritten, may have been replaced, and the manifest is as it was.
    /// Where nothing pins the earlier files, pulls fail or get the new ones.
    Replacing,
    /// The version was published with this content before, and files of it may be gone.
    Repairing,
    /// The manifest was sent and its answer has not come: it may be published.
    Publishing,
    /// The manifest names what was pushed.
    Published,
}

impl Stage {
    /// Whether the manifest may name what was pushed, now or in a moment.
    #[must_use]
    pub const fn may_be_published(self) -> bool {
        matches!(self, Self::Publishing | Self::Published)
    }
}

/// The stage of a push, for the caller to read while the push runs and after it was cut off. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Rc<Cell<Stage>>);

impl Progress {
    /// How far the push has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.0.get()
    }

    pub(super) fn reach(&self, stage: Stage) {
        self.0.set(stage);
    }
}
