use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Labels;
use crate::name::{Digest, VersionName};
use crate::store::field::{Grammar, first_broken, is_id, is_message, is_time};
use crate::store::{PushSource, Requires};

/// One move of a channel: where to, by whom, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The version that it moved the channel to; none where it made it point at nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionName>,
    /// The digest that the version had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// What belongs to the version besides, such as the digest of an image.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Its id: a UUID, by which a later move can say that it expects this one.
    pub push_id: String,
    /// RFC 3339, UTC. For people: nothing is decided by it.
    pub moved_at: String,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PushSource>,
    /// Why, in one or more lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Of a rollback: the id of the move that it went back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<String>,
    /// What a reader must understand of it.
    #[serde(default, skip_serializing_if = "Requires::is_empty")]
    pub requires: Requires,
    /// What later versions of the tool add.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Move {
    /// The version that it moved to, with its digest.
    #[must_use]
    pub fn target(&self) -> Option<(&VersionName, Digest)> {
        Some((self.version.as_ref()?, self.digest?))
    }

    /// Whether it moved to the same, with the same labels.
    pub(super) fn is_same_target(&self, other: &Self) -> bool {
        (&self.version, self.digest, &self.labels) == (&other.version, other.digest, &other.labels)
    }

    /// Whether it is what somebody expects, who names it by its id or by its version.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.push_id == name || self.version.as_ref().is_some_and(|version| version.as_str() == name)
    }

    /// The first of the fields that no type checks, and that is not what it must be.
    pub(super) fn broken_field(&self) -> Option<&'static str> {
        if self.version.is_some() != self.digest.is_some() {
            return Some("digest");
        }
        let own: [(_, Option<&str>, Grammar); 4] = [
            ("push_id", Some(&self.push_id), is_id),
            ("moved_at", Some(&self.moved_at), is_time),
            ("message", self.message.as_deref(), is_message),
            ("restores", self.restores.as_deref(), is_id),
        ];
        first_broken(own).or_else(|| self.source.as_ref()?.broken_field())
    }
}
