//! Whose a catalog is.

use std::fs::Metadata;
use std::path::Path;

use super::error::PlaceError;
use crate::environment::Environment;

/// Refuses a catalog, or a link to one, that another user owns: he could have put it there to have config sent to a
/// bucket of his. As for sshd's files, root counts as oneself, since he could replace this program, too. For root, as
/// for git (safe.directory), whoever called sudo counts as well.
///
/// Permissions are not looked at: on file systems without any, all files appear to be writable by everybody. What a
/// catalog names is trusted by its content anyway.
///
/// # Errors
/// A catalog of another user.
pub(in crate::cli) fn check(catalog: &Path, environment: &Environment) -> Result<(), PlaceError> {
    for found in [catalog.symlink_metadata(), catalog.metadata()].into_iter().flatten() {
        if let Some(owner) = other_owner(&found, environment) {
            return Err(PlaceError::Foreign { catalog: catalog.to_owned(), owner });
        }
    }
    Ok(())
}

/// The owner's user ID, where that is somebody else.
#[cfg(unix)]
pub(super) fn other_owner(found: &Metadata, environment: &Environment) -> Option<u32> {
    let owner = std::os::unix::fs::MetadataExt::uid(found);
    let own = rustix::process::geteuid();
    let sudo = || environment.text("SUDO_UID").and_then(|id| id.parse().ok());
    let is_own = owner == own.as_raw() || owner == 0 || own.is_root() && sudo() == Some(owner);
    (!is_own).then_some(owner)
}

#[cfg(not(unix))]
pub(super) fn other_owner(_: &Metadata, _: &Environment) -> Option<u32> {
    None
}
