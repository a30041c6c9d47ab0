//! Runs a push.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::{Annotation, annotations_of};
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::{dry_run, summary_of_push};
use crate::action::step::Step;
use crate::command;
use crate::message::{changes, counted, headline};
use crate::option::{Command, RawOptions};
use crate::request::{PushRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = PushRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::Push)?;
    let workspace = step.workspace()?;
    let pushed = command::push(&request, run, &workspace, Arc::new(step.log.clone()), &step.cancellation).await?;
    let verb = match (request.dry_run, pushed.changed) {
        (true, true) => "Would push",
        (true, false) => "Nothing would change in",
        (false, true) => "Pushed",
        (false, false) => "Nothing has changed in",
    };
    deliver::outputs(&step.environment, &output::push_outputs(&pushed)).map_err(|failure| {
        if request.dry_run {
            return failure;
        }
        let (location, replaces) = (pushed.location.clone(), request.replaces());
        Failure::AfterPush { location, replaces, cause: Box::new(failure) }
    })?;
    let mut lines = vec![
        headline(verb, &pushed.location),
        format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()),
    ];
    if let Some(replaced) = pushed.replaced {
        let verb = if request.dry_run { "Would replace" } else { "Replaced" };
        lines.push(format!("{verb} {}", replaced.pin()));
    }
    lines.extend(changes::lines(&pushed));
    step.lines(&lines);
    let gone = changes::about_gone(&pushed).map(Annotation::from);
    let annotations = gone.into_iter().chain(annotations_of(&pushed.notes)).collect();
    step.annotate(annotations);
    let mut summary = summary_of_push(verb, &pushed);
    summary.facts.extend(request.dry_run.then(dry_run));
    step.summary(&summary);
    Ok(())
}
