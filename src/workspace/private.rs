//! Files for later steps that lie outside of the workspace.

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
/// `BadName` when `name` is no [`ConfigPath`] of one segment; `Exists` when it is taken, even by a link; `NotFound` when there is no
/// such folder; `Denied` or `Io`. After an error nothing of the file is left.
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
