use super::channel::{channel_of, reference as channel_reference};
use super::diff::reference;
use super::files::sides;
use super::promote::{destination, source_reference};
use super::verify::stored_references;
use crate::option::{Command, FROM, OptionError, RawOptions, TO};

/// Reads what a command line itself says of versions, channels and contexts, as the command's request does it later.
/// Somebody who has typed it wrong is to hear that first, whatever else is missing.
///
/// # Errors
/// The first that cannot be what it is to be.
pub(crate) fn check_references(command: Command, raw: &RawOptions) -> Result<(), OptionError> {
    match command {
        Command::Diff => [&FROM, &TO].into_iter().try_for_each(|option| reference(raw, option).map(drop)),
        Command::Verify => match sides(raw)? {
            // What begins with a dot is a path from where one stands: the catalog's place tells which file it means.
            Some(sides) if !sides.iter().any(|side| side.starts_with('.')) => stored_references(sides).map(drop),
            _ => Ok(()),
        },
        Command::Promote => {
            let channel = raw.text(&TO).map(|text| channel_reference(text, &TO)).transpose()?.flatten();
            match channel {
                // With `--force` it may point at nothing.
                Some(_) if raw.text(&FROM).is_none() => Ok(()),
                Some(_) => source_reference(raw).map(drop),
                None => source_reference(raw).and_then(|_| destination(raw)).map(drop),
            }
        }
        Command::Push | Command::Rollback => channel_of(raw).map(drop),
        _ => Ok(()),
    }
}
