//! Runs a rollback.

use std::io::Write;
use std::sync::Arc;

use super::channel;
use super::push::{About, Told};
use crate::action::failure::Failure;
use crate::action::step::Step;
use crate::command;
use crate::message::rollback as words;
use crate::option::{Command, RawOptions};
use crate::request::{ChannelRequest, RollbackRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    if let Some(request) = ChannelRequest::of_rollback(raw, run)? {
        raw.refuse_contradictions(Command::Rollback)?;
        return channel::run(step, &request, run).await;
    }
    let request = RollbackRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::Rollback)?;
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let rolled_back = command::rollback(&request, run, &workspace, observer, &step.cancellation).await?;
    let mut about = vec![About::new("To", "Rolled back to", words::target(&rolled_back, None))];
    about.extend(words::kept(&rolled_back, str::to_owned).map(|kept| About::new("", "Kept", kept)));
    if words::can_be_undone(&rolled_back, request.dry_run) {
        let text = "another rollback without `from` undoes this one";
        about.push(About::new("To go back:", "To go back", text.to_owned()));
    }
    let told = Told {
        verb: words::verb(&rolled_back, request.dry_run),
        noun: "rollback",
        dry_run: request.dry_run,
        replaces: true,
        about,
    };
    told.deliver(step, &rolled_back.pushed, step.url_of(run.push.source.as_ref()))?;
    told.tell(step, &rolled_back.pushed, &[]);
    Ok(())
}
