//! `command: purge`: a version goes for good, as it was named, and nothing else.

use crate::harness::proxy::{Fault, request};
use crate::harness::{Action, Bucket, Proxy, Run};
use crate::story::{VERSION, error_of};

fn push(bucket: &Bucket, version: &str, text: &str) -> Action {
    let step = Action::push(bucket).version(version).files(&["service/.env"]).workspace_file("service/.env", text);
    step.input("context", "shop")
}

fn published() -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket, VERSION, "TOKEN=swordfish\n").run().succeeds();
    push(&bucket, "v2.0.0", "TOKEN=anglerfish\n").run().succeeds();
    bucket
}

/// A step without a checkout.
fn purge(bucket: &Bucket, version: &str) -> Action {
    Action::new(bucket).input("command", "purge").input("context", "shop").version(version)
}

fn left(bucket: &Bucket) -> Vec<String> {
    bucket.versions().into_iter().map(|listed| listed.key).filter(|key| key.contains(VERSION)).collect()
}

/// What goes is listed when the purge begins, and what has gone when it is done.
fn lists_before_and_after(run: &Run, what: &str, keys: &[&str]) {
    let at = |verb: &str| {
        let heading = format!("{verb} {what} of ");
        let lines: Vec<_> = (0..run.log.len()).filter(|line| run.log[*line].starts_with(&heading)).collect();
        let [line] = lines[..] else { panic!("{heading}: {:#?}", run.log) };
        line
    };
    let (before, after) = (at("Purging"), at("Purged"));
    assert!(before < after, "{:#?}", run.log);
    for lines in [&run.log[before..after], &run.log[after..]] {
        for key in keys {
            assert!(lines.iter().any(|line| line.contains(key)), "{key}: {:#?}", run.log);
        }
    }
}

#[test]
fn a_version_goes_with_all_of_its_s3_versions_and_outputs_and_summary_say_so() {
    let bucket = published();
    let before = left(&bucket);
    let dry =
        purge(&bucket, VERSION).input("dry-run", "true").run().succeeds().says("Would purge v1.0.0 of shop in s3://");
    assert_eq!(left(&bucket), before);
    assert!(dry.summary.contains("| Dry run | `nothing was changed` |\n"), "{}", dry.summary);
    let run = purge(&bucket, VERSION).run().succeeds().says("Purged v1.0.0 of shop in s3://");
    lists_before_and_after(
        &run,
        VERSION,
        &["shop/v1.0.0/service/.env (1 S3 version, ", "shop/.cstore/versions/v1.0.0.json (1 S3 version, "],
    );
    assert!(left(&bucket).is_empty(), "{:?}", left(&bucket));
    for (name, expected) in [
        ("config-version", VERSION),
        ("config-context", "shop"),
        ("config-bucket", bucket.name()),
        ("config-changed", "true"),
    ] {
        assert_eq!((run.output(name), dry.output(name)), (expected, expected), "{name}");
    }
    assert!(run.summary.contains("### Purged") && run.summary.contains("shop/v1.0.0/service/.env"), "{}", run.summary);
    purge(&bucket, VERSION).run().fails(6);
    assert_eq!(Action::pull(&bucket).version("v2.0.0").run().succeeds().output("TOKEN"), "anglerfish");
}

#[test]
fn only_an_exact_version_that_an_input_names_is_purged() {
    let bucket = published();
    let before = left(&bucket);
    for (version, said) in [
        ("", "The input `version` is not set."),
        ("head", "is the head, of which only files are purged that are named"),
        ("latest", "does not name one version exactly"),
        ("^1", "does not name one version exactly"),
        ("1.x", "does not name one version exactly"),
    ] {
        // A tag's workflow has no version of its own here.
        let step = purge(&bucket, version).env("GITHUB_REF_TYPE", "tag").env("GITHUB_REF_NAME", VERSION);
        let run = step.run().fails(2);
        let error = error_of(&run);
        assert!(error.message.contains(said), "{version}: {}", error.message);
        assert!(
            error.message.contains("Name one version exactly, such as v1.2.3, or files of the head"),
            "{}",
            error.message
        );
    }
    for (input, text) in [("files", "service/.env"), ("tags", "service"), ("overwrite", "true")] {
        purge(&bucket, VERSION).input(input, text).run().fails(2);
    }
    assert_eq!(left(&bucket), before);
}

#[test]
fn what_cannot_be_removed_fails_the_step_and_the_same_again_finishes_it() {
    let bucket = published();
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("DELETE", "shop/v1.0.0/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let run = purge(&bucket, VERSION).through(&proxy).run().fails(3);
    let error = error_of(&run);
    assert_eq!(error.title, "Purge not finished");
    assert!(error.message.contains("any more.\n- shop/v1.0.0/service/.env (S3 version "), "{}", error.message);
    assert!(error.message.contains("\nAllow s3:DeleteObject"), "{}", error.message);
    assert!(run.summary.contains("\n- shop/v1.0.0/service/.env (S3 version "), "{}", run.summary);
    assert!(error.message.contains("Allow s3:DeleteObject"), "{}", error.message);
    assert!(run.outputs.is_empty(), "a step that fails has written no output");
    push(&bucket, VERSION, "TOKEN=swordfish\n").run().fails(4).says("purge again with `command: purge`");
    purge(&bucket, VERSION).run().succeeds();
    assert!(left(&bucket).is_empty());
}

#[test]
fn files_of_the_head_go_and_the_rest_of_it_stays() {
    let bucket = published();
    let push = Action::push(&bucket).files(&["service/.env", "web.env"]).input("context", "shop");
    let push = push.workspace_file("service/.env", "TOKEN=leaked-token\n").workspace_file("web.env", "PORT=8080\n");
    push.run().succeeds();
    let files = || purge(&bucket, "head").files(&["service/.env"]);
    let keys =
        || bucket.versions().into_iter().map(|listed| listed.key).filter(|key| key == "shop/service/.env").count();
    let dry = files().input("dry-run", "true").run().succeeds();
    dry.says("Would purge service/.env of the head of shop in s3://").says("shop/service/.env (1 S3 version, ");
    assert_eq!(keys(), 1);
    let run = files().run().succeeds().says("Purged service/.env of the head of shop in s3://");
    lists_before_and_after(&run, "service/.env", &["shop/service/.env (1 S3 version, "]);
    assert_eq!(keys(), 0);
    for (name, expected) in [("config-version", "head"), ("config-changed", "true")] {
        assert_eq!(run.output(name), expected, "{name}");
    }
    assert!(run.summary.contains("### Purged") && run.summary.contains("shop/service/.env"), "{}", run.summary);
    assert_eq!(Action::pull(&bucket).run().succeeds().output("PORT"), "8080");
    files().run().fails(6).says("service/.env");
    let of_version = purge(&bucket, VERSION).files(&["service/.env"]).run();
    of_version.fails(2).says("`files` cannot be set together with `version`. Remove it: All of a version is purged.");
}
