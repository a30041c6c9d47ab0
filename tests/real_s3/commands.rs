//! One story of each command, as users have it: with versioning, and without.

use crate::harness::{Action, Bucket};
use crate::seaweedfs::{server, unversioned, versioned};
use crate::shop::{MORE, OTHER, SHOP, State, assert_pulls, digest, pull, push, push_head, with_files};

/// A version is published once; what is published stays.
fn push_of_a_version(bucket: &Bucket) {
    let first = push(bucket, "v1.0.0", &SHOP).run().succeeds();
    assert_eq!(first.output("config-changed"), "true");
    assert_eq!(first.output("config-digest"), format!("sha256:{}", digest(&SHOP)));
    assert_eq!(push(bucket, "v1.0.0", &SHOP).run().succeeds().output("config-changed"), "false");
    push(bucket, "v1.0.0", &OTHER).run().fails(4).says("published with other content");
    assert_pulls(bucket, "v1.0.0", &SHOP);
}

/// The head moves with each push, and keeps what a push does not name.
fn push_of_the_head(bucket: &Bucket) {
    pull(bucket, "head").run().fails(6);
    assert_eq!(push_head(bucket, &SHOP).run().succeeds().output("config-changed"), "true");
    assert_eq!(push_head(bucket, &SHOP).run().succeeds().output("config-changed"), "false");
    push_head(bucket, &MORE).run().succeeds();
    assert_pulls(bucket, "head", &[SHOP[0], SHOP[1], MORE[0]]);
    push_head(bucket, &OTHER).run().succeeds();
    assert_pulls(bucket, "head", &[OTHER[0], OTHER[1], MORE[0]]);
    with_files(push_head(bucket, &OTHER), &MORE).run().succeeds();
}

/// A pull finds the version that is meant, delivers its values, and can be told to take a part.
fn pull_of_a_version(bucket: &Bucket) {
    for version in ["v1.0.0", "v1.1.0", "v2.0.0-rc.1"] {
        push(bucket, version, &[("service/.env", &format!("TOKEN=token-of-{version}\n")), SHOP[1]]).run().succeeds();
    }
    for (asked, found) in [("v1.0.0", "v1.0.0"), ("^1", "v1.1.0"), ("latest", "v1.1.0"), ("~1.0.0", "v1.0.0")] {
        let run = pull(bucket, asked).run().succeeds();
        assert_eq!(run.output("config-version"), found);
        assert_eq!(run.output("TOKEN"), format!("token-of-{found}"));
    }
    let part = pull(bucket, "v1.0.0").files(&["web/config.json"]).run().succeeds();
    assert_eq!(part.workspace.files(), ["web/config.json"]);
    pull(bucket, "v3").run().fails(6).says("v1.1.0");
}

/// An overwrite replaces, and a digest that was pinned is not taken in by it.
fn overwrite_and_digest(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    let pinned = |files| pull(bucket, "v1").input("digest", &format!("sha256:{}", digest(files)));
    pinned(&SHOP).run().succeeds();
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    assert_pulls(bucket, "v1", &OTHER);
    pinned(&SHOP).run().fails(5).says(&digest(&OTHER));
    pinned(&OTHER).run().succeeds();
}

/// A dry run says what would be done, and leaves the bucket as it is.
fn dry_run(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push_head(bucket, &SHOP).run().succeeds();
    let before = State::from_bucket(bucket);
    for step in [push(bucket, "v2", &SHOP), push_head(bucket, &OTHER)] {
        let run = step.input("dry-run", "true").run().succeeds().says("Would push");
        assert_eq!(run.output("config-changed"), "true");
    }
    let run = pull(bucket, "v1").input("dry-run", "true").run().succeeds().says("Would pull");
    assert!(run.workspace.files().is_empty());
    assert_eq!(State::from_bucket(bucket), before);
}

/// What is not there fails the step, or is ignored where that was asked for.
fn if_missing(bucket: &Bucket) {
    push(bucket, "v1.0.0", &SHOP).run().succeeds();
    for version in ["v1.1.0", "^2", "head"] {
        pull(bucket, version).run().fails(6);
        let ignored = pull(bucket, version).input("if-missing", "ignore").run().succeeds();
        assert!(ignored.config_outputs().is_empty());
        assert_eq!(ignored.messages("notice").len(), 1, "{}", ignored.printed());
    }
}

/// Makes a test of each story.
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        mod in_a_versioned_bucket {
            $(#[test] #[ignore = "needs SeaweedFS"] fn $story() { super::$story(&super::versioned()) })+
        }
        mod in_an_unversioned_bucket {
            $(#[test] #[ignore = "needs SeaweedFS"] fn $story() { super::$story(&super::unversioned()) })+
        }
    };
}

stories!(push_of_a_version, push_of_the_head, pull_of_a_version, overwrite_and_digest, dry_run, if_missing);

#[test]
#[ignore = "needs SeaweedFS"]
fn what_was_damaged_in_the_bucket_is_not_delivered() {
    let bucket = versioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    // By its pin the file that was published is found behind the one that lies before it now.
    bucket.put("shop/v1/service/.env", "TOKEN=put-by-hand\n", &[]);
    assert_pulls(&bucket, "v1", &SHOP);
    let bucket = unversioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    bucket.put("shop/v1/service/.env", "TOKEN=put-by-hand\n", &[]);
    pull(&bucket, "v1").run().fails(5);
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_bucket_that_is_not_there_is_never_ignored() {
    let bucket = Bucket::existing(server(), "not-there");
    pull(&bucket, "v1").input("if-missing", "ignore").run().fails(6).says("not-there").says("does not exist");
}

/// By `endpoint-url` the action learns that this is no service of AWS's, and tries its conditions first.
#[test]
#[ignore = "needs SeaweedFS"]
fn a_push_to_another_service_finds_its_conditions_kept() {
    let bucket = versioned();
    let named = |step: Action| step.without_env("AWS_ENDPOINT_URL").input("endpoint-url", &server().endpoint());
    named(push(&bucket, "v1", &SHOP)).run().succeeds();
    named(push_head(&bucket, &SHOP)).run().succeeds();
    assert!(bucket.find("shop/.cstore/conditions.json").is_some(), "tried on an object of its own");
    assert_eq!(named(pull(&bucket, "v1")).run().succeeds().output("TOKEN"), "first-token");
}
