use super::RunInfo;
use crate::option::{MESSAGE, OptionError, OptionProblem, RawOptions};
use crate::store::message_of;

/// The option, else what the run has in its place.
pub(super) fn message(raw: &RawOptions, run: &RunInfo) -> Result<Option<String>, OptionError> {
    let Some(text) = raw.text(&MESSAGE) else { return Ok(run.push.message.clone()) };
    let unusable = || OptionError::new(&MESSAGE, OptionProblem::NotA("message"));
    message_of(text).map(Some).ok_or_else(unusable)
}
