use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Requires;
use crate::config::FileType;
use crate::name::{ConfigPath, Digest};
use crate::s3::{Etag, S3Version};

/// One file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Where it belongs, relative to the catalog.
    pub path: ConfigPath,
    /// What the push read it as: a word of [`FileType::as_recorded`].
    #[serde(rename = "type", default)]
    pub file_type: String,
    /// In bytes.
    pub size: u64,
    /// Of its bytes.
    pub sha256: Digest,
    /// The object's state.
    pub etag: Etag,
    /// The object's version, in a bucket with versioning: what a pull gets when the key holds something else by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<S3Version>,
    /// The KMS key as asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<String>,
    /// The KMS key as S3 answered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The catalog's tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where the catalog of the push has it restored. It decides nothing: a pull goes by the catalog of its own
    /// checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternate_path: Option<ConfigPath>,
    /// What a reader must understand of it.
    #[serde(default, skip_serializing_if = "Requires::is_empty")]
    pub requires: Requires,
    /// What this version of the tool does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl FileEntry {
    /// The type that it records.
    #[must_use]
    pub fn read_as(&self) -> FileType {
        FileType::from_recorded(&self.file_type, &self.path)
    }
}
