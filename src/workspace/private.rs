//! Files outside of the workspace that nobody else may read: for later steps, and what is remembered for later runs.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::{FileMode, WorkspaceError};
use crate::name::ConfigPath;
use crate::secret::Secret;

/// Writes a new file of mode 0600 into a folder outside of the workspace, such as `RUNNER_TEMP`, which must exist and
/// which the caller trusts (links in its path are followed). A root gives the file to the folder's owner. Returns the
/// file's path; removing it is the caller's.
///
/// # Errors
/// `BadName` when `name` is no [`ConfigPath`] of one segment; `Exists` when it is taken, even by a link; `NotFound`
/// when there is no such folder; `Denied` or `Io`. After an error nothing of the file is left.
pub fn write_private(folder: &Path, name: &str, content: Secret<&[u8]>) -> Result<PathBuf, WorkspaceError> {
    let broken_rule = match ConfigPath::new(name) {
        Err(error) => Some(error.rule),
        Ok(path) => (path.file_name() != name).then_some("it is more than one name"),
    };
    if let Some(rule) = broken_rule {
        return Err(WorkspaceError::BadName { path: name.to_owned(), rule });
    }
    let shown = folder.to_string_lossy();
    let opened = Folder::open_trusted(folder).map_err(|error| WorkspaceError::reading(&shown, error))?;
    let owner = opened.owner_for_new_files().map_err(|error| WorkspaceError::reading(&shown, error))?;
    let path = folder.join(name);
    opened.create(name, content.expose(), FileMode::PRIVATE, owner).map_err(|error| {
        let path = path.to_string_lossy();
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => WorkspaceError::Exists { path: path.into_owned() },
            _ => WorkspaceError::writing(&path, error),
        }
    })?;
    Ok(path)
}

/// Whose a new file is when root writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BelongsTo {
    /// Whoever the folder belongs to.
    FolderOwner,
    /// Root itself.
    Process,
}

/// Makes a folder that nobody else may look into, and those above it that are not there. Root gives each to the owner
/// of the one above.
///
/// # Errors
/// When one cannot be made, or no folder stands there.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let (above, name) = split(path)?;
    make_private_folder(above)?;
    let above = Folder::open_trusted(above)?;
    if above.make_private_folder(name)? {
        // Root may lack the right to give it away, and then it is root's.
        if let Ok(Some(owner)) = above.owner_for_new_files() {
            let _ = above.open_folder(name)?.set_owner(owner);
        }
        return Ok(());
    }
    // Another run may have made it meanwhile.
    if path.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

/// Opens a file for writing that its owner alone may read, and makes it where there is none.
///
/// # Errors
/// When it can be neither opened nor made.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    let open = || OpenOptions::new().write(true).open(path);
    match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        opened => return opened,
    }
    let (folder, name) = split(path)?;
    match create(&Folder::open_trusted(folder)?, name, &[], BelongsTo::FolderOwner) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => open(),
    }
}

/// Writes a file that its owner alone may read, whole or not at all.
///
/// # Errors
/// When it cannot be written. Then what was there still is.
pub(crate) fn replace_private(path: &Path, content: &[u8], belongs_to: BelongsTo) -> io::Result<()> {
    let temporary = path.with_extension(format!("{:016x}.tmp", getrandom::u64().map_err(io::Error::other)?));
    let ((folder, name), (_, temporary)) = (split(path)?, split(&temporary)?);
    let folder = Folder::open_trusted(folder)?;
    create(&folder, temporary, content, belongs_to)?;
    folder.rename(temporary, name).inspect_err(|_| {
        // The first failure is the one to report.
        let _ = folder.remove_file(temporary);
    })
}

fn create(folder: &Folder, name: &str, content: &[u8], belongs_to: BelongsTo) -> io::Result<()> {
    let owner = match belongs_to {
        BelongsTo::FolderOwner => folder.owner_for_new_files()?,
        BelongsTo::Process => None,
    };
    let created = folder.create(name, content, FileMode::PRIVATE, owner);
    match created {
        // Root may lack the right to give it away, and then it is root's.
        Err(error) if owner.is_some() && error.kind() == io::ErrorKind::PermissionDenied => {
            folder.create(name, content, FileMode::PRIVATE, None).map(drop)
        }
        created => created.map(drop),
    }
}

/// The folder of a path, and the name in it.
fn split(path: &Path) -> io::Result<(&Path, &str)> {
    let name = path.file_name().and_then(std::ffi::OsStr::to_str);
    path.parent().zip(name).ok_or_else(|| io::ErrorKind::InvalidFilename.into())
}
