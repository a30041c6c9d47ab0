use super::{RunInfo, Target};
use crate::name::{VersionName, VersionRequest};
use crate::option::{
    Command, DRY_RUN, FILES, OptionError, OptionProblem, RawOptions, TAGS, VALUE_OF, VERSION, shortened,
};

/// Which version is to go for good.
#[derive(Debug)]
pub struct PurgeRequest {
    /// The context and its bucket.
    pub target: Target,
    /// The version.
    pub version: VersionName,
    /// Find out what else holds the same files.
    pub looks_elsewhere: bool,
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
}

impl HoldersRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed or missing.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        let key = raw.text(&VALUE_OF).unwrap_or_default().to_owned();
        Ok(Self { target: Target::new(raw, run)?, key })
    }
}

impl PurgeRequest {
    /// Reads the options. The version must be named exactly: neither a workflow's tag nor a requirement stands for it.
    ///
    /// # Errors
    /// The first option that is malformed or missing, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Purge)?;
        // All of a version goes.
        if let Some(option) = [&FILES, &TAGS].into_iter().find(|option| raw.text(option).is_some()) {
            let problem = OptionProblem::OfAnotherCommand { of: Command::Pull, running: Command::Purge };
            return Err(OptionError::new(option, problem));
        }
        let version = version(raw)?;
        let dry_run = raw.flag(&DRY_RUN)?;
        Ok(Self { target: Target::of_all_versions(raw, run)?, version, looks_elsewhere: true, dry_run })
    }
}

fn version(raw: &RawOptions) -> Result<VersionName, OptionError> {
    let problem = |why: String| OptionError::new(&VERSION, OptionProblem::NotPurged(why));
    let Some(text) = raw.text(&VERSION).map(str::trim) else { return Err(problem("is not set".to_owned())) };
    match VersionRequest::new(text) {
        Ok(VersionRequest::Exact(name)) => Ok(name),
        Ok(VersionRequest::Head) => Err(problem("is the head, and only versions are purged".to_owned())),
        Ok(VersionRequest::Matching(_)) => {
            Err(problem(format!("is {:?}, which does not name one version exactly", shortened(text))))
        }
        Err(error) => Err(problem(format!("cannot be used: {error}"))),
    }
}
