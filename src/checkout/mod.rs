//! What git or a build would take along of the files that a pull writes: files that git tracks, files that it does not
//! ignore, and files that a Dockerfile copies into its image.
//!
//! It is found out from what git and Docker read themselves, without their programs, which the action's image does not
//! have. Nothing here fails a pull: whoever can open a pull request has a say in these files, and what cannot be read,
//! or would take too long, says nothing.

mod docker;
mod ignore;
mod index;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use self::ignore::{Effort, Rules};
use crate::name::ConfigPath;
use crate::workspace::Workspace;

/// The largest index that is read, in bytes: that of some 200,000 files.
const MOST_INDEX_BYTES: u64 = 32 * 1024 * 1024;

/// The largest file of rules, or Dockerfile, that is read, in bytes.
const MOST_TEXT_BYTES: u64 = 1024 * 1024;

/// How many folders are looked at.
const MOST_FOLDERS: usize = 256;

/// How many files of rules are looked for.
const MOST_FILES_OF_RULES: usize = 1_000;

/// How Dockerfiles are called where nobody says otherwise.
const DOCKERFILES: [&str; 2] = ["Dockerfile", "Containerfile"];

/// Files of the workspace that something else would take along.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TakenAlong {
    /// Files that git tracks.
    pub tracked: Vec<ConfigPath>,
    /// Files in a repository that git neither tracks nor ignores.
    pub unignored: Vec<ConfigPath>,
    /// Files that a build copies, each with the Dockerfile that says so.
    pub copied: Vec<(ConfigPath, ConfigPath)>,
}

/// Finds out which of these files of the workspace would be taken along.
#[must_use]
pub fn taken_along<'f>(workspace: &Workspace, files: impl IntoIterator<Item = &'f ConfigPath>) -> TakenAlong {
    let mut checkout = Checkout::new(workspace);
    let mut taken = TakenAlong::default();
    let mut by_repository: Vec<(String, Vec<&ConfigPath>)> = Vec::new();
    for file in files {
        for folder in folders_of(file) {
            for dockerfile in checkout.dockerfiles(folder).iter() {
                if checkout.is_copied(folder, dockerfile, file) {
                    taken.copied.push((file.clone(), dockerfile.clone()));
                }
            }
        }
        let Some(repository) = folders_of(file).find(|folder| checkout.is_repository(folder)) else { continue };
        match by_repository.iter_mut().find(|(known, _)| known == repository) {
            Some((_, files)) => files.push(file),
            None => by_repository.push((repository.to_owned(), vec![file])),
        }
    }
    for (repository, files) in by_repository {
        let tracked = checkout.tracked(&repository, &files);
        for file in files {
            if tracked.contains(file) {
                taken.tracked.push(file.clone());
            } else if !checkout.is_ignored(&repository, file) {
                taken.unignored.push(file.clone());
            }
        }
    }
    taken
}

/// The folders that a file lies in, the deepest first; the workspace is "".
fn folders_of(file: &ConfigPath) -> impl Iterator<Item = &str> {
    let text = file.as_str();
    let folders = text.rmatch_indices('/').map(move |(slash, _)| &text[..slash]);
    folders.chain(std::iter::once(""))
}

/// A path relative to a folder that it lies in.
fn relative<'p>(folder: &str, path: &'p str) -> &'p str {
    path.strip_prefix(folder).map_or(path, |rest| rest.trim_start_matches('/'))
}

/// A file in a folder.
fn inside(folder: &str, name: &str) -> Option<ConfigPath> {
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    ConfigPath::new(&path).ok()
}

/// What has been found out of a folder.
struct Folder {
    is_repository: bool,
    dockerfiles: Rc<[ConfigPath]>,
}

struct Checkout<'w> {
    workspace: &'w Workspace,
    folders: HashMap<String, Folder>,
    rules: HashMap<ConfigPath, Rc<Rules>>,
    dockerfiles: HashMap<ConfigPath, Rc<docker::Copies>>,
    effort: Effort,
}

impl<'w> Checkout<'w> {
    fn new(workspace: &'w Workspace) -> Self {
        let (folders, rules, dockerfiles) = Default::default();
        Self { workspace, folders, rules, dockerfiles, effort: Effort::default() }
    }

    fn folder(&mut self, folder: &str) -> Option<&Folder> {
        if !self.folders.contains_key(folder) {
            if self.folders.len() == MOST_FOLDERS {
                return None;
            }
            let has = |name: &str| inside(folder, name).filter(|path| self.workspace.has(path));
            let dockerfiles = DOCKERFILES.iter().filter_map(|name| has(name)).collect();
            let found = Folder { is_repository: has(".git").is_some(), dockerfiles };
            self.folders.insert(folder.to_owned(), found);
        }
        self.folders.get(folder)
    }

    fn is_repository(&mut self, folder: &str) -> bool {
        self.folder(folder).is_some_and(|folder| folder.is_repository)
    }

    fn dockerfiles(&mut self, folder: &str) -> Rc<[ConfigPath]> {
        self.folder(folder).map_or_else(|| Rc::from([]), |folder| Rc::clone(&folder.dockerfiles))
    }

    /// A text of the checkout; none where there is none that can be read.
    fn text(&self, path: &ConfigPath) -> Option<String> {
        let bytes = self.workspace.read(path, MOST_TEXT_BYTES).ok()?.into_exposed();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn rules(&mut self, path: Option<ConfigPath>, read: fn(&str) -> Rules) -> Rc<Rules> {
        let Some(path) = path else { return Rc::default() };
        if let Some(known) = self.rules.get(&path) {
            return Rc::clone(known);
        }
        if self.rules.len() == MOST_FILES_OF_RULES {
            return Rc::default();
        }
        let rules = Rc::new(self.text(&path).map(|text| read(&text)).unwrap_or_default());
        self.rules.insert(path, Rc::clone(&rules));
        rules
    }

    /// Those of a repository's files that are in its index.
    fn tracked<'f>(&self, repository: &str, files: &[&'f ConfigPath]) -> HashSet<&'f ConfigPath> {
        let wanted: HashMap<_, _> =
            files.iter().map(|file| (relative(repository, file.as_str()).as_bytes(), *file)).collect();
        let index = self.git_folder(repository).and_then(|folder| inside(&folder, "index"));
        let index = index.and_then(|path| self.workspace.read(&path, MOST_INDEX_BYTES).ok());
        index.map(|index| index::find(index.expose(), &wanted)).unwrap_or_default()
    }

    /// The folder with a repository's index: `.git`, or what a `.git` file of a submodule or a worktree names, where
    /// that lies in the workspace ([gitrepository-layout](https://git-scm.com/docs/gitrepository-layout)).
    fn git_folder(&self, repository: &str) -> Option<String> {
        let git = inside(repository, ".git")?;
        let Some(text) = self.text(&git) else { return Some(git.to_string()) };
        let target = text.strip_prefix("gitdir:")?.trim();
        let mut folders: Vec<_> = repository.split('/').filter(|name| !name.is_empty()).collect();
        for name in target.split('/') {
            match name {
                "" if target.starts_with('/') => return None,
                "" | "." => {}
                ".." => drop(folders.pop()?),
                name => folders.push(name),
            }
        }
        Some(folders.join("/"))
    }

    /// Whether git ignores a file that it does not track ([gitignore](https://git-scm.com/docs/gitignore)). The rules of
    /// the machine and its user are not seen.
    fn is_ignored(&mut self, repository: &str, file: &ConfigPath) -> bool {
        let path = relative(repository, file.as_str());
        let exclude = self.rules(inside(repository, ".git/info/exclude"), Rules::of_git);
        let ends = path.match_indices('/').map(|(slash, _)| (slash, true)).chain([(path.len(), false)]);
        for (end, is_folder) in ends {
            // What lies in a folder that is ignored is ignored, whatever other rules say.
            let part = &path[..end];
            let mut verdict = exclude.verdict(part, is_folder, &mut self.effort);
            for (slash, _) in [(0, "")].into_iter().chain(part.match_indices('/')) {
                let folder = inside(repository, part[..slash].trim_end_matches('/'));
                let folder = if slash == 0 { Some(repository.to_owned()) } else { folder.map(|path| path.to_string()) };
                let rules = self.rules(folder.and_then(|folder| inside(&folder, ".gitignore")), Rules::of_git);
                let below = part[slash..].trim_start_matches('/');
                verdict = rules.verdict(below, is_folder, &mut self.effort).or(verdict);
            }
            if verdict == Some(true) {
                return true;
            }
        }
        self.effort.is_spent()
    }

    /// Whether a build of this folder copies a file of it.
    fn is_copied(&mut self, folder: &str, dockerfile: &ConfigPath, file: &ConfigPath) -> bool {
        let path = relative(folder, file.as_str());
        let copies = match self.dockerfiles.get(dockerfile) {
            Some(known) => Rc::clone(known),
            None => {
                let copies = Rc::new(self.text(dockerfile).map(|text| docker::Copies::new(&text)).unwrap_or_default());
                self.dockerfiles.insert(dockerfile.clone(), Rc::clone(&copies));
                copies
            }
        };
        if !copies.take(path, &mut self.effort) {
            return false;
        }
        let own = ConfigPath::new(&format!("{dockerfile}.dockerignore")).ok();
        let own = own.filter(|path| self.workspace.has(path));
        let rules = self.rules(own.or_else(|| inside(folder, ".dockerignore")), Rules::of_docker);
        !rules.leave_out(path, &mut self.effort) && !self.effort.is_spent()
    }
}

#[cfg(test)]
mod tests;
