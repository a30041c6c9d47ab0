//! One S3 bucket in memory, as far as the adapter's trait can see one. Each operation takes effect at once; when that
//! is, and whether anybody hears of it, is for others to say.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use cstore::name::Digest;
use cstore::s3::{
    BodyBuffer, BodyLimit, Condition, DeleteAnswer, Etag, Failure, Key, ListedObject, ListedVersion, Object,
    ObjectMeta, Operation, Put, PutAnswer, Reason, S3Version, VersionContent, VersionId, Written,
};
use cstore::secret::Secret;
use md5::{Digest as _, Md5};
use time::OffsetDateTime;

/// The bucket's name.
pub(crate) const NAME: &str = "in-memory";

/// As a bucket's settings have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Versioning {
    /// Never switched on.
    Off,
    Enabled,
    Suspended,
}

/// What an ETag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Etags {
    /// The MD5 of the body: the same bytes put again leave the state as it was.
    OfContent,
    /// Another one for every put, as with SSE-KMS.
    Unique,
}

/// A version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    id: String,
    /// How many puts and deletes the key had before, which is what it has for a date.
    since: u64,
    object: Option<Stored>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    etag: String,
    body: Bytes,
    /// As it is announced: what is too large to be got need not be held.
    size: u64,
    sha256: Option<Digest>,
    storage: Storage,
    metadata: BTreeMap<String, String>,
    kms_key_id: Option<String>,
}

/// Where an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Storage {
    #[default]
    Standard,
    /// In an archive, from which nothing is got.
    Archived,
    /// Under a KMS key that nobody here may use.
    Sealed,
}

/// What somebody puts who makes use of all that a put can say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Planted {
    pub(crate) body: String,
    /// Where it says that it is larger.
    pub(crate) size: Option<u64>,
    /// Whether S3 keeps a SHA-256 of it. S3 verifies it, so it is that of the body.
    pub(crate) has_sha256: bool,
    pub(crate) storage: Storage,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// What suspended versioning calls its versions.
const NULL: &str = "null";

/// The bucket.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    versioning: Versioning,
    etags: Etags,
    /// Whether conditions hold whatever is there: no S3 does this, and the simulation must notice.
    pub(crate) ignores_conditions: bool,
    /// Whether it keeps the SHA-256 that comes with a put. Some services do not.
    pub(crate) keeps_sha256: bool,
    /// Whether anything was planted.
    pub(crate) is_attacked: bool,
    /// By key; the latest last.
    keys: BTreeMap<String, Vec<Version>>,
    /// How many puts a key has had, for ids and ETags. By key, so that the same history of a key gives the same names
    /// whatever happened to others.
    puts: BTreeMap<String, u64>,
}

impl Memory {
    pub(crate) fn new(versioning: Versioning, etags: Etags) -> Self {
        Self {
            versioning,
            etags,
            ignores_conditions: false,
            keeps_sha256: true,
            is_attacked: false,
            keys: BTreeMap::new(),
            puts: BTreeMap::new(),
        }
    }

    pub(crate) fn has_unique_etags(&self) -> bool {
        self.etags == Etags::Unique
    }

    pub(crate) fn is_versioned(&self) -> bool {
        self.versioning == Versioning::Enabled
    }

    /// Whether something was planted that no pin gets past.
    pub(crate) fn is_spoilt(&self) -> bool {
        self.is_attacked && !self.is_versioned()
    }

    pub(crate) fn get(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        limit: &BodyLimit,
    ) -> Result<Option<Object>, Box<Failure>> {
        let Some((id, stored)) = self.find(key.as_str(), version.map(S3Version::id)) else { return Ok(None) };
        let operation = if version.is_some() { Operation::GetVersion } else { Operation::Get };
        match stored.storage {
            Storage::Standard => {}
            Storage::Archived => return Err(failure(operation, key.as_str(), Reason::Archived)),
            Storage::Sealed => return Err(failure(operation, key.as_str(), Reason::KmsDenied)),
        }
        let overrun = |overrun| Box::new(Failure::from_overrun(overrun, operation, NAME, key));
        let mut body = BodyBuffer::new(Some(stored.size), limit).map_err(overrun)?;
        body.push(&stored.body).map_err(overrun)?;
        Ok(Some(Object { head: self.head_of(id, stored), body: Secret::new(body.finish()) }))
    }

    pub(crate) fn head(&self, key: &Key, version: Option<&VersionId>) -> Option<ObjectMeta> {
        self.find(key.as_str(), version).map(|(id, stored)| self.head_of(id, stored))
    }

    /// The digest of what an object holds, whoever may read it and whatever its metadata say.
    pub(crate) fn digest(&self, key: &Key, version: Option<&VersionId>) -> Option<Digest> {
        self.find(key.as_str(), version).map(|(_, stored)| Digest::from_content(&stored.body))
    }

    /// As [`head`](Self::head), where S3 may refuse it: with the checksum, it takes the right to decrypt.
    pub(crate) fn look(&self, key: &Key, version: Option<&VersionId>) -> Result<Option<ObjectMeta>, Box<Failure>> {
        let operation = if version.is_some() { Operation::GetVersion } else { Operation::Get };
        match self.find(key.as_str(), version) {
            Some((_, Stored { storage: Storage::Sealed, .. })) => Err(failure(operation, key.as_str(), Reason::Denied)),
            _ => Ok(self.head(key, version)),
        }
    }

    /// Puts an object over whatever is there, under the condition that holds. Returns the id of its S3 version.
    pub(crate) fn plant(&mut self, key: &Key, planted: &Planted) -> String {
        self.is_attacked = true;
        let body = Bytes::from(planted.body.clone());
        let stored = |etag| Stored {
            etag,
            size: planted.size.unwrap_or(body.len() as u64),
            sha256: planted.has_sha256.then(|| Digest::from_content(&body)),
            body: body.clone(),
            storage: planted.storage,
            metadata: planted.metadata.clone(),
            kms_key_id: None,
        };
        let head = self.store(key, &body, stored);
        head.version.as_ref().map_or("null", |version| version.as_str()).to_owned()
    }

    /// Puts an object as another tool does it.
    pub(crate) fn put_foreign(&mut self, key: &Key, text: &str) {
        let body = Bytes::from(text.to_owned());
        let stored = |etag| Stored {
            etag,
            size: body.len() as u64,
            sha256: None,
            body: body.clone(),
            storage: Storage::Standard,
            metadata: BTreeMap::new(),
            kms_key_id: None,
        };
        self.store(key, &body, stored);
    }

    pub(crate) fn put(&mut self, put: &Put) -> PutAnswer {
        let body = put.body.expose();
        assert_eq!(put.digest, Digest::from_content(body), "S3 answers BadDigest");
        let current = self.find(put.key.as_str(), None).map(|(_, stored)| stored.etag.as_str());
        let holds = match &put.condition {
            Condition::Create => current.is_none(),
            Condition::Replace(etag) => current == Some(etag.as_str()),
        };
        if !holds && !self.ignores_conditions {
            return PutAnswer::ConditionFailed;
        }
        let sha256 = self.keeps_sha256.then_some(put.digest);
        let stored = |etag| Stored {
            etag,
            body: body.clone(),
            size: body.len() as u64,
            sha256,
            storage: Storage::Standard,
            metadata: put.metadata.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect(),
            kms_key_id: put.kms_key.as_ref().map(|key| format!("arn:aws:kms:us-east-1:123456789012:key/{key}")),
        };
        let head = self.store(&put.key, body, stored);
        PutAnswer::Written(Written { etag: head.etag, version: head.version, kms_key_id: head.kms_key_id })
    }

    fn store(&mut self, key: &Key, body: &Bytes, stored: impl FnOnce(String) -> Stored) -> ObjectMeta {
        let puts = self.puts.get(key.as_str()).copied().unwrap_or_default() + 1;
        let etag = match self.etags {
            Etags::OfContent => format!("\"{}\"", hex(&Md5::digest(body))),
            Etags::Unique => format!("\"etag-{puts}-of-{key}\""),
        };
        let stored = stored(etag);
        self.puts.insert(key.to_string(), puts);
        let (id, stored) = self.add(key.as_str(), format!("version-{puts}-of-{key}"), Some(stored));
        self.head_of(&id, &stored.unwrap())
    }

    pub(crate) fn list(&self, prefix: &str) -> Vec<ListedObject> {
        let is_there = |listed: ListedVersion| match listed {
            ListedVersion { key, modified, is_latest: true, content: Some(content), .. } => {
                Some(ListedObject { key, modified, content })
            }
            _ => None,
        };
        self.list_versions(prefix).into_iter().filter_map(is_there).collect()
    }

    pub(crate) fn list_versions(&self, prefix: &str) -> Vec<ListedVersion> {
        // S3 lists by the keys' UTF-8 bytes, as strings are ordered here.
        let all = self.keys.iter().filter(|(key, _)| key.starts_with(prefix));
        let listed = |(key, versions): (&String, &Vec<Version>)| {
            let last = versions.len().saturating_sub(1);
            let listed = |(index, version): (usize, &Version)| ListedVersion {
                key: Key::new(key.clone()).unwrap(),
                version: VersionId::new(version.id.clone()),
                is_latest: index == last,
                modified: OffsetDateTime::UNIX_EPOCH + Duration::from_secs(version.since),
                content: version
                    .object
                    .as_ref()
                    .map(|stored| VersionContent { etag: Etag::new(stored.etag.clone()), size: stored.size }),
            };
            versions.iter().enumerate().map(listed).collect::<Vec<_>>()
        };
        all.flat_map(listed).collect()
    }

    /// Deletes an object; with versioning a delete marker hides it.
    pub(crate) fn delete(&mut self, key: &Key, expected: Option<&Etag>) -> DeleteAnswer {
        let current = self.find(key.as_str(), None).map(|(_, stored)| stored.etag.as_str());
        if expected.is_some_and(|etag| current != Some(etag.as_str())) && !self.ignores_conditions {
            return DeleteAnswer::ConditionFailed;
        }
        if self.versioning == Versioning::Off {
            self.keys.remove(key.as_str());
            return DeleteAnswer::Deleted { marker: None };
        }
        let puts = self.puts.entry(key.to_string()).or_default();
        *puts += 1;
        let id = format!("marker-{puts}-of-{key}");
        let (id, _) = self.add(key.as_str(), id, None);
        DeleteAnswer::Deleted { marker: Some(VersionId::new(id)) }
    }

    /// Deletes a version of an object, or a delete marker.
    pub(crate) fn delete_version(&mut self, key: &Key, id: &VersionId) {
        if let Some(versions) = self.keys.get_mut(key.as_str()) {
            versions.retain(|version| version.id != id.as_str());
        }
    }

    /// All that a later operation can depend on, as text.
    pub(crate) fn fingerprint(&self) -> String {
        let versions = |versions: &Vec<Version>| {
            let version = |version: &Version| match &version.object {
                None => format!("{} marker;", version.id),
                Some(stored) => format!("{} {stored:?};", version.id),
            };
            versions.iter().map(version).collect::<String>()
        };
        self.keys.iter().map(|(key, all)| format!("{key}: {}\n", versions(all))).collect()
    }

    fn find(&self, key: &str, version: Option<&VersionId>) -> Option<(&str, &Stored)> {
        let versions = self.keys.get(key)?;
        let found = match version {
            Some(id) => versions.iter().find(|version| version.id == id.as_str())?,
            None => versions.last()?,
        };
        Some((&found.id, found.object.as_ref()?))
    }

    fn head_of(&self, id: &str, stored: &Stored) -> ObjectMeta {
        ObjectMeta {
            etag: Etag::new(stored.etag.clone()),
            version: S3Version::pinning((self.versioning != Versioning::Off).then_some(id)),
            kms_key_id: stored.kms_key_id.clone(),
            sha256: stored.sha256,
            is_archived: stored.storage == Storage::Archived,
            metadata: stored.metadata.clone(),
        }
    }

    fn add(&mut self, key: &str, id: String, object: Option<Stored>) -> (String, Option<Stored>) {
        let since = self.puts.get(key).copied().unwrap_or_default();
        let versions = self.keys.entry(key.to_owned()).or_default();
        let id = if self.versioning == Versioning::Enabled { id } else { NULL.to_owned() };
        versions.retain(|version| version.id != id);
        versions.push(Version { id: id.clone(), since, object: object.clone() });
        (id, object)
    }
}

pub(crate) fn failure(operation: Operation, key: &str, reason: Reason) -> Box<Failure> {
    Box::new(Failure::new(operation, NAME, key, reason))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
