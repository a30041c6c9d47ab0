//! The Go cStore's ghost files: `.cstore` in the folder of a stored file says where that folder is, seen from the
//! catalog (<https://github.com/turnerlabs/cstore/blob/master/docs/GHOST.md>).

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::owner::other_owner;
use crate::environment::Environment;

const NAME: &str = ".cstore";
/// Larger ones are no ghost files, in bytes.
const LARGEST: u64 = 4096;

/// The catalog's folder that the ghost file here leads to. One that does not fit this folder's path, which was moved,
/// says nothing; nor does another user's.
pub(super) fn catalog_folder(here: &Path, environment: &Environment) -> Option<PathBuf> {
    let path = here.join(NAME);
    let found = path.symlink_metadata().ok()?;
    if !found.is_file() || found.len() > LARGEST || other_owner(&found, environment).is_some() {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
    above(here, location(&text)?)
}

/// The folder that a ghost file names.
fn location(text: &str) -> Option<&str> {
    let location = text.lines().find_map(|line| line.strip_prefix("location:"))?.trim();
    let unquoted = ['"', '\''].into_iter().find_map(|quote| location.strip_prefix(quote)?.strip_suffix(quote));
    Some(unquoted.unwrap_or(location).trim_matches('/')).filter(|location| !location.is_empty())
}

/// What lies above a folder whose path ends with a location.
fn above(here: &Path, location: &str) -> Option<PathBuf> {
    let mut folder = here;
    for segment in location.rsplit('/') {
        if folder.file_name()? != segment {
            return None;
        }
        folder = folder.parent()?;
    }
    Some(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_taken_off_the_end_of_the_path() {
        let above = |text: &str| above(Path::new("/home/jo/shop/service/dev"), location(text)?);
        let shop = || Some(PathBuf::from("/home/jo/shop"));
        assert_eq!(above("# Ghost files\nlocation: service/dev/\n"), shop());
        assert_eq!(above("location: \"service/dev\"\r\n"), shop());
        for other in
            ["", "location:", "location: /", "location: service/qa/", "location: ../dev", "pulled: service/dev/"]
        {
            assert_eq!(above(other), None, "{other:?}");
        }
        assert_eq!(above("location: a/b/c/home/jo/shop/service/dev"), None);
    }
}
