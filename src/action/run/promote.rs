//! Runs a promotion.

use std::io::Write;
use std::sync::Arc;

use super::channel;
use super::push::{About, Told};
use crate::action::failure::Failure;
use crate::action::step::Step;
use crate::command;
use crate::message::{place, promotion_verb};
use crate::name::VersionRequest;
use crate::option::{Command, RawOptions};
use crate::request::{ChannelPromotion, PromoteRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let workspace = step.workspace()?;
    let promotion = ChannelPromotion::new(raw, run)?;
    promotion.iter().try_for_each(ChannelPromotion::refuse_unsaid_nothing)?;
    let (request, channel) = match promotion {
        None => (PromoteRequest::new(raw, run)?, None),
        Some(promotion) => match command::copy_before_move(&promotion, run, &workspace)? {
            Some(to) => (PromoteRequest::before_move(raw, run, to)?, Some(promotion.channel)),
            None => {
                raw.refuse_contradictions(Command::Promote)?;
                return channel::run(step, &promotion.channel, run).await;
            }
        },
    };
    raw.refuse_contradictions(Command::Promote)?;
    let observer = Arc::new(step.log.clone());
    let promoted = command::promote(&request, run, &workspace, observer, &step.cancellation).await?;
    let pushed = &promoted.pushed;
    let verb = promotion_verb(request.dry_run, pushed.changed);
    let told = Told {
        verb,
        noun: "promotion",
        dry_run: request.dry_run,
        replaces: request.overwrite || pushed.location.is_head(),
        about: vec![About::new("From", "Promoted from", place(&promoted.from))],
    };
    told.deliver(step, pushed, step.url_of(run.push.source.as_ref()))?;
    told.tell(step, pushed, &[]);
    let (Some(mut channel), Some(version)) = (channel, &promoted.version) else { return Ok(()) };
    channel.follow_push(request.dry_run, &VersionRequest::Exact(version.clone()), pushed.digest);
    channel::run_after_push(step, &channel, run).await
}
