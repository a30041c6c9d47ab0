use super::{RunInfo, Target};
use crate::name::{VersionName, VersionRequest};
use crate::option::{
    Command, DRY_RUN, FILES, FORCE, OptionError, OptionProblem, RawOptions, VALUE_OF, VERSION, shortened,
};
use crate::store::PurgeBase;

/// Which version is to go for good, or which files of the head.
#[derive(Debug)]
pub struct PurgeRequest {
    /// The context and its bucket; the files, where they are the head's.
    pub target: Target,
    /// The version; none for files of the head.
    pub version: Option<VersionName>,
    /// Find out what else holds the same files.
    pub looks_elsewhere: bool,
    /// What is removed, as somebody has seen it; none for what is found.
    pub over: Option<PurgeBase>,
    /// Remove it even where channels point at it.
    pub past_channels: bool,
    /// Find out what would go, and remove none of it.
    pub dry_run: bool,
}

/// Which value is looked for.
#[derive(Debug)]
pub struct HoldersRequest {
    /// The version, or the head, that has it, and the files in which it is looked up.
    pub target: Target,
    /// The config key.
    pub key: String,
    /// The versions that hold it are to go even where channels point at them.
    pub past_channels: bool,
}

impl HoldersRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed or missing.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        let key = raw.text(&VALUE_OF).unwrap_or_default().to_owned();
        Ok(Self { target: Target::new(raw, run)?, key, past_channels: raw.flag(&FORCE)? })
    }
}

impl PurgeRequest {
    /// Reads the options. The version must be named exactly: neither a workflow's tag nor a requirement stands for it.
    /// Of the head, files must be named.
    ///
    /// # Errors
    /// The first option that is malformed or missing, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Purge)?;
        let target = Target::of_all_versions(raw, run)?;
        let version = version(raw, &target)?;
        // All of a version goes, and of the head what is named by its path.
        if version.is_some() && raw.text(&FILES).is_some() {
            let problem = OptionProblem::Excluded { other: &VERSION, why: "All of a version is purged." };
            return Err(OptionError::new(&FILES, problem));
        }
        let past_channels = raw.flag(&FORCE)?;
        Ok(Self { target, version, looks_elsewhere: true, over: None, past_channels, dry_run: raw.flag(&DRY_RUN)? })
    }
}

fn version(raw: &RawOptions, target: &Target) -> Result<Option<VersionName>, OptionError> {
    let problem = |why: String| OptionError::new(&VERSION, OptionProblem::NotPurged(why));
    let Some(text) = raw.text(&VERSION).map(str::trim) else { return Err(problem("is not set".to_owned())) };
    match VersionRequest::new(text) {
        Ok(VersionRequest::Exact(name)) => Ok(Some(name)),
        Ok(VersionRequest::Head) if !target.files.is_empty() && !target.files.only_excludes() => Ok(None),
        Ok(VersionRequest::Head) => {
            Err(problem("is the head, of which only files are purged that are named".to_owned()))
        }
        Ok(VersionRequest::Channel(_)) => Err(problem("names a channel, and only versions are purged".to_owned())),
        Ok(VersionRequest::Matching(_)) => {
            Err(problem(format!("is {:?}, which does not name one version exactly", shortened(text))))
        }
        Err(error) => Err(problem(format!("cannot be used: {error}"))),
    }
}
