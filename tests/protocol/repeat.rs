//! Push of a version that is published: a re-run is harmless and repairs, other content is refused.

use serde_json::json;

use crate::harness::Bucket;
use crate::shop::{
    OTHER, SHOP, State, assert_pulls, catalog_with, digest, edit, entry, manifest, manifest_key, push,
    put_file_of_push, with_files,
};

fn the_same_again_changes_nothing(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    let again = push(bucket, "v1", &SHOP).run().succeeds();
    assert_eq!(again.output("config-changed"), "false");
    assert_eq!(again.output("config-digest"), format!("sha256:{}", digest(&SHOP)));
    assert_eq!(State::from_bucket(bucket), before);
}

fn other_content_is_refused_and_changes_nothing(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    push(bucket, "v1", &OTHER)
        .env("GITHUB_RUN_ID", "99")
        .run()
        .fails(4)
        .says(&digest(&SHOP)[..12])
        .says(&digest(&OTHER)[..12])
        .says("1234567890")
        .says("0123456")
        .says("Push under a new version")
        .says("overwrite: true");
    assert_eq!(State::from_bucket(bucket), before);
}

fn one_file_more_or_less_is_other_content(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    push(bucket, "v1", &SHOP[..1]).run().fails(4).says("web/config.json");
    let more = [SHOP[0], SHOP[1], ("more.txt", "contents-more")];
    push(bucket, "v1", &more).run().fails(4).says("more.txt");
    assert_eq!(State::from_bucket(bucket), before);
}

fn a_missing_file_is_put_again(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let key = "shop/v1/service/.env";
    let published = manifest(bucket, "v1");
    match bucket.get(key).version_id() {
        Some(id) if id != "null" => bucket.delete_version(key, id),
        _ => bucket.delete(key),
    }
    let again = push(bucket, "v1", &SHOP).run().succeeds();
    assert_eq!(again.output("config-changed"), "false");
    assert!(again.messages("notice").iter().any(|notice| notice.contains("service/.env")), "{}", again.printed());
    assert_pulls(bucket, "v1", &SHOP);

    let repaired = manifest(bucket, "v1");
    let pin = bucket.get(key).version_id().filter(|id| *id != "null").map(str::to_owned);
    assert_eq!(entry(&repaired, SHOP[0].0).get("version_id"), pin.map(|id| json!(id)).as_ref());
    assert_eq!(entry(&repaired, SHOP[1].0), entry(&published, SHOP[1].0));
    assert_eq!(repaired["created_at"], published["created_at"]);
    assert_eq!(repaired["push_id"], published["push_id"]);
    assert_eq!(repaired["source"], published["source"]);
}

in_each_bucket!(
    the_same_again_changes_nothing,
    other_content_is_refused_and_changes_nothing,
    one_file_more_or_less_is_other_content,
    a_missing_file_is_put_again,
);

#[test]
fn mending_keeps_what_this_tool_does_not_know() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    edit(&bucket, &manifest_key("v1"), |manifest| {
        manifest["later"] = json!({"n": 1});
        manifest["files"][0]["new"] = json!([1, 2]);
    });
    let key = "shop/v1/service/.env";
    bucket.delete_version(key, bucket.get(key).version_id().unwrap());
    push(&bucket, "v1", &SHOP).run().succeeds();
    let repaired = manifest(&bucket, "v1");
    assert_eq!(repaired["later"], json!({"n": 1}));
    assert_eq!(repaired["files"][0]["new"], json!([1, 2]));
    assert_eq!(repaired["files"][0]["version_id"], json!(bucket.get(key).version_id().unwrap()));
}

#[test]
fn a_file_below_a_delete_marker_is_still_pinned() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    bucket.delete("shop/v1/service/.env");
    let before = State::from_bucket(&bucket);
    assert_eq!(push(&bucket, "v1", &SHOP).run().succeeds().output("config-changed"), "false");
    assert_eq!(State::from_bucket(&bucket), before);
    assert_pulls(&bucket, "v1", &SHOP);
}

fn a_replaced_file_is_never_touched(bucket: &Bucket, replace: impl Fn()) {
    push(bucket, "v1", &SHOP).run().succeeds();
    replace();
    let before = State::from_bucket(bucket);
    let run = push(bucket, "v1", &SHOP).run().fails(5).says("shop/v1/service/.env").says("overwrite: true");
    assert!(!run.printed().contains("Nothing was delivered"), "{}", run.printed());
    run.says("has been replaced since, and a push does not touch it.");
    assert_eq!(State::from_bucket(bucket), before);
}

#[test]
fn a_file_that_another_push_replaced_is_never_touched() {
    for bucket in [Bucket::unversioned(), Bucket::suspended()] {
        a_replaced_file_is_never_touched(&bucket, || {
            put_file_of_push(&bucket, "v1", "service/.env", "TOKEN=foreign-token\n");
        });
    }
}

#[test]
fn a_file_that_another_tool_replaced_is_never_touched() {
    for bucket in [Bucket::unversioned(), Bucket::suspended()] {
        a_replaced_file_is_never_touched(&bucket, || {
            bucket.put("shop/v1/service/.env", "TOKEN=foreign-token\n", &[]);
        });
    }
}

#[test]
fn a_missing_file_whose_key_is_taken_is_never_touched() {
    let bucket = Bucket::versioned();
    a_replaced_file_is_never_touched(&bucket, || {
        let key = "shop/v1/service/.env";
        bucket.delete_version(key, bucket.get(key).version_id().unwrap());
        bucket.put(key, "TOKEN=foreign-token\n", &[]);
    });
}

/// Two pushes of the same content whose catalogs differ in one field.
fn refuses_other_settings(first: &str, second: &str, clause: &str) {
    let bucket = Bucket::versioned();
    let with = |fields: &str| {
        push(&bucket, "v1", &SHOP).repository_file("cstore.yml", catalog_with(&[(SHOP[0].0, fields), (SHOP[1].0, "")]))
    };
    with(first).run().succeeds();
    let before = State::from_bucket(&bucket);
    with(second).run().fails(4).says(clause).says("service/.env").says("overwrite: true");
    assert_eq!(State::from_bucket(&bucket), before);
    assert_eq!(with(first).run().succeeds().output("config-changed"), "false");
    // What is not asked for is no difference.
    assert_eq!(with("").run().succeeds().output("config-changed"), "false");
    assert_eq!(State::from_bucket(&bucket), before);
}

#[test]
fn another_key_is_refused() {
    let key = |name: &str| format!("data:\n  AWS_STORE_KMS_KEY_ID: alias/{name}");
    refuses_other_settings(&key("one"), &key("two"), "the KMS key of");
}

#[test]
fn other_tags_are_refused() {
    refuses_other_settings("tags: [blue, red]", "tags: [blue]", "the tags of");
}

#[test]
fn another_alternate_path_is_refused() {
    refuses_other_settings("alternatePath: here/.env", "alternatePath: there/.env", "the alternate path of");
}

#[test]
fn a_version_without_a_claim_is_published_all_the_same() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    bucket.delete("shop/.cstore/claims/v1.json");
    push(&bucket, "v1", &OTHER).run().fails(4);
    assert_eq!(push(&bucket, "v1", &SHOP).run().succeeds().output("config-changed"), "false");
    assert_pulls(&bucket, "v1", &SHOP);
}

#[test]
fn the_order_of_tags_is_no_difference() {
    let bucket = Bucket::versioned();
    let with = |tags: &str| {
        let action = with_files(crate::harness::Action::push(&bucket).version("v1"), &SHOP[..1]);
        action.repository_file("cstore.yml", catalog_with(&[(SHOP[0].0, tags)]))
    };
    with("tags: [blue, red]").run().succeeds();
    assert_eq!(with("tags: [red, blue]").run().succeeds().output("config-changed"), "false");
}
