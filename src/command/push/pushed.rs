//! The result of a push.

use crate::command::{Location, Note};
use crate::name::{ConfigPath, Digest, VersionName};

/// The result of a push.
#[derive(Debug)]
pub struct Pushed {
    /// Where it went.
    pub location: Location,
    /// The configuration's digest.
    pub digest: Digest,
    /// The digest of the version that the swap of the manifest replaced, or that a dry run would replace; none where
    /// there was none that could be read.
    pub replaced: Option<Digest>,
    /// Whether there was a difference.
    pub changed: bool,
    /// The files.
    pub files: Vec<PushedFile>,
    /// What differs from what was replaced under the same name, or of a new version from the one before it; none where
    /// there is neither, or it could not be read.
    pub changes: Option<Changes>,
    /// Of a new version: why it is not compared with the one before it, or not key by key.
    pub not_compared: Option<NotCompared>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A file that was pushed.
#[derive(Debug)]
pub struct PushedFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// In bytes.
    pub size: u64,
    /// Of its bytes.
    pub digest: Digest,
    /// Its keys; none for files that have no keys.
    pub keys: Option<Vec<String>>,
}

/// The files in which a push differs from what was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The version before the pushed one, when that is what it is compared with; none when it is what was replaced.
    pub version_before: Option<VersionName>,
    /// The files that differ, in the order of the push, and then those that are gone.
    pub files: Vec<FileChange>,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// What became of it.
    pub change: Change,
    /// The keys that differ; none for a file without keys, or where they are not known.
    pub keys: Option<KeyChanges>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It has other bytes.
    Changed,
    /// It is gone.
    Removed,
}

/// The names of the keys that a push adds, changes and removes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyChanges {
    /// New.
    pub added: Vec<String>,
    /// With another value.
    pub changed: Vec<String>,
    /// No longer there.
    pub removed: Vec<String>,
}

/// What a new version is not compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCompared {
    /// The version before it, if it was found.
    pub version_before: Option<VersionName>,
    /// Whether only keys are not compared; the files are.
    pub only_keys: bool,
    /// Why.
    pub why: Obstacle,
}

/// Why something is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// This IAM action is denied.
    Denied(&'static str),
    /// It was not answered before the push was done, and a moment more.
    TooSlow,
    /// There are more versions, or more files that differ, than are read for this.
    TooMuch,
    /// It is damaged, or could not be had for another reason.
    Unreadable,
}
