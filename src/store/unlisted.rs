//! What the keys of the head's files hold besides what its manifest lists: for people to look at. Nothing of the protocol
//! depends on what is read here.

use bytes::Bytes;

use super::{Error, MAX_FILE_BYTES, Manifest, Store};
use crate::name::{ConfigPath, Digest};
use crate::s3::{BodyLimit, Bucket, Budget, ListedVersion};
use crate::secret::Secret;

impl<B: Bucket> Store<B> {
    /// The S3 versions of a file of the head, other than the one that the head's manifest pins. What has no id of its own
    /// is not among them.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn unlisted_versions(&self, head: &Manifest, path: &ConfigPath) -> Result<Vec<ListedVersion>, Error> {
        let key = self.keys.file(None, path)?;
        let pinned = head.entry(path).and_then(|entry| entry.version_id.as_ref()).map(|pin| pin.id());
        let listed = self.bucket.list_versions(key.as_str()).await?.into_iter();
        let is_unlisted = |listed: &ListedVersion| {
            listed.key == key
                && listed.content.is_some()
                && !listed.version.is_null()
                && Some(&listed.version) != pinned
        };
        Ok(listed.filter(is_unlisted).collect())
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
