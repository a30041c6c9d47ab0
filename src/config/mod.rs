//! Config files: from bytes to named values.
//!
//! A value passes through one module after another: a file is read by its type ([`parse`], over `dotenv`, `json`, `yaml` and
//! `toml`; nested documents become a `tree` that `flatten` gives flat keys), files are [`merge`]d, references in
//! dotenv values [`expand`]ed, the result checked against [`missing_keys`], a [`compare_with_template`] and a
//! [`Schema`], and a [`KeySelection`] says which keys are published under which names.
//!
//! All of it is pure: bytes and values in, values or errors out. No error here quotes a value or a piece of one.

mod dotenv;
mod error;
mod expand;
mod file_type;
mod flatten;
mod json;
mod key_pattern;
mod limits;
mod merge;
mod output_name;
mod parse;
mod parsed;
mod require;
mod schema;
mod select;
mod toml;
mod tree;
mod value;
mod yaml;

pub use error::{ParseError, ParseProblem};
pub use expand::{ExpandError, expand};
pub use file_type::FileType;
pub use key_pattern::{KeyPatterns, PatternError};
pub use limits::MOST_VALUES;
pub use merge::{MergeError, Merged, OnDuplicate, Provenance, SourceFile, ValueConflict, merge};
pub use output_name::OutputCase;
pub use parse::parse;
pub use parsed::{Parsed, Warning};
pub use require::{MissingKey, TemplateDifference, compare_with_template, missing_keys};
pub use schema::{Schema, SchemaError, SchemaFailure};
pub use select::{KeySelection, KeySelectionError, Selected};
pub(crate) use value::is_json_number;
pub use value::{Entry, Setting, Value, ValueKind};
