//! What a pull says of the files that it writes.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::time::Instant;

use super::annotation::{Annotation, Level};
use super::log::Log;
use super::note::list;
use crate::checkout::{self, TakenAlong};
use crate::command::{Note, PassedOver, Pulled, PulledFile, Restore};
use crate::name::ConfigPath;
use crate::workspace::Workspace;

/// With more files than this, the log folds their names up.
const SHOWN: usize = 20;

/// Names each file in the log, one a line, a file that is there already under another word.
pub(super) fn say<W: Write>(log: &Log<W>, words: &str, paths: &[String]) {
    if paths.len() <= SHOWN {
        paths.iter().for_each(|path| log.line(&format!("{words} {path}")));
        return;
    }
    log.command(&format!("::group::{words} {} files", paths.len()));
    paths.iter().for_each(|path| log.line(path));
    log.command("::endgroup::");
}

/// Those of the files to restore that stand at their places as they are.
pub(super) fn standing(workspace: &Workspace, pulled: &Pulled) -> HashSet<String> {
    let stands = |file: &&PulledFile| stands(workspace, &file.destination.path, file.content.expose());
    pulled.files.iter().filter(stands).map(|file| file.destination.path.to_string()).collect()
}

fn stands(workspace: &Workspace, path: &ConfigPath, content: &[u8]) -> bool {
    workspace.read(path, content.len() as u64).is_ok_and(|standing| standing.expose() == content)
}

/// What git or a build of the checkout would take along of the files that are about to be written, as far as that can be found out
/// in time.
pub(super) fn taken_along(
    workspace: &Workspace,
    pulled: &Pulled,
    restore: Restore<'_>,
    until: Option<Instant>,
) -> TakenAlong {
    let restored = pulled.files.iter().filter(|_| restore.files);
    let mut contents: BTreeMap<_, _> =
        restored.map(|file| (file.destination.path.clone(), file.content.expose().as_ref())).collect();
    let formatted = restore.formatted.zip(pulled.formatted.as_ref());
    contents.extend(formatted.map(|(path, formatted)| (path.clone(), formatted.text.expose().as_bytes())));
    let mut taken = checkout::taken_along(workspace, contents.keys(), until);
    // The mode of a file may change, which git does not mind.
    taken.tracked.retain(|path| !contents.get(path).is_some_and(|content| stands(workspace, path, content)));
    taken
}

/// Warns of files that were taken along, with the values in them, as far as they are written.
pub(super) fn about_taken_along(mut taken: TakenAlong, pulled: &Pulled, written: &[String]) -> Vec<Annotation> {
    let written: HashSet<_> = written.iter().map(String::as_str).collect();
    taken.tracked.retain(|path| written.contains(path.as_str()));
    taken.unignored.retain(|path| written.contains(path.as_str()));
    taken.copied.retain(|(path, _)| written.contains(path.as_str()));
    let mut annotations = Vec::new();
    let mut warn = |title: &str, files: &[&ConfigPath], message: String| {
        annotations.push(Annotation::new(Level::Warning, title, message + &elsewhere(pulled, files)));
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
    annotations
}

/// How files come to be written elsewhere, as the end of a sentence: a file that a line of `files` names is restored at
/// its own path, whatever the catalog says, and the formatted file where an input says.
fn elsewhere(pulled: &Pulled, files: &[&ConfigPath]) -> String {
    let restored: Vec<_> =
        pulled.files.iter().map(|file| &file.destination).filter(|place| files.contains(&&place.path)).collect();
    let is_formatted = |file: &&&ConfigPath| !restored.iter().any(|place| place.path == ***file);
    let by_catalog = match (restored.is_empty(), restored.iter().any(|place| place.is_named)) {
        (true, _) => None,
        (false, false) => Some("by `alternatePath` in the catalog"),
        (false, true) => Some(
            "by `alternatePath` in the catalog and a pattern in `files` that matches them (a file that a line of `files` \
             names by its path is always written there)",
        ),
    };
    let by_input = files.iter().find(is_formatted).map(|_| "by another `format-file`");
    let ways: Vec<_> = by_catalog.into_iter().chain(by_input).collect();
    format!(", or have them written elsewhere, {}.", ways.join(" and "))
}

/// The files whose alternate paths do not count, if there are such.
pub(super) fn passed_over(pulled: &Pulled) -> Option<Note> {
    let alternate = pulled.files.iter().filter_map(|file| {
        let alternate = file.destination.passed_over.as_ref()?;
        let (path, destination) = (file.path.clone(), file.destination.path.clone());
        Some(PassedOver { path, destination, alternate: alternate.clone() })
    });
    let alternate: Vec<_> = alternate.collect();
    (!alternate.is_empty()).then_some(Note::AlternatePaths(alternate))
}
