//! The shop whose configuration the tests push and pull, and its bucket as the tests see and spoil it.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::harness::{Action, Bucket, ObjectVersion};

/// Paths and contents.
pub(crate) type Files<'a> = [(&'a str, &'a str)];

/// A configuration.
pub(crate) const SHOP: [(&str, &str); 2] =
    [("service/.env", "TOKEN=first-token\n"), ("web/config.json", "{\"url\":\"first-url\"}\n")];
/// The same paths with other contents.
pub(crate) const OTHER: [(&str, &str); 2] =
    [("service/.env", "TOKEN=other-token\n"), ("web/config.json", "{\"url\":\"other-url\"}\n")];

/// One file beside those.
pub(crate) const MORE: [(&str, &str); 1] = [("more/.env", "MORE=more-value\n")];

/// The run that is made up where a test leaves behind what another run would have.
pub(crate) const DEAD_RUN: &str = "777000777";
/// The push of that run.
pub(crate) const DEAD_PUSH: &str = "00000000-0000-4000-8000-000000000001";

/// A push of these files as a version, without a catalog.
pub(crate) fn push(bucket: &Bucket, version: &str, files: &Files<'_>) -> Action {
    let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    with_files(Action::push(bucket).version(version), files).files(&paths)
}

/// A push of these files, all of the catalog, to the head.
pub(crate) fn push_head(bucket: &Bucket, files: &Files<'_>) -> Action {
    with_files(Action::push(bucket), files).repository_file("cstore.yml", catalog(files))
}

/// A pull of a version, or of the head when that is `head`, in a workspace that has nothing.
pub(crate) fn pull(bucket: &Bucket, version: &str) -> Action {
    Action::pull(bucket).version(version)
}

/// Puts files into the workspace.
pub(crate) fn with_files(action: Action, files: &Files<'_>) -> Action {
    files.iter().fold(action, |action, (path, contents)| action.workspace_file(path, contents))
}

/// A catalog that names these files and says nothing else of them.
pub(crate) fn catalog(files: &Files<'_>) -> String {
    let bare: Vec<_> = files.iter().map(|(path, _)| (*path, "")).collect();
    catalog_with(&bare)
}

/// A catalog of these paths, each with fields of its own, written as `name: value` a line.
pub(crate) fn catalog_with(entries: &[(&str, &str)]) -> String {
    let mut text = "version: v4\ncontext: shop\nfiles:\n".to_owned();
    for (path, fields) in entries {
        writeln!(text, "- path: {path}\n  store: aws-s3").unwrap();
        fields.lines().for_each(|line| writeln!(text, "  {line}").unwrap());
    }
    text
}

/// Asserts that a pull delivers exactly these files, verified.
pub(crate) fn assert_pulls(bucket: &Bucket, version: &str, files: &Files<'_>) {
    let pull = pull(bucket, version).run().succeeds();
    let mut expected: Vec<_> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    expected.sort_unstable();
    assert_eq!(pull.workspace.files(), expected);
    for (path, contents) in files {
        assert_eq!(pull.file(path), *contents, "{path}");
    }
    assert_eq!(pull.output("config-integrity"), "verified");
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// A configuration's digest: of what `sha256sum` prints for its files, sorted by path.
pub(crate) fn digest(files: &Files<'_>) -> String {
    let mut files = files.to_vec();
    files.sort_unstable();
    sha256(files.iter().fold(String::new(), |text, (path, contents)| text + &sha256(contents) + "  " + path + "\n"))
}

/// The key of a version's manifest.
pub(crate) fn manifest_key(version: &str) -> String {
    format!("shop/.cstore/versions/{version}.json")
}

/// A version's manifest.
pub(crate) fn manifest(bucket: &Bucket, version: &str) -> Value {
    bucket.get(&manifest_key(version)).json()
}

/// The head's manifest.
pub(crate) fn head_manifest(bucket: &Bucket) -> Value {
    bucket.get("shop/.cstore/head.json").json()
}

/// The entry of a path in a manifest.
pub(crate) fn entry<'a>(manifest: &'a Value, path: &str) -> &'a Value {
    let mut files = manifest["files"].as_array().unwrap().iter();
    files.find(|entry| entry["path"] == path).unwrap_or_else(|| panic!("{path} is not in {manifest:#}"))
}

/// The paths of a manifest, in its order.
pub(crate) fn paths(manifest: &Value) -> Vec<&str> {
    manifest["files"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect()
}

/// Puts a document under `.cstore/` as this tool does, with its digest beside it.
pub(crate) fn put_document(bucket: &Bucket, key: &str, document: &Value) {
    let body = document.to_string();
    let headers = [("x-amz-meta-cstore-sha256", sha256(&body)), ("Content-Type", "application/json".to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    bucket.put(key, body, &headers);
}

/// Changes a document under `.cstore/`.
pub(crate) fn edit(bucket: &Bucket, key: &str, change: impl FnOnce(&mut Value)) {
    let mut document = bucket.get(key).json();
    change(&mut document);
    put_document(bucket, key, &document);
}

/// Leaves a version's file behind as another push of that version puts it.
pub(crate) fn put_file_of_push(bucket: &Bucket, version: &str, path: &str, contents: &str) -> Option<String> {
    let digest = sha256(contents);
    let headers = [
        ("x-amz-meta-cstore-push-id", DEAD_PUSH),
        ("x-amz-meta-cstore-version", version),
        ("x-amz-meta-cstore-sha256", &digest),
    ];
    bucket.put(&format!("shop/{version}/{path}"), contents, &headers)
}

/// Leaves a head file behind as another push puts it.
pub(crate) fn put_head_file_of_push(bucket: &Bucket, path: &str, contents: &str) -> Option<String> {
    let digest = sha256(contents);
    let headers = [("x-amz-meta-cstore-push-id", DEAD_PUSH), ("x-amz-meta-cstore-sha256", &digest)];
    bucket.put(&format!("shop/{path}"), contents, &headers)
}

/// Leaves the claim of a run behind that died.
pub(crate) fn put_claim(bucket: &Bucket, version: &str, digest: &str) {
    let claim = serde_json::json!({
        "schema": 1, "context": "shop", "version": version, "digest": digest, "push_id": DEAD_PUSH,
        "created_at": "2026-01-02T03:04:05Z", "source": {"repository": "acme/shop", "run_id": DEAD_RUN},
    });
    put_document(bucket, &format!("shop/.cstore/claims/{version}.json"), &claim);
}

/// All that a bucket holds, so that two states can be compared: every object with the push that wrote it, and every
/// S3 version.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State {
    objects: Vec<(String, Option<String>, Vec<u8>)>,
    versions: Vec<ObjectVersion>,
}

impl State {
    /// As it is now.
    pub(crate) fn from_bucket(bucket: &Bucket) -> Self {
        let object = |key: String| {
            let object = bucket.get(&key);
            (key, object.metadata("cstore-push-id").map(str::to_owned), object.body().to_vec())
        };
        Self { objects: bucket.keys().into_iter().map(object).collect(), versions: bucket.versions() }
    }

    /// Without what lies below a prefix.
    pub(crate) fn without(mut self, prefix: &str) -> Self {
        self.objects.retain(|(key, ..)| !key.starts_with(prefix));
        self.versions.retain(|version| !version.key.starts_with(prefix));
        self
    }
}
