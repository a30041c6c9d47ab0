use super::bucket::check_reference;
use super::checks::asked_for;
use super::files::{sides, sides_here};
use super::push::semver_keys;
use super::{DiffRequest, FilesRequest, RunInfo, Target};
use crate::config::SemverKeys;
use crate::name::Reference;
use crate::option::{Command, OptionError, RawOptions, SAME_KEYS, VERSION};

/// The version that stands for the files that lie here.
const HERE: &str = ".";

/// What to verify.
#[derive(Debug)]
pub struct VerifyRequest {
    /// The version, or the head, whose objects are looked at; none where that is not asked for.
    pub target: Option<Target>,
    /// Whether its keys, if it is a full release, are looked at beside those of the versions that its number ties it
    /// to.
    pub checks_promises: bool,
    /// Two sides that are to have the same keys.
    pub same_keys: Option<DiffRequest>,
    /// The files that lie here, where they are to be looked at.
    pub files: Option<FilesRequest>,
}

/// Why a check of values is of no use.
#[derive(Debug, thiserror::Error)]
#[error("what is stored is not checked by it, and with `version: .` the files of the workspace are")]
struct OfWhatIsStored;

impl VerifyRequest {
    /// Reads the options.
    ///
    /// # Errors
    /// The first option that is malformed, or that another command takes.
    pub fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        raw.refuse_other_commands(Command::Verify)?;
        let version = raw.text(&VERSION).map(str::trim);
        let sides = sides(raw)?;
        let same_keys_here = sides.map(sides_here).transpose()?.flatten();
        let same_keys = match sides {
            Some(sides) if same_keys_here.is_none() => Some(stored_sides(raw, run, sides)?),
            _ => None,
        };
        let files = if version == Some(HERE) || same_keys_here.is_some() {
            Some(FilesRequest { target: Target::of_all_versions(raw, run)?, same_keys: same_keys_here })
        } else {
            None
        };
        if let (None, Some(check)) = (&files, asked_for(raw)) {
            return Err(OptionError::unusable(check, OfWhatIsStored));
        }
        let is_stored = version.map_or(same_keys.is_none() && files.is_none(), |version| version != HERE);
        let target = if is_stored { Some(Target::new(raw, run)?) } else { None };
        let checks_promises = semver_keys(raw)? == SemverKeys::Require;
        Ok(Self { target, checks_promises, same_keys, files })
    }

    /// Whether nobody is asked for anything.
    #[must_use]
    pub const fn sends_nothing(&self) -> bool {
        self.target.is_none() && self.same_keys.is_none()
    }
}

/// Two sides of which at least one is not a path here.
pub(super) fn stored_references(sides: [&str; 2]) -> Result<[Reference; 2], OptionError> {
    let [from, to] = sides.map(|text| {
        let reference = Reference::new(text).map_err(|error| OptionError::unusable(&SAME_KEYS, error))?;
        check_reference(&SAME_KEYS, &reference).map(|()| reference)
    });
    Ok([from?, to?])
}

fn stored_sides(raw: &RawOptions, run: &RunInfo, sides: [&str; 2]) -> Result<DiffRequest, OptionError> {
    let [from, to] = stored_references(sides)?;
    Ok(DiffRequest {
        target: Target::of_all_versions(raw, run)?,
        from,
        or_newest: false,
        to,
        by_key: true,
        with_values: false,
        wants_parity: true,
        fails_on_difference: false,
        checks_files: false,
        same_keys: None,
    })
}
