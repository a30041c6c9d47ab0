//! Stored files as JSON, for platforms that load them themselves.

use serde_json::{Value, json};

use crate::command::StoredObject;
use crate::s3::S3Version;

/// The objects, one an item.
#[must_use]
pub fn document(objects: &[StoredObject]) -> Value {
    let object = |StoredObject { path, arn, version_id, sha256 }: &StoredObject| {
        let s3_version = version_id.as_ref().map(S3Version::as_str);
        json!({"path": path.as_str(), "arn": arn, "s3_version": s3_version, "sha256": sha256})
    };
    objects.iter().map(object).collect()
}
