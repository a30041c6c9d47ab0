//! How much a config file may be.

/// The most values that a file may hold, those of a YAML alias counted wherever it is used.
pub const MOST_VALUES: usize = 100_000;

/// How deep maps and lists may lie in each other.
pub(super) const DEEPEST: usize = 100;
