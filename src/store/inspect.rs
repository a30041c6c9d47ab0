//! Whether the objects of a manifest are what it says, by S3's own checksums or their bytes. Metadata counts for
//! nothing.

use std::pin::pin;

use futures_util::future::join;
use futures_util::stream::{self, StreamExt as _};

use super::object_metadata::ObjectMetadata;
use super::{CONCURRENCY, Error, FileEntry, MAX_FILE_BYTES, MAX_TOTAL_BYTES, Manifest, Store};
use crate::name::{ConfigPath, Digest, VersionName};
use crate::s3::{Bucket, Failure, Key, ObjectMeta, Reason, S3Version};

/// A file of a manifest that was looked at.
#[derive(Debug)]
pub struct Inspected {
    /// Its path.
    pub path: ConfigPath,
    /// Its object's key.
    pub key: Key,
    /// What is wrong with its object: the one that the manifest pins, if it pins one.
    pub flaw: Option<Flaw>,
    /// What lies at the key in place of the pinned object; none where that is the one.
    pub instead: Option<Instead>,
}

/// What is wrong with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there.
    Missing,
    /// It has other bytes.
    OtherBytes,
    /// Another tool wrote it, with other bytes.
    Foreign,
    /// It is larger than a file may be, so that no pull takes it.
    TooLarge,
    /// It lies in an archive, from which no pull gets it.
    Archived,
    /// This IAM action is denied, so nothing is known of it.
    Denied(&'static str),
    /// It cannot be got for another reason.
    Unreadable(Box<Failure>),
}

/// What lies at a key in place of the object that is pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// Another object with the same bytes.
    SameBytes,
    /// Another object with other bytes.
    OtherBytes,
    /// Nothing, or a delete marker.
    Nothing,
    /// Something of which nothing is known.
    Unknown,
}

impl<B: Bucket> Store<B> {
    /// Looks at the objects of these files of a manifest, in their order.
    ///
    /// # Errors
    /// Those of requests that no object has part in: of credentials, of the network.
    pub async fn inspect(
        &self,
        version: Option<&VersionName>,
        manifest: &Manifest,
        paths: &[ConfigPath],
    ) -> Result<Vec<Inspected>, Error> {
        let entries: Vec<_> = paths.iter().filter_map(|path| manifest.entry(path)).collect();
        // Where there is no checksum bodies are read: of a file up to two, none larger than it should be.
        let largest = entries.iter().map(|entry| entry.size).max().unwrap_or_default().max(1);
        let at_once = usize::try_from(MAX_TOTAL_BYTES / 2 / largest).unwrap_or(CONCURRENCY).clamp(1, CONCURRENCY);
        let looks = stream::iter(entries).map(|entry| self.inspect_file(version, entry));
        let mut looks = pin!(looks.buffered(at_once));
        let mut inspected = Vec::new();
        while let Some(file) = looks.next().await {
            inspected.push(file?);
        }
        Ok(inspected)
    }

    /// The published versions of one precedence, which no requirement could tell apart: two or more of each.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn twins(&self) -> Result<Vec<Vec<VersionName>>, Error> {
        Ok(VersionName::twins_among(&self.versions().await?))
    }

    async fn inspect_file(&self, version: Option<&VersionName>, entry: &FileEntry) -> Result<Inspected, Error> {
        let (path, key) = (entry.path.clone(), self.keys.file(version, &entry.path)?);
        if entry.size > MAX_FILE_BYTES {
            return Ok(Inspected { path, key, flaw: Some(Flaw::TooLarge), instead: None });
        }
        let current = self.bucket.head(&key, None).await;
        let is_pinned = matches!(&current, Ok(Some(meta)) if meta.version == entry.version_id);
        let Some(pin) = entry.version_id.as_ref().filter(|_| !is_pinned) else {
            let flaw = self.flaw(&key, entry.version_id.as_ref(), entry, current).await?.0;
            return Ok(Inspected { path, key, flaw, instead: None });
        };
        let pinned = async {
            let head = self.bucket.head(&key, Some(pin.id())).await;
            self.flaw(&key, Some(pin), entry, head).await
        };
        let (flaw, at_key) = join(pinned, self.flaw(&key, None, entry, current)).await;
        let ((flaw, _), (at_key, found)) = (flaw?, at_key?);
        if found.as_ref() == Some(pin) {
            return Ok(Inspected { path, key, flaw, instead: None });
        }
        let instead = match at_key {
            None => Instead::SameBytes,
            Some(Flaw::Missing) => Instead::Nothing,
            // A pull of the head delivers what another tool wrote.
            Some(Flaw::Foreign) if version.is_none() => {
                return Ok(Inspected { path, key, flaw: Some(Flaw::Foreign), instead: None });
            }
            Some(Flaw::OtherBytes | Flaw::Foreign) => Instead::OtherBytes,
            Some(Flaw::TooLarge | Flaw::Archived | Flaw::Denied(_) | Flaw::Unreadable(_)) => Instead::Unknown,
        };
        Ok(Inspected { path, key, flaw, instead: Some(instead) })
    }

    /// What is wrong with an object, given what a HEAD answered of it; and which S3 version of it was found, if one
    /// was.
    async fn flaw(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        entry: &FileEntry,
        head: Result<Option<ObjectMeta>, Box<Failure>>,
    ) -> Result<(Option<Flaw>, Option<S3Version>), Error> {
        let compared = |digest: Digest, meta: ObjectMeta| {
            let is_foreign = ObjectMetadata::read(&meta.metadata).is_foreign();
            let flaw = if is_foreign { Flaw::Foreign } else { Flaw::OtherBytes };
            (Some(flaw).filter(|_| digest != entry.sha256), meta.version)
        };
        let meta = match head {
            Ok(None) => return Ok((Some(Flaw::Missing), None)),
            Ok(Some(meta)) if meta.is_archived => return Ok((Some(Flaw::Archived), meta.version)),
            Ok(Some(meta)) => match meta.sha256 {
                Some(digest) => return Ok(compared(digest, meta)),
                None => Some(meta),
            },
            Err(failure) if failure.may_be_due_to_object() => None,
            Err(failure) => return Err(failure.into()),
        };
        // Nothing larger than it should be need be read to know that it is not what it should be.
        let failure = match self.get(key, version, entry.size).await {
            Ok(None) => return Ok((Some(Flaw::Missing), None)),
            Ok(Some(got)) => return Ok(compared(got.digest, got.object.head)),
            Err(Error::S3(failure)) if failure.may_be_due_to_object() => failure,
            Err(error) => return Err(error),
        };
        let found = meta.as_ref().and_then(|meta| meta.version.clone());
        let flaw = match failure.reason {
            Reason::TooLarge(_) if meta.is_some_and(|meta| ObjectMetadata::read(&meta.metadata).is_foreign()) => {
                Flaw::Foreign
            }
            Reason::TooLarge(_) => Flaw::OtherBytes,
            Reason::Archived => Flaw::Archived,
            Reason::Denied => Flaw::Denied(failure.operation.action()),
            Reason::KmsDenied => Flaw::Denied(failure.kms_action()),
            _ => Flaw::Unreadable(failure),
        };
        Ok((Some(flaw), found))
    }
}
