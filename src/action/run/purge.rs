//! Runs a purge.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::{Annotation, Level};
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::summary_of_purge;
use crate::action::step::{Step, listed};
use crate::command::{self, PurgedVersion};
use crate::error::Error;
use crate::message::{Action, purge as words};
use crate::option::{Command, RawOptions};
use crate::request::{PurgeRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = PurgeRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::Purge)?;
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let begins = |planned: &PurgedVersion| {
        step.lines(&listed(words::title("Purging", planned, Action), words::by_key(&planned.purged.removed)));
    };
    let purged = command::purge(&request, run, &workspace, observer, &step.cancellation, begins).await;
    if let Err(Error::Purge(failure)) = &purged {
        words::gone_and_left(failure).into_iter().for_each(|(heading, lines)| step.lines(&listed(heading, lines)));
    }
    let purged = purged?;
    let unfinished = purged.unfinished();
    if request.dry_run || unfinished.is_none() {
        // A step that fails has written no output.
        deliver::outputs(&step.environment, &output::purge_outputs(&purged))?;
    }
    let verb = words::verb(&purged, request.dry_run);
    step.lines(&listed(words::title(verb, &purged, Action), words::by_key(&purged.purged.removed)));
    let mut said: Vec<_> = words::staying(&purged).into_iter().collect();
    said.extend(words::channels(&purged, request.dry_run));
    if request.dry_run && !purged.purged.in_the_way.is_empty() {
        let staying = listed("This would stay".to_owned(), words::in_the_way(&purged.purged.in_the_way, Action));
        said.push(staying.join("\n"));
    }
    if let Some(elsewhere) = &purged.elsewhere {
        said.extend(words::elsewhere(elsewhere, Action));
        said.extend(words::not_read(elsewhere));
    }
    step.annotate(said.into_iter().map(|said| Annotation::new(Level::Notice, "Purge", said)).collect());
    step.summary(&summary_of_purge(verb, &purged, request.dry_run));
    match unfinished {
        Some(error) if !request.dry_run => Err(error.into()),
        _ => Ok(()),
    }
}
