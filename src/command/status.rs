//! Status: what lies here, what was changed, and what is newer in the bucket. It reads manifests and no other object.

use std::sync::Arc;
use std::time::Duration;

use super::beside::{Beside, BesideFile, Knowledge};
use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::{Location, Note};
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::name::{ConfigPath, Digest, VersionName};
use crate::observer::Observer;
use crate::request::{RunInfo, Target};
use crate::store::Manifest;
use crate::workspace::Workspace;

/// What lies here, beside what is in the bucket.
#[derive(Debug)]
pub struct Status {
    /// What local files are compared with.
    pub location: Location,
    /// The version that lies here; none where it is the head's files, or nothing that is known.
    pub named: Option<Named>,
    /// The releases that come after it, or all where none lies here, the highest first. None where they may not be listed.
    pub newer: Option<Vec<VersionName>>,
    /// The files.
    pub files: Vec<FileStatus>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A version that lies here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub version: VersionName,
    /// In how many files it differs from what lies here.
    pub changed: usize,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStatus {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// Where it lies, or would, in the workspace.
    pub place: ConfigPath,
    /// What is to be said of it.
    pub state: FileState,
}

/// How a local file compares with the bucket's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// They are the same.
    Unchanged,
    /// It was changed here alone.
    ChangedHere,
    /// It was changed in the bucket alone.
    Newer,
    /// It was changed here and in the bucket; or it differs, and nobody knows who changed it.
    Both,
    /// It is in the bucket, and not here.
    MissingHere,
    /// It is here, and not in the bucket.
    NotPushed,
    /// The catalog lists it, and it is nowhere.
    Nowhere,
    /// Something stands in its place that is no file, or that cannot be read.
    Unreadable,
}

impl FileState {
    /// The word for it in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::ChangedHere => "changed-here",
            Self::Newer => "newer-in-bucket",
            Self::Both => "changed-on-both-sides",
            Self::MissingHere => "missing-here",
            Self::NotPushed => "not-pushed",
            Self::Nowhere => "nowhere",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Compares local files with manifests. `knowledge`: what the front end remembers of them.
///
/// # Errors
/// A catalog or manifests that cannot be read. That nothing was ever pushed is none.
pub async fn status(
    request: &Target,
    run: &RunInfo,
    workspace: &Workspace,
    knowledge: Knowledge<'_>,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Status, Error> {
    let deadline = Deadline::new(request.deadline, observer);
    let work = Box::pin(compare(request, run, workspace, knowledge, &deadline));
    unless_cancelled(cancellation, || Duration::ZERO, deadline.keep(work)).await
}

async fn compare(
    request: &Target,
    run: &RunInfo,
    workspace: &Workspace,
    knowledge: Knowledge<'_>,
    deadline: &Arc<Deadline>,
) -> Result<Status, Error> {
    let beside = Beside::look(request, run, workspace, knowledge, deadline).await?;
    let files = beside.files.iter().map(|file| {
        let (path, place) = (file.path.clone(), file.place.clone());
        FileStatus { path, place, state: state(&beside, file) }
    });
    let files: Vec<_> = files.collect();
    let named = named(&beside).await?;
    let newer = beside.published.as_ref().map(|published| {
        let mut releases = VersionName::releases(published);
        if let Some(named) = &named {
            releases.retain(|release| release.is_after(&named.version));
        }
        releases
    });
    Ok(Status { location: beside.location, named, newer, files, notes: beside.notes })
}

fn state(beside: &Beside, file: &BesideFile) -> FileState {
    let known = file.known.as_ref();
    let version = beside.asked.as_ref().or_else(|| {
        // Whoever has pulled a version and never looked at the head is not told of it.
        known.filter(|known| known.head.is_none()).and_then(|known| known.version.as_ref())
    });
    let entry = match version {
        Some(version) => beside.entry_in(version, &file.path),
        None => beside.entry_in_head(&file.path),
    };
    let base = match version {
        Some(_) => known.map(|known| known.sha256),
        None => known.map(|known| known.head.unwrap_or(known.sha256)),
    };
    if let super::beside::Local::Other(_) = file.local {
        return FileState::Unreadable;
    }
    let (Some(local), Some(entry)) = (file.local.digest(), entry) else {
        return match (file.local.digest(), entry) {
            (Some(_), _) => FileState::NotPushed,
            (None, Some(_)) => FileState::MissingHere,
            (None, None) => FileState::Nowhere,
        };
    };
    judge(local, entry.sha256, base, version.is_some())
}

/// What is to be said of a file that is on both sides. What belongs to a version is not changed in the bucket.
fn judge(local: Digest, stored: Digest, base: Option<Digest>, is_version: bool) -> FileState {
    match base {
        _ if local == stored => FileState::Unchanged,
        _ if is_version => FileState::ChangedHere,
        Some(base) if base == stored => FileState::ChangedHere,
        Some(base) if base == local => FileState::Newer,
        _ => FileState::Both,
    }
}

/// The version that lies here: the one that was asked for, else the one that most files were last part of, else the highest
/// if it is just that.
async fn named(beside: &Beside) -> Result<Option<Named>, Error> {
    let differing = |manifest: &Manifest| {
        let chosen = beside.files.iter().filter_map(|file| Some((file, manifest.entry(&file.path)?)));
        chosen.filter(|(file, entry)| file.local.digest() != Some(entry.sha256)).count()
    };
    let recorded = |version: &VersionName| {
        let is_of =
            |file: &&BesideFile| file.known.as_ref().is_some_and(|known| known.version.as_ref() == Some(version));
        beside.files.iter().filter(is_of).count()
    };
    let known = beside.versions.iter().filter_map(|(version, manifest)| Some((version, manifest.as_ref()?)));
    let best = match &beside.asked {
        Some(asked) => known.into_iter().find(|(version, _)| *version == asked),
        None => known.max_by_key(|(version, _)| recorded(version)).filter(|(version, _)| recorded(version) > 0),
    };
    if let Some((version, manifest)) = best {
        return Ok(Some(Named { version: version.clone(), changed: differing(manifest) }));
    }
    let highest = beside.published.as_ref().and_then(|published| VersionName::releases(published).into_iter().next());
    let (Some(highest), true) = (highest, beside.files.iter().any(|file| file.local.digest().is_some())) else {
        return Ok(None);
    };
    let manifest = beside.store.manifest(Some(&highest)).await?.map(|stored| stored.value);
    let is_it = manifest.is_some_and(|manifest| differing(&manifest) == 0);
    Ok(is_it.then_some(Named { version: highest, changed: 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_changed_a_file_is_told_by_what_both_sides_were_made_of() {
        let [a, b, c] = ["a", "b", "c"].map(|text| Digest::from_content(text.as_bytes()));
        for (local, stored, base, is_version, expected) in [
            (a, a, None, false, FileState::Unchanged),
            (a, a, Some(b), false, FileState::Unchanged),
            (b, a, Some(a), false, FileState::ChangedHere),
            (a, b, Some(a), false, FileState::Newer),
            (b, c, Some(a), false, FileState::Both),
            (b, c, None, false, FileState::Both),
            (b, a, Some(c), true, FileState::ChangedHere),
        ] {
            assert_eq!(judge(local, stored, base, is_version), expected, "{local} {stored} {base:?}");
        }
    }
}
