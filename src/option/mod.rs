//! The options: one table of what can be asked for, and how what is given is read by it.
//!
//! The parser, `action.yml`, `setup/action.yml`, the tables of the documentation and the contradictions between options
//! all come from [`OPTIONS`]. How an option is given, as an input of a workflow or as a flag, only a front end knows.

mod error;
mod raw;
mod spec;
mod table;

pub use error::{OptionError, OptionProblem, UnknownName};
pub use raw::RawOptions;
pub(crate) use raw::shortened;
pub use spec::{Command, FrontEnd, Kind, OptionSpec, Relation};
pub(crate) use table::*;
pub use table::{NOT_YET, OPTIONS};
