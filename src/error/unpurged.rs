//! What is left of a purge.

use crate::command::Location;
use crate::store::InTheWay;

/// What a purge could not remove.
#[derive(Debug)]
pub struct Unpurged {
    /// What was purged.
    pub location: Location,
    /// What is left of it, at least one.
    pub in_the_way: Vec<InTheWay>,
}
