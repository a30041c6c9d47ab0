use super::{RunInfo, Target};
use crate::lock::{FILE_NAME, LockName};
use crate::name::{ConfigPath, Context, VersionRequest};
use crate::option::{Command, LOCK_FILE, LOCKED, OptionError, OptionProblem, RawOptions, VERSION};

/// What to lock.
#[derive(Debug)]
pub struct LockRequest {
    /// From where.
    pub target: Target,
    /// The lock file's path in the workspace.
    pub file: ConfigPath,
    /// The entries to write; empty for those that there are.
    pub wanted: Vec<WantedLock>,
}

/// An entry to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedLock {
    /// Its name.
    pub name: LockName,
    /// What it is to stand for; none for what it stands for already.
    pub requirement: Option<(Option<Context>, VersionRequest)>,
}

impl LockRequest {
    /// Reads the options. A version among them is what the default entry is to stand for.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo, mut wanted: Vec<WantedLock>) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Lock)?;
        let target = Target::new(raw, run)?;
        if raw.text(&VERSION).is_some() {
            let name = LockName::default_entry();
            wanted.push(WantedLock { name, requirement: Some((None, target.version.clone())) });
        }
        Ok(Self { file: lock_file(raw, &target.catalog)?, target, wanted })
    }
}

/// The lock file that a pull goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPull {
    /// Its path in the workspace.
    pub file: ConfigPath,
    /// The requirement that is asked for, if one is.
    pub asked: Option<VersionRequest>,
}

impl LockedPull {
    /// Reads the options; none where a pull goes by no lock file.
    pub(super) fn new(raw: &RawOptions, target: &Target) -> Result<Option<Self>, OptionError> {
        if !raw.flag(&LOCKED)? {
            // To name a file and not go by it would be a pull of anything.
            return match raw.text(&LOCK_FILE).filter(|_| raw.variable(&LOCK_FILE).is_none()) {
                Some(_) => Err(OptionError::new(&LOCK_FILE, OptionProblem::Needs { other: &LOCKED, why: "" })),
                None => Ok(None),
            };
        }
        let is_asked = raw.text(&VERSION).is_some() || matches!(target.version, VersionRequest::Channel(_));
        let asked = is_asked.then(|| target.version.clone());
        Ok(Some(Self { file: lock_file(raw, &target.catalog)?, asked }))
    }
}

/// The path that the option says, else that beside the catalog.
fn lock_file(raw: &RawOptions, catalog: &ConfigPath) -> Result<ConfigPath, OptionError> {
    if let Some(path) = raw.path(&LOCK_FILE)? {
        return Ok(path);
    }
    let beside = catalog.folders().chain([FILE_NAME]).collect::<Vec<_>>().join("/");
    ConfigPath::new(&beside).map_err(|error| OptionError::new(&LOCK_FILE, OptionProblem::NotAPath(error)))
}
