//! Pushes that never finished: what they left is delivered to nobody, and the message names the run.

use crate::harness::Bucket;
use crate::shop::{
    DEAD_PUSH, DEAD_RUN, MORE, SHOP, assert_pulls, catalog, digest, pull, push, push_head, put_claim, put_file_of_push,
    put_head_file_of_push,
};

fn a_version_without_a_manifest_is_not_published(bucket: &Bucket) {
    put_claim(bucket, "v1", &digest(&SHOP));
    SHOP.iter().for_each(|(path, contents)| drop(put_file_of_push(bucket, "v1", path, contents)));
    pull(bucket, "v1").repository_file("cstore.yml", catalog(&SHOP)).run().fails(6).says("v1").says(DEAD_RUN);
    pull(bucket, "v1").files(&["service/.env"]).run().fails(6).says("v1").says(DEAD_RUN);
    pull(bucket, "v1").run().fails(6).says("v1");
    // The same push run again finishes it.
    push(bucket, "v1", &SHOP).run().succeeds();
    assert_pulls(bucket, "v1", &SHOP);
}

fn a_version_without_a_claim_names_the_push(bucket: &Bucket) {
    put_file_of_push(bucket, "v1", SHOP[0].0, SHOP[0].1);
    pull(bucket, "v1").files(&["service/.env"]).run().fails(6).says("v1").says(DEAD_PUSH);
}

fn a_head_file_that_the_manifest_lacks_is_not_published(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    put_head_file_of_push(bucket, MORE[0].0, MORE[0].1);
    let both = catalog(&[SHOP[0], SHOP[1], MORE[0]]);
    let run = pull(bucket, "head").repository_file("cstore.yml", both).run().fails(6);
    run.says("shop/more/.env").says(DEAD_PUSH);
    assert_pulls(bucket, "head", &SHOP);
}

fn a_head_without_a_manifest_is_read_as_the_go_tools(bucket: &Bucket) {
    put_head_file_of_push(bucket, SHOP[0].0, SHOP[0].1);
    bucket.put("shop/web/config.json", SHOP[1].1, &[]);
    let run = pull(bucket, "head").repository_file("cstore.yml", catalog(&SHOP)).run().succeeds();
    assert_eq!(run.output("TOKEN"), "first-token");
    assert_eq!(run.output("config-integrity"), "unmanaged");
}

in_each_bucket!(
    a_version_without_a_manifest_is_not_published,
    a_version_without_a_claim_names_the_push,
    a_head_file_that_the_manifest_lacks_is_not_published,
    a_head_without_a_manifest_is_read_as_the_go_tools,
);
