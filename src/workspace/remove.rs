//! Removing one file, if it is the one that is meant.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::folder::Folder;
use super::stage::{require_replaceable, target_metadata};
use super::temporary::{Temporary, temporary_name};
use super::{Workspace, WorkspaceError, refuse_devices};
use crate::name::{ConfigPath, Digest};

impl Workspace {
    /// Removes a regular file that has these bytes. No link is followed.
    ///
    /// # Errors
    /// `NotFound`; `Link`, `IsFolder`, `NotAFolder` or `NotRegular` for what stands there; `Changed` where it has other
    /// bytes: then it stays; `NotPutBack` where it then lies under another name; `Denied` or `Io` from the operating
    /// system.
    pub fn remove(&self, path: &ConfigPath, digest: Digest) -> Result<(), WorkspaceError> {
        refuse_devices(path)?;
        let not_found = || WorkspaceError::NotFound { path: path.to_string() };
        let failed = |error| WorkspaceError::writing(path.as_str(), error);
        let folder = self.find_folders(path, &mut BTreeMap::new())?.ok_or_else(not_found)?;
        require_replaceable(path, &target_metadata(&folder, path)?.ok_or_else(not_found)?)?;
        // Under a name of its own nobody replaces it between the look and the removal.
        let (name, temporary) = (path.file_name(), temporary_name(Temporary::Earlier).map_err(failed)?);
        folder.rename(name, &temporary).map_err(failed)?;
        let outcome = if digest_of(&folder, &temporary) == Some(digest) {
            folder.remove_file(&temporary).map_err(failed)
        } else {
            Err(WorkspaceError::Changed { path: path.to_string() })
        };
        if outcome.is_err() {
            folder.rename_to_free(&temporary, name).map_err(|reason| {
                let backup = path.folders().chain([temporary.as_str()]).collect::<Vec<_>>().join("/");
                WorkspaceError::NotPutBack { path: path.to_string(), backup, reason }
            })?;
        }
        outcome
    }
}

fn digest_of(folder: &Folder, name: &str) -> Option<Digest> {
    let mut content = Vec::new();
    folder.open_file(name).ok()?.read_to_end(&mut content).ok()?;
    Some(Digest::from_content(&content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_with_these_bytes_goes() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        let path = |text: &str| ConfigPath::new(text).unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/b"), "1").unwrap();
        std::os::unix::fs::symlink("a/b", folder.path().join("link")).unwrap();
        let one = Digest::from_content(b"1");
        let other = workspace.remove(&path("a/b"), Digest::from_content(b"2"));
        assert!(matches!(other, Err(WorkspaceError::Changed { .. })), "{other:?}");
        assert!(matches!(workspace.remove(&path("link"), one), Err(WorkspaceError::Link { .. })));
        assert!(matches!(workspace.remove(&path("a"), one), Err(WorkspaceError::IsFolder { .. })));
        assert_eq!(std::fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
        workspace.remove(&path("a/b"), one).unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join("a")).unwrap().count(), 0);
        assert!(matches!(workspace.remove(&path("a/b"), one), Err(WorkspaceError::NotFound { .. })));
    }
}
