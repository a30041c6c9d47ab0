//! Reading and writing files below one folder, and never outside of it.
//!
//! The folder is a checkout: whoever can open a pull request has a say in what lies in it. So no path is handed to the
//! operating system as a whole. Paths come as [`ConfigPath`]s (no `..`, never absolute) and are walked one open folder
//! at a time, without following links, so it does not matter what is swapped meanwhile.
//!
//! - **Reading** ([`Workspace::read`], [`Workspace::files`]) accepts links that stay within the workspace, because
//!   people do link their config; the link is resolved first, and what it names is then opened without links. A link
//!   into `.git` is refused: a checkout's credentials lie there.
//! - **Writing** ([`Workspace::stage`]) accepts no link at all, neither in a folder's place nor in the file's. New
//!   content goes to temporary files beside the targets ([`Staged`]), which then take the targets' names
//!   ([`Staged::commit`]); until [`Committed::finish`] all can be undone. A hard link loses nothing: the name gets
//!   another file, the file under its other names stays as it is.
//! - What is written outside of the workspace, for later steps of the job, goes through [`write_private`].
//!
//! Everything temporary is called `.cstore-….tmp`, holds its content with the mode that the file will have, and is
//! removed on drop; what a killed process leaves, a later one removes ([`Workspace::sweep`]). A file that was there
//! before is called `.cstore-….earlier.tmp` meanwhile: it may be the only one with its bytes. A process that moves a
//! folder, while it is being written, to where only that process could have written is not guarded against.

mod change;
mod error;
pub mod executed_name;
#[cfg_attr(windows, path = "folder_on_windows.rs")]
mod folder;
mod private;
mod read;
mod remove;
mod stage;
mod sweep;
mod temporary;
#[cfg(test)]
mod tests;
mod walk;

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::name::{ConfigPath, GIT, git_folder};

pub use change::{Committed, Staged};
pub use error::{WorkspaceError, WorkspaceErrorKind};
pub use private::write_private;
pub(crate) use private::{BelongsTo, make_private_folder, open_private, replace_private};
pub use stage::{FileMode, NewFile};
pub use walk::Listing;

use folder::{Folder, Owner, is_device_name};

/// A folder that files are read from and written to.
#[derive(Debug)]
pub struct Workspace {
    root: Folder,
    /// The folder's path, absolute where the working directory is known.
    location: PathBuf,
    /// Who gets the files and folders that are made here, see [`Folder::owner_for_new_files`].
    owner: Option<Owner>,
}

impl Workspace {
    /// Opens a folder. Links in this path are followed: it is the caller's own.
    ///
    /// # Errors
    /// `NotFound`, `NotAFolder`, `Denied` or `Io`, naming the folder.
    pub fn open(root: &Path) -> Result<Self, WorkspaceError> {
        let path = root.to_string_lossy();
        let location = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let name = |error: io::Error| match error.kind() {
            io::ErrorKind::NotADirectory => WorkspaceError::NotAFolder { path: path.clone().into_owned() },
            _ => WorkspaceError::reading(&path, error),
        };
        let root = Folder::open_trusted(root).map_err(name)?;
        let owner = root.owner_for_new_files().map_err(name)?;
        Ok(Self { root, location, owner })
    }

    /// The folder's path as it was given, made absolute.
    #[must_use]
    pub fn location(&self) -> &Path {
        &self.location
    }

    /// Follows the links of a path, and returns the path without links. Refuses to leave the workspace, and to enter
    /// `.git` through a link. What stands there may change afterwards: open the answer without following links.
    fn resolve(&self, path: &ConfigPath) -> Result<PathBuf, WorkspaceError> {
        refuse_devices(path)?;
        let link = |rule| WorkspaceError::Link { path: path.to_string(), rule, is_needed: false };
        let real = self.root.dir().canonicalize(path.as_str()).map_err(|error| match error.kind() {
            // cap-std's own error for a path that leaves the folder has no code of the operating system.
            io::ErrorKind::PermissionDenied if error.raw_os_error().is_none() => link("leads out of the workspace"),
            _ if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => link("leads to itself"),
            io::ErrorKind::NotADirectory => {
                let folder = path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
                WorkspaceError::NotAFolder { path: folder.to_owned() }
            }
            _ => WorkspaceError::reading(path.as_str(), error),
        })?;
        let enters_git = real.components().any(is_git);
        if enters_git && !path.as_str().split('/').any(|segment| git_folder(segment) == Some(GIT)) {
            return Err(link("leads into `.git`"));
        }
        Ok(real)
    }

    /// Opens the folder that a resolved path lies in. A link on the way, planted since, is an error.
    fn open_parent(&self, real: &Path, path: &ConfigPath) -> Result<Option<Folder>, WorkspaceError> {
        let mut folder = None;
        for part in real.parent().into_iter().flat_map(Path::components) {
            let here: &Folder = folder.as_ref().unwrap_or(&self.root);
            let next = here.open_folder(part).map_err(|error| WorkspaceError::reading(path.as_str(), error))?;
            folder = Some(next);
        }
        Ok(folder)
    }
}

/// Refuses a path that the system has a device for and no file. A name is not refused for it where it is harmless:
/// Linux runners and the buckets of their users may well have an `aux.env`.
fn refuse_devices(path: &ConfigPath) -> Result<(), WorkspaceError> {
    if path.as_str().split('/').any(is_device_name) {
        let rule = "a part of it is the name of a device on Windows";
        return Err(WorkspaceError::BadName { path: path.to_string(), rule });
    }
    Ok(())
}

fn is_git(part: Component<'_>) -> bool {
    git_folder(&part.as_os_str().to_string_lossy()) == Some(GIT)
}
