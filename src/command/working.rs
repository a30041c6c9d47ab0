//! The files that lie here: which a catalog and the option `files` mean.

use super::Note;
use super::catalogs::Loaded;
use super::variables::Variables;
use crate::catalog::{SelectedFile, default_tags};
use crate::error::Error;
use crate::name::{ConfigPath, GIT, git_folder};
use crate::request::Target;
use crate::workspace::{Workspace, WorkspaceError};

/// The catalog's entries that `files` and `tags` choose.
pub(super) fn entries<'a>(
    target: &Target,
    variables: Variables<'_>,
    catalog: &'a Loaded,
) -> Result<Vec<SelectedFile<'a>>, Error> {
    let Some(known) = &catalog.catalog else { return Ok(Vec::new()) };
    let selection = known
        .select(&target.files, target.tags.as_ref(), |path| variables.resolve(path))
        .map_err(|error| catalog.error(error))?;
    for entry in &selection.files {
        entry.file.supported_store().map_err(|error| catalog.error(error))?;
    }
    Ok(selection.files)
}

/// The paths among which `files` chooses: those in the catalog, and those that `files` names besides, be it by a
/// pattern. A folder also holds what nobody wants to store, so what is only not excluded is not among them.
pub(super) fn candidates(
    target: &Target,
    variables: Variables<'_>,
    workspace: &Workspace,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
) -> Result<Vec<ConfigPath>, Error> {
    let mut known: Vec<_> = entries.iter().map(|entry| entry.path.clone()).collect();
    if target.files.is_empty() || target.files.only_excludes() {
        return Ok(known);
    }
    // Files that the catalog knows, but whose tags were not asked for, are not to come back by their paths.
    let of_catalog = listed(variables, catalog);
    let others = match target.files.exact_paths() {
        Some(paths) => paths,
        None => {
            let listing = workspace.files(&catalog.folder)?;
            refuse_invalid(target, &listing.invalid)?;
            let own = catalog.path.file_name();
            listing.paths.into_iter().filter(|path| path.as_str() != own).collect()
        }
    };
    known.extend(others.into_iter().filter(|path| {
        target.files.means(path.as_str())
            && !of_catalog.iter().any(|known| known == path.as_str())
            && target.tags.as_ref().is_none_or(|tags| tags.matches(&default_tags(path)))
    }));
    Ok(known)
}

/// The paths of all of the catalog's entries; as they are written, where a variable in them is not known.
pub(super) fn listed(variables: Variables<'_>, catalog: &Loaded) -> Vec<String> {
    let files = catalog.catalog.iter().flat_map(|catalog| &catalog.files);
    files
        .map(|file| variables.resolve(&file.path).map_or_else(|_| file.path.as_str().to_owned(), String::from))
        .collect()
}

/// Refuses patterns that match files which cannot be pushed, as their paths break a rule.
fn refuse_invalid(target: &Target, invalid: &[String]) -> Result<(), Error> {
    let chosen = target.files.select(invalid, |path| path).files;
    match chosen.into_iter().filter(|path| target.files.means(path)).min().map(|path| ConfigPath::new(path)) {
        Some(Err(error)) => Err(WorkspaceError::BadName { path: error.value, rule: error.rule }.into()),
        // What cannot be shown as it is would be a path.
        Some(Ok(path)) => Err(WorkspaceError::BadName { path: path.to_string(), rule: "it is not UTF-8 text" }.into()),
        None => Ok(()),
    }
}

/// Whether a path lies in a `.git` folder.
pub(super) fn is_in_git(path: &ConfigPath) -> bool {
    path.as_str().split('/').any(|segment| git_folder(segment) == Some(GIT))
}

/// Whether a path lies in a `.git` folder (a checkout leaves its token there) and `files` does not name it one by one:
/// a catalog, which a pull request may change, is not enough to have it read, nor is what a bucket says.
fn is_kept_from_reading(target: &Target, path: &ConfigPath) -> bool {
    is_in_git(path) && target.files.exact_paths().is_none_or(|paths| !paths.contains(path))
}

/// Refuses what is to be stored and not read.
pub(super) fn refuse_git(target: &Target, path: &ConfigPath) -> Result<(), Error> {
    if is_kept_from_reading(target, path) {
        return Err(WorkspaceError::Protected { path: path.to_string(), folder: GIT }.into());
    }
    Ok(())
}

/// Leaves out of what is only looked at what is not read. The note tells of it, if there is such.
pub(super) fn leave_out_git(target: &Target, paths: &mut Vec<ConfigPath>) -> Option<Note> {
    let left_out: Vec<_> = paths.extract_if(.., |path| is_kept_from_reading(target, path)).collect();
    (!left_out.is_empty()).then_some(Note::GitNotCompared(left_out))
}
