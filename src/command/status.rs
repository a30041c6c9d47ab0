//! Status: which version the local files are, what was changed, and what is newer in the bucket. It reads manifests and
//! no other object.

use std::sync::Arc;

use super::beside::{Beside, BesideFile, KnownFile, Local, LocalFiles};
use super::{Location, Note};
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::name::{ChannelName, ConfigPath, Digest, VersionName};
use crate::observer::Observer;
use crate::store::{LastPush, Manifest};

/// Local files, compared with the bucket.
#[derive(Debug)]
pub struct Status {
    /// What all of them are compared with: the version that was asked for; else the head; else, where nothing was ever
    /// pushed to the head or nobody here has seen it, a version.
    pub location: Location,
    /// Who pushed that, and when; none where nothing was.
    pub pushed: Option<LastPush>,
    /// The version that the local files are; none where they are the head's, or nothing that is known.
    pub named: Option<Named>,
    /// The releases that come after it, or all where it is none, the highest first. None where they may not be listed.
    pub newer: Option<Vec<VersionName>>,
    /// The channels that point at the version that the local files are. None where that is not known, or these may not
    /// be listed.
    pub channels: Option<Vec<ChannelName>>,
    /// Of these, the ones that point at it as it was before somebody overwrote it, so that pulls of them fail.
    pub channels_left: Vec<ChannelName>,
    /// Whether the Go cStore has pushed files of that, without a manifest.
    pub is_without_manifest: bool,
    /// The files.
    pub files: Vec<FileStatus>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

impl Status {
    /// How many files are not as they are in what they are compared with.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.files.iter().filter(|file| file.state != FileState::Unchanged).count()
    }
}

/// A version that the local files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub version: VersionName,
    /// How many of its files are changed or missing here.
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
    /// It has the same bytes, and a push would change its tags, its type, its KMS key or where it is restored.
    SettingsChanged,
    /// It was changed in the bucket alone.
    Newer,
    /// It was changed here and in the bucket; or it differs from the head, and nobody knows who changed it.
    Both,
    /// It differs from the version, and was not made of it.
    Differs,
    /// It is in the bucket, and not here.
    MissingHere,
    /// It is here, and not in what it is compared with.
    NotPushed,
    /// It is here, and what the Go cStore has pushed of it cannot be compared, since no manifest lists it.
    WithoutManifest,
    /// It is not as the head's manifest has it, and nor is what lies in the bucket: another tool has written that
    /// since.
    Unmanaged,
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
            Self::SettingsChanged => "settings-changed",
            Self::Newer => "newer-in-bucket",
            Self::Both => "changed-on-both-sides",
            Self::Differs => "differs",
            Self::MissingHere => "missing-here",
            Self::NotPushed => "not-pushed",
            Self::WithoutManifest => "without-manifest",
            Self::Unmanaged => "unmanaged",
            Self::Nowhere => "nowhere",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Compares local files with manifests.
///
/// # Errors
/// A catalog or manifests that cannot be read. That nothing was ever pushed is none.
pub async fn status(
    local: LocalFiles<'_>,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Status, Error> {
    Beside::compared(local, observer, cancellation, async |mut beside| {
        let named = named(&mut beside).await?;
        let pointers = match &named {
            Some(named) => beside.store.readable_pointers(&named.version).await.ok(),
            None => None,
        };
        let is_now = named.as_ref().and_then(|named| beside.manifest_of(&named.version)).map(Manifest::digest);
        let left = pointers.iter().flatten().filter(|(_, was)| is_now.is_some_and(|now| now != *was));
        let channels_left = left.map(|(name, _)| name.clone()).collect();
        let channels = pointers.map(|pointers| pointers.into_iter().map(|(name, _)| name).collect());
        let basis = beside.basis.clone();
        let manifest = beside.manifest();
        let pushed = manifest.map(LastPush::from);
        let files = beside.files.iter().map(|file| {
            let (path, place) = (file.path.clone(), file.place.clone());
            let state = match state(manifest, basis.is_some(), file) {
                FileState::NotPushed if beside.unlisted.contains(&path) => FileState::WithoutManifest,
                FileState::Nowhere if beside.unlisted.contains(&path) => FileState::MissingHere,
                state => state,
            };
            FileStatus { path, place, state }
        });
        let mut files: Vec<_> = files.collect();
        if basis.is_none() {
            tell_unmanaged(&beside, &mut files).await;
        }
        let newer = beside.published.as_ref().map(|published| {
            let mut releases = VersionName::releases(published);
            if let Some(present) = named.as_ref().map(|named| &named.version).or(basis.as_ref()) {
                releases.retain(|release| release.is_after(present));
            }
            releases
        });
        let is_without_manifest = beside.manifest().is_none() && !beside.unlisted.is_empty();
        let mut location = beside.location;
        location.version = basis.as_ref().map_or("head", VersionName::as_str).to_owned();
        let notes = beside.notes;
        Ok(Status { location, pushed, named, newer, channels, channels_left, is_without_manifest, files, notes })
    })
    .await
}

fn state(manifest: Option<&Manifest>, is_version: bool, file: &BesideFile) -> FileState {
    let entry = manifest.and_then(|manifest| manifest.entry(&file.path));
    match (&file.local, entry) {
        (Local::Other(_), _) => FileState::Unreadable,
        (Local::File(local), Some(entry)) => {
            let base = |known: &KnownFile| if is_version { Some(known.sha256) } else { known.base_in_head };
            let base = file.known.as_ref().and_then(base);
            match judge(*local, entry.sha256, base, is_version) {
                FileState::Unchanged if entry.other_settings(&file.asked).next().is_some() => {
                    FileState::SettingsChanged
                }
                state => state,
            }
        }
        (Local::File(_), None) => FileState::NotPushed,
        (Local::Nothing, Some(_)) => FileState::MissingHere,
        (Local::Nothing, None) => FileState::Nowhere,
    }
}

/// Tells files that seem to be changed in the bucket, by what was pulled last, from those that another tool has written
/// over since the last push: of these the manifest says nothing.
async fn tell_unmanaged(beside: &Beside, files: &mut [FileStatus]) {
    let is_of_bucket = |file: &&FileStatus| matches!(file.state, FileState::Newer | FileState::Both);
    let paths: Vec<_> = files.iter().filter(is_of_bucket).map(|file| file.path.clone()).collect();
    let unmanaged = beside.store.foreign_files(None, &paths).await;
    for file in files.iter_mut().filter(|file| unmanaged.contains(&file.path)) {
        file.state = FileState::Unmanaged;
    }
}

/// What is to be said of a file that is on both sides. What belongs to a version is not changed in the bucket.
fn judge(local: Digest, stored: Digest, base: Option<Digest>, is_version: bool) -> FileState {
    match base {
        _ if local == stored => FileState::Unchanged,
        Some(base) if base == stored => FileState::ChangedHere,
        _ if is_version => FileState::Differs,
        Some(base) if base == local => FileState::Newer,
        _ => FileState::Both,
    }
}

/// The version that the local files are: the one that most of them were last part of, else the one that they are
/// compared with or the highest, if they are just that.
async fn named(beside: &mut Beside) -> Result<Option<Named>, Error> {
    if let Some((version, manifest)) = beside.recorded() {
        return Ok(Some(Named { version: version.clone(), changed: beside.differing(manifest) }));
    }
    if beside.files.iter().all(|file| file.local.digest().is_none()) {
        return Ok(None);
    }
    let highest = beside.highest();
    for version in beside.asked.clone().into_iter().chain(highest) {
        beside.add_version(&version).await?;
        if beside.manifest_of(&version).is_some_and(|manifest| beside.differing(manifest) == 0) {
            return Ok(Some(Named { version, changed: 0 }));
        }
    }
    Ok(None)
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
            (b, a, Some(a), true, FileState::ChangedHere),
            (b, a, Some(c), true, FileState::Differs),
            (b, a, Some(b), true, FileState::Differs),
            (b, a, None, true, FileState::Differs),
        ] {
            assert_eq!(judge(local, stored, base, is_version), expected, "{local} {stored} {base:?}");
        }
    }
}
