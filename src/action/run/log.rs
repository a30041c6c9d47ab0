//! Runs a log.

use std::io::Write;
use std::sync::Arc;

use super::channel;
use crate::action::annotation::{Annotation, annotations_of};
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::summary_of_log;
use crate::action::step::Step;
use crate::command;
use crate::message as words;
use crate::message::history::{self, HistoryLine};
use crate::option::{Command, RawOptions};
use crate::request::{ChannelLogRequest, LogRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    if let Some(request) = ChannelLogRequest::new(raw, run)? {
        raw.refuse_contradictions(Command::Log)?;
        return channel::log(step, &request, run).await;
    }
    let request = LogRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::Log)?;
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let log = command::log(&request, run, &workspace, observer, &step.cancellation).await?;
    let outputs = output::log_outputs(&log);
    let large = output::about_sizes(&outputs);
    deliver::outputs(&step.environment, &outputs)?;

    let all: Vec<_> = log.entries.iter().map(|entry| HistoryLine::new(entry, words::Action)).collect();
    let mut lines = vec![history::heading(&log)];
    lines.extend(all.iter().map(|line| line.parts().collect::<Vec<_>>().join("  ")));
    lines.extend(history::not_shown(&log).map(|rest| format!("… {rest}")));
    step.lines(&lines);
    let unread = history::about_unread(&log, words::Action).map(Annotation::from);
    step.annotate(annotations_of(&log.notes).chain(unread).chain(large).collect());
    step.summary(&summary_of_log(&log, &all));
    Ok(())
}
