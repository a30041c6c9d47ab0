//! The catalog, `cstore.yml`: which files there are, where they are stored, how they are encrypted, their tags.
//!
//! It is the format of the Go cStore, whose catalogs keep working, read and written
//! (<https://github.com/turnerlabs/cstore/blob/master/docs/CATALOG.md>). `files` is a list (v3, v4) or a map keyed by
//! the MD5 of each path (v2); v1 catalogs belong to a generation that encrypted files itself and are refused.
//!
//! - [`Catalog::read`] gives the catalog as values; what it does not know it ignores.
//! - [`PathTemplate::resolve`] replaces `${NAME}` in a path, and only then is the path checked: an entry that nobody
//!   asked for is no error.
//! - [`TagExpression`] and [`FileSelector`] choose among files; [`Catalog::select`] puts the three together.
//! - [`edit()`] changes a catalog's text and leaves what it does not change as it is, byte for byte.
//!
//! Everything here takes bytes or values and gives values or errors. Reading the file, linked catalogs included, is
//! the caller's.

mod edit;
mod error;
mod glob;
mod model;
mod read;
mod select;
mod selected;
mod tag;
mod token;

pub use edit::{CatalogUpdate, EditError, EntryUpdate, edit};
pub use error::{CatalogError, CatalogErrorKind};
pub use glob::{Glob, GlobError};
pub use model::{Catalog, CatalogFile, CatalogVersion};
pub use select::{FileSelector, FileSelectorError, Selection};
pub use selected::SelectedFile;
pub use tag::{TagError, TagExpression, default_tags};
pub use token::PathTemplate;
