//! Questions: on a terminal they are asked, and nowhere else does anything wait.

use std::fs;
use std::process::{self, Stdio};

use cstore::cli::arguments::grammar;
use cstore::option::Command;

use crate::harness::{Bucket, Laptop};

fn laptop() -> Laptop {
    let laptop = Laptop::without_bucket(&Bucket::missing());
    laptop.plain_file("My Shop/README.md", "");
    laptop
}

#[test]
fn an_answer_that_cannot_be_used_is_asked_for_again() {
    let laptop = laptop();
    let typed = laptop.cstore(["init"]).in_folder("My Shop").on_a_terminal();
    let ran = typed
        .sees("Context, the project's name in the bucket: ")
        .types("")
        .sees("That cannot be a context")
        .sees("Context")
        .types("  shop ")
        .sees("S3 bucket [cstore-shop]: ")
        .types("s3://cstore-shop")
        .sees("3 to 63 lower-case letters")
        .sees("S3 bucket")
        .types("")
        .sees("KMS key")
        .types("")
        .sees("[Y/n]")
        .types("perhaps")
        .sees("Answer y or n.")
        .sees("[Y/n]")
        .types("No")
        .ended();
    ran.succeeds();
}

#[test]
fn ctrl_c_at_a_question_ends_the_run_at_once_and_leaves_the_terminal_as_it_was() {
    let laptop = laptop();
    let typed = laptop.cstore(["init"]).in_folder("My Shop").on_a_terminal().sees("Context");
    assert!(typed.terminal_is_usual());
    let asked = typed.presses("\x03");
    assert!(asked.terminal_is_usual());
    asked.ended().fails(130);
    assert_eq!(laptop.workspace().files(), ["My Shop/README.md"]);
}

#[test]
fn the_end_of_the_input_is_no_answer() {
    let typed = laptop().cstore(["init"]).in_folder("My Shop").on_a_terminal();
    typed.sees("Context").presses("\x04").ended().fails(2).says("The input ended").says("--context");
}

#[test]
fn a_terminal_is_not_asked_where_somebody_says_so() {
    for (flag, variable) in [
        (Some("--yes"), None),
        (Some("-y"), None),
        (Some("--non-interactive"), None),
        (None, Some(("CSTORE_NON_INTERACTIVE", "true"))),
        (None, Some(("CI", "true"))),
        (None, Some(("CI", "1"))),
    ] {
        let arguments = ["init"].into_iter().chain(flag).map(str::to_owned);
        let mut typed = laptop().cstore_with(arguments).in_folder("My Shop");
        if let Some((name, value)) = variable {
            typed = typed.env(name, value);
        }
        typed.on_a_terminal().ended().fails(2).says("--context");
    }
    let typed = laptop().cstore(["init"]).in_folder("My Shop").env("CI", "false").on_a_terminal();
    typed.sees("Context").presses("\x04").ended().fails(2);
}

/// Whether somebody could answer and be asked, both ends say.
#[test]
fn a_question_that_nobody_could_read_or_answer_is_not_asked() {
    let unanswered = laptop().cstore(["init"]).in_folder("My Shop").on_a_terminal_but_for("</dev/null");
    unanswered.ended().fails(2).says("There is nobody to ask").says("--context");
    let laptop = laptop();
    let unread = laptop.cstore(["init"]).in_folder("My Shop").on_a_terminal_but_for("2>../said");
    assert_eq!(unread.presses("\x04").ended().code, 2);
    let said = fs::read_to_string(laptop.workspace().path("said")).unwrap();
    assert!(said.contains("There is nobody to ask"), "{said}");
}

/// A command line of each command that can be typed, with something in the place of what it needs.
fn command_lines() -> Vec<Vec<String>> {
    let line = |command: &clap::Command| {
        let needed = command.get_positionals().filter(|argument| argument.is_required_set());
        let needed = needed.map(|argument| if argument.is_last_set() { "-- true" } else { "files" });
        let line = std::iter::once(command.get_name()).chain(needed.flat_map(|text| text.split(' ')));
        line.map(str::to_owned).collect()
    };
    let lines: Vec<Vec<String>> = grammar().get_subcommands().map(line).collect();
    for (name, _) in Command::ALL {
        assert!(lines.iter().any(|line| line[0] == name), "{name} cannot be typed");
    }
    lines
}

/// A run that waits would go on for this many seconds, and end with 124.
const TIMEOUT: [&str; 2] = ["timeout", "60"];

#[test]
fn no_command_waits_for_an_input_that_does_not_come() {
    for line in command_lines() {
        // No input at all, none that ever ends, and one that is closed.
        for script in ["exec \"$@\" </dev/null", "exec \"$@\"", "exec \"$@\" <&-"] {
            let laptop = Laptop::new(&Bucket::missing());
            laptop.plain_file(".env", "A=1\n");
            let typed = laptop.cstore_with(line.clone());
            let plain = typed.command();
            let set = plain.get_envs().filter_map(|(name, value)| Some((name, value?)));
            let mut command = process::Command::new("sh");
            command.args(["-c", script, "sh"]).args(TIMEOUT).arg(plain.get_program()).args(plain.get_args());
            command.env_clear().envs(set).current_dir(laptop.workspace().path(""));
            let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            // The other end stays open, and says nothing.
            let mut started = started.unwrap();
            let kept_open = started.stdin.take();
            let output = started.wait_with_output().unwrap();
            drop(kept_open);
            let code = output.status.code();
            assert!(code.is_some_and(|code| code != 124), "{line:?} {script}: {code:?}");
        }
    }
}
