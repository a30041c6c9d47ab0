use super::message::message;
use super::{RunInfo, Target, is_bucket_name};
use crate::name::{ChannelName, ChannelReference, Context, Digest, Reference, VersionName, VersionRequest};
use crate::option::{
    CHANNEL, Command, DRY_RUN, EXACT, EXPECT, EXPECT_CURRENT, FILES, FORCE, FROM, LABEL, MESSAGE, OptionError,
    OptionProblem, OptionSpec, PUSH_TO, RawOptions, TAGS, TO, VERSION, shortened,
};
use crate::store::{BackTo, Labels, Moved, Movement};

/// How a channel is to be changed.
#[derive(Debug)]
pub struct ChannelRequest {
    /// Whose channel it is, where neither `context` nor `bucket` says otherwise.
    pub target: Target,
    /// The channel's context, where it is named with the channel.
    pub context: Option<Context>,
    /// The channel's bucket, where it is named with the channel.
    pub bucket: Option<String>,
    /// The channel.
    pub channel: ChannelName,
    /// What is done with it.
    pub change: ChannelChange,
    /// The digest that its new target must have.
    pub expect: Option<Digest>,
    /// What it must be at: the id of a move, or the name of a version.
    pub expect_current: Option<String>,
    /// Whether that is where a person was shown that it stands, and nobody has named it.
    pub is_current_seen: bool,
    /// Whether there must be no such channel yet.
    pub expect_new: bool,
    /// Why, for its history; none for what the run says.
    pub message: Option<String>,
    /// Find out what would be done, and do none of it.
    pub dry_run: bool,
}

/// What is done with a channel.
#[derive(Debug, Clone)]
pub enum ChannelChange {
    /// It is moved to a version.
    Move {
        /// Where to.
        to: ChannelTarget,
        /// What belongs to it besides.
        labels: Labels,
        /// Whether it is moved over what others do meanwhile, and whatever lies there.
        force: bool,
        /// Whether it stays where it is if it ever pointed at that.
        only_to_what_is_new: bool,
    },
    /// It goes back to where it was before.
    RollBack(BackTo),
}

/// Where a channel is moved to.
#[derive(Debug, Clone)]
pub enum ChannelTarget {
    /// To a version of its own context, or what resolves to one.
    Version(VersionRequest),
    /// To a version that is not published yet, and has this digest then: only what that would do is found out.
    Planned(VersionName, Digest),
    /// To nothing.
    Nothing,
}

impl ChannelRequest {
    /// Reads the options of a rollback; none where it is not about a channel.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn of_rollback(raw: &RawOptions, run: &RunInfo) -> Result<Option<Self>, OptionError> {
        let Some(channel) = named(raw, None, &CHANNEL)? else { return refuse_without(raw).map(|()| None) };
        raw.refuse_other_commands(Command::Rollback)?;
        refuse_parts(raw, Command::Rollback)?;
        if raw.flag(&EXACT)? {
            return Err(OptionError::new(&EXACT, OptionProblem::OfNoMove("No file is removed.")));
        }
        let back = match raw.text(&FROM).map(str::trim) {
            None => BackTo::Before,
            Some(text) => match VersionRequest::new(text) {
                Ok(VersionRequest::Exact(version)) => BackTo::Version(version),
                _ => return Err(OptionError::new(&FROM, OptionProblem::NotABackTarget(channel.channel))),
            },
        };
        Self::new(raw, run, channel, ChannelChange::RollBack(back)).map(Some)
    }

    /// Reads the options of a push; none where it moves no channel. `version`: what it publishes.
    ///
    /// # Errors
    /// The first option that is malformed, and a push of the head.
    pub(super) fn of_push(
        raw: &RawOptions,
        run: &RunInfo,
        version: &VersionRequest,
    ) -> Result<Option<Self>, OptionError> {
        let Some(channel) = channel_of(raw)? else { return refuse_without(raw).map(|()| None) };
        let named_by = if raw.text(&PUSH_TO).is_some() { &PUSH_TO } else { &CHANNEL };
        if channel.context.is_some() || channel.bucket.is_some() {
            return Err(OptionError::new(named_by, OptionProblem::NamesNo("channel of the context that is pushed")));
        }
        let VersionRequest::Exact(_) = version else {
            let problem = if raw.text(&VERSION).is_some() {
                OptionProblem::Excluded { other: &VERSION, why: "A channel points at a version, and not at the head." }
            } else {
                OptionProblem::Needs { other: &VERSION, why: "" }
            };
            return Err(OptionError::new(named_by, problem));
        };
        let to = ChannelTarget::Version(version.clone());
        let change = ChannelChange::Move { to, labels: labels(raw)?, force: false, only_to_what_is_new: true };
        Self::new(raw, run, channel, change).map(Some)
    }

    pub(super) fn new(
        raw: &RawOptions,
        run: &RunInfo,
        ChannelReference { bucket, context, channel }: ChannelReference,
        change: ChannelChange,
    ) -> Result<Self, OptionError> {
        Ok(Self {
            target: Target::of_all_versions(raw, run)?,
            context,
            bucket,
            channel,
            change,
            expect: raw.name(&EXPECT, Digest::from_pin)?,
            expect_current: expect_current(raw)?,
            is_current_seen: false,
            expect_new: false,
            message: if raw.text(&MESSAGE).is_some() { message(raw, run)? } else { None },
            dry_run: raw.flag(&DRY_RUN)?,
        })
    }

    /// Binds it to just this target.
    pub fn settle(&mut self, target: Option<(&VersionName, Digest)>) {
        let Some((version, digest)) = target else { return };
        self.expect = Some(digest);
        match &mut self.change {
            ChannelChange::Move { to: ChannelTarget::Nothing, .. } => {}
            ChannelChange::Move { to, .. } => *to = ChannelTarget::Version(VersionRequest::Exact(version.clone())),
            // Given where the channel stands, it goes back to just one move.
            ChannelChange::RollBack(_) => {}
        }
    }

    /// Has only be found out what a move to this version would do, which is published before it.
    pub fn plan(&mut self, version: &VersionName, digest: Digest) {
        if let ChannelChange::Move { to, .. } = &mut self.change {
            *to = ChannelTarget::Planned(version.clone(), digest);
        }
    }

    /// Binds it to what a push of this version has published, or would publish.
    pub fn follow_push(&mut self, dry_run: bool, version: &VersionRequest, digest: Digest) {
        match version {
            VersionRequest::Exact(version) if dry_run => self.plan(version, digest),
            VersionRequest::Exact(version) => self.settle(Some((version, digest))),
            _ => {}
        }
    }

    /// Binds a move to where the channel was seen to stand.
    pub fn expect_seen(&mut self, seen: &Moved) {
        match &seen.what {
            Movement::Moved(Some(before)) => {
                self.expect_current = Some(before.push_id.clone());
                self.is_current_seen = true;
            }
            // By force it is also moved from what cannot be read.
            Movement::Moved(None) => {
                self.expect_new = !matches!(self.change, ChannelChange::Move { force: true, .. });
            }
            Movement::Unchanged | Movement::KeptLabels | Movement::LeftWhereItIs => {}
        }
    }

    /// The channel as it is named in the place of a version.
    #[must_use]
    pub fn named(&self) -> String {
        let context = self.context.as_ref().map(ToString::to_string).unwrap_or_default();
        let place = self.bucket.as_ref().map_or_else(|| context.clone(), |bucket| format!("s3://{bucket}/{context}"));
        format!("{place}:{}", self.channel)
    }

    /// Whether a rollback says neither where to nor from where, so that the same again would go back further.
    #[must_use]
    pub fn goes_back_from_anywhere(&self) -> bool {
        matches!(self.change, ChannelChange::RollBack(BackTo::Before)) && self.expect_current.is_none()
    }
}

/// What names a channel, read; none of what names none.
pub(super) fn reference(text: &str, option: &'static OptionSpec) -> Result<Option<ChannelReference>, OptionError> {
    let problem = |why: String| OptionError::new(option, OptionProblem::NotAChannel(why));
    let reference = ChannelReference::new(text.trim()).map_err(|error| problem(format!("cannot be used: {error}")))?;
    match reference.as_ref().and_then(|reference| reference.bucket.as_ref()).filter(|bucket| !is_bucket_name(bucket)) {
        Some(bucket) => Err(problem(format!("names {:?}, which is not a valid bucket name", shortened(bucket)))),
        None => Ok(reference),
    }
}

/// The channel that the option `channel` names, or this one, which another option names.
pub(super) fn named(
    raw: &RawOptions,
    other: Option<ChannelReference>,
    of: &'static OptionSpec,
) -> Result<Option<ChannelReference>, OptionError> {
    let own = channel_of(raw)?;
    if own.is_some() && raw.text(&TO).is_some() {
        return Err(OptionError::new(&CHANNEL, OptionProblem::Excluded { other: of, why: "" }));
    }
    Ok(own.or(other))
}

/// The channel that the option `channel` names, with or without a colon before its name.
pub(super) fn channel_of(raw: &RawOptions) -> Result<Option<ChannelReference>, OptionError> {
    let Some(text) = raw.text(&CHANNEL).map(str::trim) else { return Ok(None) };
    // What a push was told by the one is what the other says.
    let option = if raw.text(&PUSH_TO).is_some() { &PUSH_TO } else { &CHANNEL };
    let unusable = |error| OptionError::unusable(option, error);
    if Reference::names_channel(text) {
        return ChannelReference::new(text).map_err(unusable);
    }
    let channel = ChannelName::new(text).map_err(unusable)?;
    if *option == PUSH_TO {
        // A promotion takes the same for a context, to which it copies all files.
        return Err(OptionError::new(option, OptionProblem::LacksColon(channel)));
    }
    Ok(Some(ChannelReference { bucket: None, context: None, channel }))
}

pub(super) fn labels(raw: &RawOptions) -> Result<Labels, OptionError> {
    Labels::new(raw.text(&LABEL).unwrap_or_default()).map_err(|error| OptionError::unusable(&LABEL, error))
}

fn expect_current(raw: &RawOptions) -> Result<Option<String>, OptionError> {
    let Some(text) = raw.text(&EXPECT_CURRENT).map(str::trim) else { return Ok(None) };
    // The ids of moves are such names, too.
    let name = VersionName::new(text).map_err(|error| OptionError::unusable(&EXPECT_CURRENT, error))?;
    Ok(Some(name.to_string()))
}

/// Refuses what names a part of a version, or another version.
pub(super) fn refuse_parts(raw: &RawOptions, running: Command) -> Result<(), OptionError> {
    let of = &[Command::Pull, Command::Push];
    let problem = OptionProblem::OfAnotherCommand { of, running, instead: None };
    refuse(raw, [&VERSION, &FILES, &TAGS], problem)
}

/// Refuses what has no meaning where no channel is moved.
pub(super) fn refuse_without(raw: &RawOptions) -> Result<(), OptionError> {
    refuse(raw, [&LABEL, &EXPECT_CURRENT, &FORCE], OptionProblem::OfNoChannel)
}

fn refuse(raw: &RawOptions, options: [&'static OptionSpec; 3], problem: OptionProblem) -> Result<(), OptionError> {
    match options.into_iter().find(|option| raw.asks_for(option)) {
        Some(option) => Err(OptionError::new(option, problem)),
        None => Ok(()),
    }
}
