use super::bucket::check_reference;
use super::push::semver_keys;
use super::{DiffRequest, RunInfo, Target};
use crate::config::SemverKeys;
use crate::name::Reference;
use crate::option::{Command, OptionError, OptionProblem, RawOptions, SAME_KEYS, VERSION};

/// What to verify.
#[derive(Debug)]
pub struct VerifyRequest {
    /// The version, or the head, whose objects are looked at; none where only keys are compared.
    pub target: Option<Target>,
    /// Whether its keys, if it is a full release, are looked at beside those of the versions that its number ties it to.
    pub checks_promises: bool,
    /// Two sides that are to have the same keys.
    pub same_keys: Option<DiffRequest>,
}

impl VerifyRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Verify)?;
        let same_keys = same_keys(raw, run)?;
        let target = match &same_keys {
            Some(_) if raw.text(&VERSION).is_none() => None,
            _ => Some(Target::new(raw, run)?),
        };
        let checks_promises = semver_keys(raw)? == SemverKeys::Require;
        Ok(Self { target, checks_promises, same_keys })
    }
}

fn same_keys(raw: &RawOptions, run: &RunInfo) -> Result<Option<DiffRequest>, OptionError> {
    let lines: Vec<_> = raw.lines(&SAME_KEYS).collect();
    let references = match lines.as_slice() {
        [] => return Ok(None),
        [one, other] => [one, other],
        _ => return Err(OptionError::new(&SAME_KEYS, OptionProblem::NotA("pair of references"))),
    };
    let [from, to] = references.map(|text| {
        let reference = Reference::new(text).map_err(|error| OptionError::unusable(&SAME_KEYS, error))?;
        check_reference(&SAME_KEYS, &reference).map(|()| reference)
    });
    Ok(Some(DiffRequest {
        target: Target::of_all_versions(raw, run)?,
        from: from?,
        to: to?,
        by_key: true,
        with_values: false,
        wants_parity: true,
        fails_on_difference: false,
    }))
}
