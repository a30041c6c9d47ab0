//! A change to several files, as one: either all of it happens or none, as far as the file system lets it be undone.
//!
//! A new file begins under a temporary name beside its target. To take the target's place it **exchanges** names with
//! the file there, so that name is never free, and the temporary name then holds the earlier file: the backup costs
//! nothing, and undoing is a rename back.

use std::sync::Arc;

use cap_std::fs::Metadata;

use super::WorkspaceError;
use super::folder::{Folder, Identity};
use crate::name::ConfigPath;

/// Files that lie ready beside their targets, which are still untouched. Dropped without [`commit`](Self::commit),
/// they and the folders made for them are removed.
#[derive(Debug, Default)]
#[must_use = "dropping it removes what was staged"]
pub struct Staged(pub(super) Change);

/// Files that have taken their places, and can still give them back. Dropped, it lets the change stand, as
/// [`finish`](Self::finish).
#[derive(Debug)]
#[must_use = "it can undo the change; call finish to let it stand"]
pub struct Committed(Change);

impl Staged {
    /// Puts every file in its place. When one cannot be, those that were are put back.
    ///
    /// # Errors
    /// The first failure: `OneName` when the file system takes two of the names for one, `Changed` when something else
    /// stands at the target than when it was staged, `Denied` or `Io`; or `NotPutBack`, when after such a failure an
    /// earlier file could not be put back either.
    pub fn commit(mut self) -> Result<Committed, WorkspaceError> {
        let mut change = std::mem::take(&mut self.0);
        match (0..change.files.len()).try_for_each(|index| change.take_place(index)) {
            Ok(()) => Ok(Committed(change)),
            Err(error) => match change.undo() {
                Err(lost @ WorkspaceError::NotPutBack { .. }) => Err(lost),
                _ => Err(error),
            },
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Nothing has been replaced yet, so nothing can be lost that would have to be reported.
        let _ = std::mem::take(&mut self.0).undo();
    }
}

impl Committed {
    /// Undoes everything: the earlier files are back, files and folders that were made are gone. A file that somebody
    /// else has replaced since is replaced again by the earlier one.
    ///
    /// # Errors
    /// For the first file that this fails for (the others are put back all the same): `NotPutBack`, or `Denied` or `Io`
    /// when a file that is new could not be removed.
    pub fn rollback(mut self) -> Result<(), WorkspaceError> {
        std::mem::take(&mut self.0).undo()
    }

    /// Lets the change stand and removes the earlier files.
    ///
    /// # Errors
    /// `Denied` or `Io` for the first file whose earlier content could not be removed; the others are.
    pub fn finish(mut self) -> Result<(), WorkspaceError> {
        std::mem::take(&mut self.0).settle()
    }
}

impl Drop for Committed {
    fn drop(&mut self) {
        // Whoever wants to know calls finish.
        let _ = std::mem::take(&mut self.0).settle();
    }
}

/// What was done to the workspace so far.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) files: Vec<Replacement>,
    /// Outer folders before those in them.
    pub(super) made: Vec<MadeFolder>,
}

impl Change {
    /// Lets one file take its place, after those before it.
    pub(super) fn take_place(&mut self, index: usize) -> Result<(), WorkspaceError> {
        let Some(file) = self.files.get_mut(index) else { return Ok(()) };
        let outcome = file.take_place();
        if let Err(WorkspaceError::Changed { path }) = &outcome
            && let Some(other) = self.other_name(index)
        {
            return Err(WorkspaceError::OneName { path: path.clone(), other: other.to_owned() });
        }
        outcome
    }

    /// Under which other name of this change a file's target is there already, where the file system does not tell
    /// upper from lower case, for example. It is asked, as each has rules of its own.
    fn other_name(&self, index: usize) -> Option<&str> {
        let (before, rest) = self.files.split_at_checked(index)?;
        let file = rest.first()?;
        let found = file.folder.look_at(file.path.file_name()).ok()?;
        let identity = Identity::of(&found);
        let other = before.iter().find(|other| other.ours == identity).map(|other| other.path.as_str());
        other.or_else(|| self.folder_made(&found))
    }

    /// The path of the folder, if it is one of those that were made.
    pub(super) fn folder_made(&self, found: &Metadata) -> Option<&str> {
        let identity = found.is_dir().then(|| Identity::of(found));
        let is_it =
            |made: &&MadeFolder| made.parent.look_at(&made.name).ok().map(|made| Identity::of(&made)) == identity;
        identity.and_then(|_| self.made.iter().find(is_it)).map(|made| made.path.as_str())
    }

    fn undo(self) -> Result<(), WorkspaceError> {
        let mut outcome = Ok(());
        for file in self.files.into_iter().rev() {
            outcome = outcome.and(file.undo());
        }
        for folder in self.made.into_iter().rev() {
            // Not empty when somebody else uses it by now, or when a file could not be taken out of it.
            let _ = folder.parent.remove_folder(&folder.name);
        }
        outcome
    }

    fn settle(self) -> Result<(), WorkspaceError> {
        let mut outcome = Ok(());
        for file in self.files {
            outcome = outcome.and(file.settle());
        }
        outcome
    }
}

/// A folder that was not there before.
#[derive(Debug)]
pub(super) struct MadeFolder {
    pub(super) parent: Arc<Folder>,
    pub(super) name: String,
    /// From the workspace's root.
    pub(super) path: String,
}

/// One new file and where it stands.
#[derive(Debug)]
pub(super) struct Replacement {
    path: ConfigPath,
    folder: Arc<Folder>,
    temporary: String,
    /// The file at the target when it was staged.
    before: Option<Identity>,
    ours: Identity,
    stands: Stands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// The new file has the temporary name.
    Beside,
    /// The new file has the target's name, the earlier file the temporary one.
    InPlaceOfAnother,
    /// The new file has the target's name, which was free.
    InPlace,
}

impl Replacement {
    pub(super) fn new(
        path: ConfigPath,
        folder: Arc<Folder>,
        temporary: String,
        before: Option<Identity>,
        ours: Identity,
    ) -> Self {
        Self { path, folder, temporary, before, ours, stands: Stands::Beside }
    }

    fn take_place(&mut self) -> Result<(), WorkspaceError> {
        use std::io::ErrorKind::{AlreadyExists, NotFound};
        let name_error = |error: std::io::Error| match error.kind() {
            AlreadyExists | NotFound => WorkspaceError::Changed { path: self.path.to_string() },
            _ => WorkspaceError::writing(self.path.as_str(), error),
        };
        let target = self.path.file_name();
        let Some(before) = self.before else {
            self.folder.rename_to_free(&self.temporary, target).map_err(name_error)?;
            self.stands = Stands::InPlace;
            return Ok(());
        };
        self.swap().map_err(name_error)?;
        self.stands = Stands::InPlaceOfAnother;
        if self.identity_at(&self.temporary) == Some(before) {
            return Ok(());
        }
        // Something else, a link or a folder perhaps, had taken the target's place: it gets it back as it was.
        self.swap().map_err(name_error)?;
        self.stands = Stands::Beside;
        Err(WorkspaceError::Changed { path: self.path.to_string() })
    }

    fn swap(&self) -> std::io::Result<()> {
        self.folder.exchange(&self.temporary, self.path.file_name(), &format!("{}.tmp", self.temporary))
    }

    fn identity_at(&self, name: &str) -> Option<Identity> {
        self.folder.look_at(name).ok().map(|found| Identity::of(&found))
    }

    fn undo(self) -> Result<(), WorkspaceError> {
        let target = self.path.file_name();
        match self.stands {
            Stands::Beside => self.remove_temporary(),
            Stands::InPlaceOfAnother => self.folder.rename(&self.temporary, target).map_err(|reason| {
                let backup = self.path.folders().chain([self.temporary.as_str()]).collect::<Vec<_>>().join("/");
                WorkspaceError::NotPutBack { path: self.path.to_string(), backup, reason }
            }),
            // Whoever has replaced it since keeps what is theirs.
            Stands::InPlace if self.identity_at(target) != Some(self.ours) => Ok(()),
            Stands::InPlace => {
                self.folder.remove_file(target).map_err(|error| WorkspaceError::writing(self.path.as_str(), error))
            }
        }
    }

    fn settle(self) -> Result<(), WorkspaceError> {
        match self.stands {
            Stands::InPlaceOfAnother => self.remove_temporary(),
            Stands::Beside | Stands::InPlace => Ok(()),
        }
    }

    fn remove_temporary(&self) -> Result<(), WorkspaceError> {
        match self.folder.remove_file(&self.temporary) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(WorkspaceError::writing(self.path.as_str(), error))
            }
            _ => Ok(()),
        }
    }
}
