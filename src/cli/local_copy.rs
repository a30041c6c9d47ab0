//! Files that a person names for an output, and that hold the local copy of what is stored.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::prompt::Question;
use super::session::Session;
use super::state::{Kept, StateFolder};
use crate::command::Pulled;

impl Session {
    /// Has somebody agree to give up the local copy of a stored file, if that is what lies at a path: the next push
    /// would store what was written there. `path`: as it was typed.
    ///
    /// # Errors
    /// Nobody agrees, or can be asked.
    pub(super) async fn agree_to_replace(&self, path: &str, pulled: &Pulled) -> Result<(), Failure> {
        let Some(named) = real(&self.place.here().join(path)).filter(|named| self.is_local_copy(named, pulled)) else {
            return Ok(());
        };
        if !named.exists() {
            return Ok(());
        }
        let text = format!("Replace {path}, your local copy of a stored file, with this output?");
        // At a terminal an empty answer is a no; elsewhere there is none.
        let default = self.terminal.can_ask().then_some(false);
        let is_agreed = self.confirm(Question { text: &text, flag: "--yes, or write another file with -o" }, default);
        if is_agreed.await? { Ok(()) } else { Err(Failure::NotReplaced(path.to_owned())) }
    }

    fn is_local_copy(&self, named: &Path, pulled: &Pulled) -> bool {
        let catalog = self.place.catalog_path();
        let remembered = StateFolder::new(&self.environment).read([catalog.clone()]);
        let kept = Kept::new(&pulled.location.bucket, &pulled.location.context);
        let known = remembered.records_in_place(&catalog, &kept).map(|record| &record.path);
        let of_pull = pulled.files.iter().flat_map(|file| [&file.path, &file.destination.path]);
        let mut places = known.chain(of_pull).map(|path| self.place.folder.join(path.as_str()));
        places.any(|place| real(&place).is_some_and(|place| place == *named))
    }
}

/// A path without links in its folder's.
fn real(path: &Path) -> Option<PathBuf> {
    Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?))
}
