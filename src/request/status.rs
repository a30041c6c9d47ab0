use super::push::kms_key;
use super::{KmsKeys, RunInfo, Target};
use crate::name::VersionRequest;
use crate::option::{Command, OptionError, RawOptions, VERSION};

/// What of the bucket local files are compared with.
#[derive(Debug)]
pub struct StatusRequest {
    /// Where it is.
    pub target: Target,
    /// Whether the head is asked for, and not just no version.
    pub names_head: bool,
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
        let target = Target::new(raw, run)?;
        let names_head = raw.text(&VERSION).is_some() && target.version == VersionRequest::Head;
        Ok(Self { target, names_head, kms_keys: KmsKeys { asked: kms_key(raw)?, default: None } })
    }
}
