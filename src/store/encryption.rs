use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::{SCHEMA, Stored};
use super::standstill::Standstill;
use super::{Conflict, Error, PushFile, PushInfo, Store};
use crate::name::ConfigPath;
use crate::s3::{Bucket, Condition, PutAnswer};

const ATTEMPTS: u32 = 20;

/// What pushes remember of encryption: only keys that were named, in the form that they were named in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncryptionSettings {
    schema: u64,
    /// The first key that was named; it holds for paths without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// By path. A path may be anything here: what cannot be a path is never asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    keys: BTreeMap<String, String>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// A KMS key that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedKey {
    /// The file that is encrypted with it.
    pub path: ConfigPath,
    /// The key that is recorded for it.
    pub before: String,
    /// The key that the push names.
    pub now: String,
}

impl Default for EncryptionSettings {
    fn default() -> Self {
        Self { schema: SCHEMA, key: None, keys: BTreeMap::new(), extra: Map::new() }
    }
}

impl EncryptionSettings {
    /// The key that a file is encrypted with: the one asked for, else the path's, else the context's, else none, and
    /// the bucket's own default applies.
    pub(super) fn key_of(&self, path: &ConfigPath, asked: Option<&String>) -> Option<String> {
        asked.or_else(|| self.keys.get(path.as_str())).or(self.key.as_ref()).cloned()
    }

    /// The keys that these files name, and that take the place of another which is recorded.
    pub(super) fn replaced_by(&self, files: &[PushFile]) -> Vec<ReplacedKey> {
        let replaced = |file: &PushFile| {
            let now = file.asked.kms_key.clone()?;
            let before = self.key_of(&file.path, None).filter(|before| *before != now)?;
            Some(ReplacedKey { path: file.path.clone(), before, now })
        };
        files.iter().filter_map(replaced).collect()
    }

    /// With the keys that these files name; none when that changes nothing.
    pub(super) fn with(&self, files: &[PushFile]) -> Option<Self> {
        let mut next = self.clone();
        for file in files {
            if let Some(key) = &file.asked.kms_key {
                next.keys.insert(file.path.to_string(), key.clone());
                next.key.get_or_insert_with(|| key.clone());
            }
        }
        (next != *self).then_some(next)
    }
}

impl<B: Bucket> Store<B> {
    pub(super) async fn settings(&self) -> Result<Option<Stored<EncryptionSettings>>, Error> {
        self.read_document(&self.keys.settings()?).await
    }

    /// Saves the keys that these files name, merging with what others save meanwhile.
    pub(super) async fn remember_keys(
        &self,
        mut known: Option<Stored<EncryptionSettings>>,
        files: &[PushFile],
        info: &PushInfo,
    ) -> Result<(), Error> {
        let key = self.keys.settings()?;
        let mut standstill = Standstill::new();
        for attempt in 1..=ATTEMPTS {
            let current = known.as_ref().map(|stored| stored.value.clone()).unwrap_or_default();
            let Some(next) = current.with(files) else { return Ok(()) };
            let condition =
                known.map_or(Condition::Create, |stored: Stored<EncryptionSettings>| Condition::Replace(stored.etag));
            if let PutAnswer::Written(_) = self.put_document(key.clone(), &next, None, info, condition).await? {
                return Ok(());
            }
            self.backoff.wait(attempt).await;
            known = self.settings().await?;
            let state = known.as_ref().map(|stored| stored.etag.clone());
            standstill.note(state).map_err(|refused| self.refuses(refused, &key))?;
        }
        Err(Conflict::KeepsChanging { key }.into())
    }
}

/// What applies to a push: what is recorded, or nothing.
pub(super) fn known(settings: Option<&Stored<EncryptionSettings>>) -> EncryptionSettings {
    settings.map(|stored| stored.value.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_setting_applies() {
        let text = r#"{"schema":1,"key":"first","keys":{"a":"of-a"}}"#;
        let settings: EncryptionSettings = serde_json::from_str(text).unwrap();
        let path = |text| ConfigPath::new(text).unwrap();
        let asked = "asked".to_owned();
        assert_eq!(settings.key_of(&path("a"), Some(&asked)).as_deref(), Some("asked"));
        assert_eq!(settings.key_of(&path("a"), None).as_deref(), Some("of-a"));
        assert_eq!(settings.key_of(&path("b"), None).as_deref(), Some("first"));
        assert_eq!(EncryptionSettings::default().key_of(&path("b"), None), None);
    }
}
