//! What the keys of files hold besides what the manifests list: for people to look at. Nothing of the protocol depends
//! on what is read here.

use std::collections::HashMap;

use bytes::Bytes;

use super::{Error, FileEntry, MAX_FILE_BYTES, Manifest, Store};
use crate::config::FileType;
use crate::name::{ConfigPath, Digest, VersionName};
use crate::s3::{BodyLimit, Bucket, Budget, Key, ListedVersion, S3Version};
use crate::secret::Secret;

/// An S3 version of a file, other than the one that a manifest pins.
#[derive(Debug, Clone)]
pub struct Unlisted {
    /// Of which version the file is; none of the head.
    pub version: Option<VersionName>,
    /// The file.
    pub path: ConfigPath,
    /// As what it is read.
    pub file_type: FileType,
    /// The S3 version.
    pub listed: ListedVersion,
}

/// A file's key may hold others than the S3 version that is pinned.
struct Known<'a> {
    version: Option<&'a VersionName>,
    path: &'a ConfigPath,
    file_type: FileType,
    pin: Option<&'a S3Version>,
}

impl<'a> Known<'a> {
    fn new(version: Option<&'a VersionName>, manifest: &'a Manifest, path: &'a ConfigPath) -> Self {
        let entry = manifest.entry(path);
        Self {
            version,
            path,
            file_type: entry.map_or_else(|| FileType::detect(path), FileEntry::read_as),
            pin: entry.and_then(|entry| entry.version_id.as_ref()),
        }
    }

    /// What has no id of its own is not told apart.
    fn unlisted(&self, listed: ListedVersion) -> Option<Unlisted> {
        let is_pinned = self.pin.is_some_and(|pin| *pin.id() == listed.version);
        (listed.content.is_some() && !listed.version.is_null() && !is_pinned).then(|| Unlisted {
            version: self.version.cloned(),
            path: self.path.clone(),
            file_type: self.file_type,
            listed,
        })
    }
}

/// The files that a manifest lists, and that were taken out of the head.
fn paths(manifest: &Manifest) -> impl Iterator<Item = &ConfigPath> {
    manifest.files.iter().map(|entry| &entry.path).chain(&manifest.removed)
}

impl<B: Bucket> Store<B> {
    /// Those of the files of versions and of the head, by one listing of the whole context.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn unlisted_of_all(
        &self,
        manifests: impl Iterator<Item = (Option<&VersionName>, &Manifest)>,
    ) -> Result<Vec<Unlisted>, Error> {
        let mut known: HashMap<Key, Known<'_>> = HashMap::new();
        for (version, manifest) in manifests {
            for path in paths(manifest) {
                known.insert(self.keys.file(version, path)?, Known::new(version, manifest, path));
            }
        }
        let listed = self.bucket.list_versions(&format!("{}/", self.keys.context())).await?;
        Ok(listed.into_iter().filter_map(|listed| known.get(&listed.key)?.unlisted(listed)).collect())
    }

    /// The bytes of an S3 version; none where it is gone.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn body_of_version(
        &self,
        listed: &ListedVersion,
        budget: &Budget,
    ) -> Result<Option<(Digest, Secret<Bytes>)>, Error> {
        let limit = BodyLimit::within(MAX_FILE_BYTES, budget);
        let received = self.get(&listed.key, listed.version.pin().as_ref(), limit).await?;
        Ok(received.map(|received| (received.digest, received.object.body)))
    }
}
