//! Clean: deletes the local copies of files that a pull brings back as they lie here, and no others.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};

use super::Location;
use super::Note;
use super::beside::{Beside, BesideFile, Local, LocalFiles};
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::name::{ConfigPath, Digest, VersionName};
use crate::observer::Observer;
use crate::store::CONCURRENCY;
use crate::workspace::WorkspaceError;

/// What may be deleted, and what may not.
#[derive(Debug)]
pub struct Cleaned {
    /// Where the copies are.
    pub location: Location,
    /// The files that lie here.
    pub files: Vec<CleanedFile>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A file that lies here.
#[derive(Debug)]
pub struct CleanedFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// Where it lies in the workspace.
    pub place: ConfigPath,
    /// Whether the bucket has it.
    pub copy: Copy,
}

/// Whether the bucket has the bytes of a local file.
#[derive(Debug)]
pub enum Copy {
    /// A pull of this version, or of the head, brings back just these bytes.
    Stored {
        /// The version; none for the head.
        version: Option<VersionName>,
        /// The bytes' digest.
        digest: Digest,
    },
    /// It was never pushed.
    NotPushed,
    /// The Go cStore has pushed it, and no manifest lists it.
    WithoutManifest,
    /// It differs from the head, and from the version that it was last part of.
    Differs,
    /// A manifest lists it, but its object is not what the manifest says.
    Damaged,
    /// It is no file, or cannot be read.
    Unreadable(WorkspaceError),
}

/// Finds out of which local files the bucket has a copy that a pull gets. Nothing is deleted.
///
/// # Errors
/// A catalog, manifests or objects that cannot be looked at.
pub async fn clean(
    local: LocalFiles<'_>,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Cleaned, Error> {
    Beside::compared(local, observer, cancellation, async |beside| {
        let copies = stream::iter(&beside.files).map(|file| copy(&beside, file)).buffered(CONCURRENCY);
        let copies: Vec<_> = copies.collect().await;
        let mut files = Vec::new();
        for (BesideFile { path, place, local, .. }, copy) in beside.files.into_iter().zip(copies) {
            let copy = match (copy?, local) {
                (Some(copy), _) => copy,
                (None, Local::Other(error)) => Copy::Unreadable(error),
                (None, _) => continue,
            };
            files.push(CleanedFile { path, place, copy });
        }
        Ok(Cleaned { location: beside.location, files, notes: beside.notes })
    })
    .await
}

/// Whether the bucket has a local file; none where there is none that can be read.
async fn copy(beside: &Beside, file: &BesideFile) -> Result<Option<Copy>, Error> {
    let Some(digest) = file.local.digest() else { return Ok(None) };
    let version = beside.asked.as_ref().or_else(|| file.known.as_ref()?.version.as_ref());
    let head = beside.entry_in_head(&file.path).filter(|_| beside.asked.is_none()).map(|entry| (None, entry));
    let version = version.and_then(|version| Some((Some(version), beside.entry_in(version, &file.path)?)));
    let entries: Vec<_> = head.into_iter().chain(version).collect();
    let mut copy = match entries.as_slice() {
        [] if beside.unlisted.contains(&file.path) => Copy::WithoutManifest,
        [] => Copy::NotPushed,
        _ => Copy::Differs,
    };
    for (version, entry) in entries.into_iter().filter(|(_, entry)| entry.sha256 == digest) {
        if beside.store.has(version, entry).await? {
            return Ok(Some(Copy::Stored { version: version.cloned(), digest }));
        }
        copy = Copy::Damaged;
    }
    Ok(Some(copy))
}
