use std::collections::BTreeSet;

use crate::command::LeadsTo;

/// What a run may do because of its catalog.
#[derive(Debug, Default)]
pub(super) struct Trusted {
    /// The buckets of the catalog, as it was when it was agreed to.
    pub(super) buckets_of_catalog: BTreeSet<String>,
    /// What it leads to, what was named beside it, and the buckets that it had before.
    pub(super) leads_to: LeadsTo,
}
