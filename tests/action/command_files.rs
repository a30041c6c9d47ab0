//! The files that the runner reads after the step: when one is missing or cannot be written.

use std::fs;

use crate::harness::{Action, Bucket, shows};
use crate::story::{VERSION, error_of, published, pull, push};

const FILES: [(&str, &str); 1] = [("service/.env", "TOKEN=swordfish\n")];

#[test]
fn outputs_have_nowhere_to_go() {
    let bucket = published(&FILES);
    for step in [pull(&bucket).without_env("GITHUB_OUTPUT"), pull(&bucket).env("GITHUB_OUTPUT", "")] {
        let run = step.run().fails(1);
        assert!(error_of(&run).message.contains("GITHUB_OUTPUT is not set"), "{:?}", run.annotations);
    }
}

#[test]
fn outputs_cannot_be_written() {
    let bucket = published(&FILES);
    let folder = tempfile::tempdir().unwrap();
    let no_folder = folder.path().join("missing/output");
    for path in [folder.path(), &no_folder, "/dev/full".as_ref()] {
        let run = pull(&bucket).env("GITHUB_OUTPUT", path.to_str().unwrap()).run().fails(1);
        assert!(error_of(&run).message.contains("GITHUB_OUTPUT names cannot be written"), "{:?}", run.annotations);
    }
}

#[test]
fn a_push_that_could_not_tell_its_outcome_sends_nothing() {
    let bucket = Bucket::versioned();
    push(&bucket, &FILES).without_env("GITHUB_OUTPUT").run().fails(1).says("GITHUB_OUTPUT");
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
}

#[test]
fn everything_is_taken_back_when_the_last_write_fails() {
    let _shown = shows(
        "F13",
        "the disk is full when the runner's files are written, last of all",
        "code 1; the restored files are as they were",
    );
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n"), ("new/deep/.env", "OTHER=octopus-2\n")]);
    // A full disk: the file can be opened, and not written. The harness holds files and GITHUB_ENV to what they were.
    let run = pull(&bucket)
        .files(&["**"])
        .workspace_file("service/.env", "TOKEN=what-was-there\n")
        .input("export-env", "true")
        .input("format", "json")
        .env("GITHUB_OUTPUT", "/dev/full")
        .run()
        .fails(1);
    assert_eq!(run.file("service/.env"), "TOKEN=what-was-there\n");
    assert!(!run.workspace.path("new").exists());

    let step = pull(&bucket).input("export-env", "true").input("format", "json").env("GITHUB_ENV", "/dev/full");
    step.run().fails(1).says("GITHUB_ENV");
}

#[test]
fn the_environments_file_is_missed_only_when_it_is_needed() {
    let bucket = published(&FILES);
    assert_eq!(pull(&bucket).without_env("GITHUB_ENV").run().succeeds().output("TOKEN"), "swordfish");
    pull(&bucket).without_env("GITHUB_ENV").input("export-env", "true").run().fails(1).says("GITHUB_ENV is not set");
}

#[test]
fn a_step_without_a_summary_is_silent_about_it() {
    let bucket = published(&FILES);
    let with = pull(&bucket).run().succeeds();
    for step in [
        pull(&bucket).without_env("GITHUB_STEP_SUMMARY"),
        pull(&bucket).env("GITHUB_STEP_SUMMARY", "/dev/full"),
        pull(&bucket).env("GITHUB_STEP_SUMMARY", "/nowhere/summary"),
    ] {
        let run = step.run().succeeds();
        assert_eq!(run.printed(), with.printed());
        assert_eq!(run.summary, "");
    }
    push(&bucket, &FILES).without_env("GITHUB_STEP_SUMMARY").run().succeeds();
}

#[test]
fn what_another_wrote_before_stays() {
    let bucket = published(&FILES);
    let folder = tempfile::tempdir().unwrap();
    let [output, env] = ["output", "env"].map(|name| {
        let path = folder.path().join(name);
        fs::write(&path, "EARLIER=entry").unwrap(); // without a line break at its end
        path.to_str().unwrap().to_owned()
    });
    let step = Action::pull(&bucket).version(VERSION).input("export-env", "true");
    step.env("GITHUB_OUTPUT", &output).env("GITHUB_ENV", &env).run().succeeds();
    for path in [output, env] {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.starts_with("EARLIER=entry\nTOKEN<<"), "{text}");
    }
}
