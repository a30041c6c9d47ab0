//! What git would take along of the files that a pull writes.

use std::path::{Path, PathBuf};

use super::deliver::DeliveredFile;
use super::session::Session;
use crate::checkout;
use crate::command::Pulled;
use crate::message::list;
use crate::name::ConfigPath;
use crate::workspace::Workspace;

/// Files, relative to the catalog's folder, and what would become of them.
pub(super) struct Hint {
    files: Vec<ConfigPath>,
    text: &'static str,
    next: &'static str,
}

impl Hint {
    /// What is to be said, as far as these files were written.
    pub(super) fn of(&self, written: &[&DeliveredFile], session: &Session) -> Option<String> {
        let is_written = |file: &&ConfigPath| written.iter().any(|written| written.place == **file);
        let files: Vec<_> = self.files.iter().filter(is_written).map(|file| session.shown(file.as_str())).collect();
        (!files.is_empty()).then(|| format!("{}: {}. {}", self.text, list(&files), self.next))
    }
}

/// Finds out which of the files to be written git tracks already, or would add.
pub(super) fn hint_of_git(session: &Session, pulled: &Pulled) -> Vec<Hint> {
    let folder = session.place.folder.canonicalize().unwrap_or_else(|_| session.place.folder.clone());
    let Some((workspace, prefix)) = repository(&folder) else { return Vec::new() };
    let places = pulled.files.iter().filter_map(|file| file.destination.path.below(&prefix).ok());
    let places: Vec<_> = places.collect();
    let taken = checkout::taken_along(&workspace, &places, None);
    let own = |files: Vec<ConfigPath>| -> Vec<ConfigPath> {
        let own = |file: &ConfigPath| {
            let inside = file.as_str().strip_prefix(prefix.as_str())?;
            ConfigPath::new(inside.trim_start_matches('/')).ok()
        };
        files.iter().filter_map(own).collect()
    };
    vec![
        Hint {
            files: own(taken.tracked),
            text: "Git tracks these files, so a commit would hold their values",
            next: "Remove them from the repository: git rm --cached FILE",
        },
        Hint {
            files: own(taken.unignored),
            text: "Git does not ignore these files, so `git add` would take their values",
            next: "Add them to .gitignore.",
        },
    ]
}

/// The repository that a folder lies in, and the folder's path in it.
fn repository(folder: &Path) -> Option<(Workspace, String)> {
    let root: PathBuf = folder.ancestors().find(|path| path.join(".git").exists())?.to_owned();
    let prefix = folder.strip_prefix(&root).ok()?.to_str()?.to_owned();
    Some((Workspace::open(&root).ok()?, prefix))
}
