//! Config files: from bytes to named values.
//!
//! A value passes through these modules in order:
//!
//! 1. [`parse`] reads a file by its type, with `dotenv`, `json`, `yaml` or `toml`. Nested documents become a `tree`,
//!    which `flatten` turns into flat keys. [`read_file`] says besides what a file looks like that cannot be read.
//! 2. [`merge`] makes one set of several files.
//! 3. [`expand`] replaces references in dotenv values.
//! 4. [`missing_keys`], [`compare_with_template`] and [`Schema`] check the result.
//! 5. [`KeySelection`] decides which keys are published, and under which names; [`Selected`] makes of these the names
//!    of outputs, of variables and of a form's fields.
//!
//! The other way round, [`edit`](edit()) changes keys in a file's text, and [`merge3`] merges two versions of a file.
//!
//! All of this is pure: bytes and values in, values or errors out. No error quotes a value or a part of one.

mod broken_keys;
mod dotenv;
mod edit;
mod error;
mod expand;
mod file_type;
mod flatten;
mod json;
mod jsonc;
mod key_pattern;
mod key_types;
mod likeness;
mod limits;
mod line;
mod merge;
mod output_name;
mod parse;
mod parsed;
mod require;
mod schema;
mod secret_key;
mod select;
mod selected;
mod semver_keys;
mod three_way;
mod toml;
mod tree;
mod unknown_key;
mod unknown_tags;
mod unread;
mod value;
mod yaml;

pub use broken_keys::{Broken, BrokenFile, BrokenKeys, FileKeys, broken_files};
pub use edit::{Change, EditError, EditProblem, edit};
pub use error::{LineProblem, MeetingKeys, ParseError, ParseProblem};
pub(crate) use expand::UNSHOWN;
pub use expand::{ExpandError, expand};
pub use file_type::FileType;
pub use key_pattern::{KeyPatterns, PatternError};
pub use key_types::{KeyType, KeyTypes, key_types};
pub use likeness::Likeness;
pub use limits::MOST_VALUES;
pub use merge::{MergeError, Merged, OnDuplicate, Provenance, SourceFile, ValueConflict, conflicts, merge};
pub use output_name::OutputCase;
pub(crate) use output_name::is_reserved_name;
pub use parse::parse;
pub use parsed::{NamesAlone, Parsed, RepeatedKeys, Unkeyed, Warning};
pub use require::{MissingKey, TemplateDifference, compare_with_template, missing_keys};
pub use schema::{Schema, SchemaError, SchemaFailure};
pub use secret_key::{is_secret_key, looks_secret};
pub use select::{KeySelection, KeySelectionError, Selection};
pub use selected::{NameUse, Origin, SameName, Selected};
pub use semver_keys::SemverKeys;
pub use three_way::{MergeConflict, MergedFile, merge3, merge3_keeping_ours};
pub use unknown_key::{KeyHint, UnknownKey, Unmatched};
pub use unknown_tags::UnknownTags;
pub use unread::{UnreadFile, is_undeliverable, read_file, same_output, undeliverable, unread_text};
pub(crate) use value::is_json_number;
pub use value::{Entry, Setting, Value, ValueKind};
