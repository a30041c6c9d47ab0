use std::process::Command;

use cstore::cli::arguments::grammar;

use crate::harness::{Bucket, Laptop, Ran};

fn laptop() -> Laptop {
    Laptop::new(&Bucket::missing()).with_env("COLUMNS", "100")
}

/// Every command that help names.
fn commands() -> Vec<String> {
    let grammar = grammar();
    let shown = grammar.get_subcommands().filter(|command| !command.is_hide_set());
    let commands: Vec<_> = shown.map(|command| command.get_name().to_owned()).collect();
    assert!(commands.len() > 10);
    commands
}

fn helps(laptop: &Laptop, arguments: &[&str]) -> String {
    laptop.cstore_with(arguments.iter().map(|text| (*text).to_owned())).run().succeeds().stdout
}

#[test]
fn help_and_version_go_to_standard_output() {
    for arguments in [["--help"], ["-h"], ["help"]] {
        let help = helps(&laptop(), &arguments);
        assert!(help.contains("export"));
        // What both of them are for besides is seen where all commands are.
        for command in ["promote", "rollback"] {
            let line = help.lines().find(|line| line.trim_start().starts_with(command)).unwrap();
            assert!(line.contains("move a channel"), "{line}");
        }
    }
    laptop().cstore(["--version"]).run().succeeds().prints(concat!("cstore ", env!("CARGO_PKG_VERSION"), "\n"));
}

/// The lines of help's examples, each as the words that a shell makes of it for `cstore`.
fn examples() -> Vec<Vec<String>> {
    let mut script = "pass() { echo; }; jq() { cat; }; cstore() { printf '%s\\0' cstore \"$@\" >&3; }\n".to_owned();
    for command in grammar().get_subcommands().filter_map(clap::Command::get_before_long_help) {
        let text = command.to_string();
        let lines = text.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
        lines.for_each(|line| script += &format!("{line}\nprintf '\\n' >&3\n"));
    }
    let ran = Command::new("bash").args(["-c", &format!("exec 3>&1 >/dev/null\n{script}")]).output().unwrap();
    let words = String::from_utf8(ran.stdout).unwrap();
    let lines = words.split('\n').filter(|line| !line.is_empty());
    lines.map(|line| line.trim_end_matches('\0').split('\0').map(ToOwned::to_owned).collect()).collect()
}

#[test]
fn every_example_is_a_line_that_is_understood() {
    let examples = examples();
    assert!(examples.len() > 50, "{}", examples.len());
    for words in examples {
        assert!(words.len() > 1, "{words:?}");
        let read = grammar().try_get_matches_from(&words);
        assert!(read.is_ok(), "{words:?}: {read:?}");
    }
}

#[test]
fn help_as_a_command_is_the_long_help() {
    let laptop = laptop();
    for command in commands() {
        assert_eq!(helps(&laptop, &["help", &command]), helps(&laptop, &[&command, "--help"]), "{command}");
    }
    laptop.cstore(["help", "exprt"]).run().fails(2).says("exprt");
}

#[test]
fn a_misspelled_word_is_refused_with_the_nearest() {
    let laptop = laptop();
    laptop.cstore(["exprt"]).run().fails(2).says("export");
    laptop.cstore(["export", "--buket", "x"]).run().fails(2).says("--bucket");
    // Words of the Go tool are taken, and not shown.
    laptop.cstore(["versio"]).run().fails(2).says("versio").does_not_say("'version'");
    laptop.cstore(["push", "--stor", "aws-s3"]).run().fails(2).does_not_say("--store");
    laptop.cstore(["export", "--format", "jsn"]).run().fails(2).says("json");
    laptop.cstore(["export", "--output-case", "uper"]).run().fails(2).says("upper");
}

#[test]
fn a_command_line_without_a_command_prints_the_short_help_and_fails() {
    let laptop = laptop();
    let ran = laptop.cstore([]).run().exits(2);
    assert_eq!((ran.stdout.as_str(), ran.stderr), ("", helps(&laptop, &["-h"])));
}

#[test]
fn short_help_fits_on_a_screen() {
    let laptop = laptop();
    let commands = commands();
    let lines = commands.iter().map(|command| vec![command.as_str(), "-h"]).chain([vec!["-h"]]);
    for arguments in lines {
        let help = helps(&laptop, &arguments);
        assert!(help.lines().count() <= 40, "{arguments:?}: {help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}

#[test]
fn long_help_begins_with_examples_and_has_options_under_headings() {
    let laptop = laptop();
    for command in commands() {
        let help = helps(&laptop, &[&command, "--help"]);
        assert!(help.starts_with("Examples:\n  "), "{help}");
        assert!(help.lines().nth(1).unwrap().contains(&format!("cstore {command}")), "{help}");
    }
    let help = helps(&laptop, &["export", "--help"]);
    for heading in ["Which configuration:", "Values:", "Checks:", "AWS:", "Output:", "Options:"] {
        assert_eq!(help.lines().filter(|line| *line == heading).count(), 1, "{heading} in {help}");
    }
}

#[test]
fn help_does_not_speak_of_what_only_a_workflow_has() {
    let laptop = laptop();
    for command in commands() {
        let help = helps(&laptop, &[&command, "--help"]);
        let words: Vec<_> = help.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_lowercase).collect();
        for word in ["job", "jobs", "step", "steps", "workflow", "workflows", "workspace", "input", "inputs"] {
            assert!(!words.iter().any(|other| other == word), "{word:?} is in the help of {command}:\n{help}");
        }
        for word in ["GITHUB_", "RUNNER_TEMP"] {
            assert!(!help.contains(word), "{word:?} is in the help of {command}:\n{help}");
        }
    }
}

#[test]
fn colours_are_those_that_the_environment_asks_for() {
    let laptop = laptop();
    let has_colours = |ran: Ran| format!("{}{}", ran.stdout, ran.stderr).contains('\x1b');
    for (arguments, code) in [(["--help", ""], 0), (["export", "--buket"], 2), (["export", "--format=jsn"], 2)] {
        let typed =
            || laptop.cstore_with(arguments.iter().filter(|text| !text.is_empty()).map(|text| (*text).to_owned()));
        let plain = |typed: crate::harness::Typed| !has_colours(typed.run().exits(code));
        assert!(plain(typed()), "in a pipe: {arguments:?}");
        assert!(!plain(typed().env("CLICOLOR_FORCE", "1")), "forced: {arguments:?}");
        assert!(plain(typed().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")), "{arguments:?}");
        let mut with_flag = vec!["--no-color".to_owned()];
        with_flag.extend(arguments.iter().filter(|text| !text.is_empty()).map(|text| (*text).to_owned()));
        assert!(plain(laptop.cstore_with(with_flag).env("CLICOLOR_FORCE", "1")), "{arguments:?}");
        // The terminal of these tests is a dumb one.
        assert!(!typed().on_a_terminal().ended().exits(code).stderr.contains('\x1b'), "{arguments:?}");
    }
}

#[test]
fn a_script_for_each_shell_is_printed() {
    let laptop = laptop();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(laptop.cstore(["completions", shell]).run().succeeds().stdout.contains("cstore"), "{shell}");
    }
    laptop.cstore(["completions", "tcsh"]).run().fails(2).says("zsh");
}
