use crate::command::FileChange;
use crate::config::MergeConflict;
use crate::name::ConfigPath;
use crate::store::{BaseEntry, LastPush};

/// What others have changed in the head, so that a push cannot be merged with it. The manifest was not swapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OthersChanges {
    /// The files.
    pub files: Vec<ChangedFile>,
    /// The head's last push, which need not have changed these files; none where there is no manifest.
    pub last: Option<LastPush>,
    /// Whether the push has other files, too.
    pub are_others_pushed: bool,
}

/// A file that others have changed, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// Why it cannot be merged; none where the head no longer has it.
    pub conflict: Option<MergeConflict>,
    /// What the head has now.
    pub present: Option<BaseEntry>,
    /// What others did.
    pub theirs: Theirs,
}

/// What others did to a file, by config key. None of a file of the same bytes, which nobody is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Theirs {
    /// What they changed since the file was last seen here, without what was changed alike here.
    SinceSeen(Option<FileChange>),
    /// In what theirs differs from the file here: the bytes that both were made of are not known.
    BesideOwn(Option<FileChange>),
    /// They removed it.
    Removed,
}
