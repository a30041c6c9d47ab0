use serde::{Deserialize, Serialize};

use crate::name::{ConfigPath, Digest, VersionName};
use crate::s3::S3Version;
use crate::store::{BaseEntry, HeadState, Intended};

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

/// What a push was about to make of a file of the head, written before it was known whether it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct IntendedHead {
    push_id: String,
    #[serde(flatten)]
    head: SeenHead,
}

impl From<Intended> for IntendedHead {
    fn from(intended: Intended) -> Self {
        let Intended { push_id, entry } = intended;
        Self { push_id, head: SeenHead { sha256: entry.sha256, pin: entry.version_id } }
    }
}

impl IntendedHead {
    pub(in crate::cli) fn intended(&self) -> Intended {
        let SeenHead { sha256, pin } = self.head.clone();
        Intended { push_id: self.push_id.clone(), entry: BaseEntry { sha256, version_id: pin, version: None } }
    }

    /// What a file is then remembered as, if its push took effect; `before`: what it was remembered as. `head`: the head's
    /// manifest.
    pub(in crate::cli) fn settled(
        &self,
        path: &ConfigPath,
        before: Option<&Record>,
        head: Option<HeadState<'_>>,
    ) -> Option<Record> {
        if !self.intended().took_effect(path, head) {
            return None;
        }
        let seen = self.head.clone();
        // The same bytes are those of the version, too.
        let same = before.filter(|before| before.sha256 == seen.sha256).cloned();
        let record = same.unwrap_or_else(|| Record {
            path: path.clone(),
            sha256: seen.sha256,
            version: None,
            pin: seen.pin.clone(),
            head: None,
        });
        Some(Record { head: Some(seen), ..record })
    }
}
