//! What is not there: an error, or with `if-missing: ignore` a notice. A bucket is never missing in that sense.

use crate::harness::{Action, Bucket};
use crate::shop::{SHOP, catalog, pull, push, push_head};

fn pull_or_ignore(bucket: &Bucket, version: &str) -> Action {
    pull(bucket, version).input("if-missing", "ignore")
}

fn ignored(action: &Action) {
    let run = action.run().succeeds();
    assert_eq!(run.output("config-version"), "");
    assert!(run.config_outputs().is_empty());
    assert_eq!(run.messages("notice").len(), 1, "{}", run.printed());
    assert!(run.messages("error").is_empty());
}

fn what_is_missing_fails_or_is_ignored(bucket: &Bucket) {
    push(bucket, "v1.0.0", &SHOP).run().succeeds();
    for version in ["v1.1.0", "^2", "head"] {
        pull(bucket, version).run().fails(6);
        pull(bucket, version).input("if-missing", "fail").run().fails(6);
        ignored(&pull_or_ignore(bucket, version));
    }
    pull(bucket, "v1.0.0").files(&["no/such/.env"]).run().fails(6).says("no/such/.env");
    ignored(&pull_or_ignore(bucket, "v1.0.0").files(&["no/such/.env"]));
    ignored(&pull_or_ignore(bucket, "head").repository_file("cstore.yml", catalog(&SHOP)));
    pull_or_ignore(bucket, "v1.0.0").run().succeeds();
}

in_each_bucket!(what_is_missing_fails_or_is_ignored);

#[test]
fn a_version_that_is_missing_names_those_that_are_there() {
    let bucket = Bucket::versioned();
    pull(&bucket, "v1").run().fails(6).says("v1").says("No version is published");
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    push(&bucket, "v1.1.0", &SHOP).run().succeeds();
    pull(&bucket, "v1").run().fails(6).says("v1.0.0").says("v1.1.0");
}

#[test]
fn a_missing_bucket_is_never_ignored() {
    let bucket = Bucket::missing();
    for version in ["v1", "^1", "latest", "head"] {
        for if_missing in ["fail", "ignore"] {
            let action = pull(&bucket, version).input("if-missing", if_missing);
            action.run().fails(6).says(bucket.name()).says("does not exist");
            action.repository_file("cstore.yml", catalog(&SHOP)).run().fails(6).says(bucket.name());
        }
    }
}

#[test]
fn a_push_to_a_missing_bucket_fails() {
    let bucket = Bucket::missing();
    push(&bucket, "v1", &SHOP).run().fails(6).says(bucket.name()).says("does not exist");
    push_head(&bucket, &SHOP).run().fails(6).says(bucket.name()).says("does not exist");
}

#[test]
fn what_is_damaged_is_not_ignored() {
    let bucket = Bucket::versioned();
    bucket.put(&crate::shop::manifest_key("v1"), "{", &[]);
    pull_or_ignore(&bucket, "v1").run().fails(5);
}

#[test]
fn a_name_that_is_nearly_right_is_answered_with_what_was_meant() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.2.0", &SHOP).run().succeeds();
    for (version, words) in [
        ("1.2.0", "Did you mean v1.2.0?"),
        ("v1", "It is an exact name; for the newest of its line write `^1`."),
        ("v1.2", "write `~1.2`"),
    ] {
        pull(&bucket, version).run().fails(6).says(words).says("Published versions: v1.2.0.");
    }
    pull(&bucket, "v2.0.0").run().fails(6).does_not_say("Did you mean").does_not_say("exact name");
}
