//! What a push that restores the head replaces: the state that was found, and no other.

use std::collections::HashSet;

use super::document::Stored;
use super::{Conflict, Error, FileEntry, Manifest, MovedFile};
use crate::name::ConfigPath;

/// What a push that restores the head does besides putting files.
#[derive(Debug, Clone)]
pub struct Restore {
    /// What it replaces: this state of the head, and no other.
    pub(super) found: Option<Stored<Manifest>>,
    /// The paths that are no longer there.
    pub(super) removed: Vec<ConfigPath>,
}

impl Restore {
    /// The paths that are no longer there.
    #[must_use]
    pub fn removed(&self) -> &[ConfigPath] {
        &self.removed
    }

    /// Whether there was a head.
    #[must_use]
    pub fn has_head(&self) -> bool {
        self.found.is_some()
    }

    /// Whether the head has none of the paths that are removed.
    pub(super) fn removes_nothing_of(&self, manifest: &Manifest) -> bool {
        self.removed.iter().all(|path| manifest.entry(path).is_none())
    }

    /// Refuses to replace another state of the head than the one that was found.
    pub(super) fn refuse_other(&self, now: Option<&Stored<Manifest>>) -> Result<(), Error> {
        if now.map(|now| &now.etag) == self.found.as_ref().map(|found| &found.etag) {
            return Ok(());
        }
        let (before, now) = (self.found.as_ref().map(|found| &found.value), now.map(|now| &now.value));
        let entries = [before, now].into_iter().flatten().flat_map(|manifest| &manifest.files);
        let paths: HashSet<_> = entries.map(|entry| &entry.path).collect();
        let entry = |manifest: Option<&Manifest>, path| manifest.and_then(|manifest| manifest.entry(path)).cloned();
        let moved = paths.into_iter().filter_map(|path| {
            let (base, present) = (entry(before, path), entry(now, path));
            let digest = |entry: &Option<FileEntry>| entry.as_ref().map(|entry| entry.sha256);
            let is_moved = digest(&base) != digest(&present);
            is_moved.then(|| MovedFile { path: path.clone(), base: base.as_ref().map(Into::into), present })
        });
        let mut moved: Vec<_> = moved.collect();
        moved.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        Err(Conflict::HeadMoved { moved, last: now.map(Into::into) }.into())
    }
}
