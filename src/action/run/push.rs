//! Runs a push.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::{Annotation, annotations_of};
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::{self, summary_of_push};
use crate::action::step::Step;
use crate::command::{self, Location, Pushed};
use crate::message::{changes, counted, headline, place};
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
    let told = Told { verb, noun: "push", dry_run: request.dry_run, replaces: request.replaces(), from: None };
    told.tell(step, &pushed)
}

/// What is told of a push.
pub(super) struct Told<'a> {
    /// What was done, as the beginning of a headline.
    pub(super) verb: &'static str,
    /// What the push is called.
    pub(super) noun: &'static str,
    pub(super) dry_run: bool,
    /// Whether it replaces what was there.
    pub(super) replaces: bool,
    /// What the files were copied from, if they were.
    pub(super) from: Option<&'a Location>,
}

impl Told<'_> {
    /// Sets the outputs, and writes log and summary.
    pub(super) fn tell<W: Write>(&self, step: &Step<W>, pushed: &Pushed) -> Result<(), Failure> {
        let Self { verb, noun, dry_run, replaces, from } = *self;
        deliver::outputs(&step.environment, &output::push_outputs(pushed)).map_err(|failure| {
            if dry_run {
                return failure;
            }
            let location = pushed.location.clone();
            Failure::AfterPush { location, replaces, noun, cause: Box::new(failure) }
        })?;
        let from = from.map(place);
        let mut lines = vec![headline(verb, &pushed.location)];
        lines.extend(from.iter().map(|from| format!("From {from}")));
        lines.push(format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()));
        if let Some(replaced) = pushed.replaced {
            let verb = if dry_run { "Would replace" } else { "Replaced" };
            lines.push(format!("{verb} {}", replaced.pin()));
        }
        lines.extend(changes::lines(pushed));
        step.lines(&lines);
        let gone = changes::about_gone(pushed).map(Annotation::from);
        let annotations = gone.into_iter().chain(annotations_of(&pushed.notes)).collect();
        step.annotate(annotations);
        let mut summary = summary_of_push(verb, pushed);
        summary.facts.extend(from.map(|from| ("Promoted from", from)));
        summary.facts.extend(dry_run.then(run_summary::dry_run));
        step.summary(&summary);
        Ok(())
    }
}
