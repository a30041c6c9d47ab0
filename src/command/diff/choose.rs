//! Which files are compared, and how each is read.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;

use super::place::Place;
use crate::catalog::{Decided, SelectedFile, UnmatchedTypes};
use crate::command::Note;
use crate::command::catalogs::{Loaded, below};
use crate::command::changes::ComparedFile;
use crate::command::variables::Variables;
use crate::command::working::{candidates, leave_out_git};
use crate::config::FileType;
use crate::error::Error;
use crate::name::{ConfigPath, Digest, is_below};
use crate::ordered::Ordered as _;
use crate::request::Target;
use crate::secret::Secret;
use crate::store::{self, MAX_FILE_BYTES, MAX_TOTAL_BYTES};
use crate::workspace::{Workspace, WorkspaceError};

/// What is known of files before any is read.
pub(super) struct Known<'a> {
    pub(super) target: &'a Target,
    pub(super) variables: Variables<'a>,
    pub(super) catalog: &'a Loaded,
    pub(super) entries: &'a [SelectedFile<'a>],
}

/// The files that are compared.
pub(super) struct Choice<'a> {
    target: &'a Target,
    /// Their paths, in the order of `files`, else sorted.
    pub(super) paths: Vec<ConfigPath>,
    places: HashMap<ConfigPath, usize>,
    /// What the head may have of them though its manifest does not list it, as the Go cStore wrote it.
    unlisted: HashSet<ConfigPath>,
    by_rule: Decided,
    in_catalog: HashMap<ConfigPath, FileType>,
    /// The lines of `files` that match nothing.
    unmatched: Vec<String>,
    /// The paths among which was chosen.
    known: Vec<ConfigPath>,
    /// Of files that are not read here.
    left_out: Option<Note>,
}

impl<'a> Known<'a> {
    /// Chooses among what either side has. A file has the tags if it has them on either side.
    pub(super) fn choose(&self, workspace: &Workspace, sides: [Option<&Place>; 2]) -> Result<Choice<'a>, Error> {
        let Self { target, variables, catalog, entries } = *self;
        let has_local = sides.iter().any(Option::is_none);
        let named = if has_local || target.files.exact_paths().is_some() {
            candidates(target, variables, workspace, catalog, entries)?
        } else {
            entries.iter().map(|entry| entry.path.clone()).collect()
        };
        let unlisted = match target.files.exact_paths() {
            Some(_) => named.iter().cloned().collect(),
            None => entries.iter().map(|entry| entry.path.clone()).collect(),
        };
        let has_tags = |tags: &[String]| target.tags.as_ref().is_none_or(|wanted| wanted.matches(tags));
        let mut all = named.iter().map(|path| (path.clone(), true)).ordered_map();
        let manifests = sides.into_iter().flatten().filter_map(|place| place.manifest.as_ref());
        for entry in manifests.flat_map(|manifest| &manifest.files) {
            *all.entry(entry.path.clone()).or_default() |= has_tags(&entry.tags);
        }
        let selection = target.files.select(all.keys().cloned(), |path| path.as_str());
        let mut paths: Vec<_> =
            selection.files.into_iter().filter(|path| all.get(path).is_some_and(|has| *has)).collect();
        let left_out = if has_local { leave_out_git(target, &mut paths) } else { None };
        let files = catalog.catalog.iter().flat_map(|catalog| &catalog.files).filter(|file| !file.is_ref);
        let in_catalog = files.filter_map(|file| {
            let path = variables.resolve(&file.path).ok()?;
            let file_type = FileType::from_recorded(file.file_type.as_deref()?, &path);
            Some((path, file_type))
        });
        Ok(Choice {
            target,
            places: paths.iter().enumerate().map(|(place, path)| (path.clone(), place)).collect(),
            unlisted,
            by_rule: target.types.decide(paths.iter().map(ConfigPath::as_str)),
            in_catalog: in_catalog.collect(),
            unmatched: selection.unmatched,
            known: all.into_keys().collect(),
            left_out,
            paths,
        })
    }
}

impl Choice<'_> {
    /// Where a path stands in the order of the files.
    pub(super) fn place_of(&self, path: &ConfigPath) -> Option<usize> {
        self.places.get(path).copied()
    }

    pub(super) fn may_be_unlisted(&self, path: &ConfigPath) -> bool {
        self.unlisted.contains(path)
    }

    /// How a file is read: by `types`, by the manifest that records it, by the catalog, by its name.
    pub(super) fn type_of(&self, path: &ConfigPath, recorded: Option<FileType>) -> FileType {
        let by_rule = self.by_rule.types.get(path.as_str()).copied();
        let known = by_rule.or(recorded).or_else(|| self.in_catalog.get(path).copied());
        known.unwrap_or_else(|| FileType::detect(path))
    }

    /// The files that lie here.
    pub(super) fn read_local(&self, workspace: &Workspace, catalog: &Loaded) -> Result<Vec<ComparedFile>, Error> {
        let mut files = Vec::new();
        let mut bytes = 0;
        for path in &self.paths {
            let content = match workspace.read(&below(path, &catalog.folder)?, MAX_FILE_BYTES) {
                Ok(content) => content.into_exposed(),
                Err(WorkspaceError::NotFound { .. } | WorkspaceError::IsFolder { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            bytes += content.len() as u64;
            if bytes > MAX_TOTAL_BYTES {
                return Err(store::Error::TooMuch { bytes }.into());
            }
            files.push(ComparedFile {
                path: path.clone(),
                file_type: self.type_of(path, None),
                digest: Digest::from_content(&content),
                content: Ok(Secret::new(Bytes::from(content))),
            });
        }
        Ok(files)
    }

    /// The lines of `types` that match no file.
    pub(super) fn unmatched_types(&self) -> UnmatchedTypes {
        self.by_rule.unmatched.clone()
    }

    /// The notes on lines of `types` that match no file, and on files that are left out.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        let unmatched = &self.by_rule.unmatched;
        let unmatched = (*unmatched != UnmatchedTypes::default()).then(|| Note::UnmatchedTypes(unmatched.clone()));
        unmatched.into_iter().chain(self.left_out.clone())
    }

    /// Refuses lines of `files` that match nothing on either side.
    pub(super) fn refuse_unmatched(&self, before: &[ComparedFile], after: &[ComparedFile]) -> Result<(), Error> {
        let there: HashSet<_> = before.iter().chain(after).map(|file| &file.path).collect();
        if self.target.tags.is_some() {
            return if there.is_empty() { Err(Error::NoTags) } else { Ok(()) };
        }
        let mut lines = self.unmatched.clone();
        let absent = self.paths.iter().filter(|path| !there.contains(path)).map(ConfigPath::as_str);
        lines.extend(absent.filter(|path| self.target.files.named().any(|line| line == *path)).map(ToOwned::to_owned));
        if lines.is_empty() {
            return Ok(());
        }
        let is_folder = |line: &&String| {
            let folder = line.strip_prefix('!').unwrap_or(line);
            self.known.iter().any(|path| is_below(path.as_str(), folder))
        };
        let folders = lines.iter().filter(is_folder).cloned().collect();
        Err(Error::NoMatch { lines, folders, place: "on either side".to_owned() })
    }
}
