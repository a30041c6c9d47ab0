use std::collections::BTreeMap;

use super::field::is_id;
use crate::name::{Digest, VersionName};
use crate::ordered::Ordered as _;

const PUSH_ID: &str = "cstore-push-id";
const VERSION: &str = "cstore-version";
const SHA256: &str = "cstore-sha256";
const KMS_KEY: &str = "cstore-kms-key";
const PURGE: &str = "cstore-purge";

/// The metadata that every object of this tool carries, so that one HEAD tells whose it is and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ObjectMetadata {
    pub(super) push_id: Option<String>,
    /// Absent on head files.
    pub(super) version: Option<VersionName>,
    pub(super) digest: Option<Digest>,
    /// As it was asked for, if one was.
    pub(super) kms_key: Option<String>,
    /// Of a file of the head: the last purge of its path that its push knew of.
    pub(super) purge: Option<String>,
}

impl ObjectMetadata {
    pub(super) fn read(metadata: &BTreeMap<String, String>) -> Self {
        let get = |name: &str| metadata.get(name).cloned();
        Self {
            push_id: get(PUSH_ID).filter(|id| is_id(id)),
            version: get(VERSION).and_then(|text| VersionName::new(&text).ok()),
            digest: get(SHA256).and_then(|text| Digest::from_hex(&text).ok()),
            kms_key: get(KMS_KEY),
            purge: get(PURGE).filter(|id| is_id(id)),
        }
    }

    pub(super) fn write(&self) -> BTreeMap<String, String> {
        [
            (PUSH_ID, self.push_id.clone()),
            (VERSION, self.version.as_ref().map(ToString::to_string)),
            (SHA256, self.digest.map(|digest| digest.to_string())),
            (KMS_KEY, self.kms_key.clone()),
            (PURGE, self.purge.clone()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .ordered_map()
    }

    /// Whether another tool wrote the object.
    pub(super) fn is_foreign(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let metadata = ObjectMetadata {
            push_id: Some("p".to_owned()),
            version: VersionName::new("v1").ok(),
            digest: Some(Digest::from_content(b"x")),
            kms_key: None,
            purge: Some("q".to_owned()),
        };
        assert_eq!(ObjectMetadata::read(&metadata.write()), metadata);
        assert!(ObjectMetadata::read(&BTreeMap::from([("other".to_owned(), "x".to_owned())])).is_foreign());
    }
}
