use super::Target;
use crate::name::ConfigPath;
use crate::option::{OptionError, OptionProblem, RawOptions, SAME_KEYS};

/// What to look at of the files that lie here, for which no bucket is asked.
#[derive(Debug)]
pub struct FilesRequest {
    /// Which files, and what they are to hold. Its version says nothing.
    pub target: Target,
    /// Two files or folders, relative to the catalog, that are to have the same keys.
    pub same_keys: Option<[ConfigPath; 2]>,
}

/// The two lines of the option that names what is to have the same keys.
pub(super) fn sides(raw: &RawOptions) -> Result<Option<[&str; 2]>, OptionError> {
    match raw.lines(&SAME_KEYS).collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [one, other] => Ok(Some([*one, *other])),
        _ => Err(OptionError::new(&SAME_KEYS, OptionProblem::NotA("pair of references"))),
    }
}

/// Two files or folders that lie here; none where one of them is something else.
pub(super) fn sides_here(sides: [&str; 2]) -> Result<Option<[ConfigPath; 2]>, OptionError> {
    let [Some(one), Some(other)] = sides.map(|side| side.strip_prefix("./")) else { return Ok(None) };
    let path = |text: &str| {
        ConfigPath::new(text.trim_end_matches('/')).map_err(|error| OptionError::unusable(&SAME_KEYS, error))
    };
    Ok(Some([path(one)?, path(other)?]))
}
