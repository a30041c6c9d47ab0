use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::name::{Digest, NameError};
use crate::secret::Secret;

/// An object's key: at most 1,024 bytes
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    const LONGEST: usize = 1024;

    /// Checks the length; what a key is made of is the caller's to check.
    pub fn new(text: String) -> Result<Self, NameError> {
        if text.len() > Self::LONGEST {
            return Err(NameError::new("object key", &text, "S3 keys hold at most 1,024 bytes"));
        }
        Ok(Self(text))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// S3's name for one state of one key, quotes included. With SSE-KMS it is no MD5 and changes with every put of the
/// same bytes, so it says nothing about content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Etag(String);

impl Etag {
    /// As S3 answered it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As S3 wants it in `If-Match`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of one version of an object in a bucket with versioning. Never `null`, which suspended versioning answers
/// and which the next put replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct S3Version(VersionId);

impl S3Version {
    /// As S3 answered it; none for `null` and nothing.
    pub fn pinning(text: Option<&str>) -> Option<Self> {
        text.filter(|id| !id.is_empty() && *id != "null").map(|id| Self(VersionId::new(id)))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The id, as what may also be `null`.
    #[must_use]
    pub fn id(&self) -> &VersionId {
        &self.0
    }
}

/// The id by which a listing of versions names one, and a delete: also `null`, which is that of an object that was put
/// while versioning was off or suspended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionId(String);

impl VersionId {
    /// As S3 answered it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `null`: what bears it may be replaced by the next put.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// The same as a pin; none for `null`.
    #[must_use]
    pub fn pin(&self) -> Option<S3Version> {
        S3Version::pinning(Some(&self.0))
    }
}

impl From<S3Version> for VersionId {
    fn from(version: S3Version) -> Self {
        version.0
    }
}

/// When a put may take effect
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Only where no object is: `If-None-Match: *`.
    Create,
    /// Only over this state: `If-Match`.
    Replace(Etag),
}

/// An object to put.
#[derive(Debug, Clone)]
pub struct Put {
    /// The key that it is put at.
    pub key: Key,
    /// Its bytes.
    pub body: Secret<Bytes>,
    /// The body's SHA-256, which S3 checks on arrival.
    pub digest: Digest,
    /// The condition under which the put takes effect.
    pub condition: Condition,
    /// The KMS key (id, ARN or alias); without one the bucket's default encryption applies.
    pub kms_key: Option<String>,
    /// The `x-amz-meta-` headers: ASCII, 2 KB in all.
    pub metadata: BTreeMap<String, String>,
    /// The media type.
    pub content_type: &'static str,
}

/// What S3 answered to a put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutAnswer {
    /// The object is there.
    Written(Written),
    /// The condition did not hold: 412, or 404 to an `If-Match`.
    ConditionFailed,
}

/// An object that was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The state that it is in.
    pub etag: Etag,
    /// Its version, in a bucket with versioning.
    pub version: Option<S3Version>,
    /// The ARN of the KMS key that S3 encrypted it with, if any.
    pub kms_key_id: Option<String>,
}

/// What S3 says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectMeta {
    /// The state that it is in.
    pub etag: Etag,
    /// Its version, in a bucket with versioning.
    pub version: Option<S3Version>,
    /// The ARN of the KMS key that it is encrypted with, if any.
    pub kms_key_id: Option<String>,
    /// The SHA-256 of all its bytes, by S3's own account: S3 verified it when they were put. None where S3 keeps none,
    /// or another kind of checksum.
    pub sha256: Option<Digest>,
    /// Whether it lies in an archive, from which it cannot be got without being restored first.
    pub is_archived: bool,
    /// The `x-amz-meta-` headers, names in lower case. Whoever may put an object can write anything here.
    pub metadata: BTreeMap<String, String>,
}

/// An object with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What S3 says of the object.
    pub head: ObjectMeta,
    /// Its bytes.
    pub body: Secret<Bytes>,
}

/// What S3 answered to a delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeleteAnswer {
    /// There is no object at the key any more.
    Deleted {
        /// The delete marker that hides what was there, where the bucket keeps versions.
        marker: Option<VersionId>,
    },
    /// The object is not in the state that was expected, or there is none: 412, or 404.
    ConditionFailed,
}

/// The content of an object, as far as a listing says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionContent {
    /// Its state.
    pub etag: Etag,
    /// In bytes.
    pub size: u64,
}

/// What lies right below a prefix, each by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    /// What keys with another `/` behind the prefix begin with, up to that `/`, each once.
    pub folders: Vec<String>,
    /// The objects whose keys have none.
    pub objects: Vec<ListedObject>,
}

/// An object in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    /// Its key.
    pub key: Key,
    /// When it was put, by S3's clock, to the second.
    pub modified: OffsetDateTime,
    /// Its state and size.
    pub content: VersionContent,
}

/// A version of an object, or a delete marker, in a listing of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedVersion {
    /// Its key.
    pub key: Key,
    /// Its id.
    pub version: VersionId,
    /// Whether it is what a request without a version id finds.
    pub is_latest: bool,
    /// When it was put, by S3's clock, to the second.
    pub modified: OffsetDateTime,
    /// What it holds; none for a delete marker.
    pub content: Option<VersionContent>,
}
