//! The words for config files that cannot be read as what they are, or hold what cannot be delivered.

use super::speaker::Speaker;
use super::{Message, some_of};
use crate::config::{ParseProblem, UnreadFile};

/// One message for several files.
pub(super) fn unread(files: &[UnreadFile], are_stored: bool, speaker: impl Speaker) -> Message {
    match files {
        [] => Message::new("Config file", "A config file cannot be read."),
        [file, others @ ..] => {
            let mut message = unread_one(file, are_stored, speaker);
            if !others.is_empty() {
                let others: Vec<_> = others.iter().map(|file| in_brackets(file, speaker)).collect();
                message.what.push_str(&format!(" Nor can these: {}.", some_of(&others)));
            }
            message
        }
    }
}

/// The message for a file that cannot be read.
pub(super) fn unread_one(file: &UnreadFile, is_stored: bool, speaker: impl Speaker) -> Message {
    let UnreadFile { in_workspace, error, looks_like, .. } = file;
    let why = speaker.clause(error);
    let shown = speaker.path(in_workspace.as_str());
    let what = match error.problem {
        ParseProblem::NulInValue { .. } => format!("The config file {shown} cannot be delivered ({why})."),
        ParseProblem::SameOutput { by_separator, .. } => {
            let separator = if by_separator {
                speaker.say(
                    ", or join the parts of nested keys by another `separator`, such as `__`, here and in the pull",
                )
            } else {
                String::new()
            };
            format!("The config file {shown} cannot be delivered ({why}). Rename one of them in the file{separator}.")
        }
        _ => format!("The config file {shown} cannot be read ({why})."),
    };
    let likeness = looks_like.map(|likeness| format!(" It looks like {likeness}.")).unwrap_or_default();
    let message = Message::new("Config file", what + &likeness);
    if is_stored { message } else { message.leaving("Nothing was sent.").at(in_workspace, error.line) }
}

/// A file that cannot be read, and why in brackets.
pub(super) fn in_brackets(file: &UnreadFile, speaker: impl Speaker) -> String {
    format!("{} ({})", speaker.path(file.in_workspace.as_str()), speaker.clause(&file.error))
}
