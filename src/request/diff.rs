use super::bucket::check_reference;
use super::channel::channel_of;
use super::checks::asked_for;
use super::files::{sides, sides_here};
use super::{RunInfo, Target};
use crate::name::{ChannelReference, ConfigPath, Reference, StoredReference, VersionRequest};
use crate::option::{
    CHANNEL, Command, EXIT_CODE, FROM, NAME_ONLY, OptionError, OptionProblem, OptionSpec, RawOptions, SAME_KEYS,
    SHOW_VALUES, TO,
};

/// Why a diff takes no references there: `from` and `to` are its own.
const NOT_HERE: OptionProblem =
    OptionProblem::NotA("pair of files or folders such as ./service/dev, which a diff takes");

/// What to compare with what.
#[derive(Debug)]
pub struct DiffRequest {
    /// What both sides have in common where a reference does not say otherwise.
    pub target: Target,
    /// What it was.
    pub from: Reference,
    /// Whether the newest release stands for the head where there is none.
    pub or_newest: bool,
    /// What it became.
    pub to: Reference,
    /// Whether the keys of files that differ are told; without them manifests alone are read.
    pub by_key: bool,
    /// Whether the values of these keys are wanted.
    pub with_values: bool,
    /// Whether the keys are wanted that one side lacks, which are told between contexts in any case.
    pub wants_parity: bool,
    /// Whether a difference is a failure.
    pub fails_on_difference: bool,
    /// Whether the files that lie here are looked at by themselves, too: they are what it became, and are to hold something.
    pub checks_files: bool,
    /// Two files or folders of these, relative to the catalog, that are to have the same keys.
    pub same_keys: Option<[ConfigPath; 2]>,
}

impl DiffRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Diff)?;
        let to = reference(raw, &TO)?.unwrap_or(Reference::Working);
        let same_keys = match sides(raw)? {
            Some(sides) => Some(sides_here(sides)?.ok_or_else(|| OptionError::new(&SAME_KEYS, NOT_HERE))?),
            None => None,
        };
        Ok(Self {
            target: Target::of_all_versions(raw, run)?,
            from: before(raw, run)?,
            or_newest: false,
            by_key: !raw.flag(&NAME_ONLY)?,
            with_values: raw.flag(&SHOW_VALUES)?,
            wants_parity: false,
            fails_on_difference: raw.flag(&EXIT_CODE)?,
            checks_files: to == Reference::Working && (asked_for(raw).is_some() || same_keys.is_some()),
            same_keys,
            to,
        })
    }
}

/// What it was: what `from` names; else what a channel points at, where an option or the catalog names one; else the head.
fn before(raw: &RawOptions, run: &RunInfo) -> Result<Reference, OptionError> {
    match (reference(raw, &FROM)?, channel_of(raw)?) {
        // A variable is for those who name nothing.
        (Some(_), Some(_)) if raw.variable(&CHANNEL).is_none() => {
            Err(OptionError::new(&CHANNEL, OptionProblem::Excluded { other: &FROM, why: "" }))
        }
        (Some(from), _) => Ok(from),
        (None, Some(ChannelReference { bucket, context, channel })) => {
            Ok(Reference::Stored(StoredReference { bucket, context, version: VersionRequest::Channel(channel) }))
        }
        (None, None) => {
            let version = run.default_channel.clone().map_or(VersionRequest::Head, VersionRequest::Channel);
            Ok(Reference::Stored(StoredReference { bucket: None, context: None, version }))
        }
    }
}

impl DiffRequest {
    /// The same for who publishes versions and has no head: where nothing says what to compare the files that lie here
    /// with, that is the newest release then.
    #[must_use]
    pub fn or_newest(mut self, raw: &RawOptions) -> Self {
        let is_head = matches!(&self.from, Reference::Stored(from) if from.version == VersionRequest::Head);
        self.or_newest = is_head && raw.text(&FROM).is_none() && self.to == Reference::Working;
        self
    }
}

pub(super) fn reference(raw: &RawOptions, option: &'static OptionSpec) -> Result<Option<Reference>, OptionError> {
    let reference = raw.name(option, Reference::new)?;
    reference.iter().try_for_each(|reference| check_reference(option, reference))?;
    Ok(reference)
}
