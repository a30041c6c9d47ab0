//! Whether the files that lie here are what they are to be, each by itself and all of them together. No bucket is asked
//! and nobody signs in, so that what has no rights, such as a fork's pull request, can be looked at, too.

mod finding;
mod keys;
mod read_file;

use std::sync::Arc;

pub use self::finding::{FileFinding, KeyFinding, KeyProblem};
use self::keys::Keys;
use self::read_file::ReadFile;
use super::catalogs::{self, Loaded, below};
use super::checks::{self, ReadFrom};
use super::deadline::Deadline;
use super::variables::Variables;
use super::{Note, working};
use crate::catalog::{FileSelector, SelectedFile, UnmatchedTypes};
use crate::config::{FileType, same_output, undeliverable};
use crate::error::Error;
use crate::name::ConfigPath;
use crate::option::CATALOG;
use crate::request::{Checks, FilesRequest, RunInfo, Target};
use crate::secret::Secret;
use crate::store::{self, MAX_FILE_BYTES, MAX_TOTAL_BYTES};
use crate::workspace::{Workspace, WorkspaceError};

/// What was found of the files that lie here.
#[derive(Debug, Default)]
pub struct CheckedFiles {
    /// The files that were read, relative to the catalog.
    pub files: Vec<ConfigPath>,
    /// Those that the catalog lists and that are not here.
    pub absent: Vec<ConfigPath>,
    /// What is wrong.
    pub findings: Vec<FileFinding>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A file that lies here.
pub(super) struct FileHere<'a> {
    pub(super) path: &'a ConfigPath,
    pub(super) file_type: FileType,
    pub(super) content: &'a [u8],
}

/// What is looked at beside each file.
pub(super) struct Wanted<'a> {
    pub(super) checks: &'a Checks,
    /// Two files or folders that are to have the same keys.
    pub(super) same_keys: Option<&'a [ConfigPath; 2]>,
    /// Lines of `types` that match no file.
    pub(super) unmatched_types: UnmatchedTypes,
}

/// Looks at the files that `files`, `tags`, the catalog and those that it links to choose, and at the catalogs.
///
/// # Errors
/// A catalog that cannot be read, and files that are named and not there. What else is wrong is found, and no error.
pub(super) fn checked(
    FilesRequest { target, same_keys }: &FilesRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<CheckedFiles, Error> {
    let variables = Variables::new(target, run, &**deadline);
    deadline.watch(|| {
        let catalog = catalogs::load(target, workspace)?;
        let linked = catalogs::load_linked(variables, workspace, &catalog)?;
        let of_linked = of_linked(target, variables, &linked)?;
        let entries = working::entries(target, variables, &catalog)?;
        if catalog.catalog.is_none() && target.files.is_empty() {
            return Err(Error::NoSuchFile { option: &CATALOG, path: catalog.path.to_string() });
        }
        let mut known = working::candidates(target, variables, workspace, &catalog, &entries)?;
        let others: Vec<_> = of_linked.iter().map(|(path, _)| path).filter(|path| !known.contains(path)).collect();
        known.extend(others.into_iter().cloned());
        let paths = chosen(target, known)?;
        let Read { files, absent } = read(&paths, target, workspace, &catalog)?;
        let by_rule = target.types.decide(paths.iter().map(ConfigPath::as_str));
        let file_type = |path: &ConfigPath| {
            let entry = entries.iter().find(|entry| entry.path == *path);
            let of_linked = || of_linked.iter().find(|(of_linked, _)| of_linked == path)?.1;
            let recorded = entry.map_or_else(of_linked, |entry| entry.file.file_type.as_deref());
            let in_catalog = recorded.map(|recorded| FileType::from_recorded(recorded, path));
            let known = by_rule.types.get(path.as_str()).copied().or(in_catalog);
            known.unwrap_or_else(|| FileType::detect(path))
        };
        let files: Vec<_> = files
            .iter()
            .map(|(path, content)| FileHere { path, file_type: file_type(path), content: content.expose() })
            .collect();
        let wanted = Wanted {
            checks: &target.checks,
            same_keys: same_keys.as_ref(),
            unmatched_types: by_rule.unmatched.clone(),
        };
        Ok(CheckedFiles { absent, ..wanted.of_files(&files, workspace, &catalog.folder)? })
    })
}

/// The files of linked catalogs that `tags` chooses, relative to the first catalog, each with the type that is recorded.
fn of_linked<'a>(
    target: &Target,
    variables: Variables<'_>,
    linked: &'a [Loaded],
) -> Result<Vec<(ConfigPath, Option<&'a str>)>, Error> {
    let mut all = Vec::new();
    for loaded in linked {
        let Some(catalog) = &loaded.catalog else { continue };
        let selection = catalog.select(&FileSelector::default(), target.tags.as_ref(), |path| variables.resolve(path));
        for SelectedFile { path, file, .. } in selection.map_err(|error| loaded.error(error))?.files {
            all.push((below(&path, &loaded.prefix)?, file.file_type.as_deref()));
        }
    }
    Ok(all)
}

fn chosen(target: &Target, known: Vec<ConfigPath>) -> Result<Vec<ConfigPath>, Error> {
    let selection = target.files.select(known, |path| path.as_str());
    if selection.unmatched.is_empty() || target.tags.is_some() {
        Ok(selection.files)
    } else {
        Err(not_here(selection.unmatched))
    }
}

fn not_here(lines: Vec<String>) -> Error {
    Error::NoMatch { lines, folders: Vec::new(), place: "in the workspace".to_owned() }
}

/// The bytes of files that are here, and the paths of those that are not.
struct Read {
    files: Vec<(ConfigPath, Secret<Vec<u8>>)>,
    absent: Vec<ConfigPath>,
}

fn read(paths: &[ConfigPath], target: &Target, workspace: &Workspace, catalog: &Loaded) -> Result<Read, Error> {
    let (mut files, mut absent, mut bytes) = (Vec::new(), Vec::new(), 0);
    for path in paths {
        working::refuse_git(target, path)?;
        match workspace.read(&below(path, &catalog.folder)?, MAX_FILE_BYTES) {
            Ok(content) => {
                bytes += content.expose().len() as u64;
                files.push((path.clone(), content));
            }
            Err(WorkspaceError::NotFound { .. }) => absent.push(path.clone()),
            Err(error) => return Err(error.into()),
        }
        if bytes > MAX_TOTAL_BYTES {
            return Err(store::Error::TooMuch { bytes }.into());
        }
    }
    let is_named = |path: &&ConfigPath| target.files.named().any(|line| line == path.as_str());
    let missed: Vec<_> = absent.iter().filter(is_named).map(ToString::to_string).collect();
    if missed.is_empty() { Ok(Read { files, absent }) } else { Err(not_here(missed)) }
}

impl Wanted<'_> {
    /// Looks at files whose paths are relative to this folder of the workspace.
    ///
    /// # Errors
    /// A side that is to have the same keys as another and has none of the files.
    pub(super) fn of_files(
        self,
        files: &[FileHere<'_>],
        workspace: &Workspace,
        folder: &str,
    ) -> Result<CheckedFiles, Error> {
        let Self { checks, same_keys, unmatched_types } = self;
        let mut checked = CheckedFiles::default();
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for FileHere { path, file_type, content } in files {
            let (place, from) = (below(path, folder)?, ReadFrom::Workspace);
            checked.files.push((*path).clone());
            match checks::values(*file_type, content, checks, path, &place, from, &mut checked.notes) {
                Ok((entries, _)) => {
                    unread.extend(undeliverable(&entries, content, path, &place));
                    unread.extend(same_output(&entries, path, &place));
                    read.push(ReadFile { path: (*path).clone(), place, file_type: *file_type, entries });
                }
                Err(error) => unread.push(*error),
            }
        }
        if !unread.is_empty() {
            // What is not read has keys that nobody knows.
            let error = Error::ConfigFiles { files: unread, wanted: None, unmatched_types };
            checked.findings.push(FileFinding::Error(error));
            return Ok(checked);
        }
        let keys = Keys { checks, workspace, read: &read };
        checked.findings = keys.findings(&mut checked.notes);
        if let Some(sides) = same_keys {
            checked.findings.extend(keys.not_on_both(sides)?);
        }
        Ok(checked)
    }
}
