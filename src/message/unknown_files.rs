//! The words for files that were named and are nowhere.

use super::speaker::{Speaker, in_shell};
use super::{Message, some_of};
use crate::catalog::Glob;
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

/// They are to be pushed, and are not here.
pub(super) fn not_here<S: Speaker>(UnknownFiles { files }: &UnknownFiles, are_listed: bool, speaker: S) -> Message {
    if S::FRONT_END == FrontEnd::Action {
        let lines: Vec<_> = files.iter().map(|file| &file.line).collect();
        let what = "Files that the input `files` or the catalog names are not in the workspace";
        return Message::new(TITLE, format!("{what}: {}.", some_of(&lines)));
    }
    let listed_there = if are_listed { ", which the catalog lists," } else { "" };
    let meant = |file: &UnknownFile| if are_listed { String::new() } else { did_you_mean(file, speaker) };
    let what = match files.as_slice() {
        [file] if file.is_folder => format!("{} is a folder.", speaker.line(&file.line)),
        [file] if Glob::is_glob(&file.line) => {
            format!("No file here matches {}.{}", in_shell(&speaker.line(&file.line)), meant(file))
        }
        [file] => {
            let did_you_mean = meant(file);
            format!("{}{listed_there} is not there.{did_you_mean}", speaker.line(&file.line))
        }
        files if are_listed => {
            let lines: Vec<_> = files.iter().map(|file| speaker.line(&file.line)).collect();
            format!("These files{listed_there} are not there: {}.", some_of(&lines))
        }
        files => format!("There are no such files here: {}.", listed(files, speaker)),
    };
    Message::new(TITLE, what).leaving("Nothing was sent.")
}

/// A version, or the head, does not have them.
pub(super) fn not_stored<S: Speaker>(
    UnknownFiles { files }: &UnknownFiles,
    context: &Context,
    version: Option<&VersionName>,
    are_listed: bool,
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
            [file] if are_listed => {
                format!("{place} of {context} has no file {}, which the catalog lists.", speaker.line(&file.line))
            }
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
