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

/// Which versions a new one is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedWith {
    /// The one right before it by semver precedence.
    pub before: Before,
    /// The full releases right below and right above it whose keys depend on its keys, by their numbers. Where more are
    /// published than one page lists, only those right below are known.
    pub promised: Vec<VersionName>,
}

impl<B: Bucket> Store<B> {
    /// The published versions that this one is compared with, found in one trip. `with_promised`: whether those are
    /// wanted that its number ties it to.
    ///
    /// # Errors
    /// Those of the listings.
    pub async fn compared_with(&self, version: &VersionName, with_promised: bool) -> Result<ComparedWith, Error> {
        let Some(JustBelow { prefixes, lowest }) = version.just_below() else {
            return Ok(ComparedWith { before: Before::Nothing, promised: Vec::new() });
        };
        // It is most often one of those right below, whose list is short. Else one page lists all versions of most
        // contexts.
        let right_below = async {
            let below = try_join_all(prefixes.iter().map(|prefix| self.versions_of_one_page(prefix))).await?;
            Ok::<_, Error>(below.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default().concat())
        };
        let nearest =
            |below: &[VersionName]| version.nearest_below(below).filter(|before| before.is_at_least(lowest)).cloned();
        let (below, all) = match select(pin!(right_below), pin!(self.versions_of_one_page(""))).await {
            Either::Left((below, all)) => {
                let below = below?;
                let all = match nearest(&below) {
                    Some(_) if with_promised => all.await.unwrap_or_default(),
                    Some(_) => None,
                    None => all.await?,
                };
                (below, all)
            }
            Either::Right((all, right_below)) => match all? {
                Some(all) => (Vec::new(), Some(all)),
                None => (right_below.await?, None),
            },
        };
        let before = match (nearest(&below), &all) {
            (Some(before), _) => Before::Version(before),
            (None, Some(all)) => version.nearest_below(all).cloned().map_or(Before::Nothing, Before::Version),
            (None, None) => Before::Unknown,
        };
        let known = all.unwrap_or(below);
        let promised = if with_promised { version.promised_neighbours(&known) } else { Vec::new() };
        Ok(ComparedWith { before, promised })
    }

    /// The published versions of which some are tied to this full release by their numbers.
    ///
    /// # Errors
    /// Those of the listings.
    pub async fn compatible_versions(&self, version: &VersionName) -> Result<Vec<VersionName>, Error> {
        match version.compatible_prefixes() {
            Some(prefixes) => self.versions_that_begin_with_any(&prefixes).await,
            None => Ok(Vec::new()),
        }
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
