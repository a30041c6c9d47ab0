//! Which files and keys a push adds, changes and removes: names only, for people to look at.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;

use super::pushed::{Change, FileChange, KeyChanges};
use crate::command::Note;
use crate::config::{Entry, FileType, parse};
use crate::name::{ConfigPath, Digest, VersionName};
use crate::s3::{Bucket, Budget};
use crate::secret::Secret;
use crate::store::{self, Fetch, FetchedFile, FileEntry, MAX_TOTAL_BYTES, Manifest, Missing, Push, Pushed, Store};

/// What stands where the push will go; none where there is nothing.
///
/// # Errors
/// [`Note::ChangesUnknown`] where it cannot be read: a pusher's role may not be allowed to, and what is there may be
/// broken, which the push is about to fix. Neither is a reason not to push.
pub(super) async fn before<B: Bucket>(
    store: &Store<B>,
    push: &Push,
    version: Option<&VersionName>,
) -> Result<Option<Vec<FetchedFile>>, Note> {
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let fetch = Fetch { version, known: &[], accept_unmanaged: true, leave_out_missing: false, budget: &budget };
    let of_push = |manifest: Option<&Manifest>| {
        // Nobody has to be told what else there is.
        let manifest = manifest.ok_or_else(|| {
            let context = store.keys().context().clone();
            store::Error::from(Missing::Head { context, keys: Vec::new(), published: None })
        })?;
        Ok::<_, store::Error>(
            manifest
                .files
                .iter()
                .map(|entry| entry.path.clone())
                .filter(|path| version.is_some() || push.files.iter().any(|file| file.path == *path))
                .collect(),
        )
    };
    match store.fetch(fetch, of_push).await {
        Ok(fetched) => Ok(Some(fetched.files)),
        Err(error) if error.is_nothing_published() => Ok(None),
        Err(error) => Err(Note::ChangesUnknown { denied: error.denied_action() }),
    }
}

/// Whether what was read before a push is what its swap then replaced.
pub(super) fn replaced(before: &[FetchedFile], done: &Pushed) -> bool {
    let read = before.iter().map(|file| (&file.path, file.entry.as_ref().map_or(file.digest, |entry| entry.sha256)));
    let replaced = done.replaced.iter().flatten().map(|entry| (&entry.path, entry.sha256));
    read.collect::<HashMap<_, _>>() == replaced.collect()
}

/// A file that was there before.
#[derive(Debug)]
pub(super) struct Old {
    pub(super) path: ConfigPath,
    file_type: FileType,
    digest: Digest,
    /// Its bytes, where they are known.
    pub(super) content: Option<Secret<Bytes>>,
}

impl Old {
    /// As a manifest describes it.
    pub(super) fn from_entry(entry: &FileEntry) -> Self {
        Self { path: entry.path.clone(), file_type: entry.read_as(), digest: entry.sha256, content: None }
    }

    pub(super) fn from_fetched(file: &FetchedFile) -> Self {
        Self {
            path: file.path.clone(),
            file_type: file.entry.as_ref().map_or_else(|| FileType::detect(&file.path), FileEntry::read_as),
            digest: file.digest,
            content: Some(file.content.clone()),
        }
    }

    fn entries(&self, separator: &str) -> Option<Vec<Entry>> {
        entries(self.file_type, self.content.as_ref()?.expose(), separator)
    }
}

/// The files that differ, and their keys.
pub(super) fn compare(before: &[Old], push: &Push, separator: &str) -> Vec<FileChange> {
    let by_path: HashMap<_, _> = before.iter().map(|old| (&old.path, old)).collect();
    let mut changes = Vec::new();
    for file in &push.files {
        let new = || entries(file.file_type, file.content.expose(), separator);
        let (change, keys) = match by_path.get(&file.path) {
            None => (Change::Added, new().map(|new| key_changes(&[], &new))),
            Some(old) if old.digest == file.digest => continue,
            Some(old) => {
                let both = old.entries(separator).zip(new());
                (Change::Changed, both.map(|(old, new)| key_changes(&old, &new)))
            }
        };
        changes.push(FileChange { path: file.path.clone(), change, keys });
    }
    let pushed: HashSet<_> = push.files.iter().map(|file| &file.path).collect();
    changes.extend(before.iter().filter(|old| !pushed.contains(&old.path)).map(|old| {
        let keys = old.entries(separator).map(|old| key_changes(&old, &[]));
        FileChange { path: old.path.clone(), change: Change::Removed, keys }
    }));
    changes
}

fn key_changes(old: &[Entry], new: &[Entry]) -> KeyChanges {
    let known: HashMap<_, _> = old.iter().map(|entry| (&entry.key, &entry.value)).collect();
    let kept: HashSet<_> = new.iter().map(|entry| &entry.key).collect();
    let mut changes = KeyChanges::default();
    for entry in new {
        match known.get(&entry.key) {
            None => changes.added.push(entry.key.clone()),
            Some(value) if **value != entry.value => changes.changed.push(entry.key.clone()),
            Some(_) => {}
        }
    }
    changes.removed.extend(old.iter().filter(|entry| !kept.contains(&entry.key)).map(|entry| entry.key.clone()));
    changes
}

/// The values of a file; none of one that has no keys, or cannot be read.
fn entries(file_type: FileType, bytes: &[u8], separator: &str) -> Option<Vec<Entry>> {
    if file_type == FileType::Raw {
        return None;
    }
    parse(file_type, bytes, separator).ok().map(|parsed| parsed.entries)
}
