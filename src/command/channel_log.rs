//! The moves of a channel, as far as it remembers them.

use std::sync::Arc;

use super::cancel::unless_cancelled;
use super::deadline::Deadline;
use super::history::Opened;
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::name::Context;
use crate::observer::Observer;
use crate::request::{ChannelLogRequest, RunInfo};
use crate::store::Channel;
use crate::workspace::Workspace;

/// A channel with its history.
#[derive(Debug)]
pub struct ChannelLog {
    /// The context.
    pub context: Context,
    /// The bucket.
    pub bucket: String,
    /// The channel.
    pub channel: Channel,
}

/// Reads a channel, within the deadline and unless the run is cancelled.
///
/// # Errors
/// There is no such channel, it cannot be read, or a request fails.
pub async fn channel_log(
    request: &ChannelLogRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<ChannelLog, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    let work = Box::pin(async {
        let opened = Opened::new(&request.target, run, workspace, &deadline, 1).await?;
        let channel = opened.store.existing_channel(&request.channel).await?;
        Ok(ChannelLog { context: opened.context, bucket: opened.bucket, channel })
    });
    unless_cancelled(cancellation, deadline.keep(work)).await
}
