//! What a push that fails says of what is published: neither that it did nothing when it did, nor the reverse.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::proxy::{Fault, put};
use crate::harness::{Action, Bucket};
use crate::story::{NEW, OLD, proxy_with, pull, push, push_head, state_of, unversioned, versioned};

const CATALOG: &str = "version: v4\ncontext: shop\nfiles: {}\n";

fn denied() -> Fault {
    Fault::s3(403, "AccessDenied", "Access Denied")
}

/// A push of `v1` that also writes the catalog.
fn with_catalog(bucket: &Bucket) -> Action {
    push(bucket, NEW).input("update-catalog", "true")
}

#[test]
fn a_catalog_that_cannot_be_written_is_found_out_before_anything_is_sent() {
    type Obstacle = fn(&Action);
    let obstacles: [(&str, Obstacle, &str); 3] = [
        (
            "a symbolic link",
            |step| {
                step.workspace().write("other.yml", CATALOG);
                step.workspace().link("cstore.yml", "other.yml");
            },
            "is a symbolic link",
        ),
        ("a folder", |step| fs::create_dir(step.workspace().path("cstore.yml")).unwrap(), "is a folder"),
        (
            "another form of list",
            |step| step.workspace().write("cstore.yml", "version: v4\ncontext: shop\nfiles: &all {}\nothers: *all\n"),
            "cstore.yml",
        ),
    ];
    for (what, obstacle, says) in obstacles {
        let bucket = versioned();
        let step = with_catalog(&bucket);
        obstacle(&step);
        step.run().fails(2).says(says).does_not_say("published");
        assert!(bucket.keys().is_empty(), "{what}: {:?}", bucket.keys());
    }
}

#[test]
fn a_folder_without_permission_is_found_out_before_anything_is_sent() {
    let bucket = versioned();
    let step = with_catalog(&bucket).without_rights();
    let root = step.workspace().path("");
    fs::set_permissions(&root, fs::Permissions::from_mode(0o555)).unwrap();
    let run = step.run();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
    run.fails(1).says("No permission to write \"cstore.yml\"").does_not_say("published");
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
}

#[test]
fn outputs_that_cannot_be_written_leave_the_version_published_and_say_so() {
    let bucket = versioned();
    let run = push(&bucket, NEW).env("GITHUB_OUTPUT", "/dev/full").run().fails(1);
    run.says(&format!("Version v1 of shop is published in s3://{}; what failed came after that.", bucket.name()))
        .says("The file that GITHUB_OUTPUT names cannot be written")
        .says("Running the same push again changes nothing that is published.");
    state_of(&pull(&bucket, "v1").run().succeeds(), &[NEW]);
    assert_eq!(push(&bucket, NEW).run().succeeds().output("config-changed"), "false");
}

#[test]
fn a_dry_run_never_says_that_something_is_published() {
    let step = push(&versioned(), NEW).input("dry-run", "true").env("GITHUB_OUTPUT", "/dev/full");
    step.run().fails(1).does_not_say("published");
}

#[test]
fn settings_that_cannot_be_saved_leave_the_version_published_and_say_so() {
    for (head, subject) in [(false, "Version v1 of shop is published"), (true, "The head of shop is published")] {
        let bucket = versioned();
        let step = if head { push_head(&bucket, NEW) } else { push(&bucket, NEW) };
        let proxy = proxy_with(put("/settings.json").for_ever(), denied());
        let run = step.input("kms-key-id", "alias/of-the-test").through(&proxy).run().fails(3);
        run.says(subject).says("settings.json").does_not_say("Nothing was changed");
        state_of(&pull(&bucket, if head { "head" } else { "v1" }).run().succeeds(), &[NEW]);
    }
}

#[test]
fn a_manifest_whose_answer_never_comes_leaves_open_whether_it_is_published() {
    let bucket = versioned();
    let proxy = proxy_with(put("/versions/v1.json").for_ever(), Fault::Stall);
    let run = push(&bucket, NEW).through(&proxy).input("timeout-seconds", "2").run().fails(7);
    run.says("It is not known whether the manifest of v1 was written.").says("Running the same push again finds out");
    assert_eq!(push(&bucket, NEW).run().succeeds().output("config-changed"), "true");
}

#[test]
fn a_push_that_fails_before_its_manifest_says_that_nothing_of_it_is_published() {
    let bucket = versioned();
    let files = || proxy_with(put("c.json").for_ever(), denied());
    let run = push(&bucket, OLD).through(&files()).run().fails(3);
    run.says("The manifest of v1 was not written, so nothing of this push is published.");
    pull(&bucket, "v1").run().fails(6);
    let run = push_head(&bucket, OLD).through(&files()).run().fails(3);
    run.says("The manifest of the head was not written, but files of this push may be in place already.");
    // Where no file could be put, nothing is in its place, and to create only is not what is wrong.
    let reader = || proxy_with(put("shop/").for_ever(), denied());
    let run = push_head(&bucket, NEW).through(&reader()).run().fails(3).says("s3:PutObject");
    run.does_not_say("in place already").does_not_say("to create only");
    push(&bucket, NEW).version("v9").through(&reader()).run().fails(3).does_not_say("to create only");
    // Of a manifest that was refused it is known that it was not written.
    let refused = proxy_with(put("/versions/v1.json").for_ever(), denied());
    let run = push(&bucket, OLD).through(&refused).run().fails(3);
    run.says("The manifest of v1 was not written, so nothing of this push is published.");
    // A request that got nowhere changed nothing.
    push(&Bucket::missing(), OLD).run().fails(6).does_not_say("published");
    // What was refused before anything was sent changed nothing, and says nothing of it.
    push(&bucket, OLD).input("kms-key-id", "no such key").run().fails(2).does_not_say("published");
}

#[test]
fn a_repair_that_fails_says_that_files_may_be_missing() {
    let bucket = unversioned();
    push(&bucket, NEW).run().succeeds();
    bucket.delete("shop/v1/c.json");
    let run = push(&bucket, NEW).through(&proxy_with(put("c.json").for_ever(), denied())).run().fails(3);
    run.says("Version v1 of shop is published with this content, but files of it may be missing.");
    assert_eq!(push(&bucket, NEW).run().succeeds().output("config-changed"), "false");
    state_of(&pull(&bucket, "v1").run().succeeds(), &[NEW]);
}

#[test]
fn an_overwrite_that_is_published_does_not_promise_that_it_changes_nothing_again() {
    let bucket = versioned();
    push(&bucket, OLD).run().succeeds();
    let run = push(&bucket, NEW).input("overwrite", "true").env("GITHUB_OUTPUT", "/dev/full").run().fails(1);
    run.says("Running the same push again replaces it once more, and whatever was pushed since.");
}
