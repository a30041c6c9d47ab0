//! Places that the runner names in variables.

use std::path::PathBuf;

use super::failure::Failure;
use crate::environment::Environment;

/// The place that a variable of the runner's names; none where it is not set or empty.
///
/// # Errors
/// [`Failure::NotText`]: a place that is named and cannot be used is not to be taken for another.
pub(super) fn named_by(environment: &Environment, name: &'static str) -> Result<Option<PathBuf>, Failure> {
    if environment.is_unreadable(name) {
        return Err(Failure::NotText(name));
    }
    Ok(environment.text(name).map(PathBuf::from))
}
