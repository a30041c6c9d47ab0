//! A dry run says what would be done, and does nothing.

use crate::harness::{Action, Bucket, Run};
use crate::shop::{OTHER, SHOP, State, assert_pulls, digest, pull, push, push_head, put_claim};

fn dry(step: Action) -> Action {
    step.input("dry-run", "true")
}

fn changed(run: &Run) -> &str {
    run.output("config-changed")
}

fn a_push_of_a_version_is_told_and_not_done(bucket: &Bucket) {
    let before = State::from_bucket(bucket);
    assert_eq!(changed(&dry(push(bucket, "v1", &SHOP)).run().succeeds().says("Would push")), "true");
    assert_eq!(State::from_bucket(bucket), before);
    push(bucket, "v1", &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    assert_eq!(changed(&dry(push(bucket, "v1", &SHOP)).run().succeeds().says("Nothing would change")), "false");
    dry(push(bucket, "v1", &OTHER)).run().fails(4).says("published with other content");
    let overwrite = dry(push(bucket, "v1", &OTHER)).input("overwrite", "true").run().succeeds();
    assert_eq!(changed(&overwrite), "true");
    assert_eq!(State::from_bucket(bucket), before);
    assert_pulls(bucket, "v1", &SHOP);
}

fn a_claim_for_other_content_is_told(bucket: &Bucket) {
    put_claim(bucket, "v1", &digest(&OTHER));
    let before = State::from_bucket(bucket);
    dry(push(bucket, "v1", &SHOP)).run().fails(4).says("claimed");
    dry(push(bucket, "v1", &OTHER)).run().succeeds();
    assert_eq!(State::from_bucket(bucket), before);
}

fn a_push_of_the_head_is_told_and_not_done(bucket: &Bucket) {
    let before = State::from_bucket(bucket);
    assert_eq!(changed(&dry(push_head(bucket, &SHOP)).run().succeeds()), "true");
    assert_eq!(State::from_bucket(bucket), before);
    push_head(bucket, &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    assert_eq!(changed(&dry(push_head(bucket, &SHOP)).run().succeeds()), "false");
    assert_eq!(changed(&dry(push_head(bucket, &OTHER)).run().succeeds()), "true");
    assert_eq!(State::from_bucket(bucket), before);
}

fn a_pull_delivers_nothing_but_facts(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let run = dry(pull(bucket, "v1")).input("export-env", "true").run().succeeds().says("Would pull");
    assert!(run.outputs.keys().all(|name| name.starts_with("config-") && name != "config-json"), "{:?}", run.outputs);
    assert_eq!(run.output("config-digest"), format!("sha256:{}", digest(&SHOP)));
    assert!(run.env.is_empty() && run.workspace.files().is_empty());
    dry(pull(bucket, "v2")).run().fails(6);
}

in_each_bucket!(
    a_push_of_a_version_is_told_and_not_done,
    a_claim_for_other_content_is_told,
    a_push_of_the_head_is_told_and_not_done,
    a_pull_delivers_nothing_but_facts,
);
