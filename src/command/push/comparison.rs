//! Comparing a new version with the one before it, so that one which forgot a file is seen; and with those that its
//! number ties it to, so that one which breaks a promise is.
//!
//! What is needed is asked for beside the push's own requests: the list of versions with its first ones, the manifest
//! while files are put, and the files that differ while the manifest is put. The push waits for none of it, and what is
//! read here decides nothing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use futures_util::stream::{self, StreamExt as _};

use super::pushed::NotCompared;
use crate::command::changes::{Changes, ComparedFile, Comparing, Obstacle};
use crate::command::promise::{BrokenPromise, broken_promise};
use crate::config::FileType;
use crate::error::Error;
use crate::name::VersionName;
use crate::s3::{Bucket, Budget};
use crate::store::{self, Before, CONCURRENCY, ComparedWith, FileEntry, Push, Store};

/// How long answers are waited for that have not come when the push is done: those of requests that were sent together
/// with its last ones. Less than a cancelled push is given to its end.
const PATIENCE: Duration = Duration::from_secs(1);

/// Files are compared key by key up to so many bytes together.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// A comparison with the version before, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    version_before: Option<VersionName>,
    /// The versions that its number ties it to.
    promised: Vec<VersionName>,
    /// The files of these versions, as far as they are known.
    files: HashMap<VersionName, Vec<ComparedFile>>,
    why: Option<Obstacle>,
    is_done: bool,
}

/// Sends a push while something is compared, which is waited for a moment where it is worth it. `left`: how much time
/// the run has.
///
/// # Errors
/// Those of the push.
pub(in crate::command) async fn beside<T>(
    comparing: impl Future<Output = ()>,
    sending: impl Future<Output = Result<T, Error>>,
    is_worth_waiting: impl Fn(&T) -> bool,
    left: impl Fn() -> Duration,
) -> Result<T, Error> {
    // The push comes first, so that its requests take the connections that are open.
    match select(pin!(sending), pin!(comparing)).await {
        Either::Left((sent, comparing)) => {
            let sent = sent?;
            if is_worth_waiting(&sent) {
                let _ = tokio::time::timeout(PATIENCE.min(left() / 2), comparing).await;
            }
            Ok(sent)
        }
        Either::Right(((), sending)) => sending.await,
    }
}

impl Comparison {
    /// Whether there is no version before.
    pub(super) fn found_nothing(&self) -> bool {
        self.is_done && self.version_before.is_none() && self.why.is_none()
    }

    /// Which promises the version does not keep, as far as that was found out.
    pub(super) fn broken_promises(&self, version: &VersionName, push: &Push, separator: &str) -> Vec<BrokenPromise> {
        let pushed: Vec<_> = push.files.iter().map(ComparedFile::from_pushed).collect();
        let broken = |other: &VersionName| {
            broken_promise((version, &pushed), (other, self.files.get(other)?.as_slice()), separator)
        };
        self.promised.iter().filter_map(broken).collect()
    }

    /// What was found, and what was not.
    pub(super) fn outcome(self, push: &Push, separator: &str) -> (Option<Changes>, Option<NotCompared>) {
        let Self { version_before, mut files, why, is_done, .. } = self;
        let files = version_before.as_ref().and_then(|before| files.remove(before));
        let why = why.or_else(|| (!is_done).then_some(Obstacle::TooSlow));
        let not_compared = why.map(|why| {
            let only_keys = files.is_some();
            NotCompared { version_before: version_before.clone(), only_keys, why }
        });
        let pushed: Vec<_> = push.files.iter().map(ComparedFile::from_pushed).collect();
        let comparing = Comparing { separator, with_values: false };
        let changes = files.map(|files| Changes { version_before, files: comparing.files(&files, &pushed) });
        (changes, not_compared)
    }
}

/// Finds the version before, its manifest, and the bodies that have keys to be compared; `with_promised`, also those of
/// the versions that its number ties it to, in the same trips.
pub(super) async fn find<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
    push: &Push,
    with_promised: bool,
    comparison: &RefCell<Comparison>,
) {
    let found = read(store, version, push, with_promised, comparison).await;
    let mut comparison = comparison.borrow_mut();
    comparison.why = found.err();
    comparison.is_done = true;
}

async fn read<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
    push: &Push,
    with_promised: bool,
    comparison: &RefCell<Comparison>,
) -> Result<(), Obstacle> {
    let ComparedWith { before, promised } = store.compared_with(version, with_promised).await.map_err(obstacle)?;
    let found = match before {
        Before::Version(before) => {
            comparison.borrow_mut().version_before = Some(before);
            Ok(())
        }
        Before::Nothing => Ok(()),
        Before::Unknown => Err(Obstacle::TooMuch),
    };
    let before = comparison.borrow().version_before.clone();
    comparison.borrow_mut().promised.clone_from(&promised);
    let others = promised.iter().filter(|other| before.as_ref() != Some(*other));
    let read = before.iter().chain(others).map(|other| read_files(store, other, push, comparison));
    let mut read = join_all(read).await.into_iter();
    // Of the others it is enough that they are not compared.
    found.and(if before.is_some() { read.next().unwrap_or(Ok(())) } else { Ok(()) })
}

fn obstacle(error: store::Error) -> Obstacle {
    error.denied_action().map_or(Obstacle::Unreadable, Obstacle::Denied)
}

/// Reads the manifest of a version, and the bodies that have keys to be compared.
async fn read_files<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
    push: &Push,
    comparison: &RefCell<Comparison>,
) -> Result<(), Obstacle> {
    let manifest = store.manifest(Some(version)).await.map_err(obstacle)?.ok_or(Obstacle::Unreadable)?.value;
    let files = manifest.files.iter().map(ComparedFile::from_entry).collect();
    comparison.borrow_mut().files.insert(version.clone(), files);

    let is_same =
        |entry: &FileEntry| push.files.iter().any(|file| file.path == entry.path && file.digest == entry.sha256);
    let differing = manifest.files.iter().filter(|entry| entry.read_as() != FileType::Raw && !is_same(entry));
    let differing: Vec<_> = differing.collect();
    let bytes = differing.iter().map(|entry| entry.size).fold(0, u64::saturating_add);
    if bytes > MOST_BYTES || differing.len() > CONCURRENCY {
        return Err(Obstacle::TooMuch);
    }
    let budget = Budget::new(MOST_BYTES);
    let bodies = stream::iter(differing).map(|entry| {
        let body = store.body_of(Some(version), entry, &budget);
        async move { (&entry.path, body.await) }
    });
    let mut bodies = pin!(bodies.buffer_unordered(CONCURRENCY));
    let mut first = Ok(());
    while let Some((path, body)) = bodies.next().await {
        let mut comparison = comparison.borrow_mut();
        let old = comparison.files.get_mut(version).into_iter().flatten().find(|old| old.path == *path);
        match (body, old) {
            (Ok(body), Some(old)) => old.content = Ok(body),
            (Err(error), _) => first = first.and(Err(obstacle(error))),
            (Ok(_), None) => {}
        }
    }
    first
}
