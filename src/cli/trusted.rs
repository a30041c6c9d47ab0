use std::collections::BTreeSet;

/// What a run may do because of its catalog.
#[derive(Debug, Default)]
pub(super) struct Trusted {
    /// The buckets of the catalog, as it was when it was agreed to.
    pub(super) of_catalog: BTreeSet<String>,
    /// These, one that was named, and those of the catalog as it was before.
    pub(super) buckets: BTreeSet<String>,
    /// The variables that names may hold.
    pub(super) variables: BTreeSet<String>,
}
