//! Config files: from bytes to named values.

mod value;

pub use value::{Entry, Kind, Setting, Value};
