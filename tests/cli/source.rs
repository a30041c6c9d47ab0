//! Where a push from a laptop says that it comes from.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Bucket, Laptop};

/// A machine with a repository of one commit, and git's user of that name.
fn repository(bucket: &Bucket, name: &str) -> Laptop {
    let laptop = Laptop::new(bucket);
    laptop.plain_file("README.md", "one\n").file(".env", "TOKEN=swordfish\n");
    fs::write(laptop.home().join(".gitconfig"), format!("[user]\n\tname = {name}\n\temail = jo@example.com\n"))
        .unwrap();
    git(&laptop, &["init", "--quiet"]);
    git(&laptop, &["add", "README.md"]);
    git(&laptop, &["commit", "--quiet", "--message", "Begin"]);
    laptop
}

fn git(laptop: &Laptop, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(laptop.workspace().path("")).env("HOME", laptop.home());
    let output = command.env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// What the head's manifest says of its last push.
fn source(bucket: &Bucket) -> Value {
    let manifest = bucket.get("shop/.cstore/head.json").json();
    manifest["source"].clone()
}

/// Pushes with other content than ever before.
fn push(laptop: &Laptop, arguments: &[&str], variables: &[(&str, &str)]) {
    let n = laptop.workspace().read(".env").len();
    laptop.file(".env", format!("TOKEN=swordfish{}\n", "x".repeat(n)));
    let all = ["push", ".env"].iter().chain(arguments).map(|text| (*text).to_owned());
    let typed = variables.iter().fold(laptop.cstore_with(all), |typed, (name, value)| typed.env(name, value));
    typed.run().succeeds();
}

#[test]
fn a_push_says_the_commit_whether_there_is_more_and_who_pushes() {
    let bucket = Bucket::versioned();
    let laptop = repository(&bucket, "Jo Doe");
    let sha = git(&laptop, &["rev-parse", "HEAD"]);
    push(&laptop, &[], &[]);
    assert_eq!(source(&bucket), json!({"sha": sha, "author": "Jo Doe", "dirty": false}));
    // What git does not know is no change of a commit's; what it knows is.
    laptop.plain_file("README.md", "two\n");
    push(&laptop, &[], &[]);
    assert_eq!(source(&bucket)["dirty"], true);
    git(&laptop, &["add", "README.md"]);
    push(&laptop, &[], &[]);
    assert_eq!(source(&bucket)["dirty"], true);
}

#[test]
fn an_author_is_a_name_that_may_be_another_or_none_and_never_an_address() {
    let bucket = Bucket::versioned();
    let laptop = repository(&bucket, "Jo <jo@example.com>");
    push(&laptop, &[], &[]);
    assert_eq!(source(&bucket)["author"], "Jo");
    let log = laptop.cstore(["log"]).run().succeeds().stdout;
    assert_eq!(log.split('\t').nth(2), Some("Jo"), "{log}");
    push(&laptop, &["--author", "Release Team"], &[("CSTORE_AUTHOR", "Somebody")]);
    assert_eq!(source(&bucket)["author"], "Release Team");
    push(&laptop, &[], &[("CSTORE_AUTHOR", "Somebody")]);
    assert_eq!(source(&bucket)["author"], "Somebody");
    push(&laptop, &["--author", ""], &[("CSTORE_AUTHOR", "Somebody")]);
    assert_eq!(source(&bucket)["author"], Value::Null);
    push(&laptop, &[], &[("CSTORE_AUTHOR", "")]);
    assert_eq!(source(&bucket)["author"], Value::Null);
    push(&laptop, &["--author", "jo@example.com"], &[]);
    assert_eq!(source(&bucket)["author"], Value::Null);
}

#[test]
fn nothing_of_a_strangers_repository_is_run() {
    let bucket = Bucket::versioned();
    let laptop = repository(&bucket, "Jo Doe");
    let planted = laptop.workspace().outside("planted");
    let plant = format!("touch '{}'; cat", planted.display());
    let script = laptop.workspace().outside("script");
    fs::write(&script, format!("#!/bin/sh\n{plant}\n")).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let script = script.to_str().unwrap();
    // First what git would run by itself, then what it would run for files that have changed.
    git(&laptop, &["config", "core.fsmonitor", script]);
    fs::create_dir_all(laptop.workspace().path("hooks")).unwrap();
    fs::copy(script, laptop.workspace().path("hooks/post-index-change")).unwrap();
    git(&laptop, &["config", "core.hooksPath", laptop.workspace().path("hooks").to_str().unwrap()]);
    let _ = fs::remove_file(&planted);
    push(&laptop, &[], &[]);
    assert!(!planted.exists());
    assert_eq!(source(&bucket)["dirty"], false);
    git(&laptop, &["config", "--unset", "core.fsmonitor"]);
    git(&laptop, &["config", "filter.mine.clean", script]);
    fs::create_dir_all(laptop.workspace().path(".git/info")).unwrap();
    fs::write(laptop.workspace().path(".git/info/attributes"), "* filter=mine\n").unwrap();
    laptop.plain_file("README.md", "six\n");
    let _ = fs::remove_file(&planted);
    push(&laptop, &[], &[]);
    assert!(!planted.exists());
    assert_eq!(source(&bucket)["dirty"], Value::Null);
    assert_eq!(source(&bucket)["author"], "Jo Doe");
}

#[test]
fn a_push_needs_no_git_and_does_not_wait_for_one_that_hangs() {
    let bucket = Bucket::versioned();
    let laptop = repository(&bucket, "Jo Doe");
    push(&laptop, &[], &[("PATH", "/nowhere")]);
    assert_eq!(source(&bucket), Value::Null);
    let program = laptop.workspace().outside("bin/git");
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    let seen = laptop.workspace().outside("seen");
    fs::write(&program, format!("#!/bin/sh\nenv >> '{}'\nexec sleep 600\n", seen.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    push(&laptop, &[], &[("PATH", &path), ("CSTORE_AUTHOR", "Jo")]);
    assert_eq!(source(&bucket), json!({"author": "Jo"}));
    let given = fs::read_to_string(seen).unwrap();
    assert!(given.contains("PATH=") && !given.contains("AWS_"), "{given}");
}

#[test]
fn outside_of_a_repository_only_the_author_is_said() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    laptop.file(".env", "TOKEN=swordfish\n");
    push(&laptop, &[], &[]);
    assert_eq!(source(&bucket), Value::Null);
    fs::write(laptop.home().join(".gitconfig"), "[user]\n\tname = Jo Doe\n").unwrap();
    push(&laptop, &[], &[]);
    assert_eq!(source(&bucket), json!({"author": "Jo Doe"}));
}
