//! Whose the object at a key is that a push finds there. The manifests and claims decide, which a push cannot replace
//! unseen; what an object says of itself, anybody may have written.

use std::collections::HashSet;

use super::claim::Claimed;
use super::document::Stored;
use super::look::Seen;
use super::{Error, Integrity, Owner, Store};
use crate::name::{ConfigPath, VersionName};
use crate::s3::Bucket;

impl<B: Bucket> Store<B> {
    /// Whose a version's push finds the object at the key of one of its files to be.
    pub(super) async fn owner_for_version(
        &self,
        seen: &Seen,
        version: &VersionName,
        path: &ConfigPath,
    ) -> Result<Owner, Error> {
        let metadata = &seen.metadata;
        Ok(match (&metadata.version, &metadata.push_id) {
            _ if self.head_lists(version, path).await? => Owner::Head,
            (Some(own), Some(push_id)) if own == version => Owner::OtherPush(push_id.clone()),
            _ if metadata.is_foreign() => Owner::OtherTool,
            _ => Owner::Unlisted,
        })
    }

    /// Whether the head's manifest lists a file that has the key of a version's.
    pub(super) async fn head_lists(&self, version: &VersionName, path: &ConfigPath) -> Result<bool, Error> {
        Ok(self.head_paths().await?.contains(&path_in_head(version, path)))
    }

    /// The paths that the head's manifest lists. One that cannot be read lists none.
    pub(super) async fn head_paths(&self) -> Result<HashSet<String>, Error> {
        let manifest = if_readable(self.manifest(None).await)?;
        let files = manifest.into_iter().flat_map(|manifest| manifest.files);
        Ok(files.map(|entry| entry.path.to_string()).collect())
    }

    /// The version that the object at the key of a head's file belongs to: one whose name the path begins with, and
    /// whose manifest lists the rest, or whose push is under way and may yet list it.
    pub(super) async fn version_at(&self, seen: &Seen, path: &ConfigPath) -> Result<Option<VersionName>, Error> {
        let Some(version) = &seen.metadata.version else { return Ok(None) };
        let Some(rest) = path.as_str().strip_prefix(version.as_str()).and_then(|rest| rest.strip_prefix('/')) else {
            return Ok(None);
        };
        let manifest = if_readable(self.manifest(Some(version)).await)?;
        if manifest.as_ref().is_some_and(|manifest| manifest.files.iter().any(|entry| entry.path.as_str() == rest)) {
            return Ok(Some(version.clone()));
        }
        let published = manifest.map(|manifest| Claimed::Content(manifest.digest()));
        let claimed = if_readable(self.read_claim(version).await)?.map(|claim| claim.digest);
        let is_under_way = claimed.is_some() && claimed != published;
        Ok(is_under_way.then(|| version.clone()))
    }
}

/// The path of the head whose file has the key of a version's.
pub(super) fn path_in_head(version: &VersionName, path: &ConfigPath) -> String {
    format!("{version}/{path}")
}

/// A document that can be read. One that cannot, or is of a later version's, says nothing: whoever may put it could
/// stop every push with it.
pub(super) fn if_readable<T>(read: Result<Option<Stored<T>>, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(stored) => Ok(stored.map(|stored| stored.value)),
        Err(Error::Newer(_)) => Ok(None),
        Err(Error::Integrity(integrity)) if matches!(*integrity, Integrity::Damaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
