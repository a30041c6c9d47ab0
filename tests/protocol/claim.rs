//! The claim: which content is being pushed under a name. What a dead push leaves behind hinders only other content.

use crate::harness::Bucket;
use crate::shop::{
    DEAD_PUSH, DEAD_RUN, OTHER, SHOP, State, assert_pulls, digest, manifest, push, put_claim, put_file_of_push,
};

const CLAIM: &str = "shop/.cstore/claims/v1.json";

fn a_push_goes_on_where_one_of_the_same_content_died(bucket: &Bucket) {
    put_claim(bucket, "v1", &digest(&SHOP));
    let (path, contents) = SHOP[0];
    let pin = put_file_of_push(bucket, "v1", path, contents).filter(|id| id != "null");
    let run = push(bucket, "v1", &SHOP).run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert_pulls(bucket, "v1", &SHOP);
    // What was there counts as written: its pin is the one that it had.
    assert_eq!(bucket.get("shop/v1/service/.env").metadata("cstore-push-id"), Some(DEAD_PUSH));
    assert_eq!(manifest(bucket, "v1")["files"][0]["version_id"].as_str(), pin.as_deref());
    assert_eq!(bucket.get(CLAIM).json()["push_id"], DEAD_PUSH);
}

fn a_push_of_other_content_than_claimed_is_refused(bucket: &Bucket) {
    put_claim(bucket, "v1", &digest(&OTHER));
    put_file_of_push(bucket, "v1", OTHER[0].0, OTHER[0].1);
    let before = State::from_bucket(bucket);
    push(bucket, "v1", &SHOP)
        .run()
        .fails(4)
        .says(DEAD_RUN)
        .says("acme/shop")
        .says("2026-01-02T03:04:05Z")
        .says("overwrite: true");
    assert_eq!(State::from_bucket(bucket), before);
}

fn overwrite_goes_past_a_claim(bucket: &Bucket) {
    put_claim(bucket, "v1", &digest(&OTHER));
    put_file_of_push(bucket, "v1", OTHER[0].0, OTHER[0].1);
    let run = push(bucket, "v1", &SHOP).input("overwrite", "true").run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert_eq!(bucket.get(CLAIM).json()["digest"], digest(&SHOP));
    assert_pulls(bucket, "v1", &SHOP);
}

fn nothing_goes_past_the_claim_of_a_purge(bucket: &Bucket) {
    put_claim(bucket, "v1", "purge");
    let before = State::from_bucket(bucket);
    for overwrite in ["false", "true"] {
        push(bucket, "v1", &SHOP).input("overwrite", overwrite).run().fails(4).says("purged").says(DEAD_RUN);
    }
    assert_eq!(State::from_bucket(bucket), before);
}

fn nothing_goes_past_the_claim_of_a_purge_of_what_is_published(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    put_claim(bucket, "v1", "purge");
    let before = State::from_bucket(bucket);
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().fails(4).says("purged");
    assert_eq!(State::from_bucket(bucket), before);
}

in_each_bucket!(
    a_push_goes_on_where_one_of_the_same_content_died,
    a_push_of_other_content_than_claimed_is_refused,
    overwrite_goes_past_a_claim,
    nothing_goes_past_the_claim_of_a_purge,
    nothing_goes_past_the_claim_of_a_purge_of_what_is_published,
);

#[test]
fn a_claim_does_not_hinder_another_version() {
    let bucket = Bucket::versioned();
    put_claim(&bucket, "v1", &digest(&OTHER));
    push(&bucket, "v2", &SHOP).run().succeeds();
    assert_pulls(&bucket, "v2", &SHOP);
}

#[test]
fn a_claim_that_cannot_be_read_is_no_claim_for_this_content() {
    let bucket = Bucket::versioned();
    bucket.put(CLAIM, "{", &[]);
    push(&bucket, "v1", &SHOP).run().fails(5).says(CLAIM);
    assert_eq!(bucket.keys(), [CLAIM]);
}
