use super::{RunInfo, Target};
use crate::option::{Command, LIST, ListKind, OptionError, RawOptions};

/// What to name.
#[derive(Debug)]
pub struct ListRequest {
    /// From where.
    pub target: Target,
    /// Of what kind.
    pub kind: ListKind,
}

impl ListRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::List)?;
        let kind = raw.choice(&LIST, &ListKind::ALL)?.unwrap_or(ListKind::Files);
        let target = if kind.is_of_version() { Target::new(raw, run)? } else { Target::of_all_versions(raw, run)? };
        Ok(Self { target, kind })
    }
}
