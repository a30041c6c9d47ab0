//! Reading one file without waiting, without leaving the workspace and without taking more than asked for.

use std::io::{self, Read};

use cap_std::fs::Metadata;

use super::{Workspace, WorkspaceError};
use crate::name::ConfigPath;
use crate::secret::Secret;

impl Workspace {
    /// Reads a regular file of at most `limit` bytes. Links are followed as long as they stay within the workspace and
    /// out of `.git`. Never waits: FIFOs, sockets and devices are refused unopened.
    ///
    /// # Errors
    /// `NotFound`, `IsFolder`, `NotAFolder`, `NotRegular`, `Link`, `TooLarge`, `Denied` or `Io`, naming the path.
    pub fn read(&self, path: &ConfigPath, limit: u64) -> Result<Secret<Vec<u8>>, WorkspaceError> {
        let real = self.resolve(path)?;
        let folder = self.open_parent(&real, path)?;
        let folder = folder.as_ref().unwrap_or(&self.root);
        // Only the workspace's own folder has no name.
        let Some(name) = real.file_name() else {
            return Err(WorkspaceError::IsFolder { path: path.to_string() });
        };
        let name_error = |error| WorkspaceError::reading(path.as_str(), error);

        // Checked before it is opened, because opening alone sets some devices in motion; and again once it is open,
        // because it may have been swapped between the two.
        require_regular(path, &folder.symlink_metadata(name).map_err(name_error)?)?;
        let file = folder.open_file(name).map_err(name_error)?;
        let found = Metadata::from_file(&file).map_err(name_error)?;
        require_regular(path, &found)?;

        match read_at_most(file, found.len(), limit).map_err(name_error)? {
            Some(content) => Ok(Secret::new(content)),
            None => Err(WorkspaceError::TooLarge { path: path.to_string(), limit }),
        }
    }

    /// Whether anything is there, be it a link. False where that cannot be told.
    #[must_use]
    pub fn has(&self, path: &ConfigPath) -> bool {
        self.root.dir().symlink_metadata(path.as_str()).is_ok()
    }

    /// The names in a folder ("" for the workspace itself) that are wanted, sorted, among the first 10,000 there; none
    /// where it cannot be read.
    #[must_use]
    pub fn names_in(&self, folder: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        const MOST_NAMES: usize = 10_000;
        let entries = self.root.dir().read_dir(if folder.is_empty() { "." } else { folder });
        let names = entries.into_iter().flatten().take(MOST_NAMES).flatten();
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> = names.filter(|name| is_wanted(name)).collect();
        names.sort_unstable();
        names
    }

    /// Whether [`read`](Self::read) would find a regular file there.
    pub(super) fn is_file(&self, path: &ConfigPath) -> Result<bool, WorkspaceError> {
        let real = self.resolve(path)?;
        // In one step, whatever the depth: a link's target may be thousands of folders deep.
        let found = self.root.dir().symlink_metadata(&real);
        Ok(found.map_err(|error| WorkspaceError::reading(path.as_str(), error))?.is_file())
    }
}

fn require_regular(path: &ConfigPath, found: &Metadata) -> Result<(), WorkspaceError> {
    let path = path.to_string();
    if found.is_file() {
        Ok(())
    } else if found.is_dir() {
        Err(WorkspaceError::IsFolder { path })
    } else if found.is_symlink() {
        Err(WorkspaceError::Link { path, rule: "was put there while the file was being read", is_needed: false })
    } else {
        Err(WorkspaceError::NotRegular { path })
    }
}

/// Reads to the end, unless there is more than the limit; then no more than one byte too many is read. Room is made for
/// the expected length, as a buffer that grows is in memory twice.
fn read_at_most(from: impl Read, expected: u64, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let room = usize::try_from(expected.min(limit)).unwrap_or_default();
    let mut content = Vec::with_capacity(room);
    from.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    let fits = u64::try_from(content.len()).is_ok_and(|length| length <= limit);
    Ok(fits.then_some(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_tells_that_it_is_too_much() {
        let mut endless = io::Cursor::new([0; 1000]);
        assert_eq!(read_at_most(&mut endless, 0, 10).unwrap(), None);
        assert_eq!(endless.position(), 11);
        assert_eq!(read_at_most(&[1, 2][..], 2, 2).unwrap(), Some(vec![1, 2]));
    }
}
