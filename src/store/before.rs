//! The version before another: what a push compares itself with, for people to look at. Nothing of the protocol depends
//! on what is read here.

use std::pin::pin;

use bytes::Bytes;
use futures_util::future::{Either, select, try_join_all};

use super::{Error, FileEntry, Integrity, MAX_FILE_BYTES, Missing, Store};
use crate::name::{JustBelow, VersionName};
use crate::s3::{BodyLimit, Bucket, Budget, Reason};
use crate::secret::Secret;

/// What comes before a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// This one.
    Version(VersionName),
    /// Nothing, or the version is no release.
    Nothing,
    /// Too many are published for it to be found at once.
    Unknown,
}

impl<B: Bucket> Store<B> {
    /// The published version that comes right before this one by semver precedence, found in one trip.
    ///
    /// # Errors
    /// Those of the listings.
    pub async fn version_before(&self, version: &VersionName) -> Result<Before, Error> {
        let Some(JustBelow { prefixes, lowest }) = version.just_below() else { return Ok(Before::Nothing) };
        // It is most often one of those right below, whose list is short. Else one page lists all versions of most contexts.
        let right_below = async {
            let below = try_join_all(prefixes.iter().map(|prefix| self.versions_of_one_page(prefix))).await?;
            let below = below.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default().concat();
            let nearest = version.nearest_below(&below).filter(|before| before.is_at_least(lowest));
            Ok::<_, Error>(nearest.cloned())
        };
        let (below, all) = match select(pin!(right_below), pin!(self.versions_of_one_page(""))).await {
            Either::Left((below, all)) => match below? {
                Some(before) => return Ok(Before::Version(before)),
                None => (None, all.await?),
            },
            Either::Right((all, right_below)) => match all? {
                Some(all) => (None, Some(all)),
                None => (right_below.await?, None),
            },
        };
        Ok(match (below, all) {
            (Some(before), _) => Before::Version(before),
            (None, Some(all)) => version.nearest_below(&all).cloned().map_or(Before::Nothing, Before::Version),
            (None, None) => Before::Unknown,
        })
    }

    /// The published versions whose names begin so; none where there are more than one page of a listing has.
    async fn versions_of_one_page(&self, start: &str) -> Result<Option<Vec<VersionName>>, Error> {
        let listed = self.bucket.list_if_one_page(&format!("{}{start}", self.keys.versions_prefix())).await?;
        Ok(listed.map(|listed| self.version_names(&listed)))
    }

    /// The bytes of a file, as the manifest of its version or of the head pins and describes them.
    ///
    /// # Errors
    /// [`Missing::Files`] and [`Integrity::Mismatch`] where there are no such bytes; those of the request.
    pub async fn body_of(
        &self,
        version: Option<&VersionName>,
        entry: &FileEntry,
        budget: &Budget,
    ) -> Result<Secret<Bytes>, Error> {
        let key = self.keys.file(version, &entry.path)?;
        // Of the head, what no pin keeps may have been replaced by anything.
        let is_kept = version.is_some() || entry.version_id.is_some();
        let size = if is_kept { entry.size.min(MAX_FILE_BYTES) } else { MAX_FILE_BYTES };
        let limit = BodyLimit::within(size, budget);
        let mismatch = || Integrity::Mismatch { key: key.clone(), version: version.cloned(), push_id: None };
        let received = match self.get(&key, entry.version_id.as_ref(), limit).await {
            // What is larger than it should be is something else.
            Err(Error::S3(failure)) if matches!(failure.reason, Reason::TooLarge(_)) => return Err(mismatch().into()),
            received => received?,
        };
        match received {
            Some(received) if received.digest == entry.sha256 => Ok(received.object.body),
            Some(_) => Err(mismatch().into()),
            None => {
                let manifest = Some(self.keys.manifest(version)?);
                Err(Missing::Files { version: version.cloned(), keys: vec![key], manifest }.into())
            }
        }
    }
}
