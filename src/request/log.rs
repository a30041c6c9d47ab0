use super::{RunInfo, Target};
use crate::option::{Command, KEY, LIMIT, OptionError, OptionProblem, RawOptions};

/// Which part of the history to tell.
#[derive(Debug)]
pub struct LogRequest {
    /// Of what.
    pub target: Target,
    /// Of how many versions; at least one.
    pub limit: usize,
    /// Only of those that changed this config key.
    pub key: Option<String>,
}

impl LogRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Log)?;
        let key = raw.text(&KEY).map(str::trim);
        if key.is_some_and(|key| key.contains('\n')) {
            return Err(OptionError::new(&KEY, OptionProblem::NotA("name of one key")));
        }
        Ok(Self {
            target: Target::of_all_versions(raw, run)?,
            limit: usize::try_from(raw.number(&LIMIT)?).unwrap_or(usize::MAX),
            key: key.map(ToOwned::to_owned),
        })
    }
}
