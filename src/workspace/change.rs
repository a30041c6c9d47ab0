//! A change to several files, as one: either all of it happens or none, as far as the file system lets it be undone.
//!
//! A new file begins under a temporary name beside its target. To take the target's place it **exchanges** names with
//! the file there, so that name is never free, and the temporary name then holds the earlier file: the backup costs
//! nothing, and undoing is a rename back.

use std::io::Read as _;
use std::sync::Arc;

use cap_std::fs::Metadata;

use super::WorkspaceError;
use super::folder::{Folder, Identity};
use super::temporary::{Temporary, temporary_name};
use crate::name::{ConfigPath, Digest};

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
    /// The paths that will be written, relative to the workspace. What is there already is not among them.
    pub fn paths(&self) -> impl Iterator<Item = &ConfigPath> {
        self.0.files.iter().map(|file| &file.path)
    }

    /// Puts every file in its place. When one cannot be, those that were are put back.
    ///
    /// # Errors
    /// The first failure: `OneName` when the file system takes two of the names for one, `Changed` when something else
    /// stands at the target than when it was staged, `Denied` or `Io`; or `NotPutBack`, when after such a failure an
    /// earlier file could not be put back either.
    pub fn commit(mut self) -> Result<Committed, WorkspaceError> {
        let mut change = std::mem::take(&mut self.0);
        match (0..change.files.len()).try_for_each(|index| change.put_in_place(index)) {
            Ok(()) => Ok(Committed(change)),
            Err(error) => match change.roll_back() {
                Err(lost @ WorkspaceError::NotPutBack { .. }) => Err(lost),
                _ => Err(error),
            },
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // No target has been replaced yet, so a failure loses nothing.
        let _ = std::mem::take(&mut self.0).roll_back();
    }
}

impl Committed {
    /// The digests of the files that were replaced, by their paths: of what stood there at the moment of the exchange.
    /// None for one that cannot be read.
    #[must_use]
    pub fn replaced(&self) -> Vec<(&ConfigPath, Option<Digest>)> {
        let exchanged = self.0.files.iter().filter(|file| file.state == State::Exchanged);
        exchanged.map(|file| (&file.path, file.earlier_digest())).collect()
    }

    /// Undoes everything: puts the earlier files back, and removes files and folders that were made. A file that
    /// another program has replaced since is replaced again by the earlier one.
    ///
    /// # Errors
    /// For the first file that this fails for (the others are put back all the same): `NotPutBack`, or `Denied` or `Io`
    /// when a file that is new could not be removed.
    pub fn rollback(mut self) -> Result<(), WorkspaceError> {
        std::mem::take(&mut self.0).roll_back()
    }

    /// Lets the change stand and removes the earlier files.
    ///
    /// # Errors
    /// `Denied` or `Io` for the first file whose earlier content could not be removed; the others are.
    pub fn finish(mut self) -> Result<(), WorkspaceError> {
        std::mem::take(&mut self.0).discard_backups()
    }
}

impl Drop for Committed {
    fn drop(&mut self) {
        // `finish` is there for callers who want the error.
        let _ = std::mem::take(&mut self.0).discard_backups();
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
    /// Gives one new file, by index, the name of its target. Those before it must have theirs.
    pub(super) fn put_in_place(&mut self, index: usize) -> Result<(), WorkspaceError> {
        let Some(file) = self.files.get_mut(index) else { return Ok(()) };
        let outcome = file.put_in_place();
        if let Err(WorkspaceError::Changed { path }) = &outcome
            && let Some(other) = self.other_name(index)
        {
            return Err(WorkspaceError::OneName { path: path.clone(), other: other.to_owned() });
        }
        outcome
    }

    /// The path by which this change has written to a file's target already. There is one where the file system takes
    /// both names for one, by rules of its own: upper and lower case, or two spellings of an `é`.
    fn other_name(&self, index: usize) -> Option<&str> {
        let (before, rest) = self.files.split_at_checked(index)?;
        let file = rest.first()?;
        let found = file.folder.symlink_metadata(file.path.file_name()).ok()?;
        let identity = Identity::from_metadata(&found);
        let other = before.iter().find(|other| other.ours == identity).map(|other| other.path.as_str());
        other.or_else(|| self.folder_made(&found))
    }

    /// The path of a folder that this change has made, given what stands at some name.
    pub(super) fn folder_made(&self, found: &Metadata) -> Option<&str> {
        let identity = found.is_dir().then(|| Identity::from_metadata(found));
        let identity = identity?;
        let made = self.made.iter().find(|made| made.identity() == Some(identity));
        made.map(|made| made.path.as_str())
    }

    fn roll_back(self) -> Result<(), WorkspaceError> {
        let mut outcome = Ok(());
        for file in self.files.into_iter().rev() {
            outcome = outcome.and(file.roll_back());
        }
        for folder in self.made.into_iter().rev() {
            // Fails when it is not empty: another program uses it by now, or a file could not be removed from it.
            let _ = folder.parent.remove_folder(&folder.name);
        }
        outcome
    }

    fn discard_backups(self) -> Result<(), WorkspaceError> {
        let mut outcome = Ok(());
        for file in self.files {
            outcome = outcome.and(file.discard_backups());
        }
        outcome
    }
}

/// A folder that was not there before.
#[derive(Debug)]
pub(super) struct MadeFolder {
    pub(super) parent: Arc<Folder>,
    pub(super) name: String,
    /// Relative to the workspace's root.
    pub(super) path: String,
}

impl MadeFolder {
    fn identity(&self) -> Option<Identity> {
        self.parent.symlink_metadata(&self.name).ok().map(|found| Identity::from_metadata(&found))
    }
}

/// One new file, and how far it has got.
#[derive(Debug)]
pub(super) struct Replacement {
    path: ConfigPath,
    folder: Arc<Folder>,
    temporary: String,
    /// The file at the target when the new one was staged.
    before: Option<Identity>,
    /// The new file.
    ours: Identity,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The new file has the temporary name; the target is untouched.
    Staged,
    /// The new file has the target's name, the earlier file the temporary one.
    Exchanged,
    /// The new file has the target's name, which was free.
    Placed,
}

impl Replacement {
    pub(super) fn new(
        path: ConfigPath,
        folder: Arc<Folder>,
        temporary: String,
        before: Option<Identity>,
        ours: Identity,
    ) -> Self {
        Self { path, folder, temporary, before, ours, state: State::Staged }
    }

    fn put_in_place(&mut self) -> Result<(), WorkspaceError> {
        use std::io::ErrorKind::{AlreadyExists, NotFound};
        let name_error = |error: std::io::Error| match error.kind() {
            AlreadyExists | NotFound => WorkspaceError::Changed { path: self.path.to_string() },
            _ => WorkspaceError::writing(self.path.as_str(), error),
        };
        let target = self.path.file_name();
        let Some(before) = self.before else {
            self.folder.rename_to_free(&self.temporary, target).map_err(name_error)?;
            self.state = State::Placed;
            return Ok(());
        };
        // Whatever ends this process, the earlier file is never under a name that new ones have.
        let earlier = temporary_name(Temporary::Earlier).map_err(name_error)?;
        self.folder.rename(&self.temporary, &earlier).map_err(name_error)?;
        self.temporary = earlier;
        self.swap().map_err(name_error)?;
        self.state = State::Exchanged;
        if self.identity_at(&self.temporary) == Some(before) {
            return Ok(());
        }
        // Another program has put something else there since, a link or a folder perhaps. It gets the name back.
        self.swap().map_err(name_error)?;
        self.state = State::Staged;
        Err(WorkspaceError::Changed { path: self.path.to_string() })
    }

    fn swap(&self) -> std::io::Result<()> {
        self.folder.exchange(&self.temporary, self.path.file_name(), &format!("{}.tmp", self.temporary))
    }

    fn identity_at(&self, name: &str) -> Option<Identity> {
        self.folder.symlink_metadata(name).ok().map(|found| Identity::from_metadata(&found))
    }

    /// The digest of the file that the temporary name holds.
    fn earlier_digest(&self) -> Option<Digest> {
        let mut content = Vec::new();
        self.folder.open_file(&self.temporary).ok()?.read_to_end(&mut content).ok()?;
        Some(Digest::from_content(&content))
    }

    fn roll_back(self) -> Result<(), WorkspaceError> {
        let target = self.path.file_name();
        match self.state {
            State::Staged => self.remove_temporary(),
            State::Exchanged => self.folder.rename(&self.temporary, target).map_err(|reason| {
                let backup = self.path.folders().chain([self.temporary.as_str()]).collect::<Vec<_>>().join("/");
                WorkspaceError::NotPutBack { path: self.path.to_string(), backup, reason }
            }),
            // Another program has replaced it since: its file stays.
            State::Placed if self.identity_at(target) != Some(self.ours) => Ok(()),
            State::Placed => {
                self.folder.remove_file(target).map_err(|error| WorkspaceError::writing(self.path.as_str(), error))
            }
        }
    }

    fn discard_backups(self) -> Result<(), WorkspaceError> {
        match self.state {
            State::Exchanged => self.remove_temporary(),
            State::Staged | State::Placed => Ok(()),
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
