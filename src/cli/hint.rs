//! What git would take along of the files that a pull writes, or that a push stores.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::deliver::DeliveredFile;
use super::session::Session;
use crate::checkout;
use crate::command::Pulled;
use crate::message::list;
use crate::name::ConfigPath;
use crate::workspace::Workspace;

/// How long a push takes to find out what git ignores.
const PATIENCE: Duration = Duration::from_secs(1);

/// Files, relative to the catalog's folder, and what would become of them.
pub(super) struct Hint {
    files: Vec<ConfigPath>,
    text: &'static str,
    next: &'static str,
}

impl Hint {
    /// What is to be said, as far as these files were written.
    pub(super) fn of(&self, written: &[&DeliveredFile], session: &Session) -> Option<String> {
        let written: Vec<_> = written.iter().map(|file| &file.place).collect();
        self.about(&written, session)
    }

    fn about(&self, written: &[&ConfigPath], session: &Session) -> Option<String> {
        let is_written = |file: &&ConfigPath| written.contains(file);
        let files: Vec<_> = self.files.iter().filter(is_written).map(|file| session.shown(file.as_str())).collect();
        (!files.is_empty()).then(|| format!("{}: {}. {}", self.text, list(&files), self.next))
    }
}

/// Finds out which of the files to be written git tracks already, or would add.
pub(super) fn hint_of_git(session: &Session, pulled: &Pulled) -> Vec<Hint> {
    let taken = taken_by_git(session, pulled.files.iter().map(|file| &file.destination.path), None);
    vec![
        Hint {
            files: taken.tracked,
            text: "Git tracks these files, so a commit would hold their values",
            next: "If they hold secrets, remove them from the repository: git rm --cached FILE",
        },
        unignored(taken.unignored),
    ]
}

/// What is to be said where git would add files that are stored. Those that it tracks are there on purpose.
pub(super) fn hint_of_unignored(session: &Session, files: &[&ConfigPath]) -> Option<String> {
    unignored(files_to_ignore(session, files.iter().copied())).about(files, session)
}

/// Files that git neither tracks nor ignores, of these in the catalog's folder.
pub(super) fn files_to_ignore<'f>(session: &Session, files: impl Iterator<Item = &'f ConfigPath>) -> Vec<ConfigPath> {
    taken_by_git(session, files, Some(Instant::now() + PATIENCE)).unignored
}

fn unignored(files: Vec<ConfigPath>) -> Hint {
    Hint {
        files,
        text: "Git does not ignore these files, so `git add` would take their values",
        next: "Add them to .gitignore, or commit them if they hold no secret.",
    }
}

/// What git would take along of files in the catalog's folder.
struct Taken {
    tracked: Vec<ConfigPath>,
    unignored: Vec<ConfigPath>,
}

fn taken_by_git<'f>(session: &Session, files: impl Iterator<Item = &'f ConfigPath>, until: Option<Instant>) -> Taken {
    let folder = session.place.folder.canonicalize().unwrap_or_else(|_| session.place.folder.clone());
    let Some((workspace, prefix)) = repository(&folder) else {
        return Taken { tracked: Vec::new(), unignored: Vec::new() };
    };
    let places: Vec<_> = files.filter_map(|file| file.below(&prefix).ok()).collect();
    let taken = checkout::taken_along(&workspace, &places, until);
    let own = |files: Vec<ConfigPath>| -> Vec<ConfigPath> {
        let own = |file: &ConfigPath| {
            let inside = file.as_str().strip_prefix(prefix.as_str())?;
            ConfigPath::new(inside.trim_start_matches('/')).ok()
        };
        files.iter().filter_map(own).collect()
    };
    Taken { tracked: own(taken.tracked), unignored: own(taken.unignored) }
}

/// The repository that a folder lies in, and the folder's path in it.
fn repository(folder: &Path) -> Option<(Workspace, String)> {
    let root: PathBuf = folder.ancestors().find(|path| path.join(".git").exists())?.to_owned();
    let prefix = folder.strip_prefix(&root).ok()?.to_str()?.to_owned();
    Some((Workspace::open(&root).ok()?, prefix))
}
