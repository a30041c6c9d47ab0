use super::RunInfo;
use crate::option::{MESSAGE, OptionError, OptionProblem, RawOptions};
use crate::store::{message_of, odd_character};

/// The option, else what the run has in its place.
pub(super) fn message(raw: &RawOptions, run: &RunInfo) -> Result<Option<String>, OptionError> {
    let Some(text) = raw.text(&MESSAGE) else { return Ok(run.push.message.clone()) };
    let unusable = || match odd_character(&text.replace("\r\n", "\n")) {
        Some(character) => OptionError::unusable(&MESSAGE, OddCharacter(character)),
        None => OptionError::new(&MESSAGE, OptionProblem::NotA("message")),
    };
    message_of(text).map(Some).ok_or_else(unusable)
}

#[derive(Debug, thiserror::Error)]
#[error("it has the character U+{:04X}, which is invisible or changes how text is shown", u32::from(*.0))]
struct OddCharacter(char);
