//! What came of a step.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use super::leak::{Secrets, without_masks};
use super::runner_rules::{command_reader, file_command_reader};
use super::workspace::{Entry, Workspace};

/// The files that the runner reads after a step.
pub(crate) struct Files {
    pub(crate) output: PathBuf,
    pub(crate) env: PathBuf,
    pub(crate) summary: PathBuf,
    pub(crate) path: PathBuf,
    pub(crate) state: PathBuf,
    /// Not the runner's: whether the step moves a channel to what it publishes, which says what it has published also where it fails.
    pub(crate) moves_channel: bool,
    /// Not the runner's: what a step that is measured has taken.
    pub(crate) used: PathBuf,
}

/// What a step has taken, as the kernel says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// Seconds of CPU, so that a busy machine makes no difference.
    pub(crate) cpu: f64,
    /// The most memory at a time.
    pub(crate) peak_mib: u64,
    /// What the test allows it of that.
    pub(crate) most_mib: u64,
}

/// A step that has ended, as the runner reads it.
///
/// Each has been held to this: no config value is in its stdout (but for masks), its stderr, its summary or the outputs
/// that tell of differences; and if it failed, GITHUB_OUTPUT and GITHUB_ENV are empty and all files are as they were.
pub(crate) struct Run {
    /// The exit code; 128 and the signal's number when a signal ended it.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The log as GitHub shows it: without commands, with `***` for what is masked.
    pub(crate) log: Vec<String>,
    /// What was handed to the masker, in order.
    pub(crate) masks: Vec<String>,
    /// Errors, warnings and notices, in order.
    pub(crate) annotations: Vec<Annotation>,
    /// The step's outputs.
    pub(crate) outputs: BTreeMap<String, String>,
    /// What later steps find in their environment.
    pub(crate) env: BTreeMap<String, String>,
    /// The step summary's Markdown.
    pub(crate) summary: String,
    /// The bytes of GITHUB_OUTPUT.
    pub(crate) output_file: Vec<u8>,
    /// The bytes of GITHUB_ENV.
    pub(crate) env_file: Vec<u8>,
    /// What it took, if it was [`measured`](super::Action::measured).
    pub(crate) used: Option<Used>,
    /// The job's folders.
    pub(crate) workspace: Workspace,
}

/// An error, warning or notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Annotation {
    /// `error`, `warning` or `notice`.
    pub(crate) level: String,
    pub(crate) title: String,
    pub(crate) message: String,
    /// The file at fault, if one is named.
    pub(crate) file: Option<String>,
    /// The line of [`file`](Self::file), from 1, if one is named.
    pub(crate) line: Option<u32>,
}

impl Run {
    /// Reads what a step left behind and holds it to what every step promises.
    pub(crate) fn read(
        output: &Output,
        files: &Files,
        workspace: Workspace,
        before: &BTreeMap<String, Entry>,
        secrets: &Secrets,
    ) -> Self {
        let contents = |path: &Path| fs::read(path).unwrap_or_default();
        let (output_file, env_file) = (contents(&files.output), contents(&files.env));
        // The runner reads both streams alike.
        let readings = [command_reader::read(&output.stdout), command_reader::read(&output.stderr)];
        let commands = || readings.iter().flat_map(|reading| &reading.commands);
        let run = Self {
            code: output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap()),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            masks: commands().filter(|command| command.name == "add-mask").map(|c| c.data.clone()).collect(),
            annotations: commands().filter_map(Annotation::from_command).collect(),
            outputs: file_command_reader::outputs(&output_file).expect("the runner can read GITHUB_OUTPUT"),
            env: file_command_reader::environment(&env_file).expect("the runner can read GITHUB_ENV").0,
            summary: String::from_utf8_lossy(&contents(&files.summary)).into_owned(),
            log: readings.iter().flat_map(|reading| reading.log.clone()).collect(),
            output_file,
            env_file,
            used: fs::read_to_string(&files.used).ok().and_then(|text| Used::read(&text)),
            workspace,
        };
        let run = if run.used.is_some() { run.stays_small() } else { run };
        run.assert_no_leak(secrets);
        if run.code != 0 {
            run.assert_nothing_delivered(before, files.moves_channel);
        }
        run
    }

    /// This run, which must have succeeded.
    pub(crate) fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// This run, which must have failed with a code.
    pub(crate) fn fails(self, code: i32) -> Self {
        assert_ne!(code, 0, "0 is no failure");
        let run = self.exits(code);
        assert!(run.annotations.iter().any(|a| a.level == "error"), "a failure without an error:\n{}", run.printed());
        run
    }

    /// This run, whose stdout or stderr must have a text, such as a part of an error.
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(!text.is_empty(), "nothing is in every text");
        assert!(self.printed().contains(text), "{text:?} is not in\n{}", self.printed());
        self
    }

    /// This run, whose stdout and stderr must not have a text.
    pub(crate) fn does_not_say(self, text: &str) -> Self {
        assert!(!self.printed().contains(text), "{text:?} is in\n{}", self.printed());
        self
    }

    /// This run, as each that is measured is held to: it must have been measured, and have stayed below 256 MiB (or what
    /// [`within_memory`](super::Action::within_memory) says) and 5 seconds of CPU; a debug build, some ten times slower
    /// where it parses, below 20.
    pub(crate) fn stays_small(self) -> Self {
        let used = self.used.unwrap_or_else(|| panic!("it was not measured; it printed\n{}", self.printed()));
        let seconds = if cfg!(debug_assertions) { 20.0 } else { 5.0 };
        assert!(used.cpu < seconds && used.peak_mib < used.most_mib, "{used:?}; it printed\n{}", self.printed());
        self
    }

    /// An output that must be there.
    pub(crate) fn output(&self, name: &str) -> &str {
        let there = || self.outputs.keys().collect::<Vec<_>>();
        self.outputs.get(name).unwrap_or_else(|| panic!("there is no output {name} among {:?}", there()))
    }

    /// An output that must be JSON.
    pub(crate) fn json_output(&self, name: &str) -> Value {
        serde_json::from_str(self.output(name)).expect("the output is JSON")
    }

    /// The outputs whose names the config files gave, not the action's own.
    pub(crate) fn config_outputs(&self) -> BTreeMap<&str, &str> {
        let all = self.outputs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(|(name, _)| !name.starts_with("config-")).collect()
    }

    /// The text of a file of the workspace that must be there.
    pub(crate) fn file(&self, path: &str) -> String {
        String::from_utf8(self.workspace.read(path)).expect("the file is text")
    }

    /// The messages of a level, `error`, `warning` or `notice`, in order.
    pub(crate) fn messages(&self, level: &str) -> Vec<&str> {
        self.annotations.iter().filter(|a| a.level == level).map(|a| a.message.as_str()).collect()
    }

    /// All that was printed.
    pub(crate) fn printed(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code; it printed\n{}", self.printed());
        self
    }

    fn assert_no_leak(&self, secrets: &Secrets) {
        for (name, value) in self.config_outputs().into_iter().chain(self.env.iter().map(|(n, v)| (&**n, &**v))) {
            if !name.starts_with("config-") {
                secrets.add(value);
            }
        }
        if let Some(all) = self.outputs.get("config-json") {
            secrets.add_leaves(&serde_json::from_str(all).expect("config-json is JSON"));
        }
        secrets.assert_absent("stdout", &without_masks(&self.stdout));
        secrets.assert_absent("stderr", &self.stderr);
        secrets.assert_absent("the step summary", &self.summary);
        // Later steps may print these, and nobody masks them.
        for name in ["config-changes", "config-diff", "config-versions"] {
            let text = self.outputs.get(name).map_or("", String::as_str);
            secrets.assert_absent(&format!("the output {name}"), text);
        }
    }

    fn assert_nothing_delivered(&self, before: &BTreeMap<String, Entry>, moves_channel: bool) {
        // What is published is said also where the channel could not be moved to it.
        let is_published =
            moves_channel && self.outputs.contains_key("config-version") && self.config_outputs().is_empty();
        for (file, contents) in [("GITHUB_OUTPUT", &self.output_file), ("GITHUB_ENV", &self.env_file)] {
            let is_told = is_published && file == "GITHUB_OUTPUT";
            assert!(is_told || contents.is_empty(), "a step that failed wrote {file}; it printed\n{}", self.printed());
        }
        let after = self.workspace.snapshot();
        let paths = before.keys().chain(after.keys());
        // The digests of what is published are told, too.
        let is_told = |path: &&String| is_published && path.starts_with("runner_temp/") && path.ends_with(".sha256");
        let changed: Vec<_> =
            paths.filter(|path| before.get(*path) != after.get(*path)).filter(|path| !is_told(path)).collect();
        assert!(changed.is_empty(), "a step that failed changed {changed:?}; it printed\n{}", self.printed());
    }
}

impl Used {
    /// Reads what `limits.py` reports.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ');
        let cpu = numbers.next()?.parse().ok()?;
        let peak_kib: u64 = numbers.next()?.parse().ok()?;
        Some(Self { cpu, peak_mib: peak_kib / 1024, most_mib: numbers.next()?.parse().ok()? })
    }
}

impl Annotation {
    fn from_command(command: &command_reader::Command) -> Option<Self> {
        let property = |name: &str| command.properties.get(name).cloned();
        ["error", "warning", "notice"].contains(&command.name.as_str()).then(|| Self {
            level: command.name.clone(),
            title: property("title").unwrap_or_default(),
            message: command.data.clone(),
            file: property("file"),
            line: property("line").and_then(|line| line.parse().ok()),
        })
    }
}
