//! `command: rollback`: the head is again what it was, or what a version is.

use serde_json::{Value, json};

use crate::harness::proxy::{Fault, request};
use crate::harness::{Action, Bucket, Proxy};
use crate::story::{VERSION, error_of};

const ENV: &str = "service/.env";
const OLD: &str = "TOKEN=swordfish\nGONE=old-friend\n";
const NEW: &str = "TOKEN=anglerfish\nADDED=new-friend\n";

fn push(bucket: &Bucket, version: &str, files: &[(&str, &str)]) -> Action {
    let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    let step = Action::push(bucket).version(version).input("context", "shop").files(&paths);
    files.iter().fold(step, |step, (path, contents)| step.workspace_file(path, contents))
}

/// A bucket whose head is what a version is but for its last push.
fn prepare(bucket: Bucket) -> Bucket {
    push(&bucket, VERSION, &[(ENV, OLD)]).run().succeeds();
    push(&bucket, "head", &[(ENV, OLD)]).run().succeeds();
    push(&bucket, "head", &[(ENV, NEW), ("more/.env", "MORE=further-value\n")]).run().succeeds();
    bucket
}

/// A step without a checkout.
fn rollback(bucket: &Bucket) -> Action {
    Action::new(bucket).input("command", "rollback").input("context", "shop")
}

fn head(bucket: &Bucket) -> Value {
    bucket.get("shop/.cstore/head.json").json()
}

fn paths_of_head(bucket: &Bucket) -> Vec<String> {
    let manifest = head(bucket);
    let files = manifest["files"].as_array().unwrap().iter();
    files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn without_a_version_the_last_push_is_undone_and_the_next_rollback_undoes_that() {
    let bucket = prepare(Bucket::versioned());
    let run = rollback(&bucket).run().succeeds();
    let of_version = Action::pull(&bucket).version(VERSION).run().succeeds();
    for (name, expected) in [
        ("config-context", "shop"),
        ("config-version", "head"),
        ("config-bucket", bucket.name()),
        ("config-digest", of_version.output("config-digest")),
        ("config-changed", "true"),
    ] {
        assert_eq!(run.output(name), expected, "{name}");
    }
    assert_eq!(run.json_output("config-files"), json!([ENV]));
    let changes = run.json_output("config-changes");
    assert_eq!(changes[ENV], json!({"file": "changed", "added": ["GONE"], "changed": ["TOKEN"], "removed": ["ADDED"]}));
    assert_eq!(
        (&changes["more/.env"]["file"], &changes["more/.env"]["removed"]),
        (&json!("removed"), &json!(["MORE"]))
    );
    let run = run.says("Rolled back the head of shop in s3://").says("To what it was before its last push, pushed at ");
    let run = run.says("another rollback without `from` undoes this one");
    assert!(run.summary.contains("Rolled back to"), "{}", run.summary);
    assert_eq!(paths_of_head(&bucket), [ENV]);

    rollback(&bucket).run().succeeds();
    assert_eq!(paths_of_head(&bucket), ["more/.env", ENV]);
}

#[test]
fn a_version_keeps_the_heads_other_files_unless_it_is_to_be_exact() {
    let bucket = prepare(Bucket::versioned());
    let run = rollback(&bucket).input("from", VERSION).run().succeeds();
    let kept = "Files of the head that v1.0.0 does not have stay: more/.env";
    let run = run.says("To v1.0.0, pushed at ").says(kept);
    assert!(run.summary.contains("Kept") && run.summary.contains("more/.env"), "{}", run.summary);
    assert_eq!(paths_of_head(&bucket), ["more/.env", ENV]);
    assert_eq!(head(&bucket)["message"], "Roll back to v1.0.0");
    let from = format!("s3://{}/shop@^1", bucket.name());
    let exact = || Action::new(&bucket).input("command", "rollback").input("from", &from).input("exact", "true");
    let run = exact().input("message", "Too many files").run().succeeds().does_not_say(kept);
    run.says("The head no longer has these files, which it had before: more/.env.");
    assert_eq!(paths_of_head(&bucket), [ENV]);
    assert_eq!(
        (&head(&bucket)["message"], &head(&bucket)["removed"]),
        (&json!("Too many files"), &json!(["more/.env"]))
    );
    let before = bucket.versions().len();
    let run = exact().run().succeeds().says("Nothing has changed in the head");
    assert_eq!((run.output("config-changed"), run.output("config-changes")), ("false", "{}"));
    assert_eq!(bucket.versions().len(), before);
}

#[test]
fn a_dry_run_says_what_would_change_and_writes_nothing() {
    let bucket = prepare(Bucket::versioned());
    let before = bucket.versions().len();
    let run = rollback(&bucket).input("dry-run", "true").run().succeeds();
    let run = run.says("Would roll back the head of shop").does_not_say("undoes this one");
    assert_eq!(run.json_output("config-changes")["more/.env"]["file"], "removed");
    assert_eq!(bucket.versions().len(), before);
    // What was reviewed is what is restored; the same step again finds another state, and undoes nothing.
    let digest = run.output("config-digest").to_owned();
    let step = || rollback(&bucket).input("expect", &digest).run();
    step().succeeds();
    let again = step().fails(5).says("Digest differs").says("with `dry-run: true` and no `expect`");
    assert_eq!(error_of(&again).title, "Digest differs");
    assert_eq!(paths_of_head(&bucket), [ENV]);
}

#[test]
fn a_push_in_between_is_code_4_and_stays() {
    for (from, next) in [("", "Look at it with `command: show`"), (VERSION, "it replaces what is there now")] {
        let bucket: &'static Bucket = Box::leak(Box::new(prepare(Bucket::versioned())));
        let proxy = Proxy::before(bucket.server());
        let pushes = || drop(push(bucket, "head", &[("own.env", "OWN=own-value\n")]).run().succeeds());
        proxy.on(request("PUT", ".cstore/head.json").times(1), Fault::before(pushes));
        let run = rollback(bucket).input("from", from).through(&proxy).run().fails(4);
        run.says("Others have changed these files of the head meanwhile: own.env.").says(next);
        assert_eq!(paths_of_head(bucket), ["more/.env", "own.env", ENV]);
    }
}

#[test]
fn without_versioning_a_version_must_be_named() {
    let bucket = prepare(Bucket::unversioned());
    let run = rollback(&bucket).run().fails(6).says("The bucket keeps no S3 versions");
    run.says("Published versions: v1.0.0. Set `from` to the one to roll back to.").says("Nothing was changed.");
    rollback(&bucket).input("from", VERSION).run().succeeds().does_not_say("undoes this one");
    assert_eq!(paths_of_head(&bucket), ["more/.env", ENV]);
}

#[test]
fn rights_that_are_missing_are_named_and_nothing_is_changed() {
    let bucket = prepare(Bucket::versioned());
    let before = bucket.versions().len();
    let denied = || Fault::s3(403, "AccessDenied", "Access Denied");
    for asked in ["versions", "versionId="] {
        let proxy = Proxy::start();
        proxy.on(request("GET", asked).for_ever(), denied());
        let run = rollback(&bucket).through(&proxy).run().fails(3).says("Access denied").says("Nothing was changed.");
        run.says("both s3:ListBucketVersions").says("s3:GetObjectVersion");
    }
    assert_eq!(bucket.versions().len(), before);
    for (refused, left) in [
        ("service/.env", "Nothing was changed."),
        (".cstore/", "Running the same rollback again finishes it"), // the files are put by then
    ] {
        let proxy = Proxy::start();
        proxy.on(request("PUT", refused).for_ever(), denied());
        rollback(&bucket).through(&proxy).run().fails(3).says(left).does_not_say("This push");
    }
    // A named version is found without a list of S3 versions.
    let proxy = Proxy::start();
    rollback(&bucket).input("from", VERSION).through(&proxy).run().succeeds();
    let lists = |query: &str| query.split('&').any(|field| field.trim_end_matches('=') == "versions");
    assert!(proxy.requests().iter().all(|seen| !lists(&seen.query)), "{:?}", proxy.lines());
}

#[test]
fn outputs_that_cannot_be_written_do_not_have_the_step_run_again_blindly() {
    let bucket = prepare(Bucket::versioned());
    let run = rollback(&bucket).env("GITHUB_OUTPUT", "/dev/full").run().fails(1);
    run.says("The head of shop is published").says("Running the same rollback again replaces it once more");
}

#[test]
fn inputs_that_name_nothing_to_go_back_to_are_refused_before_any_request() {
    let bucket = prepare(Bucket::versioned());
    let step = |from: &str| rollback(&bucket).input("from", from);
    let proxy = Proxy::start();
    for (step, said) in [
        (step("head"), "`from` names the head, which is what is rolled back"),
        (step("shop@head"), "`from` names the head"),
        (step("s3://cstore-shop/shop"), "`from` names the head"),
        (step("."), "`from` is `.`, the files here"),
        (step(":prod"), "names a channel, and the head goes back to a version"),
        (step("shop:prod"), "names a channel"),
        (step("shop@"), "`from` cannot be used"),
        (step("s3://NO/shop@v1"), "\"NO\", which is not a valid bucket name"),
        (step("other@v1.0.0"), "names another place than \"shop\""),
        (step("s3://other-bucket/shop@v1.0.0"), "names another place than"),
        (step("").version("v1.0.0"), "`version` is not for `command: rollback`. Set `from` instead."),
        (step("").files(&["a"]), "`files` is not for `command: rollback`. Remove it."),
        (step("").input("tags", "a"), "`tags` is not for `command: rollback`. Remove it."),
        (step("").input("to", "shop"), "`to` is not for `command: rollback`"),
        (step("").input("overwrite", "true"), "`overwrite` is not for `command: rollback`"),
        (step("").input("exact", "perhaps"), "`exact` is \"perhaps\""),
        (step("").input("command", "pull").input("exact", "true"), "`exact` belongs to `command: rollback`"),
    ] {
        step.through(&proxy).run().fails(2).says(said);
    }
    assert!(proxy.requests().is_empty(), "{:?}", proxy.lines());
}

#[test]
fn a_workflow_for_a_tag_goes_back_to_no_version_of_that_name() {
    let bucket = prepare(Bucket::versioned());
    rollback(&bucket).tag("v5.0.0").run().succeeds().says("To what it was before its last push");
    assert_eq!(paths_of_head(&bucket), [ENV]);
}
