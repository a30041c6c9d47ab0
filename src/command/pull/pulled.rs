//! What a pull gives, as data, and how its files are laid ready.

use bytes::Bytes;

use crate::command::{Location, Note};
use crate::config::{Entry, Setting};
use crate::error::Error;
use crate::format::Format;
use crate::name::{ConfigPath, Digest};
use crate::secret::Secret;
use crate::workspace::{FileMode, NewFile, Staged, Workspace, WorkspaceError};

/// What a pull found.
#[derive(Debug)]
pub enum PullOutcome {
    /// Files, and their values.
    Pulled(Box<Pulled>),
    /// Nothing, where that is no error.
    NothingThere {
        /// Where it looked.
        location: Location,
        /// The error that it would have been.
        why: Box<Error>,
    },
}

/// A pull: complete, checked, and not yet delivered.
#[derive(Debug)]
pub struct Pulled {
    /// Where it came from.
    pub location: Location,
    /// The configuration's digest.
    pub digest: Digest,
    /// Whether a manifest vouches for every file.
    pub verified: bool,
    /// The files.
    pub files: Vec<PulledFile>,
    /// What is published.
    pub settings: Vec<Setting>,
    /// The key in its file of everything that is published, and the name that it is published under.
    pub names: Vec<(String, String)>,
    /// Every value that was read, published or not: what masks are made of.
    pub read: Vec<Entry>,
    /// The values in one file.
    pub formatted: Option<Formatted>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A file that was pulled.
#[derive(Debug)]
pub struct PulledFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// Where it is restored, in the workspace.
    pub restore_to: ConfigPath,
    /// Whether an input names it by this very path.
    pub named: bool,
    /// Its bytes.
    pub content: Secret<Bytes>,
    /// Their digest.
    pub digest: Digest,
    /// How many keys it has; none for files that have no keys.
    pub keys: Option<usize>,
}

/// The values in one file.
#[derive(Debug)]
pub struct Formatted {
    /// In which form.
    pub format: Format,
    /// The text.
    pub text: Secret<String>,
}

/// Which files of a pull are written into the workspace.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'a> {
    /// Whether the pulled files are, at their paths.
    pub files: bool,
    /// Where the merged values go, if they go into the workspace.
    pub formatted: Option<&'a ConfigPath>,
}

impl Pulled {
    /// Lays files ready beside their places, with mode 0600. Nothing is replaced before [`Staged::commit`].
    ///
    /// # Errors
    /// Those of [`Workspace::stage`].
    pub fn stage(&self, workspace: &Workspace, restore: Restore<'_>) -> Result<Staged, WorkspaceError> {
        let mut new = Vec::new();
        if restore.files {
            new.extend(self.files.iter().map(|file| NewFile {
                path: file.restore_to.clone(),
                content: Secret::new(file.content.expose().as_ref()),
                mode: FileMode::Private,
                named: file.named,
            }));
        }
        if let (Some(path), Some(formatted)) = (restore.formatted, &self.formatted) {
            new.push(NewFile {
                path: path.clone(),
                content: Secret::new(formatted.text.expose().as_bytes()),
                mode: FileMode::Private,
                named: true,
            });
        }
        workspace.stage(&new)
    }
}
