//! `update-catalog`: the catalog that a push writes, for a later step to commit.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use crate::harness::{Action, Bucket};
use crate::story::{VERSION, error_of};

const CATALOG: &str = "# The shop's configuration.\nversion: v4\ncontext: store-front # not the repository's name\n\
    files:\n# for developers\n- path: service/dev/.env\n  store: aws-s3\n  vendor: kept\n  versions:\n  - v0.9.0\n";

fn step(bucket: &Bucket) -> Action {
    Action::push(bucket).input("update-catalog", "true").workspace_file("service/dev/.env", "TOKEN=swordfish\n")
}

#[test]
fn a_new_one_lets_a_later_pull_do_without_inputs() {
    let bucket = Bucket::versioned();
    let run = step(&bucket).files(&["service/dev/.env"]).run().succeeds().says("cstore.yml was written");
    let catalog = run.file("cstore.yml");
    for line in ["context: shop", "path: service/dev/.env", &format!("AWS_S3_BUCKET: {}", bucket.name())] {
        assert!(catalog.contains(line), "{line}:\n{catalog}");
    }
    assert_eq!(run.workspace.mode("cstore.yml"), 0o644);

    let pull = Action::pull(&bucket).input("bucket", "").repository_file("cstore.yml", &catalog).run().succeeds();
    assert_eq!(pull.output("TOKEN"), "swordfish");
}

#[test]
fn a_dry_run_says_that_it_would_be_written() {
    let bucket = Bucket::versioned();
    let step = step(&bucket).files(&["service/dev/.env"]);
    let dry = |step: Action| step.input("dry-run", "true").run().succeeds().does_not_say("was written");
    let run = dry(Action::push(&bucket).in_workspace(step.workspace()).files(&["service/dev/.env"]).version("v1"));
    run.does_not_say("would be written");
    let run = step.run().succeeds();
    let again = || Action::push(&bucket).input("update-catalog", "true").in_workspace(&run.workspace);
    dry(again()).does_not_say("would be written");
    let changed = again().workspace_file("service/prod/.env", "TOKEN=anglerfish\n").files(&["service/**"]);
    let run = dry(changed).says("cstore.yml would be written");
    assert!(!run.file("cstore.yml").contains("prod"));
}

#[test]
fn an_existing_one_keeps_everything_else() {
    let bucket = Bucket::versioned();
    let step = step(&bucket).version(VERSION).repository_file("cstore.yml", CATALOG);
    let path = step.workspace().path("cstore.yml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    let run = step.run().succeeds();

    let catalog = run.file("cstore.yml");
    let kept: Vec<_> = CATALOG.lines().filter(|line| !catalog.lines().any(|other| other == *line)).collect();
    assert!(kept.is_empty(), "{kept:?} is gone from\n{catalog}");
    assert!(catalog.contains("  - v1.0.0\n"), "{catalog}");
    assert_eq!(run.workspace.mode("cstore.yml"), 0o664);
    assert_eq!(run.output("config-context"), "store-front");
}

#[test]
#[ignore = "needs root"]
fn it_belongs_to_whom_the_workspace_belongs_to() {
    let bucket = Bucket::versioned();
    let step = step(&bucket).version(VERSION).repository_file("cstore.yml", CATALOG);
    chown(step.workspace().path(""), Some(1001), Some(127)).unwrap();
    let run = step.run().succeeds();
    assert_ne!(run.file("cstore.yml"), CATALOG);
    let metadata = fs::metadata(run.workspace.path("cstore.yml")).unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (1001, 127));
}

#[test]
fn nothing_new_leaves_it_alone() {
    let bucket = Bucket::versioned();
    let step = step(&bucket).version(VERSION).repository_file("cstore.yml", CATALOG);
    let first = step.run().succeeds().file("cstore.yml");
    let again = step.run().succeeds().does_not_say("was written");
    assert_eq!(again.file("cstore.yml"), first);
}

#[test]
fn it_is_left_alone_unless_asked_for() {
    let bucket = Bucket::versioned();
    let step = step(&bucket).version(VERSION).input("update-catalog", "false").repository_file("cstore.yml", CATALOG);
    assert_eq!(step.run().succeeds().file("cstore.yml"), CATALOG);
}

#[test]
fn a_form_that_cannot_be_changed_is_found_out_before_anything_is_sent() {
    let bucket = Bucket::versioned();
    let braces = "{version: v4, context: shop, files: [{path: service/dev/.env, store: aws-s3}]}\n";
    let run = step(&bucket).version(VERSION).repository_file("cstore.yml", braces).run().fails(2);
    assert_eq!(error_of(&run).file.as_deref(), Some("cstore.yml"));
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
}

#[test]
fn the_head_needs_a_catalog_or_the_wish_for_one() {
    let bucket = Bucket::versioned();
    let step = || Action::push(&bucket).files(&[".env"]).workspace_file(".env", "TOKEN=swordfish\n");
    let run = step().run().fails(2);
    assert!(error_of(&run).message.contains("`update-catalog: true`"), "{:?}", run.annotations);
    assert!(bucket.keys().is_empty());
    step().input("update-catalog", "true").run().succeeds();
}
