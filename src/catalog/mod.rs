//! The catalog, `cstore.yml`: the config files, where they are stored, how they are encrypted, and their tags.
//!
//! The format is that of the Go cStore, whose catalogs can be read and updated
//! (<https://github.com/turnerlabs/cstore/blob/master/docs/CATALOG.md>). `files` is a list (v3, v4) or a map keyed by
//! the MD5 of each path (v2); v1 catalogs belong to a generation that encrypted files itself and are refused.
//!
//! - [`Catalog::read`] reads a catalog. Unknown fields are told and do not count.
//! - [`PathTemplate::resolve`] replaces `${NAME}` in a path, and checks the path only then: an entry that nobody
//!   asks for cannot be an error.
//! - [`TagExpression`] and [`FileSelector`] choose among files. [`Catalog::select`] combines all three.
//! - [`TypeRules`] says how files are read.
//! - [`edit()`] changes a catalog's text and leaves every other byte as it is.
//!
//! Everything here takes bytes or values and returns values or errors. The caller reads the file, and linked catalogs.

mod edit;
mod error;
mod glob;
mod model;
mod oddity;
mod read;
mod select;
mod selected;
mod tag;
mod token;
mod types;

pub use edit::{CatalogUpdate, EditError, EntryUpdate, edit};
pub use error::{CatalogError, CatalogErrorKind};
pub use glob::{Glob, GlobError};
pub use model::{Catalog, CatalogFile, CatalogVersion};
pub(crate) use oddity::CatalogOddity;
pub(crate) use read::LARGEST_CATALOG;
pub use select::{FileSelector, FileSelectorError, Selection};
pub use selected::SelectedFile;
pub use tag::{TagError, TagExpression, default_tags};
pub use token::PathTemplate;
pub use types::{Decided, TypeProblem, TypeRules, TypeRulesError, UnmatchedTypes, raw_rule};
