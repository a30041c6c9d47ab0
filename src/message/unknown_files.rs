//! The words for files that were named and are nowhere.

use super::speaker::Speaker;
use super::{Message, some_of};
use crate::error::{UnknownFile, UnknownFiles};
use crate::name::{Context, VersionName};
use crate::option::FrontEnd;

const TITLE: &str = "File not found";

/// They are neither here, nor in the catalog, nor in the bucket.
pub(super) fn nowhere(UnknownFiles { files }: &UnknownFiles, speaker: impl Speaker) -> Message {
    let nowhere = "here, in the catalog or in the bucket";
    Message::new(
        TITLE,
        match files.as_slice() {
            [file] => {
                format!("There is no file {} {nowhere}.{}", speaker.line(&file.line), did_you_mean(file, speaker))
            }
            files => format!("There are no such files {nowhere}: {}.", listed(files, speaker)),
        },
    )
}

/// A version, or the head, does not have them.
pub(super) fn not_stored<S: Speaker>(
    UnknownFiles { files }: &UnknownFiles,
    context: &Context,
    version: Option<&VersionName>,
    speaker: S,
) -> Message {
    if S::FRONT_END == FrontEnd::Action {
        let place = version.map_or("the head", VersionName::as_str);
        let lines: Vec<_> = files.iter().map(|file| &file.line).collect();
        let what = "Files that the input `files` or the catalog names are not in";
        return Message::new(TITLE, format!("{what} {place} of {context}: {}.", some_of(&lines)));
    }
    let place = version.map_or_else(|| "The head".to_owned(), |version| format!("Version {version}"));
    Message::new(
        TITLE,
        match files.as_slice() {
            [file] => {
                format!("{place} of {context} has no file {}.{}", speaker.line(&file.line), did_you_mean(file, speaker))
            }
            files => format!("{place} of {context} has none of these files: {}.", listed(files, speaker)),
        },
    )
}

fn did_you_mean(file: &UnknownFile, speaker: impl Speaker) -> String {
    file.meant.as_ref().map(|meant| format!(" Did you mean {}?", speaker.path(meant))).unwrap_or_default()
}

fn listed(files: &[UnknownFile], speaker: impl Speaker) -> String {
    let file = |file: &UnknownFile| {
        let line = speaker.line(&file.line);
        match &file.meant {
            Some(meant) => format!("{line} (did you mean {}?)", speaker.path(meant)),
            None => line,
        }
    };
    some_of(&files.iter().map(file).collect::<Vec<_>>())
}
