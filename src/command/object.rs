use crate::name::{ConfigPath, Digest};
use crate::s3::S3Version;

/// A stored file, for a platform that loads its bytes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredObject {
    /// The file's path, as the result names it.
    pub path: ConfigPath,
    /// The ARN of the object at the file's key.
    pub arn: String,
    /// The S3 version that holds the bytes, where the manifest pins one.
    pub version_id: Option<S3Version>,
    /// Of the bytes.
    pub sha256: Digest,
}
