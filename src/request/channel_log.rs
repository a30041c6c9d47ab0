use super::channel::channel_of;
use super::{RunInfo, Target};
use crate::name::{ChannelName, ChannelReference};
use crate::option::{CHANNEL, Command, KEY, LIMIT, OptionError, OptionProblem, RawOptions};

/// Which channel's moves to tell.
#[derive(Debug)]
pub struct ChannelLogRequest {
    /// Whose channel it is.
    pub target: Target,
    /// The channel.
    pub channel: ChannelName,
    /// Of how many moves; at least one.
    pub limit: usize,
}

impl ChannelLogRequest {
    /// Reads the options; none where no channel is named.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Option<Self>, OptionError> {
        let Some(ChannelReference { bucket, context, channel }) = channel_of(raw)? else { return Ok(None) };
        raw.refuse_other_commands(Command::Log)?;
        if raw.text(&KEY).is_some() {
            let problem = OptionProblem::Excluded { other: &CHANNEL, why: "A channel's history has no config keys." };
            return Err(OptionError::new(&KEY, problem));
        }
        let mut target = Target::of_all_versions(raw, run)?;
        target.context = context.or(target.context);
        target.bucket = bucket.or(target.bucket);
        let limit = usize::try_from(raw.number(&LIMIT)?).unwrap_or(usize::MAX);
        Ok(Some(Self { target, channel, limit }))
    }
}
