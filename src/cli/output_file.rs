//! A file that a person names for what would go to standard output.

use std::path::Path;

use super::failure::Failure;
use crate::name::ConfigPath;
use crate::option::{OUTPUT, OptionError};
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Workspace, WorkspaceError};

/// Why a path is no file's.
#[derive(Debug, thiserror::Error)]
enum NoFile {
    #[error("{0:?} is a folder, and this flag takes a file")]
    Folder(String),
    #[error("{0:?} has a name that no file can have here: {1}")]
    Name(String, &'static str),
}

/// Refuses what is no file's path, before any work is done for it.
///
/// # Errors
/// A folder, and a name that no file can have.
pub(super) fn check(path: &str) -> Result<(), OptionError> {
    name(path).map(|_| ())
}

/// Writes it whole or not at all, with mode 0600, in place of a file that stands there. Links in the path of its folder
/// are followed; one in its own place is not.
///
/// # Errors
/// What stands there that is no file, and why it cannot be written.
pub(super) fn write(path: &str, content: Secret<&[u8]>) -> Result<(), Failure> {
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = NewFile { path: name(path)?, content, mode: FileMode::Private, named: true, may_replace: true };
    let written = || -> Result<(), WorkspaceError> { Workspace::open(folder)?.stage(&[file])?.commit()?.finish() };
    written().map_err(|error| Failure::OutputFile(path.to_owned(), Box::new(error.into())))
}

fn name(path: &str) -> Result<ConfigPath, OptionError> {
    let refused = |problem| OptionError::unusable(&OUTPUT, problem);
    let is_folder = path.ends_with(std::path::is_separator) || Path::new(path).is_dir();
    let name = Path::new(path).file_name().and_then(|name| name.to_str()).filter(|_| !is_folder);
    let name = name.ok_or_else(|| refused(NoFile::Folder(path.to_owned())))?;
    ConfigPath::new(name).map_err(|error| refused(NoFile::Name(name.to_owned(), error.rule)))
}
