//! The JSON objects under `.cstore/`: read, checked and put in one way.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Serialize};

use super::field::is_line;
use super::object_metadata::ObjectMetadata;
use super::unique_names::UniqueNames;
use super::{Error, Integrity, Newer, NotUnderstood, PushInfo, Requires, Store, Tool};
use crate::name::{Digest, VersionName};
use crate::s3::{
    BodyLimit, Bucket, Condition, Etag, Key, ListedObject, Object, Put, PutAnswer, Reason, RetryBudget, S3Version,
};
use crate::secret::Secret;

/// The one layout that this version of the tool reads and writes.
pub(super) const SCHEMA: u64 = 1;

/// No document may be larger.
pub(super) const MAX_DOCUMENT_BYTES: u64 = 1024 * 1024;

/// How often a body that does not have its own digest is requested again before it counts as damaged.
const DAMAGE_ATTEMPTS: u32 = 3;

/// Something that was read, with the state it was read in.
#[derive(Debug, Clone)]
pub struct Stored<T> {
    /// What was read.
    pub value: T,
    /// The state, for a swap.
    pub etag: Etag,
}

/// An object with its body, as it came.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) object: Object,
    /// Of the bytes that came.
    pub(super) digest: Digest,
    /// Whether these are not the bytes that the object says it has, however often it was asked for.
    pub(super) is_damaged: bool,
}

impl Received {
    /// The error for an object whose bytes nothing else vouches for.
    pub(super) fn damage(&self, key: &Key) -> Error {
        let why = "its bytes do not have the digest that it carries".to_owned();
        Integrity::Damaged { key: key.clone(), why, etag: Some(self.object.head.etag.clone()) }.into()
    }
}

impl<B: Bucket> Store<B> {
    /// The object at a key with its body's digest. Where that is not the one that S3 has for the object, or the object
    /// itself where S3 has none, it was damaged on the way, and is asked for again.
    pub(super) async fn get(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        limit: impl Into<BodyLimit>,
    ) -> Result<Option<Received>, Error> {
        let limit = limit.into();
        let (retries, mut attempt) = (RetryBudget::new(), 0);
        loop {
            attempt += 1;
            let object = self.bucket.get(key, version, limit.clone(), &retries).await?;
            let Some(object) = object else { return Ok(None) };
            let digest = Digest::from_content(object.body.expose());
            let said = object.head.sha256.or_else(|| ObjectMetadata::read(&object.head.metadata).digest);
            let is_damaged = said.is_some_and(|said| said != digest);
            if !is_damaged || attempt == DAMAGE_ATTEMPTS || !retries.is_left() {
                return Ok(Some(Received { object, digest, is_damaged }));
            }
            drop(object); // Its bytes count against the limit.
            self.backoff.wait(attempt).await;
        }
    }

    /// A document, or none.
    pub(super) async fn read_document<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<Stored<T>>, Error> {
        self.read_with(key, |bytes| parse_document(key, bytes)).await
    }

    /// A document as a reader of its own has it, or none.
    pub(super) async fn read_with<T>(
        &self,
        key: &Key,
        read: impl FnOnce(&[u8]) -> Result<T, Error>,
    ) -> Result<Option<Stored<T>>, Error> {
        let Some(received) = self.get_document(key).await? else { return Ok(None) };
        let metadata = ObjectMetadata::read(&received.object.head.metadata);
        if received.is_damaged || metadata.digest.is_some_and(|own| own != received.digest) {
            return Err(received.damage(key));
        }
        let object = received.object;
        let value = read(object.body.expose()).map_err(|error| error.in_state(&object.head.etag))?;
        Ok(Some(Stored { value, etag: object.head.etag }))
    }

    async fn get_document(&self, key: &Key) -> Result<Option<Received>, Error> {
        let mut attempt = 1;
        loop {
            let failure = match self.get(key, None, MAX_DOCUMENT_BYTES).await {
                Err(Error::S3(failure)) => failure,
                received => return received,
            };
            let why = match failure.reason {
                Reason::TooLarge(_) => "it is larger than 1 MiB",
                Reason::Archived => "it is in an archive, where a lifecycle rule or another storage class has put it",
                _ => return Err(failure.into()),
            };
            let etag = match self.state_of_unreadable(key).await {
                // By now there is another.
                Ok(None) if attempt < DAMAGE_ATTEMPTS => {
                    attempt += 1;
                    continue;
                }
                Ok(etag) => etag,
                // Whoever only reads need not know it.
                Err(Error::S3(failure)) if failure.may_be_due_to_object() => None,
                Err(error) => return Err(error),
            };
            return Err(Integrity::Damaged { key: key.clone(), why: why.to_owned(), etag }.into());
        }
    }

    /// The state of a document that is archived or too large, for whoever may replace it; none when by now it is
    /// neither.
    async fn state_of_unreadable(&self, key: &Key) -> Result<Option<Etag>, Error> {
        if let Some(meta) = self.bucket.head(key, None).await?.filter(|meta| meta.is_archived) {
            return Ok(Some(meta.etag));
        }
        let listed = self.bucket.list(key.as_str()).await?;
        let is_it = |object: &ListedObject| object.key == *key && object.content.size > MAX_DOCUMENT_BYTES;
        Ok(listed.into_iter().find(is_it).map(|object| object.content.etag))
    }

    /// Puts a document. Documents hold no values and are encrypted as the bucket does by itself, so that whoever may
    /// list versions need not hold the key of every file.
    pub(super) async fn put_document<T: Serialize + Sync>(
        &self,
        key: Key,
        document: &T,
        version: Option<&VersionName>,
        info: &PushInfo,
        condition: Condition,
    ) -> Result<PutAnswer, Error> {
        Ok(self.bucket.put(&document_put(key, document, version, info, condition)?).await?)
    }
}

/// The put of a document.
pub(super) fn document_put<T: Serialize>(
    key: Key,
    document: &T,
    version: Option<&VersionName>,
    info: &PushInfo,
    condition: Condition,
) -> Result<Put, Error> {
    let body = document_bytes(document)?;
    let digest = Digest::from_content(&body);
    let metadata = ObjectMetadata {
        push_id: Some(info.push_id.clone()),
        version: version.cloned(),
        digest: Some(digest),
        kms_key: None,
        purge: None,
    };
    Ok(Put {
        key,
        body: Secret::new(Bytes::from(body)),
        digest,
        condition,
        kms_key: None,
        metadata: metadata.write(),
        content_type: "application/json",
    })
}

/// A document's bytes: compact, in the order of its fields.
pub(super) fn document_bytes<T: Serialize>(document: &T) -> Result<Vec<u8>, Error> {
    let bytes = serde_json::to_vec(document).map_err(|_| Error::TooManyFiles)?;
    if bytes.len() as u64 > MAX_DOCUMENT_BYTES { Err(Error::TooManyFiles) } else { Ok(bytes) }
}

/// Reads a document. Unknown fields are the document's own to keep; an unknown schema is refused first of all, and then
/// what it requires and this version of the tool does not know.
pub(super) fn parse_document<T: DeserializeOwned>(key: &Key, bytes: &[u8]) -> Result<T, Error> {
    let damaged = |why: String| Error::from(Integrity::Damaged { key: key.clone(), why, etag: None });
    serde_json::from_slice::<UniqueNames>(bytes).map_err(|error| {
        damaged(if error.is_data() { error.to_string() } else { format!("it is not JSON: {error}") })
    })?;
    // By way of a `Value`: with numbers kept as text, `flatten` reads them from nothing else.
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| damaged(format!("it is not JSON: {error}")))?;
    match value.get("schema").map(serde_json::Value::as_u64) {
        Some(Some(SCHEMA)) => {}
        Some(Some(schema)) if schema > SCHEMA => {
            return Err(Newer { key: key.clone(), what: NotUnderstood::Schema(schema) }.into());
        }
        _ => return Err(damaged("it has no `schema` that any version of this tool writes".to_owned())),
    }
    let names = Requires::unknown_in(&value);
    let names = names.map_err(|field| damaged(format!("its field `{field}` is not what it must be")))?;
    if !names.is_empty() {
        return Err(Newer { key: key.clone(), what: NotUnderstood::Features { names, writer: writer(&value) } }.into());
    }
    serde_json::from_value(value).map_err(|error| damaged(format!("a field of it is wrong: {error}")))
}

/// Who a document says has written it, where that may be shown.
fn writer(document: &serde_json::Value) -> Option<Tool> {
    let tool = Tool::deserialize(document.get("tool")?).ok()?;
    (is_line(&tool.name) && is_line(&tool.version)).then_some(tool)
}
