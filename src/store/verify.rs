//! Verifying one object against what the manifest says of its file.

use super::document::Received;
use super::object_metadata::ObjectMetadata;
use super::{Error, FileEntry, Integrity, Missing};
use crate::name::VersionName;
use crate::s3::{Key, Reason};

/// What to do with an object that was read for a file.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    /// It is what the manifest says.
    Verified,
    /// No manifest vouches for it, and it may be delivered all the same.
    Unmanaged,
    /// The version that the manifest pins is to be read instead.
    ReadPinned,
    /// Wrong, but perhaps only for the moment: read the manifest and this file again.
    Again(Error),
    /// Wrong for good.
    Refused(Error),
}

/// Where the file stands that is verified, and what is accepted there.
pub(super) struct Verifier<'a> {
    pub(super) key: &'a Key,
    pub(super) version: Option<&'a VersionName>,
    pub(super) accept_unmanaged: bool,
}

impl Verifier<'_> {
    /// A file that the manifest lists and pins, of which what lies at the key could not be received.
    pub(super) fn verify_unread(error: &Error) -> Verdict {
        match error {
            Error::S3(failure)
                if failure.may_be_due_to_object()
                    || matches!(failure.reason, Reason::Unavailable | Reason::Unreachable(_)) =>
            {
                Verdict::ReadPinned
            }
            _ => Verdict::Refused(error.clone()),
        }
    }

    /// A file that the manifest lists.
    pub(super) fn verify_listed(&self, entry: &FileEntry, received: Option<&Received>, manifest: &Key) -> Verdict {
        let Some(received) = received else {
            return match entry.version_id {
                Some(_) => Verdict::ReadPinned,
                None => Verdict::Again(self.gone(Some(manifest))),
            };
        };
        if received.digest == entry.sha256 {
            return Verdict::Verified;
        }
        let metadata = ObjectMetadata::read(&received.object.head.metadata);
        if self.version.is_none() && metadata.is_foreign() {
            // Another tool (the Go cStore) wrote it after us.
            return if self.accept_unmanaged {
                Verdict::Unmanaged
            } else {
                Verdict::Refused(Integrity::Unmanaged { key: self.key.clone() }.into())
            };
        }
        if entry.version_id.is_some() && received.object.head.version != entry.version_id {
            return Verdict::ReadPinned;
        }
        if received.is_damaged {
            return Verdict::Refused(received.damage(self.key));
        }
        let under_way = metadata.push_id.is_some();
        let mismatch =
            Integrity::Mismatch { key: self.key.clone(), version: self.version.cloned(), push_id: metadata.push_id };
        if under_way { Verdict::Again(mismatch.into()) } else { Verdict::Refused(mismatch.into()) }
    }

    /// A file that no manifest lists, as the Go cStore leaves it.
    pub(super) fn verify_unlisted(&self, received: Option<&Received>, has_manifest: bool) -> Verdict {
        let is_head_without_manifest = self.version.is_none() && !has_manifest;
        let Some(received) = received else { return Verdict::Refused(self.gone(None)) };
        let metadata = ObjectMetadata::read(&received.object.head.metadata);
        if received.is_damaged || metadata.digest.is_some_and(|own| own != received.digest) {
            return Verdict::Refused(received.damage(self.key));
        }
        if metadata.is_foreign() || is_head_without_manifest && metadata.version.is_none() {
            return if self.accept_unmanaged || !has_manifest {
                Verdict::Unmanaged
            } else {
                Verdict::Refused(Integrity::Unmanaged { key: self.key.clone() }.into())
            };
        }
        let unpublished = Missing::Unpublished {
            version: self.version.cloned(),
            key: self.key.clone(),
            push_id: metadata.push_id,
            source: None,
        };
        // The push may be about to swap the head's manifest; a version's is either there or not.
        if self.version.is_none() { Verdict::Again(unpublished.into()) } else { Verdict::Refused(unpublished.into()) }
    }

    pub(super) fn gone(&self, manifest: Option<&Key>) -> Error {
        Missing::Files { version: self.version.cloned(), keys: vec![self.key.clone()], manifest: manifest.cloned() }
            .into()
    }
}
