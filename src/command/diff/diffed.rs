//! The result of a diff.

use crate::command::{CheckedFiles, FileChange, Location, NoKeys, Note};
use crate::name::{ConfigPath, Digest};

/// What differs between two sides.
#[derive(Debug)]
pub struct Diffed {
    /// What it was.
    pub from: DiffedSide,
    /// What it became.
    pub to: DiffedSide,
    /// The files that differ, in the order of `files`, else by their paths.
    pub files: Vec<FileChange>,
    /// Whether keys were to be told at all.
    pub by_key: bool,
    /// Between contexts, and where it was asked for: the keys that one side lacks.
    pub lacking: Option<Lacking>,
    /// What was found of the files that lie here by themselves, where that was asked for.
    pub checked: Option<CheckedFiles>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

impl Diffed {
    /// Whether there is a difference.
    #[must_use]
    pub fn is_different(&self) -> bool {
        !self.files.is_empty()
    }
}

/// One side of a diff.
#[derive(Debug)]
pub struct DiffedSide {
    /// Where it is; none for the files that lie here. Without a manifest it was read in the Go cStore's layout.
    pub location: Option<Location>,
    /// How many of its files were compared.
    pub files: usize,
    /// The digest of these.
    pub digest: Digest,
}

/// The keys that one side has and the other lacks. Files of one path are compared with each other; of those that only
/// one side has, all keys with all keys of those that only the other has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Those that only `to` has, each with its file there.
    pub in_from: Vec<LackingKey>,
    /// Those that only `from` has, each with its file there.
    pub in_to: Vec<LackingKey>,
    /// Files that may have more such keys, and why these are not known.
    pub unknown: Vec<(ConfigPath, NoKeys)>,
}

impl Lacking {
    /// Whether both sides have the same keys, as far as it could be told of all files.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.in_from.is_empty() && self.in_to.is_empty() && self.unknown.is_empty()
    }
}

/// A key that only one side has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LackingKey {
    /// Its file.
    pub path: ConfigPath,
    /// The key.
    pub key: String,
}
