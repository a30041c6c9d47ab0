//! `config-checksums`, which GitHub's own action attests, and `config-url`, which a deployment shows.

use std::fs;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::harness::{Action, Bucket, Run};

fn push(bucket: &Bucket) -> Action {
    let step = Action::push(bucket).input("context", "shop").version("v1.0.0").files(&["b.env", "a/c.bin"]);
    step.workspace_file("b.env", "TOKEN=hunter2-value\n").workspace_file("a/c.bin", "bytes-of-c")
}

fn pull(bucket: &Bucket) -> Action {
    Action::pull(bucket).input("context", "shop").version("v1.0.0")
}

/// The text that a step left, whose digest must be that of the step.
fn checksums(run: &Run) -> String {
    let text = fs::read_to_string(run.output("config-checksums")).unwrap();
    let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(run.output("config-digest"), format!("sha256:{digest}"));
    text
}

#[test]
fn the_digest_is_that_of_a_file_which_sha256sum_could_have_made() {
    let bucket = Bucket::versioned();
    let pushed = checksums(&push(&bucket).run().succeeds());
    let lines: Vec<_> = pushed.lines().map(|line| line.split_at(64)).collect();
    assert_eq!(lines.iter().map(|(_, path)| *path).collect::<Vec<_>>(), ["  a/c.bin", "  b.env"]);
    assert_eq!(checksums(&pull(&bucket).run().succeeds()), pushed);
    assert_eq!(checksums(&pull(&bucket).files(&["b.env"]).run().succeeds()).lines().count(), 1);
}

#[test]
fn there_is_none_where_nothing_is_done_or_no_place_is_shared() {
    let bucket = Bucket::versioned();
    let has_none = |run: &Run| assert!(!run.outputs.contains_key("config-checksums"), "{:?}", run.outputs.keys());
    has_none(&push(&bucket).input("dry-run", "true").run().succeeds());
    push(&bucket).run().succeeds();
    has_none(&pull(&bucket).input("dry-run", "true").run().succeeds());
    has_none(&pull(&bucket).without_env("RUNNER_TEMP").run().succeeds());
    has_none(&push(&bucket).without_env("RUNNER_TEMP").run().succeeds());
    has_none(&pull(&bucket).version("v9.9.9").input("if-missing", "ignore").run().succeeds());
    // That nothing is left behind, each run that fails is held to.
    pull(&bucket).input("required-keys", "NONE").run().fails(8);
    pull(&bucket).env("GITHUB_ENV", "/dev/full").input("export-env", "true").run().fails(1);
}

#[test]
fn the_url_is_that_of_the_release_else_of_the_run() {
    let bucket = Bucket::versioned();
    let run = "https://github.com/acme/shop/actions/runs/1234567890";
    assert_eq!(push(&bucket).run().succeeds().output("config-url"), run);
    let pull = pull(&bucket).env("GITHUB_RUN_ID", "99");
    assert_eq!(pull.run().succeeds().output("config-url"), run);
    assert_eq!(pull.input("dry-run", "true").run().succeeds().output("config-url"), run);

    let event = json!({"release": {"id": 31, "name": null}});
    let step = push(&Bucket::versioned()).tag("v1.0.0").event("release", &event.to_string());
    let release = "https://github.com/acme/shop/releases/tag/v1.0.0";
    assert_eq!(step.run().succeeds().output("config-url"), release);
    let step = push(&Bucket::versioned()).env("GITHUB_SERVER_URL", "https://github.corp.example");
    let run = "https://github.corp.example/acme/shop/actions/runs/1234567890";
    assert_eq!(step.run().succeeds().output("config-url"), run);
}
