//! Variables of the job in a catalog's paths.

use crate::catalog::{CatalogError, PathTemplate};
use crate::name::{ConfigPath, Variable};
use crate::observer::Observer;
use crate::request::{DEFAULT_VARIABLES, RunInfo, Target};

/// A value as long as this, in bytes, is hidden by itself: it may well be a secret. Shorter ones (`production`,
/// `eu-central-1`) are parts of the names of buckets and regions, too, and are hidden in paths alone.
const SHORTEST_SECRET: usize = 16;

/// Replaces the variables that may be named, and sees to it that no log shows a path in which one has been replaced.
#[derive(Clone, Copy)]
pub(super) struct Variables<'a> {
    target: &'a Target,
    run: &'a RunInfo,
    observer: &'a dyn Observer,
}

impl<'a> Variables<'a> {
    pub(super) fn new(target: &'a Target, run: &'a RunInfo, observer: &'a dyn Observer) -> Self {
        Self { target, run, observer }
    }

    /// A path of a catalog, its variables replaced.
    pub(super) fn resolve(&self, template: &PathTemplate) -> Result<ConfigPath, CatalogError> {
        let look_up = |name: &str| self.target.variables.look_up(&self.run.environment, name);
        let path = template.resolve(look_up)?;
        // A single name such as a branch's, which the log shows in other places anyway, is not replaced everywhere.
        let is_telling = |written: &str| written.contains('/') || names(written).any(is_of_the_job);
        for (text, written) in template.beginnings(look_up).iter().filter(|(_, written)| is_telling(written)) {
            self.observer.path_of_variables(text, written);
        }
        for name in names(template.as_str()).filter(|name| is_of_the_job(name)) {
            match look_up(name) {
                Variable::Value(value) if value.expose().len() >= SHORTEST_SECRET => {
                    self.observer.path_of_variables(value.expose(), &format!("${{{name}}}"));
                }
                _ => {}
            }
        }
        Ok(path)
    }
}

/// The variables that a path names.
pub(super) fn names(written: &str) -> impl Iterator<Item = &str> {
    written.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Whether a variable may hold something that the run's page does not show.
fn is_of_the_job(name: &str) -> bool {
    !DEFAULT_VARIABLES.contains(&name)
}
