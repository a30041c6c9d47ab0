//! What stands at a key, as S3 itself says: its checksum, or else the bytes. Metadata tells whose an object says that
//! it is; whoever may put an object can write anything there, so nothing counts as written by its metadata alone.

use super::object_metadata::ObjectMetadata;
use super::{Error, FileEntry, MAX_FILE_BYTES, Store};
use crate::name::{Digest, VersionName};
use crate::s3::{Bucket, Etag, Key, ObjectMeta, Reason, S3Version};

/// How often a key is looked at whose object changes between two requests.
const ATTEMPTS: u32 = 4;

/// An object that was looked at.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) meta: ObjectMeta,
    pub(super) metadata: ObjectMetadata,
    /// None for what no pull could get: it is archived, or larger than was expected.
    digest: Option<Digest>,
}

/// The state of a key that is to be replaced.
pub(super) struct Standing {
    pub(super) etag: Etag,
    /// None where it cannot be read.
    pub(super) seen: Option<Seen>,
}

impl Seen {
    fn new(meta: ObjectMeta, digest: Option<Digest>) -> Self {
        let metadata = ObjectMetadata::read(&meta.metadata);
        Self { meta, metadata, digest }
    }

    fn from_meta(meta: ObjectMeta) -> Self {
        let digest = meta.sha256.filter(|_| !meta.is_archived);
        Self::new(meta, digest)
    }

    /// Whether a pull would get these bytes.
    pub(super) fn holds(&self, digest: Digest) -> bool {
        self.digest == Some(digest)
    }

    /// Whether it is what a put of these bytes with this metadata leaves.
    pub(super) fn is_put_of(&self, digest: Digest, metadata: &ObjectMetadata) -> bool {
        self.holds(digest) && self.metadata == *metadata
    }
}

impl<B: Bucket> Store<B> {
    /// Whether a pull gets the bytes of this entry of a manifest: of the head what lies at the key, of a version its
    /// pin, too.
    ///
    /// # Errors
    /// Those of the requests.
    pub async fn has(&self, version: Option<&VersionName>, entry: &FileEntry) -> Result<bool, Error> {
        let key = self.keys.file(version, &entry.path)?;
        let current = self.look(&key, None, entry.size).await?;
        if current.is_some_and(|seen| seen.holds(entry.sha256)) {
            return Ok(true);
        }
        let Some(pin) = entry.version_id.as_ref().filter(|_| version.is_some()) else { return Ok(false) };
        Ok(self.look(&key, Some(pin), entry.size).await?.is_some_and(|seen| seen.holds(entry.sha256)))
    }

    /// The object at a key, or one S3 version of it. Where S3 keeps no SHA-256 of the whole object, or does not tell it
    /// to who may not decrypt the object, the body is got and hashed, if it has no more than so many bytes.
    ///
    /// # Errors
    /// Those of the requests. Of a refusal the last word is that of the GET, which names the right that is missing.
    pub(super) async fn look(&self, key: &Key, version: Option<&S3Version>, most: u64) -> Result<Option<Seen>, Error> {
        let mut attempt = 1;
        loop {
            let meta = match self.bucket.head(key, version.map(S3Version::id)).await {
                Ok(Some(meta)) if meta.is_archived || meta.sha256.is_some() => return Ok(Some(Seen::from_meta(meta))),
                Ok(Some(meta)) => Some(meta),
                Ok(None) => return Ok(None),
                Err(failure) if failure.may_be_due_to_object() => None,
                Err(failure) => return Err(failure.into()),
            };
            // Nothing is known of what a HEAD is refused for; it is to be told from all that can be a file.
            let most = if meta.is_some() { most } else { MAX_FILE_BYTES };
            let failure = match self.get(key, version, most).await {
                Ok(got) => return Ok(got.map(|got| Seen::new(got.object.head, Some(got.digest)))),
                Err(Error::S3(failure)) => failure,
                Err(error) => return Err(error),
            };
            match meta {
                _ if !matches!(failure.reason, Reason::TooLarge(_) | Reason::Archived) => return Err(failure.into()),
                Some(meta) => return Ok(Some(Seen::new(meta, None))),
                // A HEAD would have been answered: by now there is another.
                None if attempt < ATTEMPTS => attempt += 1,
                None => return Err(failure.into()),
            }
        }
    }

    /// As [`look`](Self::look), of what is to be replaced whatever it is: where it cannot be read, a listing tells its
    /// state.
    pub(super) async fn standing_at(&self, key: &Key, most: u64) -> Result<Option<Standing>, Error> {
        let failure = match self.look(key, None, most).await {
            Ok(seen) => return Ok(seen.map(|seen| Standing { etag: seen.meta.etag.clone(), seen: Some(seen) })),
            Err(Error::S3(failure)) if failure.may_be_due_to_object() => failure,
            Err(error) => return Err(error),
        };
        let listed = self.bucket.list(key.as_str()).await.ok();
        let listed = listed.into_iter().flatten().find(|object| object.key == *key);
        let object = listed.ok_or(failure)?;
        Ok(Some(Standing { etag: object.content.etag, seen: None }))
    }
}
