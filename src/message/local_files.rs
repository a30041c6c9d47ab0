//! The words for files of the workspace that cannot be read or written, or may not be.

use super::speaker::Speaker;
use super::{Message, ended, remedy, some_of};
use crate::error::UnnamedFile;
use crate::name::ConfigPath;
use crate::store::MAX_FILE_BYTES;
use crate::workspace::{WorkspaceError, WorkspaceErrorKind};

/// That files are not written, as nobody has named them.
pub(super) fn not_named(files: &[UnnamedFile], speaker: impl Speaker) -> Message {
    let what = match files {
        [file] => unnamed(file, speaker),
        files => {
            let clause = |file: &UnnamedFile| {
                format!("{} ({})", speaker.path(file.destination.as_str()), why_unnamed(file, speaker))
            };
            let clauses: Vec<_> = files.iter().map(clause).collect();
            let line = speaker.pick("a line of `files` names each", "each is named");
            format!("These files are written only when {line}: {}.", some_of(&clauses))
        }
    };
    Message::new("File not named", what).leaving("Nothing was written.")
}

/// That files are not written, as they would replace others. Each is its path in the bucket and in the workspace.
pub(super) fn would_replace(files: &[(ConfigPath, ConfigPath)], speaker: impl Speaker) -> Message {
    let destinations: Vec<_> = files.iter().map(|(_, destination)| speaker.path(destination.as_str())).collect();
    let what = format!(
        "{} has files with other content at paths that neither {} nor the catalog names: {}.",
        speaker.pick("The workspace", "The folder"),
        speaker.pick("`files`", "you"),
        some_of(&destinations)
    );
    Message::new("Would replace a file", what).leaving("Nothing was written.")
}

/// That a file is not written as nobody has named it.
fn unnamed(UnnamedFile { path, destination, name, why }: &UnnamedFile, speaker: impl Speaker) -> String {
    let why = speaker.clause(why);
    let what = if path == destination {
        String::new()
    } else {
        format!(", which {} would be restored at,", speaker.path(path.as_str()))
    };
    let destination = speaker.path(destination.as_str());
    let rule = match name {
        None => {
            let line = speaker.pick("a line of `files` names it", "it is named");
            format!("is written only when {line}, because {why}.")
        }
        Some(folder) if folder.ends_with('/') => {
            format!("is not written: files in `{folder}` have to be named one by one, because {why}.")
        }
        Some(name) => {
            format!("is not written: files such as `{name}` have to be named one by one, because {why}.")
        }
    };
    format!("{destination}{what} {rule}")
}

/// Why a file has to be named, among several: what it is called, or what it is.
fn why_unnamed(UnnamedFile { path, destination, name, why }: &UnnamedFile, speaker: impl Speaker) -> String {
    let why = speaker.clause(why);
    let from = if path == destination { String::new() } else { format!("{}; ", speaker.path(path.as_str())) };
    match name {
        None => format!("{from}{why}"),
        Some(folder) if folder.ends_with('/') => format!("{from}in `{folder}`: {why}"),
        Some(name) => format!("{from}such as `{name}`: {why}"),
    }
}

/// What is wrong with a path of the workspace, without what to do about it.
pub(super) fn condition(error: &WorkspaceError, speaker: impl Speaker) -> Message {
    let untouched = if error.kind() == WorkspaceErrorKind::Path { "Nothing was changed." } else { "" };
    let title = match error {
        WorkspaceError::TooLarge { limit, .. } if *limit == MAX_FILE_BYTES => "Object too large",
        _ => "File",
    };
    Message::new(title, ended(&about_file(error, speaker), speaker)).leaving(untouched)
}

/// The message for a path of the workspace that cannot be read or written.
pub(crate) fn message_about_file(error: &WorkspaceError, speaker: impl Speaker) -> Message {
    Message { next: remedy::words(&error.remedy(), speaker), ..condition(error, speaker) }
}

/// What is wrong with a path of the workspace, as a clause.
pub(crate) fn about_file(error: &WorkspaceError, speaker: impl Speaker) -> String {
    speaker.clause(&error.words(|path| speaker.path(path)))
}
