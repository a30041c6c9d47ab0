//! Which files of a version or of the head are wanted.

use std::cell::RefCell;
use std::collections::HashSet;

use crate::catalog::{FileSelector, SelectedFile, TagExpression};
use crate::command::catalogs::Loaded;
use crate::error::{Error, may_be_several};
use crate::name::{ConfigPath, VersionName, folders_of, is_below};
use crate::store::Manifest;

/// Chooses among what a manifest and a catalog name.
pub(super) struct Chooser<'a> {
    pub(super) files: &'a FileSelector,
    pub(super) tags: Option<&'a TagExpression>,
    /// Files that are chosen whatever their tags.
    pub(super) whatever_tags: &'a [ConfigPath],
    /// The catalog's entries that `files` and `tags` choose.
    pub(super) entries: &'a [SelectedFile<'a>],
    pub(super) catalog: &'a Loaded,
    pub(super) version: Option<&'a VersionName>,
    /// The catalog's folder, relative to the first one's: what `files` is relative to.
    pub(super) prefix: &'a str,
    /// Whether no other catalog is pulled with it, so that a path that nobody knows can only be meant here.
    pub(super) is_alone: bool,
    /// When the files lie in several buckets there may be no manifest.
    pub(super) several_buckets: Option<&'a [String]>,
    /// The lines of `files` that found nothing the last time.
    pub(super) unmatched: RefCell<Vec<String>>,
    /// Those that are folders of files which were there.
    pub(super) folders: RefCell<Vec<String>>,
    /// The paths that the manifest lists.
    pub(super) stored: RefCell<Vec<ConfigPath>>,
}

struct Candidate {
    path: ConfigPath,
    shown: String,
    tags: Vec<String>,
}

impl Chooser<'_> {
    /// The paths known before any manifest is read.
    pub(super) fn known(&self) -> Vec<ConfigPath> {
        match self.files.exact_paths() {
            Some(paths) if self.is_alone => paths,
            _ => self
                .entries
                .iter()
                .filter(|entry| entry.file.supported_store().is_ok())
                .map(|entry| entry.path.clone())
                .collect(),
        }
    }

    /// The paths to get.
    pub(super) fn choose(&self, manifest: Option<&Manifest>) -> Result<Vec<ConfigPath>, Error> {
        let mut candidates: Vec<Candidate> = Vec::new();
        if let Some(manifest) = manifest {
            if let Some(buckets) = self.several_buckets {
                return Err(Error::SeveralBuckets { buckets: buckets.to_vec() });
            }
            *self.stored.borrow_mut() = manifest.files.iter().map(|entry| entry.path.clone()).collect();
            candidates.extend(manifest.files.iter().map(|entry| self.candidate(&entry.path, &entry.tags)));
            // Which of two files wins may depend on the order, and no digest has that of the manifest.
            candidates.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        }
        // A version is what its manifest says, whatever the catalog has become since.
        let may_be_more = manifest.is_none() || self.version.is_none();
        if may_be_more {
            let named: HashSet<_> = candidates.iter().map(|candidate| candidate.path.clone()).collect();
            let in_catalog: Vec<_> =
                self.catalog_entries(manifest).filter(|entry| !named.contains(&entry.path)).collect();
            for entry in in_catalog {
                entry.file.supported_store().map_err(|error| self.catalog.error(error))?;
                candidates.push(self.candidate(&entry.path, &entry.file.tags));
            }
        }
        let folders = folders_of(candidates.iter().map(|file| file.shown.as_str()));
        let folders = self.files.named().filter(|line| folders.contains(line));
        *self.folders.borrow_mut() = folders.map(ToOwned::to_owned).collect();
        if may_be_more {
            self.add_exact(&mut candidates);
        }
        let selection = self.files.select(candidates, |candidate| &candidate.shown);
        let excluding = selection.unmatched.iter().filter(|line| line.starts_with('!'));
        self.folders.borrow_mut().extend(excluding.cloned());
        *self.unmatched.borrow_mut() = selection.unmatched;
        Ok(selection
            .files
            .into_iter()
            .filter(|candidate| {
                self.tags.is_none_or(|tags| tags.matches(&candidate.tags))
                    || self.whatever_tags.iter().any(|path| path.as_str() == candidate.shown)
            })
            .map(|candidate| candidate.path)
            .collect())
    }

    /// The catalog's entries that may have this version: those that list it, or all when none does.
    fn catalog_entries(&self, manifest: Option<&Manifest>) -> impl Iterator<Item = &SelectedFile<'_>> {
        let lists = |entry: &SelectedFile<'_>| {
            self.version.is_some_and(|version| entry.file.versions.iter().any(|name| name == version.as_str()))
        };
        let some_list = manifest.is_none() && self.entries.iter().any(lists);
        self.entries.iter().filter(move |entry| !some_list || lists(entry))
    }

    /// Paths that `files` names and nothing knows: they are asked for all the same.
    fn add_exact(&self, candidates: &mut Vec<Candidate>) {
        if !self.is_alone || self.tags.is_some() {
            return;
        }
        let mut named: HashSet<_> = candidates.iter().map(|candidate| candidate.path.clone()).collect();
        for path in self.files.exact_paths().unwrap_or_default() {
            if named.insert(path.clone()) {
                candidates.push(self.candidate(&path, &[]));
            }
        }
    }

    /// The lines of `files` that are hardly what they were taken for: folders, given these paths besides those that
    /// were there, and several paths on one line. The folders by themselves are the second.
    pub(super) fn misread<'p>(
        &self,
        paths: impl Iterator<Item = &'p ConfigPath> + Clone,
    ) -> (Vec<String>, Vec<String>) {
        let is_folder = |line: &str| {
            self.folders.borrow().iter().any(|folder| folder == line)
                || paths.clone().any(|path| is_below(path.as_str(), line))
        };
        let unmatched = self.unmatched.borrow();
        let lines = self.files.named().chain(unmatched.iter().map(String::as_str));
        let mut misread: Vec<String> =
            lines.filter(|line| may_be_several(line) || is_folder(line)).map(ToOwned::to_owned).collect();
        misread.dedup();
        let folders = misread.iter().filter(|line| is_folder(line)).cloned().collect();
        (misread, folders)
    }

    fn candidate(&self, path: &ConfigPath, tags: &[String]) -> Candidate {
        Candidate { path: path.clone(), shown: self.shown(path), tags: tags.to_vec() }
    }

    /// A path of this catalog, relative to the first one's folder.
    pub(super) fn shown(&self, path: &ConfigPath) -> String {
        if self.prefix.is_empty() { path.to_string() } else { format!("{}/{path}", self.prefix) }
    }
}
