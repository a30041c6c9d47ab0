//! A file that a person names for what would go to standard output.

use std::path::Path;

use crate::name::ConfigPath;
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Workspace, WorkspaceError};

/// Writes it whole or not at all, with mode 0600, in place of a file that stands there. Links in the path of its folder
/// are followed; one in its own place is not.
///
/// # Errors
/// What stands there that is no file, and why it cannot be written.
pub(super) fn write(path: &Path, content: Secret<&[u8]>) -> Result<(), WorkspaceError> {
    let bad_name = |rule| WorkspaceError::BadName { path: path.to_string_lossy().into_owned(), rule };
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| bad_name("it names no file"))?;
    let name = ConfigPath::new(name).map_err(|error| bad_name(error.rule))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = NewFile { path: name, content, mode: FileMode::Private, named: true, may_replace: true };
    Workspace::open(folder)?.stage(&[file])?.commit()?.finish()
}
