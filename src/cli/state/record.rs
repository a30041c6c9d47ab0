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
    /// What it was before it was changed here and pushed as that version, where the head was never seen. None where it
    /// is what was pulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) origin: Option<Origin>,
}

/// What a file was that was changed here, and pushed as a version alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) enum Origin {
    /// Nothing: it came into being here.
    New,
    /// A file of another version.
    Version {
        version: VersionName,
        sha256: Digest,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pin: Option<S3Version>,
    },
}

impl Record {
    /// What the local file was made of, where it comes together with this: a file of a version, or else of the head.
    /// None where nothing was.
    pub(in crate::cli) fn base(&self, version: Option<&VersionName>) -> Option<BaseEntry> {
        if version.is_none() { self.base_in_head() } else { Some(self.entry()) }
    }

    /// The same of the head. What was only pushed as a version is a change that the head does not have: a pull of the
    /// head must not take it back.
    pub(in crate::cli) fn base_in_head(&self) -> Option<BaseEntry> {
        match (&self.head, &self.origin) {
            (Some(SeenHead { sha256, pin }), _) => {
                Some(BaseEntry { sha256: *sha256, version_id: pin.clone(), version: None })
            }
            (None, Some(Origin::New)) => None,
            (None, Some(Origin::Version { version, sha256, pin })) => {
                Some(BaseEntry { sha256: *sha256, version_id: pin.clone(), version: Some(version.clone()) })
            }
            (None, None) => Some(self.entry()),
        }
    }

    fn entry(&self) -> BaseEntry {
        BaseEntry { sha256: self.sha256, version_id: self.pin.clone(), version: self.version.clone() }
    }

    /// What is remembered of a file that is pushed as this version, given what was remembered before.
    pub(in crate::cli) fn of_pushed_version(
        path: ConfigPath,
        version: VersionName,
        stored: &BaseEntry,
        before: Option<&Self>,
    ) -> Self {
        let head = before.and_then(|before| before.head.clone());
        let origin = match before {
            _ if head.is_some() => None,
            None => Some(Origin::New),
            Some(before) if before.sha256 == stored.sha256 => before.origin.clone(),
            Some(Self { origin: Some(origin), .. }) => Some(origin.clone()),
            Some(Self { version, sha256, pin, .. }) => {
                version.clone().map(|version| Origin::Version { version, sha256: *sha256, pin: pin.clone() })
            }
        };
        Self { path, sha256: stored.sha256, version: Some(version), pin: stored.version_id.clone(), head, origin }
    }
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

    /// What a file is then remembered as, if its push took effect; `before`: what it was remembered as. `head`: the
    /// head's manifest.
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
            origin: None,
        });
        Some(Record { head: Some(seen), origin: None, ..record })
    }
}
