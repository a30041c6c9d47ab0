use super::{RunInfo, Target};
use crate::name::{VersionName, VersionRequest};
use crate::option::{Command, DRY_RUN, FILES, OptionError, OptionProblem, RawOptions, TAGS, VERSION, shortened};

/// Which version is to go for good.
#[derive(Debug)]
pub struct PurgeRequest {
    /// The context and its bucket.
    pub target: Target,
    /// The version.
    pub version: VersionName,
    /// Find out what would go, and remove none of it.
    pub dry_run: bool,
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
        Ok(Self { target: Target::of_all_versions(raw, run)?, version, dry_run: raw.flag(&DRY_RUN)? })
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
