//! The options: a table of all options, and the reading of their texts by it.
//!
//! The parser, `action.yml`, `setup/action.yml`, the tables of the documentation and the contradictions between options
//! all come from [`OPTIONS`]. Only a front end knows how an option is given: as an input of a workflow, or as a flag.

mod comment_mode;
mod error;
mod list_kind;
mod output_table;
mod raw;
mod source_check;
mod spec;
mod table;

pub use comment_mode::CommentMode;
pub use error::{OptionError, OptionProblem, UnknownName};
pub use list_kind::ListKind;
pub use output_table::{OUTPUTS, OutputSpec};
pub(crate) use raw::shortened;
pub use raw::{Origin, RawOptions};
pub use source_check::SourceCheck;
pub use spec::{Command, Flag, FrontEnd, Kind, OptionSpec, Relation};
pub(crate) use table::*;
pub use table::{NOT_YET, OPTIONS, SUBJECTS, Subject};
