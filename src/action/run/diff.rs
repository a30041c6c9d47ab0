//! Runs a diff, and tells what differs.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::annotations_of;
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::summary_of_diff;
use crate::action::step::{MOST_LINES, Step};
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
    let observer = Arc::new(step.log.clone());
    let diffed = command::diff(&request, run, &workspace, observer, &step.cancellation).await?;
    let fails = request.fails_on_difference && diffed.is_different();
    // A step that fails has written no output.
    let outputs = if fails { Vec::new() } else { output::diff_outputs(&diffed) };
    let large = output::about_sizes(&outputs);
    deliver::outputs(&step.environment, &outputs)?;

    let mut lines = vec![format!("{}: {}", words::compared(&diffed), words::how_many(&diffed))];
    let all = words::lines(&diffed);
    let left_out = all.len().saturating_sub(MOST_LINES);
    lines.extend(all.into_iter().take(MOST_LINES).map(|line| {
        let indent = if line.key.is_some() { "  " } else { "" };
        format!("{indent}{} {}", words::sign(line.change), line.text)
    }));
    lines.extend((left_out > 0).then(|| format!("… and {left_out} more")));
    lines.extend(words::lacking(&diffed, &str::to_owned));
    step.lines(&lines);
    step.annotate(annotations_of(&diffed.notes).chain(large).collect());
    step.summary(&summary_of_diff(&diffed));
    if fails { Err(Failure::Found(vec![words::difference(&diffed)])) } else { Ok(()) }
}
