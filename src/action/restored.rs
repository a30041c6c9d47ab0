//! What a pull finds out of the files that it writes, and their names in the log.

use std::collections::HashSet;
use std::io::Write;
use std::time::Instant;

use super::log::Log;
use crate::checkout::{self, TakenAlong};
use crate::command::{Note, PassedOver, Pulled, PulledFile, Restore};
use crate::name::ConfigPath;
use crate::ordered::Ordered as _;
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

/// What git or a build of the checkout would take along of the files that are about to be written, as far as that can
/// be found out in time.
pub(super) fn taken_along(
    workspace: &Workspace,
    pulled: &Pulled,
    restore: Restore<'_>,
    until: Option<Instant>,
) -> TakenAlong {
    let restored = pulled.files.iter().filter(|_| restore.files);
    let mut contents =
        restored.map(|file| (file.destination.path.clone(), file.content.expose().as_ref())).ordered_map();
    let formatted = restore.formatted.zip(pulled.formatted.as_ref());
    contents.extend(formatted.map(|(path, formatted)| (path.clone(), formatted.text.expose().as_bytes())));
    let mut taken = checkout::taken_along(workspace, contents.keys(), until);
    // The mode of a file may change, which git does not mind.
    taken.tracked.retain(|path| !contents.get(path).is_some_and(|content| stands(workspace, path, content)));
    taken
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
