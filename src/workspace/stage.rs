//! Checks the targets of new files, and writes them to temporary files beside these. `change` puts them in place.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Read};
use std::sync::Arc;

use cap_std::fs::Metadata;

use super::change::{MadeFolder, Replacement, Staged};
use super::folder::{Folder, Identity, Owner, has_one_name, mode_of};
use super::temporary::{Temporary, temporary_name};
use super::{Workspace, WorkspaceError, refuse_devices};
use crate::name::{ConfigPath, git_folder};
use crate::secret::Secret;

/// A file to be written into the workspace.
#[derive(Debug, Clone)]
pub struct NewFile<'a> {
    /// The target, relative to the workspace's root.
    pub path: ConfigPath,
    /// The content, in full.
    pub content: Secret<&'a [u8]>,
    /// Who may read the file.
    pub mode: FileMode,
    /// Whether the user named this very path. Without it nothing is written below `.git` or `.github`.
    pub named: bool,
    /// Whether a file that stands there with other content may be replaced.
    pub may_replace: bool,
}

/// Who may read a file that is written. The umask has no say in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileMode {
    /// 0600: its owner alone. For everything that holds config values.
    Private,
    /// The permissions and the group of the file that is replaced, else 0600: whoever could read it goes on to, and
    /// nobody else. For config values where a person has decided who reads them.
    AsBefore,
    /// The permissions of the file that is replaced, else 0644. For what is committed anyway, such as the catalog.
    Shared,
}

impl FileMode {
    pub(super) const PRIVATE: u32 = 0o600;

    fn bits(self, before: Option<&Metadata>) -> u32 {
        match self {
            Self::Private => Self::PRIVATE,
            Self::AsBefore => before.and_then(mode_of).map_or(Self::PRIVATE, |mode| mode & 0o777),
            Self::Shared => before.and_then(mode_of).map_or(0o644, |mode| mode & 0o777),
        }
    }
}

impl Workspace {
    /// Writes files beside their targets, ready to take the targets' places with [`Staged::commit`]. Folders that are
    /// missing are made, with mode 0755 less the umask. When this process is root, files and folders are given to the
    /// owner of the workspace's root folder. A target that is already what it would become (content, mode, owner, no
    /// other name through a hard link) is left alone, its time of change too.
    ///
    /// # Errors
    /// All naming the path. `Clash`, `Protected` and `BadName` before anything is written; `OneName` for two names that
    /// the file system takes for one (what it does not say now, the commit finds); `Link`, `IsFolder`, `NotAFolder` or
    /// `NotRegular` for what stands in the way; `Changed` for other content that may not be replaced; `Denied` or `Io`
    /// from the operating system. After any error the workspace is as it was.
    pub fn stage(&self, files: &[NewFile<'_>]) -> Result<Staged, WorkspaceError> {
        refuse_paths(files)?;
        let mut staged = Staged::default();
        // Files of one folder share one open folder.
        let mut opened = BTreeMap::new();
        let mut standing = HashMap::new();
        for file in files {
            let folder = self.open_or_make_folders(&file.path, &mut staged, &mut opened)?;
            let before = target_metadata(&folder, &file.path)?;
            if let Some(before) = &before {
                let other = staged.0.folder_made(before).or_else(|| first_name(&mut standing, before, &file.path));
                if let Some(other) = other {
                    return Err(WorkspaceError::OneName { path: file.path.to_string(), other: other.to_owned() });
                }
                require_replaceable(&file.path, before)?;
                if !file.may_replace && !holds(&folder, file, before) {
                    // The survey found nothing there, or this content.
                    return Err(WorkspaceError::Changed { path: file.path.to_string() });
                }
            }
            if let Some(replacement) = stage_one(file, folder, before.as_ref(), self.owner)? {
                staged.0.files.push(replacement);
            }
        }
        Ok(staged)
    }

    /// What would keep files from being written, as far as it can be seen without changing anything; and which of them,
    /// by index, stand there with other content although they may not be replaced.
    ///
    /// # Errors
    /// Those of [`stage`](Self::stage).
    pub fn survey(&self, files: &[NewFile<'_>]) -> Result<Vec<usize>, WorkspaceError> {
        refuse_paths(files)?;
        let mut opened = BTreeMap::new();
        let mut replaced = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let Some(folder) = self.find_folders(&file.path, &mut opened)? else { continue };
            let Some(before) = target_metadata(&folder, &file.path)? else { continue };
            require_replaceable(&file.path, &before)?;
            if !file.may_replace && !holds(&folder, file, &before) {
                replaced.push(index);
            }
        }
        Ok(replaced)
    }

    /// Opens the folder of a path; none where it is missing.
    pub(super) fn find_folders(
        &self,
        path: &ConfigPath,
        opened: &mut BTreeMap<String, Option<Arc<Folder>>>,
    ) -> Result<Option<Arc<Folder>>, WorkspaceError> {
        let mut shown = String::new();
        if !opened.contains_key("") {
            let root = self.root.try_clone().map_err(|error| WorkspaceError::reading(path.as_str(), error))?;
            opened.insert(String::new(), Some(Arc::new(root)));
        }
        let mut here = opened.get("").cloned().flatten();
        for name in path.folders() {
            if !shown.is_empty() {
                shown.push('/');
            }
            shown.push_str(name);
            let Some(parent) = &here else { break };
            here = match opened.get(&shown) {
                Some(folder) => folder.clone(),
                None => {
                    let folder = open_existing(parent, name, &shown)?.map(Arc::new);
                    opened.insert(shown.clone(), folder.clone());
                    folder
                }
            };
        }
        Ok(here)
    }

    fn open_or_make_folders(
        &self,
        path: &ConfigPath,
        staged: &mut Staged,
        opened: &mut BTreeMap<String, Arc<Folder>>,
    ) -> Result<Arc<Folder>, WorkspaceError> {
        let mut shown = String::new();
        let mut here = match opened.get("") {
            Some(root) => Arc::clone(root),
            None => {
                let root = self.root.try_clone().map_err(|error| WorkspaceError::writing(path.as_str(), error))?;
                Arc::clone(opened.entry(String::new()).or_insert(Arc::new(root)))
            }
        };
        for name in path.folders() {
            if !shown.is_empty() {
                shown.push('/');
            }
            shown.push_str(name);
            here = match opened.get(&shown) {
                Some(folder) => Arc::clone(folder),
                None => {
                    let folder = Arc::new(self.open_or_make_folder(&here, name, &shown, staged)?);
                    Arc::clone(opened.entry(shown.clone()).or_insert(folder))
                }
            };
        }
        Ok(here)
    }

    fn open_or_make_folder(
        &self,
        parent: &Arc<Folder>,
        name: &str,
        shown: &str,
        staged: &mut Staged,
    ) -> Result<Folder, WorkspaceError> {
        let name_error = |error| WorkspaceError::writing(shown, error);
        let made = is_free(parent, name, shown)? && parent.make_folder(name).map_err(name_error)?;
        if made {
            let made = MadeFolder { parent: Arc::clone(parent), name: name.to_owned(), path: shown.to_owned() };
            staged.0.made.push(made);
        }
        let folder = open(parent, name, shown)?;
        if made && let Some(owner) = self.owner {
            folder.set_owner(owner).map_err(name_error)?;
        }
        Ok(folder)
    }
}

/// Whether nothing stands at a name.
fn is_free(parent: &Folder, name: &str, shown: &str) -> Result<bool, WorkspaceError> {
    match parent.symlink_metadata(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(WorkspaceError::writing(shown, error)),
        Ok(_) => Ok(false),
    }
}

/// Opens a folder that is there, or says what stands in its place.
fn open(parent: &Folder, name: &str, shown: &str) -> Result<Folder, WorkspaceError> {
    parent.open_folder(name).map_err(|error| match parent.symlink_metadata(name) {
        Ok(found) if found.is_symlink() => link_in_the_way(shown),
        Ok(found) if !found.is_dir() => WorkspaceError::NotAFolder { path: shown.to_owned() },
        Ok(_) if error.kind() == io::ErrorKind::NotADirectory => WorkspaceError::Changed { path: shown.to_owned() },
        _ => WorkspaceError::writing(shown, error),
    })
}

/// Opens a folder, if there is one.
fn open_existing(parent: &Folder, name: &str, shown: &str) -> Result<Option<Folder>, WorkspaceError> {
    if is_free(parent, name, shown)? { Ok(None) } else { open(parent, name, shown).map(Some) }
}

fn stage_one(
    file: &NewFile<'_>,
    folder: Arc<Folder>,
    before: Option<&Metadata>,
    owner: Option<Owner>,
) -> Result<Option<Replacement>, WorkspaceError> {
    let name_error = |error| WorkspaceError::writing(file.path.as_str(), error);
    let mode = file.mode.bits(before);
    if let Some(before) = before
        && is_already(&folder, file, before, mode, owner)
    {
        return Ok(None);
    }
    let temporary = temporary_name(Temporary::New).map_err(name_error)?;
    let ours = match before.filter(|_| file.mode == FileMode::AsBefore) {
        Some(before) => folder.create_as(&temporary, file.content.expose(), mode, owner, before),
        None => folder.create(&temporary, file.content.expose(), mode, owner),
    };
    let ours = ours.map_err(name_error)?;
    Ok(Some(Replacement::new(file.path.clone(), folder, temporary, before.map(Identity::from_metadata), ours)))
}

/// Whether a file already is what it would become. When it cannot be read the answer is no.
fn is_already(folder: &Folder, file: &NewFile<'_>, before: &Metadata, mode: u32, owner: Option<Owner>) -> bool {
    mode_of(before).is_none_or(|found| found == mode)
        && has_one_name(before)
        && owner.is_none_or(|owner| Owner::from_metadata(before) == owner)
        && holds(folder, file, before)
}

/// Whether what stands at a file's target has its content. When it cannot be read the answer is no.
fn holds(folder: &Folder, file: &NewFile<'_>, before: &Metadata) -> bool {
    let content: &[u8] = file.content.expose();
    if u64::try_from(content.len()).is_ok_and(|length| length != before.len()) {
        return false;
    }
    let Ok(file) = folder.open_file(file.path.file_name()) else { return false };
    // Another file, perhaps a FIFO, may have taken the name meanwhile.
    if !Metadata::from_file(&file).is_ok_and(|found| Identity::from_metadata(&found) == Identity::from_metadata(before))
    {
        return false;
    }
    let mut found = Vec::with_capacity(content.len());
    file.take(before.len().saturating_add(1)).read_to_end(&mut found).is_ok() && found == content
}

/// What stands at a file's target; none where nothing does.
pub(super) fn target_metadata(folder: &Folder, path: &ConfigPath) -> Result<Option<Metadata>, WorkspaceError> {
    match folder.symlink_metadata(path.file_name()) {
        Ok(before) => Ok(Some(before)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WorkspaceError::writing(path.as_str(), error)),
    }
}

/// The other path at which this very file was found before; else `path` is remembered for it. A file that has several
/// names, through hard links, may stand at several paths, and is not looked up.
pub(super) fn first_name<'a>(
    standing: &mut HashMap<Identity, &'a str>,
    found: &Metadata,
    path: &'a ConfigPath,
) -> Option<&'a str> {
    if has_one_name(found) { standing.insert(Identity::from_metadata(found), path.as_str()) } else { None }
}

pub(super) fn require_replaceable(path: &ConfigPath, found: &Metadata) -> Result<(), WorkspaceError> {
    if found.is_file() {
        Ok(())
    } else if found.is_symlink() {
        Err(link_in_the_way(path.as_str()))
    } else if found.is_dir() {
        Err(WorkspaceError::IsFolder { path: path.to_string() })
    } else {
        Err(WorkspaceError::NotRegular { path: path.to_string() })
    }
}

fn link_in_the_way(path: &str) -> WorkspaceError {
    let rule = "is neither followed nor replaced by a write";
    WorkspaceError::Link { path: path.to_owned(), rule, is_needed: false }
}

/// Refuses what can be told from the paths alone.
fn refuse_paths(files: &[NewFile<'_>]) -> Result<(), WorkspaceError> {
    refuse_clashes(files)?;
    files.iter().try_for_each(|file| {
        refuse_protected(file)?;
        refuse_devices(&file.path)
    })
}

/// Refuses a path that comes twice, and one that is a folder of another.
fn refuse_clashes(files: &[NewFile<'_>]) -> Result<(), WorkspaceError> {
    let clash =
        |path: &ConfigPath, other: &str| WorkspaceError::Clash { path: path.to_string(), other: other.to_owned() };
    let mut all = BTreeSet::new();
    for file in files {
        if !all.insert(file.path.as_str()) {
            return Err(clash(&file.path, file.path.as_str()));
        }
    }
    for file in files {
        let path = file.path.as_str();
        for (end, _) in path.match_indices('/') {
            if let Some(folder) = path.get(..end).and_then(|folder| all.get(folder)) {
                return Err(clash(&file.path, folder));
            }
        }
    }
    Ok(())
}

/// Refuses `.git` and `.github` at any depth (a workspace may hold several checkouts), as a folder or as the file
/// itself.
fn refuse_protected(file: &NewFile<'_>) -> Result<(), WorkspaceError> {
    match file.path.as_str().split('/').find_map(git_folder) {
        Some(folder) if !file.named => Err(WorkspaceError::Protected { path: file.path.to_string(), folder }),
        _ => Ok(()),
    }
}
