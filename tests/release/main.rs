//! The release's own logic, the scripts in `scripts/release/`, without GitHub: a repository beside this one, its remote
//! a folder, and a `gh` that writes down what it is called with.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests; the functions beside them are to be loud, too"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod archives;
mod checks;
mod install;
mod publish;

#[path = "../../scripts/release/pages.rs"]
#[allow(dead_code, reason = "its `main` is the example's")]
mod pages;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A path below the project's root.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A script of the release, to be run in a folder.
fn script(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(project("scripts/release").join(name));
    command.current_dir(folder).env("LC_ALL", "C");
    command
}

/// What a command prints to stdout; or to stderr, when it fails.
fn says(command: &mut Command, stdin: &str) -> Result<String, String> {
    let process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut process = process.expect("the command starts");
    // Who does not read it has ended already.
    let _ = process.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = process.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}
