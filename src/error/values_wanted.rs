//! Why a pull cannot do with files alone.

use crate::option::OptionSpec;

/// What wants the values of pulled files that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuesWanted {
    /// The options that are set, and without which the files alone would do.
    pub by: Vec<&'static OptionSpec>,
    /// Whether a line of `types` says how one of them is read.
    pub types_decide: bool,
}
