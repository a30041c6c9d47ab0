//! Manifests that cannot be trusted, and files that are not what their manifest says: nothing is delivered.

use serde_json::{Value, json};

use crate::harness::Bucket;
use crate::shop::{
    DEAD_PUSH, OTHER, SHOP, edit, head_manifest, manifest_key, pull, push, push_head, put_document, put_file_of_push,
    put_head_file_of_push, sha256,
};

/// Spoils the manifest of a version and of the head in turn, and holds a pull to it.
fn a_manifest_refused(code: i32, clause: &str, spoil: impl Fn(&mut Value)) {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    push_head(&bucket, &SHOP).run().succeeds();
    for (version, key) in [("v1", manifest_key("v1")), ("head", "shop/.cstore/head.json".to_owned())] {
        edit(&bucket, &key, &spoil);
        pull(&bucket, version).run().fails(code).says(&key).says(clause);
        pull(&bucket, version).files(&[SHOP[0].0]).run().fails(code).says(&key);
    }
}

#[test]
fn a_manifest_of_a_newer_schema_names_the_tool_to_use() {
    a_manifest_refused(2, "Use the newest version of cstore-action", |manifest| manifest["schema"] = json!(2));
}

#[test]
fn a_manifest_without_a_schema_is_damaged() {
    a_manifest_refused(5, "schema", |manifest| drop(manifest.as_object_mut().unwrap().remove("schema")));
}

#[test]
fn a_manifest_that_lists_a_path_twice_is_damaged() {
    a_manifest_refused(5, "twice", |manifest| {
        let first = manifest["files"][0].clone();
        manifest["files"].as_array_mut().unwrap().push(first);
    });
}

#[test]
fn a_manifest_that_names_a_forbidden_path_is_damaged() {
    for path in ["../escape", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "a\u{0}b", "a\nb", ".cstore/x", "", "a//b"] {
        a_manifest_refused(5, "is not a valid path", |manifest| manifest["files"][0]["path"] = json!(path));
    }
}

#[test]
fn a_manifest_of_another_place_is_damaged() {
    a_manifest_refused(5, "another context", |manifest| manifest["context"] = json!("other"));
    a_manifest_refused(5, "another context", |manifest| manifest["version"] = json!("v9"));
}

#[test]
fn a_manifest_whose_digests_are_none_is_damaged() {
    a_manifest_refused(5, "a field of it is wrong", |manifest| manifest["files"][0]["sha256"] = json!("123"));
}

#[test]
fn a_manifest_that_is_no_manifest_is_damaged() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let key = manifest_key("v1");
    let whole = bucket.get(&key).text();
    for body in ["", "{", "null", "[]", "not JSON", &whole[..whole.len() / 2]] {
        bucket.put(&key, body, &[]);
        pull(&bucket, "v1").run().fails(5).says(&key);
    }
}

#[test]
fn a_manifest_that_has_not_its_own_digest_is_damaged() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let key = manifest_key("v1");
    let changed = bucket.get(&key).text().replace("\"env\"", "\"txt\"");
    bucket.put(&key, changed, &[("x-amz-meta-cstore-sha256", &sha256("something else"))]);
    pull(&bucket, "v1").run().fails(5).says(&key).says("digest that it carries");
}

#[test]
fn a_manifest_of_more_than_1_mib_is_damaged() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let key = manifest_key("v1");
    let mut manifest = bucket.get(&key).json();
    let room = 1024 * 1024 - manifest.to_string().len() - r#","later":"""#.len();
    manifest["later"] = json!("x".repeat(room));
    put_document(&bucket, &key, &manifest);
    pull(&bucket, "v1").run().succeeds();
    manifest["later"] = json!("x".repeat(room + 1));
    put_document(&bucket, &key, &manifest);
    pull(&bucket, "v1").run().fails(5).says(&key).says("1 MiB");
}

/// What becomes of a published version when its first file is spoilt, in a bucket that does not pin.
fn an_unpinned_file_refused(spoil: impl Fn(&Bucket)) -> Vec<crate::harness::Run> {
    [Bucket::unversioned(), Bucket::suspended()]
        .into_iter()
        .map(|bucket| {
            push(&bucket, "v1", &SHOP).run().succeeds();
            spoil(&bucket);
            pull(&bucket, "v1").run()
        })
        .collect()
}

#[test]
fn a_file_that_is_gone_is_named_with_the_manifest() {
    for run in an_unpinned_file_refused(|bucket| bucket.delete("shop/v1/service/.env")) {
        run.fails(6).says("shop/v1/service/.env").says(&manifest_key("v1")).says("`overwrite: true`");
    }
}

#[test]
fn a_file_that_another_push_changed_fails_the_pull() {
    let spoil = |bucket: &Bucket| drop(put_file_of_push(bucket, "v1", OTHER[0].0, OTHER[0].1));
    for run in an_unpinned_file_refused(spoil) {
        run.fails(5).says("shop/v1/service/.env").says(DEAD_PUSH).says("`overwrite: true`");
    }
}

#[test]
fn a_file_that_something_else_changed_fails_the_pull() {
    let spoil = |bucket: &Bucket| drop(bucket.put("shop/v1/service/.env", OTHER[0].1, &[]));
    for run in an_unpinned_file_refused(spoil) {
        run.fails(5).says("shop/v1/service/.env").says("`overwrite: true`");
    }
}

#[test]
fn a_head_file_that_another_push_changed_fails_the_pull_until_somebody_pushes() {
    for bucket in [Bucket::unversioned(), Bucket::suspended()] {
        push_head(&bucket, &SHOP).run().succeeds();
        put_head_file_of_push(&bucket, OTHER[0].0, OTHER[0].1);
        pull(&bucket, "head").run().fails(5).says("shop/service/.env").says(DEAD_PUSH).says("Push the files again");
        push_head(&bucket, &OTHER).run().succeeds();
        crate::shop::assert_pulls(&bucket, "head", &OTHER);
    }
}

#[test]
fn a_pin_that_is_gone_is_named_with_the_manifest() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    let key = "shop/v1/service/.env";
    bucket.delete_version(key, bucket.get(key).version_id().unwrap());
    pull(&bucket, "v1").run().fails(6).says(key).says(&manifest_key("v1"));
    // Also when something else is at the key.
    bucket.put(key, "TOKEN=foreign-token\n", &[]);
    pull(&bucket, "v1").run().fails(6).says(key).says(&manifest_key("v1"));
}

#[test]
fn a_manifest_that_lies_of_a_digest_fails_the_pull() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    edit(&bucket, &manifest_key("v1"), |manifest| manifest["files"][0]["sha256"] = json!(sha256("something else")));
    pull(&bucket, "v1").run().fails(5).says("shop/v1/service/.env");
}

#[test]
fn a_file_that_has_not_the_digest_that_it_carries_fails_the_pull() {
    let bucket = Bucket::unversioned();
    push_head(&bucket, &SHOP).run().succeeds();
    let digest = head_manifest(&bucket)["files"][0]["sha256"].as_str().unwrap().to_owned();
    let mark = [("x-amz-meta-cstore-push-id", DEAD_PUSH), ("x-amz-meta-cstore-sha256", digest.as_str())];
    bucket.put("shop/service/.env", "TOKEN=foreign-token\n", &mark);
    pull(&bucket, "head").run().fails(5).says("shop/service/.env").says("digest that it carries");
}
