use crate::excerpt::excerpt;
use crate::name::is_variable_name;
use crate::option::{OptionError, OptionSpec, RawOptions};

/// Why a line cannot be a variable's name.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a variable name; write one name per line, no patterns")]
struct NotAName(String);

/// The names of variables in a list.
///
/// # Errors
/// A line that is none.
pub(crate) fn variable_names(raw: &RawOptions, option: &'static OptionSpec) -> Result<Vec<String>, OptionError> {
    let names = raw.lines(option).map(|line| match is_variable_name(line) {
        true => Ok(line.to_owned()),
        false => Err(OptionError::unusable(option, NotAName(excerpt(line)))),
    });
    names.collect()
}
