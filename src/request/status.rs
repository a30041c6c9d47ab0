use super::{RunInfo, Target};
use crate::option::{Command, OptionError, RawOptions};

/// What of the bucket local files are compared with.
#[derive(Debug)]
pub struct StatusRequest {
    /// Where it is.
    pub target: Target,
}

impl StatusRequest {
    /// Reads the options of `status` and `clean`.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo, command: Command) -> Result<Self, OptionError> {
        raw.refuse_other_commands(command)?;
        Ok(Self { target: Target::new(raw, run)? })
    }
}
