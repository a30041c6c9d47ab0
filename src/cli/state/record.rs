use serde::{Deserialize, Serialize};

use crate::name::{ConfigPath, Digest, VersionName};
use crate::s3::S3Version;

/// What a local file was last pulled or pushed as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Record {
    /// Its path in the bucket, relative to its catalog. The local file may lie elsewhere.
    pub(in crate::cli) path: ConfigPath,
    /// The digest of the file in the bucket.
    pub(in crate::cli) sha256: Digest,
    /// The version that it was part of; none for the head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) version: Option<VersionName>,
    /// The S3 version of its object, where the bucket keeps versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) pin: Option<S3Version>,
    /// The file of the head when it was last seen. Pulls and pushes of versions do not look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) head: Option<SeenHead>,
}

/// A file of the head, as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct SeenHead {
    /// Its digest.
    pub(in crate::cli) sha256: Digest,
    /// The S3 version of its object, where the bucket keeps versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) pin: Option<S3Version>,
}
