//! The recordings of the Go cStore's buckets and catalogs in `tests/go_cstore/fixtures/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::action::Action;
use super::in_memory::Versioning;
use super::kms::KmsKey;
use super::leak::Secrets;
use super::s3::{Bucket, fresh_name};

/// What the recordings write in place of a key's id.
const RECORDED_KMS_KEY: &str = "KMS_KEY_ID";

/// A recording, loaded into buckets with names of their own.
pub(crate) struct Fixture {
    folder: PathBuf,
    buckets: BTreeMap<String, Bucket>,
    /// What stands in for [`RECORDED_KMS_KEY`].
    pub(crate) kms_key: KmsKey,
}

impl Fixture {
    /// Loads the buckets of a recording, such as `versions`. They are unversioned, as the recorded ones were.
    pub(crate) fn load(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go_cstore/fixtures").join(name);
        let recorded = fs::read(folder.join("bucket.json")).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let recorded: BTreeMap<String, Vec<Value>> = serde_json::from_slice(&recorded).unwrap();
        let secrets = Secrets::default();
        let kms_key = KmsKey::create();
        let load = |(name, objects): (String, Vec<Value>)| {
            let bucket = Bucket::create(&fresh_name(&name), Versioning::Off).sharing_secrets_of(&secrets);
            for object in objects {
                put(&bucket, &object, &kms_key);
            }
            (name, bucket)
        };
        Self { folder, buckets: recorded.into_iter().map(load).collect(), kms_key }
    }

    /// The bucket that stands in for a recorded one, such as `project-configs`.
    pub(crate) fn bucket(&self, recorded: &str) -> &Bucket {
        &self.buckets[recorded]
    }

    /// A file of the recorded workspace, with the names that stand in for the recorded ones.
    pub(crate) fn file(&self, path: &str) -> String {
        let path = self.folder.join("workspace").join(path);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        // As a value only: the field's own name, AWS_STORE_KMS_KEY_ID, ends with the same letters.
        let text = text.replace(&format!(": {RECORDED_KMS_KEY}"), &format!(": {}", self.kms_key.id));
        self.buckets.iter().fold(text, |text, (recorded, bucket)| text.replace(recorded, bucket.name()))
    }

    /// A run in a workspace that has only the recorded catalog, which names the bucket.
    pub(crate) fn action(&self, command: &str) -> Action {
        let any_bucket = self.buckets.values().next().expect("a recording has buckets");
        Action::new(any_bucket)
            .input("command", command)
            .input("bucket", "")
            .repository_file("cstore.yml", self.file("cstore.yml"))
    }
}

fn put(bucket: &Bucket, object: &Value, kms_key: &KmsKey) {
    let text = |name: &str| object[name].as_str();
    let mut headers = Vec::new();
    if let Some(content_type) = text("content_type") {
        headers.push(("Content-Type".to_owned(), content_type));
    }
    if let Some(algorithm) = text("sse") {
        headers.push(("x-amz-server-side-encryption".to_owned(), algorithm));
    }
    if let Some(key) = text("kms") {
        let key = if key == RECORDED_KMS_KEY { kms_key.id.as_str() } else { key };
        headers.push(("x-amz-server-side-encryption-aws-kms-key-id".to_owned(), key));
    }
    for (name, value) in object["metadata"].as_object().into_iter().flatten() {
        headers.push((format!("x-amz-meta-{name}"), value.as_str().unwrap()));
    }
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    bucket.put(text("key").unwrap(), text("body").unwrap(), &headers);
}
