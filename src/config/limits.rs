//! The limits of a config file.

/// The most values that a config file may have. The values of a YAML alias count each time it is used.
pub const MOST_VALUES: usize = 100_000;

/// How many levels of maps and lists may be nested.
pub(super) const DEEPEST: usize = 100;
