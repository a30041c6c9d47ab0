use super::channel::{ChannelChange, ChannelTarget, labels, named, reference, refuse_parts, refuse_without};
use super::promote::source_reference;
use super::{ChannelRequest, RunInfo};
use crate::name::{Context, StoredReference, VersionName, VersionRequest};
use crate::option::{Command, EXPECT, FORCE, FROM, OVERWRITE, OptionError, OptionProblem, RawOptions, TO};

/// A promotion to a channel: a move, and where its version is.
#[derive(Debug)]
pub struct ChannelPromotion {
    /// The move.
    pub channel: ChannelRequest,
    /// The context of the version, where it is named with it.
    pub from_context: Option<Context>,
    /// The bucket of the version, where it is named with it.
    pub from_bucket: Option<String>,
    /// Whether a version is named, or nothing in so many words.
    is_source_named: bool,
}

impl ChannelPromotion {
    /// Reads the options of a promotion; none where no channel is its destination.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Option<Self>, OptionError> {
        let to = raw.text(&TO).map(|text| reference(text, &TO)).transpose()?.flatten();
        let Some(channel) = named(raw, to, &TO)? else { return refuse_without(raw).map(|()| None) };
        raw.refuse_other_commands(Command::Promote)?;
        refuse_parts(raw, Command::Promote)?;
        if raw.flag(&OVERWRITE)? {
            let problem = OptionProblem::OfNoMove("Nothing is overwritten.");
            return Err(OptionError::new(&OVERWRITE, problem));
        }
        let force = raw.flag(&FORCE)?;
        let named = raw.text(&FROM).map(str::trim).filter(|text| !text.is_empty());
        // Nobody forgets the version by mistake who says so, unless a version was reviewed.
        let is_nothing =
            force && raw.text(&EXPECT).is_none() && named.is_none_or(|named| named == VersionName::NOTHING);
        let source = if is_nothing { None } else { Some(source(raw, named.is_some())?) };
        let (from_bucket, from_context, to) = match source {
            Some(StoredReference { bucket, context, version }) => (bucket, context, ChannelTarget::Version(version)),
            None => (None, None, ChannelTarget::Nothing),
        };
        let change = ChannelChange::Move { to, labels: labels(raw)?, force, only_to_what_is_new: false };
        let channel = ChannelRequest::new(raw, run, channel, change)?;
        Ok(Some(Self { channel, from_context, from_bucket, is_source_named: named.is_some() }))
    }

    /// Refuses to move a channel to nothing where that is not said in so many words: an expression of a workflow that
    /// comes to nothing leaves the version empty, too.
    ///
    /// # Errors
    /// That no version is named.
    pub fn refuse_unsaid_nothing(&self) -> Result<(), OptionError> {
        if self.is_source_named
            || !matches!(self.channel.change, ChannelChange::Move { to: ChannelTarget::Nothing, .. })
        {
            return Ok(());
        }
        Err(OptionError::new(&FROM, OptionProblem::NotATarget("is not set".to_owned())))
    }
}

/// What a channel is to point at.
fn source(raw: &RawOptions, is_set: bool) -> Result<StoredReference, OptionError> {
    let problem = |why: &str| OptionError::new(&FROM, OptionProblem::NotATarget(why.to_owned()));
    if !is_set {
        return Err(problem("is not set"));
    }
    let source = source_reference(raw)?;
    if source.version == VersionRequest::Head {
        return Err(problem("is the head, and a channel points at a version"));
    }
    Ok(source)
}
