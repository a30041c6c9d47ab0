//! Shows a version.

use std::io::Write;
use std::sync::Arc;

use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::summary_of_show;
use crate::action::step::Step;
use crate::command;
use crate::message::{headline, history};
use crate::option::{Command, RawOptions};
use crate::request::{RunInfo, ShowRequest};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = ShowRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::Show)?;
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let shown = command::show(&request, run, &workspace, observer, &step.cancellation).await?;
    let outputs = output::show_outputs(&shown);
    let large = output::about_sizes(&outputs);
    deliver::outputs(&step.environment, &outputs)?;

    let mut lines = vec![headline("Found", &shown.location)];
    let facts = history::facts(&shown).into_iter();
    lines.extend(facts.flat_map(|(name, text)| text.lines().map(|line| format!("{name}: {line}")).collect::<Vec<_>>()));
    lines.extend(history::changed(&shown).iter().map(|line| line.shown("  ")));
    step.lines(&lines);
    step.annotate(large);
    step.summary(&summary_of_show(&shown));
    Ok(())
}
