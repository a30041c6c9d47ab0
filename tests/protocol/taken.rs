//! Keys that hold something which is not this push's to touch.

use crate::harness::{Bucket, shows};
use crate::shop::{
    DEAD_PUSH, SHOP, State, assert_pulls, digest, manifest_key, push, push_head, put_claim, put_file_of_push,
};

const ENV: [(&str, &str); 1] = [(".env", "TOKEN=of-the-version\n")];
const HEAD: [(&str, &str); 1] = [("v1/.env", "TOKEN=of-the-head\n")];

fn a_version_does_not_touch_a_head_file_at_its_key(bucket: &Bucket) {
    let _shown = shows(
        "F27",
        "a version whose file has the S3 key of a file of the head",
        "code 4, naming both; neither is changed",
    );
    push_head(bucket, &HEAD).run().succeeds();
    let before = State::from_bucket(bucket).without("shop/.cstore/claims/");
    for overwrite in ["false", "true"] {
        let step = push(bucket, "v1", &ENV).input("overwrite", overwrite);
        step.run().fails(4).says("shop/v1/.env").says("the head");
    }
    assert_eq!(State::from_bucket(bucket).without("shop/.cstore/claims/"), before);
    assert_eq!(bucket.find(&manifest_key("v1")).map(|manifest| manifest.text()), None);
    assert_pulls(bucket, "head", &HEAD);
}

fn the_head_does_not_touch_a_versions_file_at_its_key(bucket: &Bucket) {
    let _shown =
        shows("F27", "a file of the head that has the key of a version's", "code 4, naming both; neither is changed");
    push(bucket, "v1", &ENV).run().succeeds();
    let before = State::from_bucket(bucket);
    push_head(bucket, &HEAD).run().fails(4).says("the head").says("shop/v1/.env").says("version v1");
    push_head(bucket, &HEAD).input("overwrite", "true").run().fails(2).says("`overwrite`");
    assert_eq!(State::from_bucket(bucket), before);
    assert_pulls(bucket, "v1", &ENV);
}

fn an_object_of_another_tool_stops_a_push(bucket: &Bucket) {
    bucket.put("shop/v1/service/.env", "TOKEN=of-another-tool\n", &[]);
    push(bucket, "v1", &SHOP)
        .run()
        .fails(4)
        .says("shop/v1/service/.env")
        .says("another tool's")
        .says("overwrite: true");
    assert_eq!(bucket.get("shop/v1/service/.env").text(), "TOKEN=of-another-tool\n");
    assert_eq!(bucket.find(&manifest_key("v1")).map(|manifest| manifest.text()), None);
}

fn overwrite_replaces_an_object_of_another_tool(bucket: &Bucket) {
    bucket.put("shop/v1/service/.env", "TOKEN=of-another-tool\n", &[]);
    push(bucket, "v1", &SHOP).input("overwrite", "true").run().succeeds();
    assert_pulls(bucket, "v1", &SHOP);
}

fn a_file_of_a_broken_off_push_of_other_content_stops_a_push(bucket: &Bucket) {
    // Its claim was swapped by an overwrite, or purged: the claim alone does not tell.
    put_claim(bucket, "v1", &digest(&SHOP));
    put_file_of_push(bucket, "v1", "service/.env", "TOKEN=of-another-push\n");
    push(bucket, "v1", &SHOP).run().fails(4).says("shop/v1/service/.env").says(DEAD_PUSH).says("overwrite: true");
    assert_eq!(bucket.get("shop/v1/service/.env").text(), "TOKEN=of-another-push\n");
    push(bucket, "v1", &SHOP).input("overwrite", "true").run().succeeds();
    assert_pulls(bucket, "v1", &SHOP);
}

in_each_bucket!(
    a_version_does_not_touch_a_head_file_at_its_key,
    the_head_does_not_touch_a_versions_file_at_its_key,
    an_object_of_another_tool_stops_a_push,
    overwrite_replaces_an_object_of_another_tool,
    a_file_of_a_broken_off_push_of_other_content_stops_a_push,
);

#[test]
fn since_the_claim_stays_a_corrected_set_of_files_is_told_to_overwrite() {
    let bucket = Bucket::versioned();
    bucket.put("shop/v1/service/.env", "TOKEN=of-another-tool\n", &[]);
    push(&bucket, "v1", &SHOP).run().fails(4).says("claim").says("a corrected set needs `overwrite: true`");
    push(&bucket, "v1", &SHOP[1..]).run().fails(4).says("claimed");
    push(&bucket, "v1", &SHOP[1..]).input("overwrite", "true").run().succeeds();
    assert_pulls(&bucket, "v1", &SHOP[1..]);
}

#[test]
fn the_same_bytes_under_another_key_are_not_the_same() {
    let bucket = Bucket::versioned();
    put_claim(&bucket, "v1", &digest(&SHOP));
    put_file_of_push(&bucket, "v1", SHOP[0].0, SHOP[0].1);
    push(&bucket, "v1", &SHOP).input("kms-key-id", "alias/another").run().fails(4).says("another key");
}
