//! Data that cannot be written is no success.

use std::fs::File;
use std::process::{Command, Output};

use crate::harness::{Bucket, Laptop, Typed};
use crate::shared::two_laptops;

/// A command line in a shell that does something to its standard output.
fn through_shell(typed: &Typed, redirected: &str) -> Output {
    let command = typed.command();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("\"$@\" {redirected}"), "sh"]).arg(command.get_program()).args(command.get_args());
    let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    shell.env_clear().envs(set).current_dir(command.get_current_dir().unwrap()).output().unwrap()
}

/// Every command that prints data.
const PRINTING: [&[&str]; 17] = [
    &["--help"],
    &["-h"],
    &["--version"],
    &["help", "push"],
    &["push", "--help"],
    &["completions", "bash"],
    &["version"],
    &["get", "TOKEN"],
    &["export"],
    &["export", "-g", "json"],
    &["list"],
    &["list", "versions"],
    &["log"],
    &["show", "v1.0.0"],
    &["diff", "v1.0.0", "v1.1.0"],
    &["status"],
    &["status", "--json"],
];

fn laptop() -> (Bucket, Laptop) {
    let bucket = Bucket::versioned();
    let [laptop, _] = two_laptops(&bucket);
    laptop.cstore(["push", "-v", "v1.0.0", "--yes"]).run().succeeds();
    laptop.file("service/dev/.env", "TOKEN=another-one\n");
    laptop.cstore(["push", "-v", "v1.1.0", "--yes"]).run().succeeds();
    (bucket, laptop)
}

#[cfg(target_os = "linux")]
#[test]
fn every_command_that_prints_fails_where_standard_output_is_closed_or_full() {
    let (_bucket, laptop) = laptop();
    for words in PRINTING {
        let typed = || laptop.cstore_with(words.iter().map(|word| (*word).to_owned()));
        for (redirected, why) in
            [(">&-", "it is closed"), (">/dev/full", "No space left"), ("1</dev/null", "Bad file descriptor")]
        {
            let output = through_shell(&typed(), redirected);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{words:?} {redirected}: {said}");
            assert!(said.contains("Standard output cannot be written") && said.contains(why), "{words:?}: {said}");
        }
    }
}

#[test]
fn nothing_is_missing_where_nobody_wants_the_data() {
    let (_bucket, laptop) = laptop();
    for words in PRINTING {
        let typed = || laptop.cstore_with(words.iter().map(|word| (*word).to_owned()));
        // A shell opens it for writing, and a daemon or another language's library for both.
        for redirected in [">/dev/null", "1<>/dev/null"] {
            let output = through_shell(&typed(), redirected);
            assert!(output.status.success(), "{words:?} {redirected}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let null = File::options().read(true).write(true).open("/dev/null").unwrap();
        assert!(typed().command().stdout(null).status().unwrap().success(), "{words:?}");
    }
    // There is no data to be missed.
    let pushed = through_shell(&laptop.cstore(["push"]), ">&-");
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let (_bucket, laptop) = laptop();
    for words in PRINTING {
        let typed = laptop.cstore_with(words.iter().map(|word| (*word).to_owned()));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = typed.command().stdout(writer).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("error"), "{words:?}: {said}");
    }
}

#[test]
fn one_value_ends_with_a_line_break_on_a_terminal_alone() {
    let (_bucket, laptop) = laptop();
    let typed = || laptop.cstore(["get", "TOKEN", "-v", "v1.1.0", "--quiet"]).prints_values();
    typed().run().succeeds().prints("another-one");
    // On the test's terminal, both outputs are the screen.
    let shown = typed().on_a_terminal().ended_with_values().succeeds();
    assert!(shown.stderr.ends_with("another-one\r\n"), "{shown:?}");
}
