//! What every step is checked for, and how a step's files are read.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Output};

use crate::harness::run::Files;
use crate::harness::{Annotation, Run, Secrets, Workspace};

/// A step of the imagination.
struct Step {
    code: i32,
    stdout: &'static str,
    stderr: &'static str,
    output: &'static str,
    env: &'static str,
    summary: &'static str,
    writes: Option<&'static str>,
    moves_channel: bool,
}

const NOTHING: Step =
    Step { code: 0, stdout: "", stderr: "", output: "", env: "", summary: "", writes: None, moves_channel: false };

impl Step {
    /// Reads the step as one that handled the values `hunter2` and `line one`, `line two`.
    fn read(&self) -> Run {
        let secrets = Secrets::default();
        secrets.add("hunter2");
        secrets.add("line one\nline two");
        let workspace = Workspace::new();
        let before = workspace.snapshot();
        let file = |name: &str, contents: &str| {
            let path = workspace.mounted("file_commands").join(name);
            fs::write(&path, contents).unwrap();
            path
        };
        let files = Files {
            output: file("output", self.output),
            env: file("env", self.env),
            summary: file("summary", self.summary),
            path: file("path", ""),
            state: file("state", ""),
            moves_channel: self.moves_channel,
            used: workspace.outside("used"),
        };
        self.writes.iter().for_each(|path| workspace.write(path, "x"));
        let status = ExitStatus::from_raw(self.code << 8);
        let output = Output { status, stdout: self.stdout.into(), stderr: self.stderr.into() };
        Run::read(&output, &files, workspace, &before, &secrets)
    }
}

#[test]
fn a_step_is_read_as_the_runner_reads_it() {
    let run = Step {
        stdout: "::add-mask::hunter2\nhello\n::warning title=Old,file=a/.env,line=3::is%0Aold\n",
        stderr: "::error::bad\n",
        output: "A<<E\nhunter2\nE\nconfig-json<<E\n{\"A\":\"hunter2\"}\nE\n",
        env: "A=hunter2\n",
        summary: "| file |\n",
        writes: Some("a/.env"),
        ..NOTHING
    }
    .read()
    .succeeds();
    assert_eq!(run.masks, ["hunter2"]);
    assert_eq!((run.output("A"), run.env["A"].as_str()), ("hunter2", "hunter2"));
    assert_eq!(run.config_outputs().len(), 1);
    assert_eq!(run.json_output("config-json")["A"], "hunter2");
    assert_eq!((run.file("a/.env").as_str(), run.summary.as_str()), ("x", "| file |\n"));
    assert_eq!(run.messages("error"), ["bad"]);
    let warning = Annotation {
        level: "warning".to_owned(),
        title: "Old".to_owned(),
        message: "is\nold".to_owned(),
        file: Some("a/.env".to_owned()),
        line: Some(3),
    };
    assert_eq!(run.annotations[0], warning);
    assert_eq!(run.log, ["hello", "##[warning]is\nold", "##[error]bad"]);
}

#[test]
#[should_panic(expected = "\"hunter2\" has leaked into stdout")]
fn a_value_in_stdout_is_a_leak_even_where_it_is_masked() {
    Step { stdout: "::add-mask::hunter2\n::notice::is hunter2\n", ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "\"line two\" has leaked into stderr")]
fn a_line_of_a_value_in_stderr_is_a_leak() {
    Step { code: 1, stderr: "Error: line two\n", ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "\"hunter2\" has leaked into the step summary")]
fn a_value_in_the_summary_is_a_leak() {
    Step { summary: "| hunter2 |\n", ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "\"hunter2\" has leaked into the output config-diff")]
fn a_value_in_an_output_that_tells_of_differences_is_a_leak() {
    Step { output: "config-diff={\"A\": \"hunter2\"}\n", ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "\"derived from it\" has leaked into stdout")]
fn a_value_that_only_the_outputs_have_may_not_leak_either() {
    Step { stdout: "derived from it\n", output: "A=derived from it\n", ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "failed wrote GITHUB_OUTPUT")]
fn a_failed_step_with_outputs_is_caught() {
    Step { code: 5, output: "A=1\n", ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "failed wrote GITHUB_OUTPUT")]
fn a_failed_push_with_outputs_is_caught() {
    Step { code: 4, stdout: "Pushed v1\n", output: "config-version=v1\n", ..NOTHING }.read();
}

#[test]
fn a_push_that_could_not_move_a_channel_says_what_it_published() {
    let step = Step { code: 4, output: "config-version=v1\n", moves_channel: true, ..NOTHING };
    assert_eq!(step.read().output("config-version"), "v1");
}

#[test]
#[should_panic(expected = "failed wrote GITHUB_OUTPUT")]
fn and_no_values() {
    Step { code: 4, output: "config-version=v1\nA=1\n", moves_channel: true, ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "failed wrote GITHUB_ENV")]
fn a_failed_step_with_variables_is_caught() {
    Step { code: 5, env: "A=1\n", ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "failed changed [\"workspace/a\", \"workspace/a/.env\"]")]
fn a_failed_step_with_files_is_caught() {
    Step { code: 5, writes: Some("a/.env"), ..NOTHING }.read();
}

#[test]
#[should_panic(expected = "a failure without an error")]
fn a_failure_has_to_say_so() {
    Step { code: 5, ..NOTHING }.read().fails(5);
}
