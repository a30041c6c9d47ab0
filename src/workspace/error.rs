//! What can be wrong with a path in the workspace.

use std::fmt;
use std::io;

/// Why a path of the workspace could not be read or written. Every variant names the path; none holds a file's content.
#[derive(Debug)]
pub enum WorkspaceError {
    /// Nothing is there.
    NotFound {
        /// The file or folder.
        path: String,
    },
    /// A folder stands where a file was expected.
    IsFolder {
        /// The folder.
        path: String,
    },
    /// A FIFO, socket or device stands where a file was expected.
    NotRegular {
        /// The FIFO, socket or device.
        path: String,
    },
    /// A file stands where a folder was expected.
    NotAFolder {
        /// The file.
        path: String,
    },
    /// A symbolic link that is not followed.
    Link {
        /// The link, or the path that goes through it.
        path: String,
        /// Why it is refused, as a clause that follows "that".
        rule: &'static str,
        /// Whether the file is one that nothing can leave out: a catalog, a lock file, a template or a schema.
        is_needed: bool,
    },
    /// The file holds more bytes than the caller takes.
    TooLarge {
        /// The file.
        path: String,
        /// The most that is taken, in bytes.
        limit: u64,
    },
    /// The folder holds more entries than are looked through.
    TooMany {
        /// The folder; empty for the workspace itself.
        path: String,
        /// The most that are looked through.
        limit: usize,
    },
    /// The path is no name below the folder.
    BadName {
        /// The name as given.
        path: String,
        /// The rule that it breaks, as a clause.
        rule: &'static str,
    },
    /// A file below `.git` or `.github` that was not named one by one.
    Protected {
        /// The file.
        path: String,
        /// The protected folder.
        folder: &'static str,
    },
    /// Two files of one restore have the same path, or one path is a folder of the other.
    Clash {
        /// The path of one file.
        path: String,
        /// The path of the other; the same text when a path came twice.
        other: String,
    },
    /// Two files of one restore have names that this file system does not tell apart.
    OneName {
        /// The path of one file.
        path: String,
        /// The path of the other, or of a folder of the other.
        other: String,
    },
    /// A file that was to be created is there already.
    Exists {
        /// The file.
        path: String,
    },
    /// The operating system refuses the permission.
    Denied {
        /// The file or folder.
        path: String,
        /// What was tried, as a verb: `read` or `write`.
        doing: &'static str,
    },
    /// Another program changed what stands at the path while it was being written.
    Changed {
        /// The file.
        path: String,
    },
    /// A restore failed, and one of the files that it had replaced could not be put back.
    NotPutBack {
        /// The file that now holds the new content.
        path: String,
        /// The file beside it that holds the earlier content.
        backup: String,
        /// What the operating system said.
        reason: io::Error,
    },
    /// Anything else the operating system reports: a full disk, a read-only file system, a failing one.
    Io {
        /// The file or folder.
        path: String,
        /// What was tried, as a verb: `read` or `write`.
        doing: &'static str,
        /// What the operating system said.
        reason: io::Error,
    },
}

/// What a [`WorkspaceError`] is about; an exit code and the advice to the user depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceErrorKind {
    /// The path, or what stands there, is not acceptable: a link, a folder in the file's place, two files for one
    /// place.
    Path,
    /// Nothing is there.
    Missing,
    /// The operating system failed: permission, full disk, read-only file system.
    System,
}

impl std::error::Error for WorkspaceError {}

impl fmt::Display for WorkspaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(str::to_owned))
    }
}

impl WorkspaceError {
    /// The same of a file that cannot be left out, such as the catalog.
    pub(crate) fn of_needed(self) -> Self {
        match self {
            Self::Link { path, rule, .. } => Self::Link { path, rule, is_needed: true },
            other => other,
        }
    }

    /// What is wrong, as a clause. `shown`: how a path of the workspace is written.
    #[must_use]
    pub fn words(&self, shown: impl Fn(&str) -> String) -> String {
        let (path, other) = self.paths();
        let path = shown(path);
        match self {
            Self::NotFound { .. } => format!("{path:?} does not exist"),
            Self::IsFolder { .. } => format!("{path:?} is a folder, not a file"),
            Self::NotRegular { .. } => format!("{path:?} is neither a regular file nor a folder"),
            Self::NotAFolder { .. } => format!("{path:?} is not a folder"),
            Self::Link { rule, .. } => format!("{path:?} is a symbolic link that {rule}"),
            Self::TooLarge { limit, .. } => format!("{path:?} is larger than {limit} bytes"),
            Self::TooMany { limit, .. } => format!("{path:?} holds more than {limit} files and folders"),
            Self::BadName { rule, .. } => format!("{path:?} is not a valid name here: {rule}"),
            Self::Protected { folder, .. } => format!("{path:?} is in {folder:?} and was not named individually"),
            Self::Clash { .. } => {
                format!("{path:?} and {:?} cannot both be written: they need the same place", shown(other))
            }
            Self::OneName { .. } => format!(
                "{path:?} and {:?} cannot both be written: this file system takes the two names for one",
                shown(other)
            ),
            Self::Exists { .. } => format!("{path:?} exists already"),
            Self::Denied { doing, .. } => format!("no permission to {doing} {path:?}"),
            Self::Changed { .. } => format!("{path:?} was changed by another program while it was being replaced"),
            Self::NotPutBack { reason, .. } => {
                format!("{path:?} could not be put back, its earlier content is in {:?} ({reason})", shown(other))
            }
            Self::Io { doing, reason, .. } => format!("cannot {doing} {path:?}: {reason}"),
        }
    }

    /// The path that the error names, and the other one where there are two.
    fn paths(&self) -> (&str, &str) {
        match self {
            Self::NotFound { path }
            | Self::IsFolder { path }
            | Self::NotRegular { path }
            | Self::NotAFolder { path }
            | Self::Link { path, .. }
            | Self::TooLarge { path, .. }
            | Self::TooMany { path, .. }
            | Self::BadName { path, .. }
            | Self::Protected { path, .. }
            | Self::Exists { path }
            | Self::Denied { path, .. }
            | Self::Changed { path }
            | Self::Io { path, .. } => (path, ""),
            Self::Clash { path, other }
            | Self::OneName { path, other }
            | Self::NotPutBack { path, backup: other, .. } => (path, other),
        }
    }

    /// What the error is about.
    #[must_use]
    pub const fn kind(&self) -> WorkspaceErrorKind {
        match self {
            Self::NotFound { .. } => WorkspaceErrorKind::Missing,
            Self::IsFolder { .. }
            | Self::NotRegular { .. }
            | Self::NotAFolder { .. }
            | Self::Link { .. }
            | Self::TooLarge { .. }
            | Self::TooMany { .. }
            | Self::BadName { .. }
            | Self::Protected { .. }
            | Self::Clash { .. }
            | Self::OneName { .. } => WorkspaceErrorKind::Path,
            Self::Exists { .. }
            | Self::Denied { .. }
            | Self::Changed { .. }
            | Self::NotPutBack { .. }
            | Self::Io { .. } => WorkspaceErrorKind::System,
        }
    }

    /// Names a path in an error met while reading it.
    pub(super) fn reading(path: &str, reason: io::Error) -> Self {
        match reason.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path: path.to_owned() },
            _ => Self::from_io(path, "read", reason),
        }
    }

    /// Names a path in an error met while writing it.
    pub(super) fn writing(path: &str, reason: io::Error) -> Self {
        Self::from_io(path, "write", reason)
    }

    fn from_io(path: &str, doing: &'static str, reason: io::Error) -> Self {
        let path = path.to_owned();
        match reason.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied { path, doing },
            _ => Self::Io { path, doing, reason },
        }
    }
}
