//! Listing the files below a folder, for patterns to choose from. Matching them is not done here.

use std::collections::VecDeque;
use std::io;

use super::temporary::is_temporary;
use super::{Folder, Workspace, WorkspaceError};
use crate::name::{ConfigPath, GIT, RESERVED_SEGMENT, git_folder};

/// What lies below a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The regular files, and the links that [`Workspace::read`] follows to one, relative to the folder that was asked
    /// for, ordered by bytes.
    pub paths: Vec<ConfigPath>,
    /// The regular files whose paths break a rule of [`ConfigPath`], as they are, in no order; U+FFFD stands for what
    /// is no text. To leave them out without a word would lose config that a pattern matches.
    pub invalid: Vec<String>,
    /// How many entries were left out because they are folders whose names are no text, because their names are
    /// [reserved](RESERVED_SEGMENT), or because they are links that lead to no file of the workspace. A folder counts
    /// as one, whatever is in it.
    pub skipped: usize,
}

impl Workspace {
    /// How many files and folders [`files`](Self::files) looks at before it gives up: enough for a large repository
    /// with its dependencies, little enough for a second or two.
    pub const MOST_ENTRIES: usize = 200_000;

    /// Lists the files below a folder (`""` for the workspace itself). Leaves out `.git` at any depth, linked folders,
    /// special files and this tool's own temporary files.
    ///
    /// # Errors
    /// `BadName` when the folder's path is no valid path; `NotFound`, `NotAFolder`, `Link` or `Denied` for what stands
    /// there; `TooMany` beyond [`MOST_ENTRIES`](Self::MOST_ENTRIES).
    pub fn files(&self, folder: &str) -> Result<Listing, WorkspaceError> {
        self.files_among(folder, Self::MOST_ENTRIES)
    }

    pub(super) fn files_among(&self, folder: &str, limit: usize) -> Result<Listing, WorkspaceError> {
        let start = self.open_start(folder)?;
        let start = start.as_ref().unwrap_or(&self.root);
        let mut listing = Listing::default();
        let mut visited = 0_usize;
        // Paths and not open folders, of which a process may only have so many.
        let mut waiting = vec![String::new()];
        let mut ancestors = Ancestors { start, open: VecDeque::new() };
        while let Some(here) = waiting.pop() {
            let shown =
                if folder.is_empty() || here.is_empty() { format!("{folder}{here}") } else { join(folder, &here) };
            let entries = match ancestors.open(&here).and_then(Folder::entries) {
                Ok(entries) => entries,
                // Gone, or no folder any more, since its parent was listed.
                Err(error)
                    if !here.is_empty()
                        && matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
                {
                    continue;
                }
                Err(error) => return Err(WorkspaceError::reading(&shown, error)),
            };
            for entry in entries {
                let entry = entry.map_err(|error| WorkspaceError::reading(&shown, error))?;
                visited += 1;
                if visited > limit {
                    return Err(WorkspaceError::TooMany { path: folder.to_owned(), limit });
                }
                let name = entry.file_name();
                let Some(name) = name.to_str() else {
                    if entry.file_type().is_ok_and(|kind| kind.is_file()) {
                        listing.invalid.push(join(&here, &name.to_string_lossy()));
                    } else {
                        listing.skipped += 1;
                    }
                    continue;
                };
                if git_folder(name) == Some(GIT) || is_temporary(name) {
                    continue;
                }
                let path = join(&here, name);
                let kind = entry.file_type().map_err(|error| WorkspaceError::reading(&shown, error))?;
                if name == RESERVED_SEGMENT {
                    listing.skipped += 1;
                } else if kind.is_dir() {
                    waiting.push(path);
                } else if kind.is_file() {
                    match ConfigPath::new(&path) {
                        Ok(path) => listing.paths.push(path),
                        Err(_) => listing.invalid.push(path),
                    }
                } else if kind.is_symlink() {
                    self.list_link(folder, &path, &mut listing);
                }
            }
        }
        listing.paths.sort_unstable();
        Ok(listing)
    }

    /// Opens the folder that a listing begins at; `None` for the workspace itself.
    fn open_start(&self, folder: &str) -> Result<Option<Folder>, WorkspaceError> {
        if folder.is_empty() {
            return Ok(None);
        }
        let path =
            ConfigPath::new(folder).map_err(|error| WorkspaceError::BadName { path: error.value, rule: error.rule })?;
        let real = self.resolve(&path)?;
        let parent = self.open_parent(&real, &path)?;
        let Some(name) = real.file_name() else { return Ok(None) };
        match parent.as_ref().unwrap_or(&self.root).open_folder(name) {
            Ok(folder) => Ok(Some(folder)),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                Err(WorkspaceError::NotAFolder { path: path.to_string() })
            }
            Err(error) => Err(WorkspaceError::reading(path.as_str(), error)),
        }
    }

    fn list_link(&self, folder: &str, path: &str, listing: &mut Listing) {
        let is_file =
            |path: &ConfigPath| path.below(folder).is_ok_and(|from_root| self.is_file(&from_root).unwrap_or(false));
        match ConfigPath::new(path) {
            Ok(path) if is_file(&path) => listing.paths.push(path),
            _ => listing.skipped += 1,
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The folders that a walk is in, the nearest of them open: a folder is opened from the one that it lies in. From the
/// start, a tree of thousands of folders, each hundreds deep, would take millions of steps.
struct Ancestors<'a> {
    start: &'a Folder,
    /// With their paths, each in the one before it.
    open: VecDeque<(String, Folder)>,
}

impl Ancestors<'_> {
    /// How many are kept open: more than most trees are deep, and few of what a process may open.
    const MOST: usize = 32;

    /// Opens a folder by its path from the start. Each link on the way is an error.
    fn open(&mut self, path: &str) -> io::Result<&Folder> {
        let lies_in = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        while self.open.back().is_some_and(|(folder, _)| !lies_in(folder)) {
            self.open.pop_back();
        }
        let from = self.open.back().map_or(0, |(folder, _)| folder.len() + 1);
        let mut end = from;
        for name in path[from..].split('/').filter(|name| !name.is_empty()) {
            let next = self.nearest().open_folder(name)?;
            end = if end == 0 { name.len() } else { end + name.len() + usize::from(end != from) };
            self.open.push_back((path[..end].to_owned(), next));
            if self.open.len() > Self::MOST {
                self.open.pop_front();
            }
        }
        Ok(self.nearest())
    }

    fn nearest(&self) -> &Folder {
        self.open.back().map_or(self.start, |(_, folder)| folder)
    }
}
