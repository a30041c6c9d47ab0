use std::collections::BTreeSet;

use crate::command::LeadsTo;

/// What a run may do because of its catalog, and what of that can be remembered.
#[derive(Debug, Default)]
pub(super) struct Trusted {
    /// The buckets that it leads to, as it was when it was agreed to.
    pub(super) buckets: BTreeSet<String>,
    /// What options and variables name.
    pub(super) named: LeadsTo,
    /// What the catalog led to when the run began; none where there was none.
    pub(super) found: Option<LeadsTo>,
    /// What is remembered as agreed to; none where nobody has been asked.
    pub(super) consent: Option<LeadsTo>,
}

impl Trusted {
    /// Whether what the catalog leads to now is somebody's own words: what was agreed to when the run began, and what
    /// was typed, or what files were stored with that the catalog did not say then. An option that made a question
    /// needless agreed to nothing but what it says.
    pub(super) fn is_own(&self, now: &LeadsTo, stored_kms_keys: &BTreeSet<String>) -> bool {
        let Some(found) = &self.found else { return true };
        let own_now = match &self.consent {
            Some(consent) if consent == found => now.without(found),
            Some(_) => return false,
            None => now.clone(),
        };
        let stored_by_own_word = stored_kms_keys - &found.kms_keys;
        let kms_keys = &own_now.kms_keys - &stored_by_own_word;
        LeadsTo { kms_keys, ..own_now }.is_subset(&self.named)
    }
}
