//! Runs a diff, and tells what differs.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::{Annotation, Level, annotations_of};
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::github::comment::Commenting;
use crate::action::output;
use crate::action::run_summary::summary_of_diff;
use crate::action::step::{Step, listed};
use crate::command::{self, CheckedFiles};
use crate::message::{Action, Message, checked, diff as words};
use crate::option::{Command, RawOptions};
use crate::request::{DiffRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = DiffRequest::new(raw, run)?.or_newest(raw);
    raw.refuse_contradictions(Command::Diff)?;
    let workspace = step.workspace()?;
    let commenting = Commenting::new(step, raw, &request)?;
    let observer = Arc::new(step.log.clone());
    let diffed = command::diff(&request, run, &workspace, observer, &step.cancellation).await?;
    let fails = request.fails_on_difference && diffed.is_different();
    // A step that fails has written no output.
    let outputs = if fails { Vec::new() } else { output::diff_outputs(&diffed) };
    let large = output::about_sizes(&outputs);
    deliver::outputs(&step.environment, &outputs)?;

    let heading = format!("{}: {}", words::compared(&diffed), words::how_many(&diffed));
    let all = words::lines(&diffed.files, diffed.by_key);
    let mut lines = listed(heading, all.iter().map(|line| line.shown("  ")).collect());
    lines.extend(words::lacking_beside_lines(&diffed, &str::to_owned));
    lines.extend(diffed.checked.as_ref().map(checked::headline));
    step.lines(&lines);
    let mut summary = summary_of_diff(&diffed);
    let told = match commenting {
        Some(commenting) => Some(commenting.keep(step, &request, &diffed).await),
        None => None,
    };
    let warning = told.and_then(|told| {
        step.lines(&[told.line()]);
        summary.facts.push(told.fact);
        told.annotation
    });
    let of_files = diffed.checked.iter().flat_map(about_files);
    step.annotate(warning.into_iter().chain(of_files).chain(annotations_of(&diffed.notes)).chain(large).collect());
    step.summary(&summary);
    if fails { Err(Failure::Found(vec![words::difference(&diffed)])) } else { Ok(()) }
}

/// What is to be said of the files that lie here. A diff fails for none of it: that is what `verify` is for.
fn about_files(files: &CheckedFiles) -> Vec<Annotation> {
    let finding = |message: Message| {
        let (text, Message { title, file, line, .. }) = (message.text(), message);
        Annotation { file, line, ..Annotation::new(Level::Warning, title, text) }
    };
    let findings = checked::findings(files, Action).into_iter().map(finding);
    let notices = checked::notices(files, Action).into_iter().map(Annotation::from);
    findings.chain(notices).chain(annotations_of(&files.notes)).collect()
}
