//! Runs a diff, and tells what differs.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::annotations_of;
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::github::comment::Commenting;
use crate::action::output;
use crate::action::run_summary::summary_of_diff;
use crate::action::step::{Step, listed};
use crate::command;
use crate::message::diff as words;
use crate::option::{Command, RawOptions};
use crate::request::{DiffRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = DiffRequest::new(raw, run)?;
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
    step.annotate(annotations_of(&diffed.notes).chain(large).chain(warning).collect());
    step.summary(&summary);
    if fails { Err(Failure::Found(vec![words::difference(&diffed)])) } else { Ok(()) }
}
