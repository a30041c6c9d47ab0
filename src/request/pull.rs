use super::channel::channel_of;
use super::{LockedPull, RunInfo, Target};
use crate::config::{Entry, FileType, KeySelection, KeySelectionError, OnDuplicate, OutputCase, parse};
use crate::format::Written;
use crate::name::{ChannelReference, Digest, VersionRequest};
use crate::option::{
    CHANNEL, Command, DEFAULTS, DIGEST, EXPAND, EXPORT_ENV, FORMAT, IF_MISSING, IGNORE_MISSING, KEYS, LOCKED,
    NAME_SUFFIX, ON_DUPLICATE, OUTPUT_CASE, OUTPUT_PREFIX, OptionError, OptionProblem, OptionSpec, RESTORE_FILES,
    RawOptions, VERSION,
};

/// What to pull, and how to make values of it. How they are delivered is up to the front end.
#[derive(Debug)]
pub struct PullRequest {
    /// From where.
    pub target: Target,
    /// Only what has this digest.
    pub digest: Option<Digest>,
    /// Only what a lock file says.
    pub locked: Option<LockedPull>,
    /// What is not there is a notice, no error.
    pub ignore_missing: bool,
    /// Which config keys, under which names.
    pub selection: KeySelection,
    /// What to do when two files disagree.
    pub on_duplicate: OnDuplicate,
    /// For config keys that no file has.
    pub defaults: Vec<Entry>,
    /// Replace `${NAME}`.
    pub expand: bool,
    /// The options that are set and want values of it, and not the files alone: they are chosen, exported or written in a
    /// form, or no file is restored.
    pub values_wanted_by: Vec<&'static OptionSpec>,
    /// Whether the values become outputs of a step, so that their names must be such.
    pub makes_outputs: bool,
    /// In which form the merged values are wanted in one text, if they are.
    pub format: Option<Written>,
    /// Whether a Kubernetes object is named by its content.
    pub names_by_digest: bool,
}

impl PullRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Pull)?;
        let wants_values = [
            (&KEYS, raw.text(&KEYS).is_some()),
            (&FORMAT, raw.text(&FORMAT).is_some()),
            (&EXPORT_ENV, raw.flag(&EXPORT_ENV)?),
            (&RESTORE_FILES, !raw.flag(&RESTORE_FILES)?),
        ];
        let values_wanted_by = wants_values.into_iter().filter(|(_, wants)| *wants).map(|(option, _)| option).collect();
        // A tag is no requirement that anybody has locked.
        let is_by_lock = raw.flag(&LOCKED)? && raw.text(&VERSION).is_none();
        let mut target = if is_by_lock { Target::of_all_versions(raw, run)? } else { Target::new(raw, run)? };
        take_channel(raw, run, &mut target)?;
        let format = raw.choice(&FORMAT, &Written::ALL)?;
        refuse_changes_of_files(raw, format)?;
        Ok(Self {
            locked: LockedPull::new(raw, &target)?,
            target,
            digest: raw.name(&DIGEST, Digest::from_pin)?,
            ignore_missing: raw.choice(&IF_MISSING, &IGNORE_MISSING)?.unwrap_or_default(),
            selection: selection(raw)?,
            on_duplicate: raw.choice(&ON_DUPLICATE, &OnDuplicate::ALL)?.unwrap_or_default(),
            defaults: defaults(raw)?,
            expand: raw.flag(&EXPAND)?,
            values_wanted_by,
            makes_outputs: true,
            format,
            names_by_digest: raw.choice(&NAME_SUFFIX, &[("digest", ())])?.is_some(),
        })
    }
}

/// Refuses what chooses, names or changes values where the stored files themselves are handed over: the platform would
/// load them as they are.
fn refuse_changes_of_files(raw: &RawOptions, format: Option<Written>) -> Result<(), OptionError> {
    if format != Some(Written::EnvironmentFiles) {
        return Ok(());
    }
    let changes = [
        (&KEYS, raw.text(&KEYS).is_some()),
        (&DEFAULTS, raw.text(&DEFAULTS).is_some()),
        (&EXPAND, raw.flag(&EXPAND)?),
        (&OUTPUT_PREFIX, raw.text(&OUTPUT_PREFIX).is_some()),
        (&OUTPUT_CASE, raw.text_or_default(&OUTPUT_CASE) != OUTPUT_CASE.default),
    ];
    match changes.into_iter().find(|(_, is_set)| *is_set) {
        Some((option, _)) => {
            let why = "ECS loads the stored files as they are.";
            Err(OptionError::new(option, OptionProblem::Excluded { other: &FORMAT, why }))
        }
        None => Ok(()),
    }
}

/// Has a pull take what a channel points at, where one is named, or the catalog's, where nothing says which version.
fn take_channel(raw: &RawOptions, run: &RunInfo, target: &mut Target) -> Result<(), OptionError> {
    let Some(ChannelReference { bucket, context, channel }) = channel_of(raw)? else {
        let says_version = raw.text(&VERSION).is_some() || run.default_version.is_some() || raw.flag(&LOCKED)?;
        if let Some(channel) = run.default_channel.as_ref().filter(|_| !says_version) {
            target.version = VersionRequest::Channel(channel.clone());
        }
        return Ok(());
    };
    if raw.text(&VERSION).is_some() {
        return Err(OptionError::new(&CHANNEL, OptionProblem::Excluded { other: &VERSION, why: "" }));
    }
    target.version = VersionRequest::Channel(channel);
    target.context = context.or(target.context.take());
    target.bucket = bucket.or(target.bucket.take());
    Ok(())
}

fn selection(raw: &RawOptions) -> Result<KeySelection, OptionError> {
    let case = raw.choice(&OUTPUT_CASE, &OutputCase::ALL)?.unwrap_or_default();
    let prefix = raw.text_or_default(&OUTPUT_PREFIX);
    KeySelection::new(raw.text(&KEYS).unwrap_or_default(), case, prefix).map_err(|error| match error {
        KeySelectionError::Prefix | KeySelectionError::ReservedPrefix => OptionError::unusable(&OUTPUT_PREFIX, error),
        error => OptionError::unusable(&KEYS, error),
    })
}

/// Reads the option `defaults`. An error names config keys and lines, never values: they may be secrets of the
/// workflow.
///
/// No other program reads these lines, and whoever writes them sees the error at once. So what is a warning in a file,
/// such as a key twice, is an error here.
fn defaults(raw: &RawOptions) -> Result<Vec<Entry>, OptionError> {
    let parsed = parse(FileType::Dotenv, raw.text(&DEFAULTS).unwrap_or_default().as_bytes(), "_")
        .map_err(|error| OptionError::unusable(&DEFAULTS, error))?;
    match parsed.warnings.into_iter().next() {
        Some(warning) => Err(OptionError::unusable(&DEFAULTS, warning)),
        None => Ok(parsed.entries),
    }
}
