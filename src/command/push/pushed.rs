//! The result of a push.

use crate::command::{Location, Note};
use crate::name::{ConfigPath, Digest};

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
    /// The keys that differ from what was replaced under the same name; none where that could not be read.
    pub changes: Option<KeyChanges>,
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
