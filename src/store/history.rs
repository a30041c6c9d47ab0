//! What is published, and when: for people to look at. Nothing of the protocol depends on what is read here.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use time::OffsetDateTime;

use super::bodies::Fetch;
use super::object_metadata::ObjectMetadata;
use super::{CONCURRENCY, Error, MAX_TOTAL_BYTES, Manifest, Store};
use crate::name::{ConfigPath, VersionName};
use crate::s3::{Bucket, Budget, Key};

/// A version as the listing of manifests shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    /// Its name.
    pub name: VersionName,
    /// When S3 stored its manifest: when it was published, or was overwritten last.
    pub stored: OffsetDateTime,
}

impl<B: Bucket> Store<B> {
    /// The published versions, in no order that means anything. A page of a listing for every thousand, and no other
    /// request.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn published_versions(&self) -> Result<Vec<PublishedVersion>, Error> {
        let listed = self.bucket.list(&self.keys.versions_prefix()).await?;
        let version = |object| Some(PublishedVersion { name: self.version_name(object)?, stored: object.modified });
        Ok(listed.iter().filter_map(version).collect())
    }

    /// Whether nothing of the context is in the bucket, whoever might have put it.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn is_new(&self) -> Result<bool, Error> {
        let listed = self.bucket.list_if_one_page(&format!("{}/", self.keys.context())).await?;
        Ok(listed.is_some_and(|listed| listed.is_empty()))
    }

    /// The manifest of a version or of the head, which must be there.
    ///
    /// # Errors
    /// [`Missing`](super::Missing) that says what is published instead, or that the version is being pushed; those of
    /// [`manifest`](Self::manifest).
    pub async fn existing_manifest(&self, version: Option<&VersionName>) -> Result<Manifest, Error> {
        match self.manifest(version).await? {
            Some(stored) => Ok(stored.value),
            None => Err(self.nothing_at(version, Vec::new()).await?),
        }
    }

    /// Those of the files at these paths, which no manifest lists, that are there, or that nobody may look at.
    ///
    /// # Errors
    /// Those of the requests.
    pub async fn unlisted_files<'p>(
        &self,
        version: Option<&VersionName>,
        paths: &[&'p ConfigPath],
    ) -> Result<Vec<&'p ConfigPath>, Error> {
        let looked = paths.iter().map(|&path| async move {
            match self.bucket.head(&self.keys.file(version, path)?, None).await {
                Ok(meta) => Ok(meta.map(|_| path)),
                Err(failure) if failure.may_be_due_to_object() => Ok(Some(path)),
                Err(failure) => Err(Error::from(failure)),
            }
        });
        let looked: Vec<_> = stream::iter(looked).buffered(CONCURRENCY).try_collect().await?;
        Ok(looked.into_iter().flatten().collect())
    }

    /// Those of the files at these paths that another tool has put there, as far as they may be looked at.
    pub async fn foreign_files(&self, version: Option<&VersionName>, paths: &[ConfigPath]) -> Vec<ConfigPath> {
        let looked = paths.iter().map(|path| async move {
            let found = self.bucket.head(&self.keys.file(version, path).ok()?, None).await.ok()??;
            ObjectMetadata::read(&found.metadata).is_foreign().then(|| path.clone())
        });
        let looked: Vec<_> = stream::iter(looked).buffered(CONCURRENCY).collect().await;
        looked.into_iter().flatten().collect()
    }

    /// The error for a version, or a head, that has no manifest, and nothing at these keys, where its files would be.
    ///
    /// # Errors
    /// Those of the requests that find out what there is instead.
    pub async fn nothing_at(&self, version: Option<&VersionName>, keys: Vec<Key>) -> Result<Error, Error> {
        let budget = Budget::new(MAX_TOTAL_BYTES);
        // Whether it is being pushed is told only to who may do without it.
        let fetch = Fetch { version, known: &[], accept_unmanaged: true, leave_out_missing: true, budget: &budget };
        self.nothing(fetch, keys).await
    }
}

impl PublishedVersion {
    /// In the order of a history: what was stored last comes first, and of one moment the highest version.
    pub fn sort_newest_first(versions: &mut [Self]) {
        versions.sort_unstable_by(|one, other| {
            other.stored.cmp(&one.stored).then_with(|| other.name.newness().cmp(&one.name.newness()))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_last_comes_first_and_of_one_moment_the_highest_version() {
        let version = |(name, second): (&str, i64)| PublishedVersion {
            name: VersionName::new(name).unwrap(),
            stored: OffsetDateTime::from_unix_timestamp(second).unwrap(),
        };
        let mut versions: Vec<_> =
            [("v1.9.0", 2), ("build-7", 2), ("v1.10.0", 2), ("v2.0.0", 1), ("v1.0.0", 3)].map(version).into();
        PublishedVersion::sort_newest_first(&mut versions);
        let names: Vec<_> = versions.iter().map(|version| version.name.as_str()).collect();
        // v1.0.0 was overwritten after the others were published.
        assert_eq!(names, ["v1.0.0", "v1.10.0", "v1.9.0", "build-7", "v2.0.0"]);
    }
}
