//! Looking for the catalog.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use super::error::PlaceError;
use super::ghost;
use crate::environment::Environment;

/// The nearest folder with a catalog, from the current one upwards to the root of its repository or to the home folder.
/// Outside of both only the current folder counts: whose the folders above are is not known. No other file system is
/// entered, as git does not either.
pub(super) fn nearest(here: &Path, name: &str, environment: &Environment) -> Result<Option<PathBuf>, PlaceError> {
    let home = environment.text("HOME").and_then(|home| Path::new(&home).canonicalize().ok());
    // Where the file system's root is the home folder, as in some containers, it bounds nothing.
    let home = home.filter(|home| home.parent().is_some());
    let mut folders = Vec::new();
    let mut is_bounded = false;
    let device = here.metadata().ok().as_ref().and_then(device);
    for folder in here.ancestors() {
        if folder.metadata().is_ok_and(|found| self::device(&found) != device) {
            break;
        }
        folders.push(folder);
        if home.as_deref() == Some(folder) || is_there(folder, ".git", |_| true)? {
            is_bounded = true;
            break;
        }
    }
    let candidates = if is_bounded { folders.as_slice() } else { folders.get(..1).unwrap_or_default() };
    for folder in candidates {
        // A folder of that name is no catalog.
        if is_there(folder, name, |found| !found.is_dir())? {
            return Ok(Some((*folder).to_owned()));
        }
    }
    // A ghost file of the Go cStore says how far above the catalog is, which is asked where nothing else bounds the
    // search.
    let above = if is_bounded { None } else { ghost::catalog_folder(here, environment) };
    Ok(above.filter(|folder| folder.join(name).symlink_metadata().is_ok()))
}

/// Whether something that is wanted, or a link, is at a name in a folder.
fn is_there(folder: &Path, name: &str, is_wanted: impl Fn(&Metadata) -> bool) -> Result<bool, PlaceError> {
    match folder.join(name).symlink_metadata() {
        Ok(found) => Ok(is_wanted(&found)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(reason) => Err(PlaceError::Folder { folder: folder.to_owned(), reason }),
    }
}

#[cfg(unix)]
fn device(found: &Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::dev(found))
}

#[cfg(not(unix))]
fn device(_: &Metadata) -> Option<u64> {
    None
}
