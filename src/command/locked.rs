//! What a lock file says of a pull: which version of a context, and what it holds.

use crate::error::Error;
use crate::lock::{Lock, LockEntry, LockFailure, LockProblem, LockedContent, MAX_BYTES};
use crate::name::{ConfigPath, Context};
use crate::request::LockedPull;
use crate::store::Manifest;
use crate::workspace::{Workspace, WorkspaceError};

/// What is locked of a context.
#[derive(Clone, Copy)]
pub(super) struct Locked<'a> {
    file: &'a ConfigPath,
    pub(super) entry: &'a LockEntry,
}

impl Locked<'_> {
    /// Refuses what is not as it was locked.
    ///
    /// # Errors
    /// [`LockProblem::Gone`], [`LockProblem::Changed`].
    pub(super) fn require(&self, manifest: Option<&Manifest>) -> Result<(), Error> {
        let (context, version) = (self.entry.context.clone(), self.entry.version_name().to_owned());
        let Some(found) = manifest.map(content_of) else {
            return Err(failure(self.file, LockProblem::Gone { context, version }));
        };
        let locked = self.entry.content;
        if found == locked {
            return Ok(());
        }
        let (locked, found) = (Box::new(locked), Box::new(found));
        Err(failure(self.file, LockProblem::Changed { context, version, locked, found }))
    }
}

/// What a lock file writes down of a version.
pub(super) fn content_of(manifest: &Manifest) -> LockedContent {
    LockedContent { digest: manifest.digest(), settings: manifest.settings() }
}

/// The lock file, which has to be there.
///
/// # Errors
/// [`LockProblem::NoFile`], and those of [`read`].
pub(super) fn required(file: &ConfigPath, workspace: &Workspace) -> Result<Lock, Error> {
    match read(file, workspace)? {
        Some((lock, _)) => Ok(lock),
        None => Err(failure(file, LockProblem::NoFile)),
    }
}

/// The lock file and its text; none where there is none.
///
/// # Errors
/// [`LockProblem::Unreadable`], and what keeps the file from being read.
pub(super) fn read(file: &ConfigPath, workspace: &Workspace) -> Result<Option<(Lock, Vec<u8>)>, Error> {
    let text = match workspace.read(file, MAX_BYTES) {
        Ok(text) => text.into_exposed(),
        Err(WorkspaceError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let lock = Lock::read(&text).map_err(|error| failure(file, LockProblem::Unreadable(error)))?;
    Ok(Some((lock, text)))
}

/// What is locked of a context.
///
/// # Errors
/// Those of [`Lock::choose`].
pub(super) fn chosen<'a>(request: &'a LockedPull, lock: &'a Lock, context: &Context) -> Result<Locked<'a>, Error> {
    let file = &request.file;
    let entry = lock.choose(context, request.asked.as_ref()).map_err(|problem| failure(file, problem))?;
    Ok(Locked { file, entry })
}

pub(super) fn failure(file: &ConfigPath, problem: LockProblem) -> Error {
    Error::Lock(Box::new(LockFailure { path: file.clone(), problem }))
}
