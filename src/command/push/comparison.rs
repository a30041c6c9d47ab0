//! Comparing a new version with the one before it, so that one which forgot a file is seen.
//!
//! What is needed is asked for beside the push's own requests: the list of versions with its first ones, the manifest
//! while files are put, and the files that differ while the manifest is put. The push waits for none of it, and what is
//! read here decides nothing.

use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::{self, StreamExt as _};

use super::pushed::NotCompared;
use crate::command::changes::{Changes, ComparedFile, Comparing, Obstacle};
use crate::config::FileType;
use crate::error::Error;
use crate::name::VersionName;
use crate::s3::{Bucket, Budget};
use crate::store::{self, Before, CONCURRENCY, FileEntry, Push, Store};

/// How long answers are waited for that have not come when the push is done: those of requests that were sent together
/// with its last ones. Less than a cancelled push is given to its end.
const PATIENCE: Duration = Duration::from_secs(1);

/// Files are compared key by key up to so many bytes together.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// A comparison with the version before, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    version_before: Option<VersionName>,
    /// The files of that version.
    files: Option<Vec<ComparedFile>>,
    why: Option<Obstacle>,
    is_done: bool,
}

/// Sends a push while something is compared, which is waited for a moment where it is worth it. `left`: how much time the
/// run has.
///
/// # Errors
/// Those of the push.
pub(super) async fn beside<T>(
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

    /// What was found, and what was not.
    pub(super) fn outcome(self, push: &Push, separator: &str) -> (Option<Changes>, Option<NotCompared>) {
        let Self { version_before, files, why, is_done } = self;
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

/// Finds the version before, its manifest, and the bodies that have keys to be compared.
pub(super) async fn find<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
    push: &Push,
    comparison: &RefCell<Comparison>,
) {
    let found = read(store, version, push, comparison).await;
    let mut comparison = comparison.borrow_mut();
    comparison.why = found.err();
    comparison.is_done = true;
}

async fn read<B: Bucket>(
    store: &Store<B>,
    version: &VersionName,
    push: &Push,
    comparison: &RefCell<Comparison>,
) -> Result<(), Obstacle> {
    let obstacle = |error: store::Error| error.denied_action().map_or(Obstacle::Unreadable, Obstacle::Denied);
    let before = match store.version_before(version).await.map_err(obstacle)? {
        Before::Version(before) => before,
        Before::Nothing => return Ok(()),
        Before::Unknown => return Err(Obstacle::TooMuch),
    };
    comparison.borrow_mut().version_before = Some(before.clone());
    let manifest = store.manifest(Some(&before)).await.map_err(obstacle)?.ok_or(Obstacle::Unreadable)?.value;
    comparison.borrow_mut().files = Some(manifest.files.iter().map(ComparedFile::from_entry).collect());

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
        let body = store.body_of(Some(&before), entry, &budget);
        async move { (&entry.path, body.await) }
    });
    let mut bodies = pin!(bodies.buffer_unordered(CONCURRENCY));
    let mut first = Ok(());
    while let Some((path, body)) = bodies.next().await {
        let mut comparison = comparison.borrow_mut();
        let old = comparison.files.iter_mut().flatten().find(|old| old.path == *path);
        match (body, old) {
            (Ok(body), Some(old)) => old.content = Ok(body),
            (Err(error), _) => first = first.and(Err(obstacle(error))),
            (Ok(_), None) => {}
        }
    }
    first
}
