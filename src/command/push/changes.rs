//! What a push replaces, to tell what it changes.

use std::cell::RefCell;
use std::collections::HashMap;

use bytes::Bytes;

use crate::command::Note;
use crate::command::changes::{Changes, ComparedFile, Comparing};
use crate::name::{ConfigPath, Digest, VersionName};
use crate::request::{EditedFiles, HeadFile};
use crate::s3::{Bucket, Budget};
use crate::secret::Secret;
use crate::store::{self, Fetch, FetchedFile, LastPush, MAX_TOTAL_BYTES, Manifest, Missing, Push, Pushed, Store};

/// What stands in a version that is to be replaced, and who pushed it; none where there is nothing.
///
/// # Errors
/// [`Note::ChangesUnknown`] where it cannot be read: a pusher's role may not be allowed to, and what is there may be
/// broken, which the push is about to fix. Neither is a reason not to push.
pub(super) async fn of_version<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
) -> Result<Option<(Vec<FetchedFile>, Option<LastPush>)>, Note> {
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let last = RefCell::new(None);
    let all = |manifest: Option<&Manifest>| {
        last.replace(manifest.map(LastPush::from));
        // Nobody has to be told what else there is.
        let manifest = manifest.ok_or_else(|| {
            let context = store.keys().context().clone();
            store::Error::from(Missing::Head { context, keys: Vec::new(), published: None })
        })?;
        Ok::<_, store::Error>(manifest.files.iter().map(|entry| entry.path.clone()).collect())
    };
    match store.fetch(fetch(Some(version), &budget), all).await {
        Ok(fetched) => Ok(Some((fetched.files, last.take()))),
        Err(error) if error.is_nothing_published() => Ok(None),
        Err(error) => Err(unknown(&error)),
    }
}

/// What stands in the head at the push's paths, and at those that are `removed` from it. Bytes that are pushed already
/// are not asked for.
///
/// # Errors
/// Those of [`of_version`].
pub(super) async fn of_head<B: Bucket>(
    store: &Store<B>,
    push: &Push,
    removed: &[ConfigPath],
    head: Option<&Manifest>,
) -> Result<Option<Vec<FetchedFile>>, Note> {
    let Some(head) = head else { return Ok(None) };
    let pushed: HashMap<_, _> = push.files.iter().map(|file| (&file.path, file)).collect();
    let (mut files, mut others) = (Vec::new(), Vec::new());
    for entry in &head.files {
        match pushed.get(&entry.path) {
            None if removed.contains(&entry.path) => others.push(entry.path.clone()),
            None => {}
            Some(file) if file.digest == entry.sha256 => files.push(FetchedFile {
                path: entry.path.clone(),
                content: file.content.clone(),
                digest: file.digest,
                entry: Some(entry.clone()),
                verified: true,
                by_pin: false,
            }),
            Some(_) => others.push(entry.path.clone()),
        }
    }
    if !others.is_empty() {
        let budget = Budget::new(MAX_TOTAL_BYTES);
        let still_there = |manifest: Option<&Manifest>| {
            let is_there = |path: &&ConfigPath| manifest.is_some_and(|manifest| manifest.entry(path).is_some());
            Ok::<_, store::Error>(others.iter().filter(is_there).cloned().collect())
        };
        let fetched = store.fetch_listed(fetch(None, &budget), head.clone(), still_there).await;
        for file in fetched.map_err(|error| unknown(&error))?.files {
            files.push(as_published(store, file, &budget).await);
        }
    }
    Ok(Some(files))
}

/// What the head published of a file that another tool has written over since, where S3 still has it: that is what a push
/// replaces for everyone who pulls.
async fn as_published<B: Bucket>(store: &Store<B>, file: FetchedFile, budget: &Budget) -> FetchedFile {
    let Some(entry) = file.entry.as_ref().filter(|entry| entry.sha256 != file.digest) else { return file };
    match store.body_of(None, entry, budget).await {
        Ok(content) => FetchedFile { content, digest: entry.sha256, ..file },
        Err(_) => file,
    }
}

/// What a push changes in files whose bytes it was given.
pub(super) fn of_edited(edited: &EditedFiles, separator: &str) -> Changes {
    let side = |file: &HeadFile, content: &Secret<Bytes>| ComparedFile {
        path: file.path.clone(),
        file_type: file.file_type,
        digest: Digest::from_content(content.expose()),
        content: Ok(content.clone()),
    };
    let before: Vec<_> = edited.changed.iter().map(|file| side(&file.before, &file.before.content)).collect();
    let after: Vec<_> = edited.changed.iter().map(|file| side(&file.before, &file.content)).collect();
    Changes { version_before: None, files: Comparing { separator, with_values: false }.files(&before, &after) }
}

fn fetch<'a>(version: Option<&'a VersionName>, budget: &'a Budget) -> Fetch<'a> {
    Fetch { version, known: &[], accept_unmanaged: true, leave_out_missing: false, budget }
}

fn unknown(error: &store::Error) -> Note {
    Note::ChangesUnknown { denied: error.denied_action() }
}

/// Whether what was read before a push is what its swap then replaced.
pub(super) fn replaced(before: &[FetchedFile], done: &Pushed) -> bool {
    let read = before.iter().map(|file| (&file.path, file.entry.as_ref().map_or(file.digest, |entry| entry.sha256)));
    let replaced = done.replaced.iter().flatten().map(|entry| (&entry.path, entry.sha256));
    read.collect::<HashMap<_, _>>() == replaced.collect()
}
