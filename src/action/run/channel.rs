//! Runs a move of a channel, and tells its history.

use std::io::Write;
use std::sync::Arc;

use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output::{self, Output};
use crate::action::run_summary::{summary_of_channel, summary_of_channel_log};
use crate::action::step::{Step, listed};
use crate::command::{self, ChannelMoved};
use crate::message::{channel_moved as words, counted};
use crate::option::{FROM, OptionError, OptionProblem};
use crate::request::{ChannelLogRequest, ChannelRequest, RunInfo};

/// Moves a channel to a version, or back to where it was before.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    request: &ChannelRequest,
    run: &RunInfo,
) -> Result<(), Failure> {
    if request.goes_back_from_anywhere() && !request.dry_run {
        // A job that is run again would go back twice.
        return Err(OptionError::new(&FROM, OptionProblem::BackFromAnywhere(request.named())).into());
    }
    let moved = move_channel(step, request, run, output::channel_outputs).await?;
    tell(step, &moved, request.dry_run);
    Ok(())
}

/// Moves a channel to what was just pushed, whose outputs are written, and tells of it.
pub(super) async fn run_after_push<W: Write + Send + 'static>(
    step: &Step<W>,
    request: &ChannelRequest,
    run: &RunInfo,
) -> Result<(), Failure> {
    let moved = after_push(step, request, run).await?;
    tell(step, &moved, request.dry_run);
    Ok(())
}

/// The same, of which [`tell`] is to tell.
pub(super) async fn after_push<W: Write + Send + 'static>(
    step: &Step<W>,
    request: &ChannelRequest,
    run: &RunInfo,
) -> Result<ChannelMoved, Failure> {
    move_channel(step, request, run, output::channel_outputs_after_push).await
}

/// Writes log and summary of a move.
pub(super) fn tell<W: Write>(step: &Step<W>, moved: &ChannelMoved, dry_run: bool) {
    step.lines(&words::done(moved, dry_run));
    step.summary(&summary_of_channel(moved, dry_run));
}

async fn move_channel<W: Write + Send + 'static>(
    step: &Step<W>,
    request: &ChannelRequest,
    run: &RunInfo,
    outputs: fn(&ChannelMoved, bool) -> Vec<Output>,
) -> Result<ChannelMoved, Failure> {
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let moved = command::move_channel(request, run, &workspace, observer, &step.cancellation).await?;
    deliver::outputs(&step.environment, &outputs(&moved, request.dry_run))?;
    Ok(moved)
}

/// Tells the moves of a channel.
pub(super) async fn log<W: Write + Send + 'static>(
    step: &Step<W>,
    request: &ChannelLogRequest,
    run: &RunInfo,
) -> Result<(), Failure> {
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let log = command::channel_log(request, run, &workspace, observer, &step.cancellation).await?;
    deliver::outputs(&step.environment, &output::channel_log_outputs(&log, request.limit))?;
    let mut lines = words::lines(&log.channel);
    let heading = format!(
        "{} of :{} of {} in s3://{}",
        counted(lines.len(), "move"),
        log.channel.name(),
        log.context,
        log.bucket
    );
    lines.truncate(request.limit);
    let text = |line: &words::MoveLine| {
        let from = Some(&line.from).filter(|from| !from.is_empty()).map(|from| format!("from {from}"));
        let parts = [&line.version, &line.time, &line.who, &from.unwrap_or_default(), &line.about];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("  ")
    };
    step.lines(&listed(heading, lines.iter().map(text).collect()));
    step.summary(&summary_of_channel_log(&log, &lines));
    Ok(())
}
