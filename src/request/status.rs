use super::push::kms_key;
use super::{KmsKeys, RunInfo, Target};
use crate::option::{Command, OptionError, RawOptions};

/// What of the bucket local files are compared with.
#[derive(Debug)]
pub struct StatusRequest {
    /// Where it is.
    pub target: Target,
    /// The KMS keys that a push would be asked to encrypt with.
    pub kms_keys: KmsKeys,
}

impl StatusRequest {
    /// Reads the options of `status` and `clean`.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo, command: Command) -> Result<Self, OptionError> {
        raw.refuse_other_commands(command)?;
        Ok(Self { target: Target::new(raw, run)?, kms_keys: KmsKeys { asked: kms_key(raw)?, default: None } })
    }
}
