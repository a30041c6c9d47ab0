//! The result of a log.

use time::OffsetDateTime;

use crate::command::{Change, Changes, Location, Note};
use crate::error::Error;
use crate::name::{ConfigPath, VersionName};
use crate::store::Manifest;

/// What was found of a context's history.
#[derive(Debug)]
pub struct Log {
    /// Whose history it is.
    pub location: Location,
    /// How many versions are published.
    pub published: usize,
    /// How many of them are older than all that were looked at.
    pub older: usize,
    /// The head, if it was pushed, and the last versions, the newest first; of a key, those that changed it.
    pub entries: Vec<LogEntry>,
    /// How many of them were looked at for the key, if one was asked for.
    pub searched: Option<usize>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A version, or the head, of a history.
#[derive(Debug)]
pub struct LogEntry {
    /// Its name; none for the head.
    pub version: Option<VersionName>,
    /// When S3 stored its manifest, which is what versions are ordered by; none for the head.
    pub stored: Option<OffsetDateTime>,
    /// Its manifest, or why it cannot be read.
    pub manifest: Result<Manifest, Error>,
    /// The files in which it differs from what comes after it in the list, which was there before it; none where one of
    /// the two cannot be read.
    pub changes: Option<Changes>,
    /// What became of the key that was asked for, if one was.
    pub key: Option<KeyChange>,
}

/// What a version changed of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChange {
    /// The files in which it differs, and how; none where it is the same.
    In(Vec<(ConfigPath, Change)>),
    /// A file that may have the key could not be read.
    Unknown,
}
