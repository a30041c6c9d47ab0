//! Runs a list.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::{Annotation, Level, annotations_of};
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::summary_of_list;
use crate::action::step::{Step, listed};
use crate::command;
use crate::message::{list, listing};
use crate::option::{Command, RawOptions};
use crate::request::{ListRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = ListRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::List)?;
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let found = command::list(&request, run, &workspace, observer, &step.cancellation).await?;
    let outputs = output::list_outputs(&found);
    let large = output::about_sizes(&outputs);
    deliver::outputs(&step.environment, &outputs)?;

    let all = listing::lines(&found);
    let separated = |about: &str| if about.is_empty() { String::new() } else { format!("  {about}") };
    let items = all.iter().map(|line| format!("{}{}", line.name, separated(&line.about)));
    step.lines(&listed(listing::heading(&found), items.collect()));
    let unread = listing::without_keys(&found);
    let unread = (!unread.is_empty()).then(|| {
        let text = format!("These files cannot be read, so their keys are not listed: {}.", list(&unread));
        Annotation::new(Level::Warning, "Config files", text)
    });
    step.annotate(annotations_of(&found.notes).chain(unread).chain(large).collect());
    step.summary(&summary_of_list(&found, &all));
    Ok(())
}
