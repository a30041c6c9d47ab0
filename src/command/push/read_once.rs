//! What a push reads of the folder, kept with its request.

use std::cell::OnceCell;
use std::fmt;

use crate::catalog::UnmatchedTypes;
use crate::command::catalogs::Loaded;
use crate::error::Error;
use crate::store::PushFile;

/// The catalog and the files, as a push has read them first: sent again, it stores what it would have stored then. So
/// what was shown to somebody who has agreed to it is what is stored.
#[derive(Default)]
pub struct ReadOnce {
    catalog: OnceCell<Loaded>,
    files: OnceCell<Read>,
}

/// Files that were read.
#[derive(Clone)]
pub(super) struct Read {
    pub(super) files: Vec<PushFile>,
    /// The lines of `types` that match no file.
    pub(super) unmatched_types: UnmatchedTypes,
}

impl ReadOnce {
    pub(super) fn catalog(&self, read: impl FnOnce() -> Result<Loaded, Error>) -> Result<&Loaded, Error> {
        once(&self.catalog, read)
    }

    pub(super) fn files(&self, read: impl FnOnce() -> Result<Read, Error>) -> Result<Read, Error> {
        once(&self.files, read).cloned()
    }
}

fn once<T>(cell: &OnceCell<T>, read: impl FnOnce() -> Result<T, Error>) -> Result<&T, Error> {
    match cell.get() {
        Some(read) => Ok(read),
        None => {
            let read = read()?;
            Ok(cell.get_or_init(|| read))
        }
    }
}

impl fmt::Debug for ReadOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadOnce")
    }
}
