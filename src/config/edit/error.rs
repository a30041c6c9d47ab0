use crate::config::ParseError;
use crate::excerpt::excerpt;

/// Why a key of a config file cannot be changed. It quotes no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file cannot be read, so its keys cannot be changed either.
    #[error(transparent)]
    Unreadable(#[from] ParseError),
    /// One of the keys cannot be changed; then none is.
    #[error("{key:?} {problem}")]
    Key {
        /// The key, cut after 200 characters.
        key: String,
        /// What is in the way.
        problem: EditProblem,
    },
}

/// What is in the way of a change of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditProblem {
    /// The file is raw, or its document is not a map, or it holds several documents.
    #[error("cannot be changed, since the file has no keys")]
    NoKeys,
    /// Two changes of one key.
    #[error("is to be changed twice")]
    Twice,
    /// There is no such key.
    #[error("is not there")]
    Absent,
    /// No file of this type can have a key of this name.
    #[error("cannot be a config key in a file of this type")]
    Name,
    /// No file of this type can hold the value: null in TOML.
    #[error("cannot have this value in a file of this type")]
    Value,
    /// The value has a NUL character.
    #[error("cannot have a value with a NUL character, which no output, variable or file can carry")]
    Nul,
    /// A new key whose parts could be joined otherwise, and no neighbour says how.
    #[error("could be placed in more than one way, so where it belongs must be written by hand")]
    Ambiguous,
    /// An item that is not the last of its list, or would not follow it.
    #[error("is of a list, of which only the last items can be added or removed")]
    InList,
    /// What is to hold the key holds a value.
    #[error("cannot be placed below a value")]
    BelowValue,
    /// The key holds others.
    #[error("holds other keys, so it cannot have a value")]
    HoldsKeys,
    /// It stands there by an alias or by a merge key (YAML).
    #[error("is written once for several places (by an anchor and an alias, or by `<<`)")]
    Shared,
    /// It is written in a form that is read but not changed in place.
    #[error("is written in a form that cannot be changed in place")]
    Form,
    /// The changed text, read again, says something else than what was wanted.
    #[error("could not be changed without changing others")]
    Unverified,
}

impl EditProblem {
    pub(super) fn of(self, key: &str) -> EditError {
        EditError::Key { key: excerpt(key), problem: self }
    }
}
