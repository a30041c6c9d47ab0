//! Push of a version: what it leaves in the bucket, and in which order.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::harness::proxy::{Fault, put};
use crate::harness::{Bucket, Proxy, shows};
use crate::shop::{OTHER, SHOP, assert_pulls, digest, manifest, manifest_key, paths, push, sha256};

fn a_version_is_its_files_a_claim_and_a_manifest(bucket: &Bucket) {
    let run = push(bucket, "v1.0.0", &SHOP).run().succeeds();
    assert_eq!(
        bucket.keys(),
        [
            "shop/.cstore/claims/v1.0.0.json",
            "shop/.cstore/versions/v1.0.0.json",
            "shop/v1.0.0/service/.env",
            "shop/v1.0.0/web/config.json",
        ]
    );
    assert_eq!(bucket.get("shop/v1.0.0/service/.env").text(), SHOP[0].1);
    assert_eq!(run.output("config-changed"), "true");
    assert_eq!(run.output("config-version"), "v1.0.0");
    assert_eq!(run.output("config-digest"), format!("sha256:{}", digest(&SHOP)));
    assert_eq!(run.output("config-manifest"), format!("s3://{}/{}", bucket.name(), manifest_key("v1.0.0")));
    assert_pulls(bucket, "v1.0.0", &SHOP);
}

fn every_object_says_whose_it_is_and_what_it_holds(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let push_id = manifest(bucket, "v1")["push_id"].as_str().unwrap().to_owned();
    for key in bucket.keys() {
        let object = bucket.get(&key);
        assert_eq!(object.metadata("cstore-push-id"), Some(push_id.as_str()), "{key}");
        assert_eq!(object.metadata("cstore-version"), Some("v1"), "{key}");
        assert_eq!(object.metadata("cstore-sha256"), Some(sha256(object.body()).as_str()), "{key}");
        assert_eq!(object.metadata("cstore-kms-key"), None, "{key}");
    }
}

fn another_version_leaves_the_first_as_it_is(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let first = bucket.get(&manifest_key("v1")).text();
    push(bucket, "v2", &OTHER).run().succeeds();
    assert_eq!(bucket.get(&manifest_key("v1")).text(), first);
    assert_pulls(bucket, "v1", &SHOP);
    assert_pulls(bucket, "v2", &OTHER);
}

in_each_bucket!(
    a_version_is_its_files_a_claim_and_a_manifest,
    every_object_says_whose_it_is_and_what_it_holds,
    another_version_leaves_the_first_as_it_is,
);

#[test]
fn the_manifest_has_these_fields_in_this_order() {
    let _shown =
        shows("T15", "a tag may be moved after its push", "the manifest keeps commit, ref and run of the push");
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let manifest = manifest(&bucket, "v1");
    let names = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&manifest), ["schema", "context", "version", "created_at", "push_id", "files", "source", "tool"]);
    assert_eq!(names(&manifest["files"][0]), ["path", "type", "size", "sha256", "etag", "version_id", "tags"]);
    assert_eq!(
        (&manifest["schema"], &manifest["context"], &manifest["version"]),
        (&json!(1), &json!("shop"), &json!("v1"))
    );
    let created_at = manifest["created_at"].as_str().unwrap();
    assert!(created_at.ends_with('Z') && created_at.as_bytes()[10] == b'T', "{created_at}");
    assert_eq!(manifest["push_id"].as_str().unwrap().len(), 36);
    assert_eq!(manifest["tool"], json!({"name": "cstore-action", "version": env!("CARGO_PKG_VERSION")}));
    assert_eq!(manifest["source"], source());
}

/// Where the harness's job says that it comes from.
fn source() -> serde_json::Value {
    json!({
        "repository": "acme/shop",
        "repository_id": "4711",
        "sha": "0123456789abcdef0123456789abcdef01234567",
        "ref": "refs/heads/main",
        "event": "push",
        "run_id": "1234567890",
        "run_attempt": "1",
        "workflow_ref": "acme/shop/.github/workflows/deploy.yml@refs/heads/main",
        "actor": "mona",
    })
}

#[test]
fn an_entry_says_what_the_file_is() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let object = bucket.get("shop/v1/web/config.json");
    assert_eq!(
        manifest(&bucket, "v1")["files"][1],
        json!({
            "path": "web/config.json",
            "type": "json",
            "size": SHOP[1].1.len(),
            "sha256": sha256(SHOP[1].1),
            "etag": object.header("etag").unwrap(),
            "version_id": object.version_id().unwrap(),
            "tags": ["web"],
        })
    );
}

#[test]
fn suspended_versioning_pins_nothing() {
    let bucket = Bucket::suspended();
    push(&bucket, "v1", &SHOP).run().succeeds();
    assert_eq!(manifest(&bucket, "v1")["files"][0].get("version_id"), None);
}

#[test]
fn the_version_id_null_is_none() {
    // What S3 answers where versioning is suspended; the test server leaves the header out.
    let (bucket, proxy) = (Bucket::suspended(), Proxy::start());
    let null = ("x-amz-version-id".to_owned(), "null".to_owned());
    let change = move |answer: &mut crate::harness::proxy::Response| answer.headers.push(null.clone());
    proxy.on(put("shop/v1/").for_ever(), Fault::Change(Arc::new(change)));
    push(&bucket, "v1", &SHOP).through(&proxy).run().succeeds();
    assert_eq!(manifest(&bucket, "v1")["files"][0].get("version_id"), None);
    assert_eq!(manifest(&bucket, "v1")["files"][1].get("version_id"), None);
}

#[test]
fn the_files_of_a_manifest_are_sorted_by_path_as_bytes() {
    let bucket = Bucket::unversioned();
    let files = [("b.txt", "contents-b"), ("a/z.txt", "contents-z"), ("B.txt", "contents-B"), ("a.txt", "contents-a")];
    push(&bucket, "v1", &files).run().succeeds();
    assert_eq!(paths(&manifest(&bucket, "v1")), ["B.txt", "a.txt", "a/z.txt", "b.txt"]);
}

#[test]
fn the_claim_says_which_content_and_by_whom() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let manifest = manifest(&bucket, "v1");
    assert_eq!(
        bucket.get("shop/.cstore/claims/v1.json").json(),
        json!({
            "schema": 1,
            "context": "shop",
            "version": "v1",
            "digest": digest(&SHOP),
            "push_id": manifest["push_id"],
            "created_at": manifest["created_at"],
            "source": source(),
        })
    );
}

#[test]
fn no_value_is_in_what_the_tool_adds() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).input("kms-key-id", "alias/of-the-test").run().succeeds();
    crate::shop::push_head(&bucket, &SHOP).run().succeeds();
    let own: Vec<_> = bucket.keys().into_iter().filter(|key| key.contains("/.cstore/")).collect();
    assert_eq!(own.len(), 4, "claim, manifest, head and settings: {own:?}");
    for key in own {
        let text = bucket.get(&key).text();
        for value in ["first-token", "first-url"] {
            assert!(!text.contains(value), "{key}: {text}");
        }
    }
}

#[test]
fn every_put_has_a_condition_and_the_checksum_of_its_body() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    push(&bucket, "v1", &SHOP).through(&proxy).run().succeeds();
    let puts: Vec<_> = proxy.requests().into_iter().filter(|seen| seen.method == "PUT").collect();
    assert_eq!(puts.len(), 4);
    for seen in puts {
        let checksum = STANDARD.encode(Sha256::digest(bucket.get(&seen.key).body()));
        assert_eq!(seen.header("x-amz-checksum-sha256"), Some(checksum.as_str()), "{}", seen.key);
        assert_eq!(seen.header("if-none-match"), Some("*"), "{}", seen.key);
    }
}

#[test]
fn a_push_refused_at_its_claim_has_put_no_file() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    proxy.on(put(".cstore/claims/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    push(&bucket, "v1", &SHOP).through(&proxy).run().fails(3);
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
}

#[test]
fn a_push_refused_at_a_file_has_claimed_the_name_and_published_nothing() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    proxy.on(put("web/config.json").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    push(&bucket, "v1", &SHOP).through(&proxy).run().fails(3);
    let keys = bucket.keys();
    assert!(keys.contains(&"shop/.cstore/claims/v1.json".to_owned()), "{keys:?}");
    assert!(!keys.contains(&manifest_key("v1")), "{keys:?}");
    crate::shop::pull(&bucket, "v1").run().fails(6);
    // The same push run again finishes it.
    push(&bucket, "v1", &SHOP).run().succeeds();
    assert_pulls(&bucket, "v1", &SHOP);
}

#[test]
fn a_push_refused_at_its_manifest_has_put_all_files() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    proxy.on(put(".cstore/versions/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    push(&bucket, "v1", &SHOP).through(&proxy).run().fails(3);
    assert_eq!(bucket.keys(), ["shop/.cstore/claims/v1.json", "shop/v1/service/.env", "shop/v1/web/config.json"]);
}

#[test]
fn nothing_is_sent_before_every_file_has_passed_its_checks() {
    let (bucket, proxy) = (Bucket::versioned(), Proxy::start());
    let broken = [("service/.env", "TOKEN=first-token\n"), ("web/config.json", "{\"url\":")];
    push(&bucket, "v1", &broken).through(&proxy).run().fails(2).says("web/config.json");
    push(&bucket, "v1", &SHOP).input("required-keys", "NOT_THERE").through(&proxy).run().fails(8).says("NOT_THERE");
    push(&bucket, "v1", &SHOP).files(&["service/.env", "no/such/.env"]).through(&proxy).run().fails(6);
    assert!(proxy.requests().is_empty(), "{:?}", proxy.lines());
}

#[test]
fn a_workflow_on_a_tag_pushes_the_tag() {
    let bucket = Bucket::versioned();
    push(&bucket, "", &SHOP).tag("v3.2.1").run().succeeds();
    assert_pulls(&bucket, "v3.2.1", &SHOP);
}

#[test]
fn what_reads_as_a_requirement_cannot_be_pushed() {
    let bucket = Bucket::versioned();
    for version in ["latest", "^1.2", "1.x"] {
        push(&bucket, version, &SHOP).run().fails(2).says(version);
    }
    assert!(bucket.keys().is_empty());
}
