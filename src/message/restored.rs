//! The words for restored files that git or a build would take along.

use std::collections::HashSet;

use super::list;
use super::notice::{Level, Notice};
use super::speaker::{Speaker, sentence};
use crate::checkout::TakenAlong;
use crate::command::Pulled;
use crate::name::ConfigPath;

/// Warns of files that were taken along, with the values in them, as far as they are written.
#[must_use]
pub fn about_taken_along(
    mut taken: TakenAlong,
    pulled: &Pulled,
    written: &[String],
    speaker: impl Speaker,
) -> Vec<Notice> {
    let written: HashSet<_> = written.iter().map(String::as_str).collect();
    taken.tracked.retain(|path| written.contains(path.as_str()));
    taken.unignored.retain(|path| written.contains(path.as_str()));
    taken.copied.retain(|(path, _)| written.contains(path.as_str()));
    let mut notices = Vec::new();
    let mut warn = |title: &str, files: &[&ConfigPath], message: String| {
        notices.push(Notice::new(Level::Warning, title, message + &elsewhere(pulled, files, speaker)));
    };
    if !taken.tracked.is_empty() {
        warn(
            "Tracked files",
            &taken.tracked.iter().collect::<Vec<_>>(),
            format!(
                "This pull replaces files that git tracks, so a later commit would hold their values: {}. Remove them \
                 from the repository (`git rm --cached`)",
                list(&taken.tracked)
            ),
        );
    }
    if !taken.unignored.is_empty() {
        warn(
            "Files not ignored",
            &taken.unignored.iter().collect::<Vec<_>>(),
            format!(
                "Git does not ignore these restored files, so a later `git add` would take them: {}. Add them to \
                 .gitignore",
                list(&taken.unignored)
            ),
        );
    }
    if !taken.copied.is_empty() {
        let copied: Vec<_> = taken.copied.iter().map(|(file, by)| format!("{file} (by {by})")).collect();
        warn(
            "Files in a build",
            &taken.copied.iter().map(|(file, _)| file).collect::<Vec<_>>(),
            format!(
                "A Dockerfile copies these restored files, so the values would be in the image: {}. Add them to its \
                 .dockerignore",
                list(&copied)
            ),
        );
    }
    notices
}

/// How files come to be written elsewhere, as the end of a sentence: a file that a line of `files` names is restored at
/// its own path, whatever the catalog says, and the formatted file where an input says.
fn elsewhere(pulled: &Pulled, files: &[&ConfigPath], speaker: impl Speaker) -> String {
    let restored: Vec<_> =
        pulled.files.iter().map(|file| &file.destination).filter(|place| files.contains(&&place.path)).collect();
    let is_formatted = |file: &&&ConfigPath| !restored.iter().any(|place| place.path == ***file);
    let by_catalog = match (restored.is_empty(), restored.iter().any(|place| place.is_named)) {
        (true, _) => None,
        (false, false) => Some("by `alternatePath` in the catalog"),
        (false, true) => Some(sentence!(
            speaker,
            "by `alternatePath` in the catalog and a pattern " ["in `files` " | ""] "that matches them (a file that "
            ["a line of `files` names by its path" | "is named by its path"] " is always written there)"
        )),
    };
    let by_input = files.iter().find(is_formatted).map(|_| speaker.pick("by another `format-file`", "to another path"));
    let ways: Vec<_> = by_catalog.into_iter().chain(by_input).collect();
    format!(", or have them written elsewhere, {}.", ways.join(" and "))
}
