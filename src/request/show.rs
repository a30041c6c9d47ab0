use super::{RunInfo, Target};
use crate::option::{Command, OptionError, RawOptions, WITH_KEYS};

/// Which version to tell of.
#[derive(Debug)]
pub struct ShowRequest {
    /// The version, or the head.
    pub target: Target,
    /// Whether the keys that it changed are wanted.
    pub with_keys: bool,
}

impl ShowRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Show)?;
        Ok(Self { target: Target::new(raw, run)?, with_keys: raw.flag(&WITH_KEYS)? })
    }
}
