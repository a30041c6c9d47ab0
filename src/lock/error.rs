use super::entry::{FORMAT, LockEntry, LockName, LockedContent, NewEntry};
use crate::name::{ConfigPath, Context, NameError, VersionRequest};

/// Why a file cannot be read as a lock file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// It is no text.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// A merge was not finished.
    #[error("it has unresolved merge conflict markers")]
    ConflictMarks {
        /// The first of them, from 1.
        line: usize,
    },
    /// It is no TOML. The parser's own message may quote the file.
    #[error("{rule}")]
    Syntax {
        /// Where, from 1; none where that is not known.
        line: Option<usize>,
        /// What is wrong, as a clause.
        rule: &'static str,
    },
    /// It says no format.
    #[error("it does not begin with `format = 1`")]
    NoFormat,
    /// A newer version of the tool has written it.
    #[error("its format is {found}, and this version of the tool reads {known}", known = FORMAT)]
    Newer {
        /// Its format.
        found: i64,
    },
    /// A field is not one of the format's.
    #[error("it has a field that is not of its format: {0:?}")]
    UnknownField(String),
    /// An entry lacks a field, or has it as something else than text.
    #[error("the entry {entry:?} has no text for {field}")]
    NoField {
        /// The entry's name.
        entry: String,
        /// The field.
        field: &'static str,
    },
    /// A name or digest is none.
    #[error("{0}")]
    Name(NameError),
    /// An entry's version is none that its requirement allows.
    #[error("the requirement of the entry {0:?} does not allow its version")]
    Contradiction(String),
    /// Two entries are for the same requirement of one context.
    #[error("the entries {0:?} and {1:?} are for the same requirement")]
    SameRequirement(String, String),
}

impl LockError {
    /// Where in the file, from 1, if that is known.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::ConflictMarks { line } => Some(*line),
            Self::Syntax { line, .. } => *line,
            _ => None,
        }
    }
}

/// Why a lock file does not give what it is asked for.
#[derive(Debug, thiserror::Error)]
#[error("the lock file {path}")]
pub struct LockFailure {
    /// The file's path in the workspace.
    pub path: ConfigPath,
    /// Why.
    #[source]
    pub problem: LockProblem,
}

/// What is wrong with a lock file, or with what it locks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockProblem {
    /// It is not there.
    #[error("it is not there")]
    NoFile {
        /// The requirement that is asked for, if one is.
        asked: Option<VersionRequest>,
    },
    /// A folder, or what else is no file, has its name.
    #[error("it is not a file")]
    NoRegularFile,
    /// It has no entry of this name.
    #[error("it has no entry {name}")]
    NoEntry {
        /// The name.
        name: LockName,
        /// The entry that was probably meant.
        meant: Option<LockName>,
    },
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(LockError),
    /// It has nothing for the context, or not for the requirement that is asked for.
    #[error("it does not lock what is asked for")]
    NotLocked {
        /// The context.
        context: Context,
        /// The requirement that is asked for, if one is.
        asked: Option<VersionRequest>,
        /// Those that are locked for this context.
        requirements: Vec<VersionRequest>,
        /// The entry that would lock it.
        new: Box<NewEntry>,
    },
    /// It has several entries for the context, none of them the default, and no requirement is asked for.
    #[error("it locks several requirements")]
    Several {
        /// The context.
        context: Context,
        /// Those that are locked for this context.
        requirements: Vec<VersionRequest>,
    },
    /// What it locks is not there.
    #[error("{} is not there", entry.version_name())]
    Gone {
        /// The entry's name.
        name: LockName,
        /// What was locked.
        entry: Box<LockEntry>,
    },
    /// What it locks has become something else.
    #[error("{} has other content", entry.version_name())]
    Changed {
        /// The entry's name.
        name: LockName,
        /// What was locked.
        entry: Box<LockEntry>,
        /// What is there.
        found: Box<LockedContent>,
    },
    /// A new entry would be for the same requirement as another.
    #[error("the entry {other} has the same requirement as {name}")]
    SameRequirement {
        /// The new entry.
        name: LockName,
        /// The other.
        other: LockName,
    },
}
