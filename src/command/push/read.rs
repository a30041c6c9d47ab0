//! Reads the files to push, and checks them before anything is sent.

use bytes::Bytes;

use super::read_once::Read;
use crate::catalog::{SelectedFile, UnmatchedTypes, default_tags};
use crate::command::asked::Asking;
use crate::command::catalogs::{Loaded, below};
use crate::command::checks::{self, ReadFrom};
use crate::command::variables::Variables;
use crate::command::{Note, working};
use crate::config::{
    FileType, KeySelection, OnDuplicate, Parsed, SourceFile, conflicts, merge, parse, same_output, undeliverable,
};
use crate::error::{Error, UnknownFiles};
use crate::name::{ConfigPath, Digest};
use crate::request::{Checks, EditedFiles, HeadFile, PushRequest, Target};
use crate::secret::Secret;
use crate::store::{Asked, Base, MAX_FILE_BYTES, PushFile};
use crate::workspace::{Workspace, WorkspaceError, executed_name};

/// The paths to push: those in the catalog, and those that `files` names besides.
pub(super) fn paths(
    target: &Target,
    variables: Variables<'_>,
    workspace: &Workspace,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
) -> Result<Vec<ConfigPath>, Error> {
    let known = working::candidates(target, variables, workspace, catalog, entries)?;
    let selection = target.files.select(&known, |path| path.as_str());
    if !selection.unmatched.is_empty() && target.tags.is_none() {
        let there = files_here(workspace, catalog);
        let files = UnknownFiles::new(selection.unmatched, known.iter().chain(&there).map(ConfigPath::as_str));
        return Err(Error::NotHere { files, are_listed: false });
    }
    if selection.files.is_empty() {
        return Err(if target.tags.is_some() { Error::NoTags } else { nothing_to_push(target, catalog) });
    }
    Ok(selection.files.into_iter().cloned().collect())
}

fn nothing_to_push(target: &Target, catalog: &Loaded) -> Error {
    Error::NothingToPush { only_excludes: target.files.only_excludes(), has_catalog: catalog.catalog.is_some() }
}

/// The files of the catalog's folder that may be config. They help to find a typing error; where too many are to be
/// looked at, the message does without.
fn files_here(workspace: &Workspace, catalog: &Loaded) -> Vec<ConfigPath> {
    let mut there = workspace.files(&catalog.folder).map(|listing| listing.paths).unwrap_or_default();
    there.retain(|path| path.as_str() != catalog.path.file_name() && !working::is_in_git(path));
    there
}

/// The error for files that are not there. What was meant is among the files that are.
fn not_here(
    absent: Vec<ConfigPath>,
    entries: &[SelectedFile<'_>],
    target: &Target,
    workspace: &Workspace,
    catalog: &Loaded,
) -> Error {
    let there = files_here(workspace, catalog);
    let are_listed =
        target.files.is_empty() && absent.iter().all(|path| entries.iter().any(|entry| entry.path == *path));
    let lines = absent.iter().map(ToString::to_string).collect();
    Error::NotHere { files: UnknownFiles::new(lines, there.iter().map(ConfigPath::as_str)), are_listed }
}

/// Reads the files to push. They are checked by [`check`]; what they replace is not known yet.
pub(super) fn read_files(
    request: &PushRequest,
    variables: Variables<'_>,
    workspace: &Workspace,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
) -> Result<Read, Error> {
    if let Some(edited) = &request.edited {
        return edited_files(request, edited, variables, catalog, entries);
    }
    let target = &request.target;
    let (mut files, mut absent) = (Vec::new(), Vec::new());
    let paths = paths(target, variables, workspace, catalog, entries)?;
    let decided = target.types.decide(paths.iter().map(ConfigPath::as_str));
    for path in paths {
        let entry = entries.iter().find(|entry| entry.path == path);
        let place = below(&path, &catalog.folder)?;
        working::refuse_git(target, &path)?;
        let content = match workspace.read(&place, MAX_FILE_BYTES) {
            Ok(content) => content,
            Err(WorkspaceError::NotFound { .. }) => {
                absent.push(path);
                continue;
            }
            Err(WorkspaceError::IsFolder { .. }) => return Err(Error::FolderNamed { path, in_workspace: place }),
            Err(error) => return Err(error.into()),
        };
        let by_rule = decided.types.get(path.as_str()).copied();
        let (asked, file_type) = asking(request).of_file(&path, by_rule, variables, catalog, entry)?;
        files.push(PushFile {
            digest: Digest::from_content(content.expose()),
            content: Secret::new(Bytes::from(content.into_exposed())),
            asked,
            file_type,
            default_tags: default_tags(&path),
            base: Base::Unknown,
            path,
        });
    }
    if !absent.is_empty() {
        return Err(not_here(absent, entries, target, workspace, catalog));
    }
    Ok(Read { files, unmatched_types: decided.unmatched })
}

fn asking(request: &PushRequest) -> Asking<'_> {
    Asking { settings: &request.entries, kms_keys: &request.kms_keys }
}

/// Files of the head whose new bytes are given. What is recorded of them stays.
fn edited_files(
    request: &PushRequest,
    edited: &EditedFiles,
    variables: Variables<'_>,
    catalog: &Loaded,
    entries: &[SelectedFile<'_>],
) -> Result<Read, Error> {
    let mut files = Vec::new();
    for file in &edited.changed {
        let HeadFile { path, file_type, is_listed, .. } = &file.before;
        let entry = entries.iter().find(|entry| entry.path == *path);
        let asked = asking(request).besides_type(variables, catalog, entry)?;
        let asked = if *is_listed { Asked { kms_key: asked.kms_key, ..Asked::default() } } else { asked };
        files.push(PushFile {
            digest: Digest::from_content(file.content.expose()),
            content: file.content.clone(),
            asked: Asked { file_type: (*file_type != FileType::detect(path)).then_some(*file_type), ..asked },
            file_type: *file_type,
            default_tags: default_tags(path),
            base: Base::Unknown,
            path: path.clone(),
        });
    }
    Ok(Read { files, unmatched_types: UnmatchedTypes::default() })
}

/// Checks files before they are sent: each by itself, and what all of them give together, with `others` where these can
/// be read.
pub(super) fn check(
    files: &[PushFile],
    others: &[HeadFile],
    unmatched_types: &UnmatchedTypes,
    checks: &Checks,
    workspace: &Workspace,
    catalog: &Loaded,
    notes: &mut Vec<Note>,
) -> Result<(), Error> {
    let mut sources: Vec<SourceFile> = Vec::new();
    // All of them are said at once.
    let mut unread = Vec::new();
    if *unmatched_types != UnmatchedTypes::default() {
        notes.push(Note::UnmatchedTypes(unmatched_types.clone()));
    }
    for PushFile { path, file_type, content, .. } in files {
        let (file_type, place) = (*file_type, below(path, &catalog.folder)?);
        match checks::values(file_type, content.expose(), checks, path, &place, ReadFrom::Workspace, notes) {
            Ok((values, _)) => {
                unread.extend(undeliverable(&values, content.expose(), path, &place));
                unread.extend(same_output(&values, path, &place));
                sources.push(checks::source(path, file_type, &values));
            }
            Err(error) => unread.push(*error),
        }
    }
    if !unread.is_empty() {
        return Err(Error::ConfigFiles { files: unread, wanted: None, unmatched_types: unmatched_types.clone() });
    }
    let to_be_named =
        |file: &&PushFile| executed_name::refusal(file.asked.alternate_path.as_ref().unwrap_or(&file.path)).is_some();
    let to_be_named: Vec<_> = files.iter().filter(to_be_named).map(|file| file.path.clone()).collect();
    if !to_be_named.is_empty() {
        notes.push(Note::ToBeNamed(to_be_named));
    }
    // The files of several environments may well disagree; what is required must be in one of them.
    let keys: Vec<_> = conflicts(&sources).into_iter().map(|conflict| conflict.key).collect();
    for HeadFile { path, file_type, content, .. } in others {
        if let Ok(Parsed { entries, .. }) = parse(*file_type, content.expose(), &checks.separator) {
            sources.push(checks::source(path, *file_type, &entries));
        }
    }
    let merged = merge(sources, OnDuplicate::Last, Vec::new())?;
    checks.validate(&merged, workspace, notes)?;
    // What a pull of all of them makes of their keys.
    let selection = KeySelection::default().select(merged, OnDuplicate::Error);
    let same_output = match selection.and_then(|selection| selection.selected.into_outputs()) {
        Ok(outputs) => {
            notes.extend(Note::from_reserved(&outputs));
            None
        }
        Err(error) => Some(error.to_string()),
    };
    if !keys.is_empty() || same_output.is_some() {
        notes.push(Note::Disagreement { keys, same_output });
    }
    Ok(())
}
