//! What a lock file says of a pull: which version of a context, and what it holds.

use crate::error::Error;
use crate::lock::{Lock, LockEntry, LockFailure, LockName, LockProblem, LockedContent, MAX_BYTES};
use crate::name::{ConfigPath, Context};
use crate::request::LockedPull;
use crate::store::Manifest;
use crate::workspace::{Workspace, WorkspaceError};

/// What is locked of a context.
#[derive(Clone, Copy)]
pub(super) struct Locked<'a> {
    file: &'a ConfigPath,
    name: &'a LockName,
    pub(super) entry: &'a LockEntry,
}

impl Locked<'_> {
    /// Refuses what is not as it was locked.
    ///
    /// # Errors
    /// [`LockProblem::Gone`], [`LockProblem::Changed`].
    pub(super) fn require(&self, manifest: Option<&Manifest>) -> Result<(), Error> {
        let (name, entry) = (self.name.clone(), Box::new(self.entry.clone()));
        let problem = match manifest.map(content_of) {
            Some(found) if found == entry.content => return Ok(()),
            Some(found) => LockProblem::Changed { name, entry, found: Box::new(found) },
            None => LockProblem::Gone { name, entry },
        };
        Err(failure(self.file, problem))
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
pub(super) fn required(request: &LockedPull, workspace: &Workspace) -> Result<Lock, Error> {
    match read(&request.file, workspace)? {
        Some((lock, _)) => Ok(lock),
        None => Err(failure(&request.file, LockProblem::NoFile { asked: request.asked.clone() })),
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
        Err(WorkspaceError::IsFolder { .. } | WorkspaceError::NotRegular { .. }) => {
            return Err(failure(file, LockProblem::NoRegularFile));
        }
        Err(error) => return Err(error.of_needed().into()),
    };
    let lock = Lock::read(&text).map_err(|error| failure(file, LockProblem::Unreadable(error)))?;
    Ok(Some((lock, text)))
}

/// What is locked of a context. `is_linked`: whether it is that of a catalog which the first one links to.
///
/// # Errors
/// Those of [`Lock::choose`].
pub(super) fn chosen<'a>(
    request: &'a LockedPull,
    lock: &'a Lock,
    context: &Context,
    is_linked: bool,
) -> Result<Locked<'a>, Error> {
    let (file, asked) = (&request.file, request.asked.as_ref());
    let (name, entry) = lock.choose(context, asked).map_err(|mut problem| {
        if let LockProblem::NotLocked { new, .. } = &mut problem {
            let default = lock.get(&LockName::default_entry()).filter(|entry| entry.context != *context);
            let is_alike = |entry: &LockEntry| asked.is_none_or(|asked| entry.requirement == *asked);
            new.comes_with_default = is_linked && default.is_some_and(is_alike);
        }
        failure(file, problem)
    })?;
    Ok(Locked { file, name, entry })
}

pub(super) fn failure(file: &ConfigPath, problem: LockProblem) -> Error {
    Error::Lock(Box::new(LockFailure { path: file.clone(), problem }))
}
