use crate::catalog::error::CatalogError;
use crate::name::NameError;

/// Why a catalog cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The catalog cannot be read, so it is not written either.
    #[error(transparent)]
    Unreadable(#[from] CatalogError),
    /// Something stands there in a form that is read but not changed: in braces, by an alias, with a tag …
    #[error("line {line}: {what} is written in a form that cannot be changed in place")]
    Form {
        /// The line, from 1.
        line: usize,
        /// The field, or "the catalog", "the entry", "files".
        what: &'static str,
    },
    /// The entry links to another catalog, and so has no version, tags or bucket of its own.
    #[error("line {line}: the path {path:?} names another catalog and is not a file")]
    Link {
        /// The line, from 1.
        line: usize,
        /// The path.
        path: String,
    },
    /// The path of a new entry breaks a rule for paths.
    #[error(transparent)]
    Path(#[from] NameError),
    /// A new path that would be read as one with a variable in it.
    #[error("the path {path:?} has a `${{` in it, where a catalog has the value of a variable")]
    Variable {
        /// The path.
        path: String,
    },
    /// The same path in two updates.
    #[error("the path {path:?} is to be changed twice")]
    Twice {
        /// The path.
        path: String,
    },
    /// A new value that a catalog cannot hold: empty, or with control characters.
    #[error("the new {field} of {path:?} is empty or has a control or formatting character")]
    Value {
        /// The field.
        field: &'static str,
        /// The entry's path.
        path: String,
    },
    /// Another entry of a v2 catalog has the key that the path would get, its MD5.
    #[error("line {line}: another entry has the key of the path {path:?}")]
    KeyTaken {
        /// The line of that entry, from 1.
        line: usize,
        /// The path.
        path: String,
    },
    /// The changed text, read again, says something else than what was wanted.
    #[error("the catalog is written in a form that could not be changed reliably")]
    Unverified,
}
