//! Commands that need nothing but the program itself, and for which no flag of all commands has a meaning.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::contradiction::Contradiction;
use crate::option::{NO_COLOR, OPTIONS, OptionSpec};

/// Refuses the flags of all commands that were typed.
///
/// # Errors
/// The first such flag.
pub(super) fn refuse_flags(command: &str, matches: &ArgMatches) -> Result<(), Contradiction> {
    let is_typed = |option: &&&OptionSpec| {
        let flag = option.flag_name();
        matches.try_contains_id(flag).is_ok() && matches.value_source(flag) == Some(ValueSource::CommandLine)
    };
    // That one is read before there is a command.
    match OPTIONS.iter().filter(|option| ***option != NO_COLOR).find(is_typed) {
        Some(option) => Err(Contradiction::idle(option, &format!("`cstore {command}`"))),
        None => Ok(()),
    }
}
