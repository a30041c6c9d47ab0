//! What git or a build would take along of the files that a pull writes: files that git tracks, files that it does not
//! ignore, and files that a Dockerfile copies into its image.
//!
//! It is found out from what git and Docker read themselves, without their programs, which the action's image does not
//! have. Nothing here fails a pull: whoever can open a pull request has a say in these files, and what cannot be read,
//! or would take too long, says nothing.

mod docker;
mod effort;
mod ignore;
mod index;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::Instant;

use self::docker::Copies;
use self::effort::Effort;
use self::ignore::Rules;
use crate::name::ConfigPath;
use crate::workspace::{Workspace, WorkspaceError};

/// How much of indexes is read, in bytes: the index of some 200,000 files.
const MOST_INDEX_BYTES: u64 = 32 * 1024 * 1024;

/// How much of files of rules and of Dockerfiles is read, in bytes.
const MOST_TEXT_BYTES: u64 = 1024 * 1024;

/// How many times a Dockerfile is named that copies a file.
const MOST_COPIED: usize = 1_000;

/// How Dockerfiles are called where nobody says otherwise.
const DOCKERFILES: [&str; 2] = ["Dockerfile", "Containerfile"];

/// How many other Dockerfiles of a folder are read.
const MOST_DOCKERFILES: usize = 50;

/// Whether a file is one of several Dockerfiles: `Dockerfile.prod`, `prod.Dockerfile`.
fn is_other_dockerfile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_other = |known: &str| {
        name.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'))
            || name.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'))
    };
    !name.ends_with(".dockerignore") && DOCKERFILES.iter().any(|known| is_other(&known.to_ascii_lowercase()))
}

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

/// Finds out which of these files of the workspace would be taken along, in the time until then. What cannot be found
/// out, or would be too much work, is not said.
#[must_use]
pub fn taken_along<'f>(
    workspace: &Workspace,
    files: impl IntoIterator<Item = &'f ConfigPath>,
    until: Option<Instant>,
) -> TakenAlong {
    let mut checkout = Checkout::new(workspace, until);
    let mut taken = TakenAlong::default();
    let mut by_repository: Vec<(String, Vec<&ConfigPath>)> = Vec::new();
    for file in files {
        for folder in folders_of(file) {
            for build in checkout.builds(folder).iter() {
                if taken.copied.len() < MOST_COPIED && checkout.is_copied(build, relative(folder, file.as_str())) {
                    taken.copied.push((file.clone(), build.dockerfile.clone()));
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
        let exclude = checkout.rules(inside(&repository, ".git/info/exclude"), Rules::of_git);
        for file in files {
            if tracked.contains(file) {
                taken.tracked.push(file.clone());
            } else if !checkout.index_effort.is_spent() && !checkout.is_ignored(&repository, &exclude, file) {
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
    builds: Rc<[Build]>,
    /// The rules of its `.gitignore`, once somebody has asked for them.
    ignores: Option<Rc<Rules>>,
}

/// A build of the folder that a Dockerfile lies in.
struct Build {
    dockerfile: ConfigPath,
    copies: Copies,
    ignores: Rules,
}

struct Checkout<'w> {
    workspace: &'w Workspace,
    folders: HashMap<String, Folder>,
    effort: Effort,
    /// That of indexes, which is apart: the one can be spent by what a Dockerfile says, and the other by an index.
    index_effort: Effort,
}

impl<'w> Checkout<'w> {
    fn new(workspace: &'w Workspace, until: Option<Instant>) -> Self {
        let (effort, index_effort) = (Effort::new(MOST_TEXT_BYTES, until), Effort::new(MOST_INDEX_BYTES, until));
        Self { workspace, folders: HashMap::new(), effort, index_effort }
    }

    fn folder(&mut self, folder: &str) -> Option<&mut Folder> {
        if !self.effort.takes(folder.len()) {
            return None;
        }
        if !self.folders.contains_key(folder) {
            let git = inside(folder, ".git");
            let is_repository = git.is_some_and(|git| self.has(&git));
            let mut builds: Vec<_> = DOCKERFILES.iter().filter_map(|name| self.build(folder, name)).collect();
            let others = self.workspace.names_in(folder, is_other_dockerfile);
            builds.extend(others.iter().take(MOST_DOCKERFILES).filter_map(|name| self.build(folder, name)));
            self.folders.insert(folder.to_owned(), Folder { is_repository, builds: builds.into(), ignores: None });
        }
        self.folders.get_mut(folder)
    }

    fn is_repository(&mut self, folder: &str) -> bool {
        self.folder(folder).is_some_and(|folder| folder.is_repository)
    }

    fn builds(&mut self, folder: &str) -> Rc<[Build]> {
        self.folder(folder).map_or_else(|| Rc::from([]), |folder| Rc::clone(&folder.builds))
    }

    /// The rules of a folder's `.gitignore`.
    fn ignores(&mut self, folder: &str) -> Rc<Rules> {
        let Some(known) = self.folder(folder) else { return Rc::default() };
        if let Some(rules) = &known.ignores {
            return Rc::clone(rules);
        }
        let rules = Rc::new(self.rules(inside(folder, ".gitignore"), Rules::of_git));
        if let Some(known) = self.folders.get_mut(folder) {
            known.ignores = Some(Rc::clone(&rules));
        }
        rules
    }

    fn build(&mut self, folder: &str, name: &str) -> Option<Build> {
        let dockerfile = inside(folder, name)?;
        let text = self.text(&dockerfile)?;
        let copies = Copies::new(&text, &mut self.effort);
        if copies.is_nothing() {
            return None;
        }
        let own = ConfigPath::new(&format!("{dockerfile}.dockerignore")).ok().filter(|own| self.has(own));
        let ignores = self.rules(own.or_else(|| inside(folder, ".dockerignore")), Rules::of_docker);
        Some(Build { dockerfile, copies, ignores })
    }

    /// Whether anything is there.
    fn has(&mut self, path: &ConfigPath) -> bool {
        self.effort.takes_file(path.as_str()) && self.workspace.has(path)
    }

    /// A text of the checkout; none where there is none that can be read.
    fn text(&mut self, path: &ConfigPath) -> Option<String> {
        let bytes = if self.has(path) { read(self.workspace, path, &mut self.effort)? } else { return None };
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn rules(&mut self, path: Option<ConfigPath>, read: fn(&str, &mut Effort) -> Rules) -> Rules {
        let text = path.and_then(|path| self.text(&path));
        text.map(|text| read(&text, &mut self.effort)).unwrap_or_default()
    }

    /// Those of a repository's files that are in its index.
    fn tracked<'f>(&mut self, repository: &str, files: &[&'f ConfigPath]) -> HashSet<&'f ConfigPath> {
        let wanted: HashMap<_, _> =
            files.iter().map(|file| (relative(repository, file.as_str()).as_bytes(), *file)).collect();
        let index = self.git_folder(repository).and_then(|folder| inside(&folder, "index"));
        let index = index.filter(|path| self.index_effort.takes_file(path.as_str()));
        let index = index.and_then(|path| read(self.workspace, &path, &mut self.index_effort));
        index.map(|index| index::find(&index, &wanted, &mut self.index_effort)).unwrap_or_default()
    }

    /// The folder with a repository's index: `.git`, or what a `.git` file of a submodule or a worktree names, where
    /// that lies in the workspace ([gitrepository-layout](https://git-scm.com/docs/gitrepository-layout)).
    fn git_folder(&mut self, repository: &str) -> Option<String> {
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

    /// Whether git ignores a file that it does not track ([gitignore](https://git-scm.com/docs/gitignore)), or nobody
    /// knows. The rules of the machine and its user are not seen.
    fn is_ignored(&mut self, repository: &str, exclude: &Rules, file: &ConfigPath) -> bool {
        let path = relative(repository, file.as_str());
        let above = file.as_str().len() - path.len();
        let ends = path.match_indices('/').map(|(slash, _)| (slash, true)).chain([(path.len(), false)]);
        // The rules of each folder that has some, and where what they are about begins.
        let mut rules: Vec<(usize, Rc<Rules>)> = Vec::new();
        let mut begin = 0;
        for (end, is_folder) in ends {
            let own = self.ignores(file.as_str()[..above + begin].trim_end_matches('/'));
            if !own.is_empty() {
                rules.push((begin, own));
            }
            let effort = &mut self.effort;
            let mut verdict =
                rules.iter().rev().find_map(|(begin, rules)| rules.verdict(&path[*begin..end], is_folder, effort));
            if verdict.is_none() {
                verdict = exclude.verdict(&path[..end], is_folder, effort);
            }
            // What lies in a folder that is ignored is ignored, whatever other rules say.
            if verdict == Some(true) {
                return true;
            }
            begin = end + 1;
        }
        self.effort.is_spent()
    }

    /// Whether a build copies this path of its folder.
    fn is_copied(&mut self, build: &Build, path: &str) -> bool {
        let effort = &mut self.effort;
        build.copies.take(path, effort) && !build.ignores.leave_out(path, effort) && !effort.is_spent()
    }
}

/// What a file holds, unless that is more than may yet be read.
fn read(workspace: &Workspace, path: &ConfigPath, effort: &mut Effort) -> Option<Vec<u8>> {
    match workspace.read(path, effort.text_left()) {
        Ok(content) => {
            let content = content.into_exposed();
            effort.take_text(content.len() as u64);
            Some(content)
        }
        Err(WorkspaceError::TooLarge { .. }) => {
            effort.give_up();
            None
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests;
