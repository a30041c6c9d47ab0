//! A program that is started with values in its environment.

mod credentials;
mod environment;
mod files;
mod program;
mod takeover;

use std::ffi::OsStr;
use std::process::Command;

use crate::harness::{Action, Bucket, Laptop, Typed};

/// A bucket with a version of one file.
fn published() -> Bucket {
    with_file(".env", "TOKEN=swordfish\nGREETING=good-morning\n")
}

/// A bucket with a version of this file.
fn with_file(path: &str, contents: impl AsRef<[u8]>) -> Bucket {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version("v1.0.0").files(&[path]);
    push.workspace_file(path, contents).run().succeeds();
    bucket
}

/// `cstore exec -v v1.0.0`, flags, and a program.
fn exec(laptop: &Laptop, flags: &[&str], program: &[&str]) -> Typed {
    let words = ["exec", "-v", "v1.0.0"].iter().chain(flags).chain(&["--"]).chain(program);
    laptop.cstore_with(words.map(|word| (*word).to_owned())).prints_values()
}

/// A line of shell that takes the words of `typed` as `"$@"`, in the same folder and environment.
fn through_shell(typed: &Typed, line: &str) -> Command {
    let command = typed.command();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", line, "sh"]).arg(command.get_program()).args(command.get_args()).env_clear();
    let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    shell.envs(set).current_dir(command.get_current_dir().unwrap());
    shell
}

/// What a program printed that must have succeeded.
fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{:?}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Python, as the tests have it.
fn python() -> String {
    crate::harness::python().to_str().unwrap().to_owned()
}

#[test]
fn shells_python_and_node_find_the_values_in_their_environment() {
    let laptop = Laptop::new(&published());
    for program in [
        ["sh", "-c", "printf %s \"$TOKEN\""],
        [&python(), "-c", "import os, sys; sys.stdout.write(os.environ['TOKEN'])"],
        ["node", "-e", "process.stdout.write(process.env.TOKEN)"],
    ] {
        exec(&laptop, &[], &program).run().succeeds().prints("swordfish");
    }
    laptop
        .cstore(["run", "-v", "v1.0.0", "printenv", "GREETING"])
        .prints_values()
        .run()
        .succeeds()
        .prints("good-morning\n");
}

#[test]
fn what_follows_the_program_is_its_own() {
    let laptop = Laptop::new(&published());
    let shows = |words: &[&str]| {
        let words = ["exec", "-v", "v1.0.0"].iter().chain(words).map(|word| (*word).to_owned());
        laptop.cstore_with(words).prints_values().run().succeeds().stdout
    };
    let show = "printf '[%s]' \"$@\"";
    assert_eq!(shows(&["sh", "-c", show, "sh", "--quiet", "-v", "", "--", "x y"]), "[--quiet][-v][][--][x y]");
    assert_eq!(shows(&["--", "sh", "-c", show, "sh", "--", "--help"]), "[--][--help]");
    assert_eq!(shows(&["-q", "printf", "%s", "--version"]), "--version");
}

#[test]
fn arguments_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let laptop = Laptop::new(&published());
    let mut command = exec(&laptop, &[], &["printf", "%s"]).command();
    let output = command.arg(OsStr::from_bytes(b"\xff\xfe")).output().unwrap();
    assert_eq!(output.stdout, b"\xff\xfe");
}

#[test]
fn a_reference_names_another_context_and_another_bucket() {
    let bucket = published();
    let elsewhere = Laptop::new(&bucket).with_env("CSTORE_CONTEXT", "another");
    let of = |laptop: &Laptop, reference: &str| {
        laptop.cstore(["exec", "-v", reference, "printenv", "TOKEN"]).prints_values().run()
    };
    of(&elsewhere, "shop@v1.0.0").succeeds().prints("swordfish\n");
    let nowhere = elsewhere.clone().with_env("CSTORE_BUCKET", "no-such-bucket-at-all");
    of(&nowhere, &format!("s3://{}/shop@^1", bucket.name())).succeeds().prints("swordfish\n");
    of(&elsewhere, ".").fails(125).says("the files in this folder");
    elsewhere.cstore(["get", "-v", "shop@v1.0.0", "TOKEN"]).prints_values().run().succeeds().prints("swordfish");
    let export = ["export", "-v", "shop@v1.0.0", "-g", "json"];
    assert_eq!(elsewhere.cstore(export).prints_values().run().succeeds().json()["TOKEN"], "swordfish");
}
