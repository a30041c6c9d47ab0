//! The `digest` input: a configuration pinned like an action.

use crate::harness::{Action, Bucket, shows};
use crate::shop::{OTHER, SHOP, digest, pull, push, push_head};

fn pinned(bucket: &Bucket, version: &str, digest: &str) -> Action {
    pull(bucket, version).input("digest", &format!("sha256:{digest}"))
}

fn only_this_content_is_delivered(bucket: &Bucket) {
    let _shown = shows(
        "T15",
        "a version may be replaced by who may overwrite",
        "`digest` pins the content, whatever the version says",
    );
    push(bucket, "v1", &SHOP).run().succeeds();
    let run = pinned(bucket, "v1", &digest(&SHOP)).run().succeeds();
    assert_eq!(run.output("TOKEN"), "first-token");
    pinned(bucket, "v1", &digest(&OTHER)).run().fails(5).says(&digest(&OTHER)).says(&digest(&SHOP));
    // An overwrite does not get past the pin.
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    pinned(bucket, "v1", &digest(&SHOP)).run().fails(5);
    pinned(bucket, "v1", &digest(&OTHER)).run().succeeds();
}

fn a_part_is_pinned_by_its_own_digest_or_the_wholes(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    for pin in [digest(&SHOP[..1]), digest(&SHOP)] {
        let run = pinned(bucket, "v1", &pin).files(&["service/.env"]).run().succeeds();
        assert_eq!(run.workspace.files(), ["service/.env"]);
        assert_eq!(run.output("config-digest"), format!("sha256:{}", digest(&SHOP[..1])));
    }
    pinned(bucket, "v1", &digest(&SHOP[1..])).files(&["service/.env"]).run().fails(5);
    // The whole is not the part.
    pinned(bucket, "v1", &digest(&SHOP[..1])).run().fails(5);
}

fn the_head_can_be_pinned(bucket: &Bucket) {
    push_head(bucket, &SHOP).run().succeeds();
    pinned(bucket, "head", &digest(&SHOP)).run().succeeds();
    push_head(bucket, &OTHER).run().succeeds();
    pinned(bucket, "head", &digest(&SHOP)).run().fails(5);
}

in_each_bucket!(
    only_this_content_is_delivered,
    a_part_is_pinned_by_its_own_digest_or_the_wholes,
    the_head_can_be_pinned
);

#[test]
fn a_digest_that_is_none_is_refused() {
    let bucket = Bucket::versioned();
    let hex = digest(&SHOP);
    for bad in [hex.as_str(), "sha256:", "sha256:12", &format!("md5:{hex}"), &format!("sha256:{hex}0")] {
        pull(&bucket, "v1").input("digest", bad).run().fails(2).says("`digest`");
    }
}
