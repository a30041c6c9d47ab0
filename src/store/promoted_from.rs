use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::name::VersionName;

/// What the files of a manifest were promoted from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotedFrom {
    /// The context.
    pub context: String,
    /// The version; none for the head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionName>,
    /// The bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// What later versions of the tool add.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
