//! What a pusher last saw of the head's files that it replaces.

use super::FileEntry;
use crate::name::{ConfigPath, Digest, VersionName};
use crate::s3::S3Version;

/// What a push knows of what it replaces at a path of the head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Base {
    /// Nothing: whatever is there is replaced.
    #[default]
    Unknown,
    /// The file that was last seen there; none where there was none.
    Known(Option<BaseEntry>),
    /// The object at the key has these bytes, whatever the manifest says of it: what a push that broke off, or another
    /// tool, has left there.
    AtKey(Digest),
}

/// A file of the head as it was last pulled or pushed.
///
/// The digest alone decides whether it is still there. Where the same bytes were pushed anew, under another pin, a
/// change that was made to them is as right as before: merging it would give just what is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseEntry {
    /// Of its bytes.
    pub sha256: Digest,
    /// The S3 version that holds them, where the bucket keeps versions: what a merge reads.
    pub version_id: Option<S3Version>,
    /// The version that was pulled or pushed, where the head was never seen; none for a file of the head.
    pub version: Option<VersionName>,
}

/// A file that a push was about to list in the head when its process was last heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intended {
    /// The push.
    pub push_id: String,
    /// The entry that it was about to make.
    pub entry: BaseEntry,
}

/// What the head's manifest says of pushes.
#[derive(Debug, Clone, Copy)]
pub struct HeadState<'a> {
    /// The last one.
    pub push_id: &'a str,
    /// The last ones that made it what it is.
    pub push_ids: &'a [String],
    /// Its entries.
    pub files: &'a [FileEntry],
}

impl Intended {
    /// Whether the push took effect, so that this is what the head was last seen with; none where there is no manifest.
    ///
    /// Others may have pushed the file since: the manifest keeps the ids of the pushes that made it what it is. A merge
    /// gets the bytes by their pin, and they count only with the recorded digest.
    #[must_use]
    pub fn took_effect(&self, path: &ConfigPath, head: Option<HeadState<'_>>) -> bool {
        let Some(head) = head.filter(|head| head.push_ids.contains(&self.push_id)) else { return false };
        let is_entry = |entry: &FileEntry| entry.path == *path && entry.sha256 == self.entry.sha256;
        head.push_id != self.push_id || head.files.iter().any(is_entry)
    }
}

impl From<&FileEntry> for BaseEntry {
    fn from(entry: &FileEntry) -> Self {
        Self { sha256: entry.sha256, version_id: entry.version_id.clone(), version: None }
    }
}

impl Base {
    pub(super) fn entry(&self) -> Option<BaseEntry> {
        match self {
            Self::Unknown => None,
            Self::Known(entry) => entry.clone(),
            Self::AtKey(sha256) => Some(BaseEntry { sha256: *sha256, version_id: None, version: None }),
        }
    }

    pub(super) fn digest(&self) -> Option<Digest> {
        self.entry().map(|entry| entry.sha256)
    }
}
