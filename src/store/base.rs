//! What a pusher last saw of the head's files that it replaces.

use super::FileEntry;
use crate::name::{Digest, VersionName};
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
/// The digest alone decides whether it is still there. Where the same bytes were pushed anew, under another pin, a change
/// that was made to them is as right as before: merging it would give just what is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseEntry {
    /// Of its bytes.
    pub sha256: Digest,
    /// The S3 version that holds them, where the bucket keeps versions: what a merge reads.
    pub version_id: Option<S3Version>,
    /// The version that was pulled or pushed, where the head was never seen; none for a file of the head.
    pub version: Option<VersionName>,
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
