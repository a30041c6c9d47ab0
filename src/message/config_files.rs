//! The words for config files that cannot be read as what they are, or hold what cannot be delivered.

use super::speaker::Speaker;
use super::{Message, UNDELIVERED, capital, some_of};
use crate::config::{ParseProblem, UnreadFile};
use crate::format::{RefusedFiles, RefusedLine};
use crate::name::ConfigPath;
use crate::option::FrontEnd;

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
pub(super) fn unread_one<S: Speaker>(file: &UnreadFile, is_stored: bool, speaker: S) -> Message {
    let UnreadFile { in_workspace, error, looks_like, .. } = file;
    let why = speaker.clause(error);
    let shown = speaker.path(in_workspace.as_str());
    // At a terminal the file and the line stand before the text already.
    let is_prefixed = S::FRONT_END == FrontEnd::CommandLine && !is_stored;
    let cannot_be = |done: &str| {
        if is_prefixed {
            let column = error.column.map(|column| format!(" (column {column})")).unwrap_or_default();
            format!("{}{column}.", capital(&speaker.clause(&error.problem)))
        } else {
            format!("The config file {shown} cannot be {done} ({why}).")
        }
    };
    let what = match error.problem {
        ParseProblem::NulInValue { .. } => cannot_be("delivered"),
        ParseProblem::SameOutput { by_separator, .. } => {
            let separator = if by_separator {
                speaker.say(
                    ", or join the parts of nested keys by another `separator`, such as `__`, here and in the pull",
                )
            } else {
                String::new()
            };
            format!("{} Rename one of them in the file{separator}.", cannot_be("delivered"))
        }
        _ => cannot_be("read"),
    };
    let likeness = looks_like.map(|likeness| format!(" It looks like {likeness}.")).unwrap_or_default();
    let message = Message::new("Config file", what + &likeness);
    if is_stored { message } else { message.leaving("Nothing was sent.").at(in_workspace, error.line) }
}

/// A file that cannot be read, and why in brackets.
pub(super) fn in_brackets(file: &UnreadFile, speaker: impl Speaker) -> String {
    format!("{} ({})", speaker.path(file.in_workspace.as_str()), speaker.clause(&file.error))
}

/// That files mean something else to ECS.
pub(super) fn not_for_ecs(error: &RefusedFiles, speaker: impl Speaker) -> Message {
    let clause = |RefusedLine { path, line, rule }: &RefusedLine| match (path, line) {
        (Some(path), Some(line)) => format!("{}, line {line}: {rule}", speaker.path(path)),
        (Some(path), None) => format!("{}: {rule}", speaker.path(path)),
        (None, _) => rule.to_string(),
    };
    let refused: Vec<_> = error.refused.iter().map(clause).collect();
    let more = if error.has_more { "; and more" } else { "" };
    Message::new("Format", format!("ECS would not read these files as they are meant: {}{more}.", refused.join("; ")))
}

/// That ECS would load something else than was pulled.
pub(super) fn not_loaded_by_ecs(files: &[(ConfigPath, String)], speaker: impl Speaker) -> Message {
    let files: Vec<_> = files.iter().map(|(path, arn)| format!("{} ({arn})", speaker.path(path.as_str()))).collect();
    let what = format!(
        "ECS loads what lies at the S3 key of a file, and that is not what was pushed, or cannot be read: {}. What was pushed \
         is an earlier S3 version, which ECS cannot be given.",
        some_of(&files)
    );
    Message::new("Content does not match", what).leaving(UNDELIVERED)
}
