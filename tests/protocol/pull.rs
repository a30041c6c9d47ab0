//! Pull: what is delivered, from where, and when the pinned version of an object is taken.

use serde_json::json;

use crate::harness::{Action, Bucket};
use crate::shop::{
    OTHER, SHOP, State, assert_pulls, catalog, digest, manifest_key, pull, push, push_head, put_file_of_push,
    put_head_file_of_push,
};

fn an_exact_version_needs_no_checkout(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push(bucket, "v2", &OTHER).run().succeeds();
    let run = pull(bucket, "v1").run().succeeds();
    assert_eq!(run.output("TOKEN"), "first-token");
    assert_eq!(run.output("url"), "first-url");
    assert_eq!(run.output("config-version"), "v1");
    assert_eq!(run.output("config-context"), "shop");
    assert_eq!(run.output("config-bucket"), bucket.name());
    assert_eq!(run.output("config-digest"), format!("sha256:{}", digest(&SHOP)));
    assert_eq!(run.output("config-manifest"), format!("s3://{}/{}", bucket.name(), manifest_key("v1")));
    assert_eq!(run.json_output("config-files"), json!(["service/.env", "web/config.json"]));
    assert_eq!(run.output("config-integrity"), "verified");
}

fn the_head_is_what_was_pushed_last(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    push_head(bucket, &OTHER).run().succeeds();
    for version in ["head", ""] {
        let run = pull(bucket, version).run().succeeds();
        assert_eq!(run.output("TOKEN"), "other-token", "version: {version:?}");
        assert_eq!(run.output("config-version"), "head", "version: {version:?}");
    }
}

fn a_pull_writes_nothing_to_the_bucket(bucket: &Bucket) {
    push(bucket, "v1.0.0", &SHOP).run().succeeds();
    push_head(bucket, &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    pull(bucket, "v1.0.0").run().succeeds();
    pull(bucket, "latest").run().succeeds();
    pull(bucket, "head").run().succeeds();
    assert_eq!(State::from_bucket(bucket), before);
}

fn a_version_is_delivered_whole_whatever_the_catalog_has_become(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let later = catalog(&[("service/.env", ""), ("later/.env", "")]);
    let run = pull(bucket, "v1").repository_file("cstore.yml", later).run().succeeds();
    assert_eq!(run.json_output("config-files"), json!(["service/.env", "web/config.json"]));
}

in_each_bucket!(
    an_exact_version_needs_no_checkout,
    the_head_is_what_was_pushed_last,
    a_pull_writes_nothing_to_the_bucket,
    a_version_is_delivered_whole_whatever_the_catalog_has_become,
);

#[test]
fn a_workflow_on_a_tag_pulls_the_tag() {
    let bucket = Bucket::versioned();
    push(&bucket, "v3.2.1", &SHOP).run().succeeds();
    assert_eq!(Action::pull(&bucket).tag("v3.2.1").run().succeeds().output("config-version"), "v3.2.1");
}

#[test]
fn a_version_that_is_pinned_is_whole_when_its_key_was_written_over() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    put_file_of_push(&bucket, "v1", "service/.env", "TOKEN=foreign-token\n");
    assert_pulls(&bucket, "v1", &SHOP);
    bucket.put("shop/v1/web/config.json", "{\"url\":\"foreign-url\"}\n", &[]);
    assert_pulls(&bucket, "v1", &SHOP);
}

#[test]
fn a_version_that_is_pinned_is_whole_below_delete_markers() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    bucket.delete("shop/v1/service/.env");
    bucket.delete("shop/v1/web/config.json");
    assert_pulls(&bucket, "v1", &SHOP);
}

#[test]
fn a_head_that_is_pinned_is_whole_while_a_push_is_under_way() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &SHOP).run().succeeds();
    put_head_file_of_push(&bucket, "service/.env", "TOKEN=foreign-token\n");
    assert_pulls(&bucket, "head", &SHOP);
    bucket.delete("shop/web/config.json");
    assert_pulls(&bucket, "head", &SHOP);
}

#[test]
fn files_are_restored_at_the_alternate_paths_of_the_checkouts_catalog() {
    let bucket = Bucket::versioned();
    let catalog = crate::shop::catalog_with(&[(SHOP[0].0, "alternatePath: here/.env"), (SHOP[1].0, "")]);
    push(&bucket, "v1", &SHOP).repository_file("cstore.yml", &catalog).run().succeeds();
    let run = pull(&bucket, "v1").repository_file("cstore.yml", &catalog).run().succeeds();
    assert_eq!(run.workspace.files(), ["cstore.yml", "here/.env", "web/config.json"]);
    assert_eq!(pull(&bucket, "v1").run().succeeds().workspace.files(), ["service/.env", "web/config.json"]);
}

#[test]
fn unknown_fields_of_a_manifest_are_ignored() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    crate::shop::edit(&bucket, &manifest_key("v1"), |manifest| {
        manifest["later"] = json!({"anything": [1, null]});
        manifest["files"][0]["new"] = json!(true);
        manifest["source"]["later"] = json!("x");
    });
    assert_pulls(&bucket, "v1", &SHOP);
}
