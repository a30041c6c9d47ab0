//! Which keys a push adds, changes and removes: names only, for people to look at.

use std::collections::HashMap;

use super::KeyChanges;
use crate::command::Note;
use crate::config::{Entry, FileType, parse};
use crate::name::{ConfigPath, VersionName};
use crate::s3::{Bucket, Budget};
use crate::store::{self, Fetch, FetchedFile, FileEntry, MAX_TOTAL_BYTES, Manifest, Push, PushFile, Pushed, Store};

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
        let manifest = manifest.into_iter().flat_map(|manifest| &manifest.files);
        Ok::<_, store::Error>(
            manifest
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

/// The keys that differ.
pub(super) fn between(before: &[FetchedFile], push: &Push, separator: &str) -> KeyChanges {
    let several = push.files.len() > 1;
    let name = |path: &ConfigPath, key: &str| if several { format!("{path}: {key}") } else { key.to_owned() };
    let mut changes = KeyChanges::default();
    for file in &push.files {
        let new = entries(file.file_type, file.content.expose(), separator);
        let old = before.iter().find(|old| old.path == file.path);
        let old = old.map_or_else(Vec::new, |old| entries(read_as(old), old.content.expose(), separator));
        let known: HashMap<_, _> = old.iter().map(|entry| (&entry.key, &entry.value)).collect();
        let kept: HashMap<_, _> = new.iter().map(|entry| (&entry.key, ())).collect();
        for entry in &new {
            match known.get(&entry.key) {
                None => changes.added.push(name(&file.path, &entry.key)),
                Some(value) if **value != entry.value => changes.changed.push(name(&file.path, &entry.key)),
                Some(_) => {}
            }
        }
        let gone = old.iter().filter(|entry| !kept.contains_key(&entry.key));
        changes.removed.extend(gone.map(|entry| name(&file.path, &entry.key)));
    }
    // Of an overwritten version, the files that it no longer has.
    for old in before.iter().filter(|old| !is_pushed(&push.files, &old.path)) {
        let gone = entries(read_as(old), old.content.expose(), separator);
        changes.removed.extend(gone.iter().map(|entry| name(&old.path, &entry.key)));
    }
    changes
}

fn read_as(file: &FetchedFile) -> FileType {
    file.entry.as_ref().map_or_else(|| FileType::detect(&file.path), FileEntry::read_as)
}

fn is_pushed(files: &[PushFile], path: &ConfigPath) -> bool {
    files.iter().any(|file| file.path == *path)
}

fn entries(file_type: FileType, bytes: &[u8], separator: &str) -> Vec<Entry> {
    parse(file_type, bytes, separator).map(|parsed| parsed.entries).unwrap_or_default()
}
