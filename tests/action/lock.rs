//! `locked`: a step takes what a file of its commit says.

use crate::harness::{Action, Bucket, Laptop, Versioning};

/// A bucket with a version, and the lock file that a person has made of it.
fn locked(requirement: &str) -> (Bucket, Vec<u8>) {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    push(&bucket, "v1.2.0", "first-token");
    let laptop = Laptop::new(&bucket);
    laptop.cstore(["lock", "-v", requirement]).run().succeeds();
    let lock = laptop.workspace().read("cstore.lock");
    (bucket, lock)
}

fn push(bucket: &Bucket, version: &str, token: &str) {
    let push = Action::push(bucket).version(version).files(&["a.env"]).input("overwrite", "true");
    push.workspace_file("a.env", format!("TOKEN={token}\n")).run().succeeds();
}

fn pull(bucket: &Bucket, lock: &[u8]) -> Action {
    Action::pull(bucket).input("locked", "true").repository_file("cstore.lock", lock)
}

#[test]
fn a_step_takes_what_its_commit_has_locked_and_says_so() {
    let (bucket, lock) = locked("^1.2");
    push(&bucket, "v1.3.0", "second-token");
    // A tag's workflow asks for no version either, whatever the tag is called.
    for pull in [pull(&bucket, &lock), pull(&bucket, &lock).version("^1.2"), pull(&bucket, &lock).tag("team/june")] {
        let run = pull.run().succeeds().says("as locked in cstore.lock");
        assert_eq!((run.output("TOKEN"), run.output("config-version")), ("first-token", "v1.2.0"));
        assert!(run.summary.contains("| Locked |"), "{}", run.summary);
    }
    let run = Action::pull(&bucket).version("^1.2").run().succeeds().does_not_say("locked");
    assert_eq!(run.output("TOKEN"), "second-token");
}

#[test]
fn a_step_whose_version_is_not_what_was_locked_fails_and_delivers_nothing() {
    let (bucket, lock) = locked("v1.2.0");
    push(&bucket, "v1.2.0", "another-token");
    let run = pull(&bucket, &lock).run().fails(5);
    let run = run
        .says("v1.2.0 of shop is not as cstore.lock locks it")
        .says("To take it as it is now: `cstore lock default`");
    assert!(run.config_outputs().is_empty(), "{:?}", run.config_outputs());
    pull(&bucket, &lock).version("^1").run().fails(5).says("locks v1.2.0 of shop, and not ^1");
    Action::pull(&bucket).input("locked", "true").run().fails(2).says("There is no lock file cstore.lock");
    Action::pull(&bucket).input("lock-file", "cstore.lock").run().fails(2).says("`locked`");
    Action::push(&bucket).version("v2").input("locked", "true").files(&["a"]).run().fails(2).says("`locked`");
}

#[test]
fn the_lock_file_lies_beside_the_catalog_or_where_the_input_says() {
    let (bucket, lock) = locked("^1");
    let catalog = "version: v4\nfiles:\n- path: a.env\n  store: aws-s3\n  type: env\n";
    let pull = || Action::pull(&bucket).input("locked", "true").input("catalog", "service/cstore.yml");
    let pull = || pull().repository_file("service/cstore.yml", catalog);
    let run = pull().repository_file("service/cstore.lock", &lock).run().succeeds();
    assert_eq!(run.output("TOKEN"), "first-token");
    pull().repository_file("cstore.lock", &lock).run().fails(2).says("service/cstore.lock");
    let named = pull().repository_file("locks/one.lock", &lock).input("lock-file", "locks/one.lock");
    assert_eq!(named.run().succeeds().output("TOKEN"), "first-token");
}

#[test]
fn a_channel_that_is_not_locked_is_not_passed_over() {
    let (bucket, lock) = locked("^1.2");
    let promote = Action::new(&bucket).input("command", "promote").input("from", "v1.2.0").input("to", ":prod");
    promote.run().succeeds();
    for pull in [pull(&bucket, &lock).input("channel", "prod"), pull(&bucket, &lock).version(":prod")] {
        pull.run().fails(5).says("locks ^1.2 of shop, and not :prod");
    }
}
