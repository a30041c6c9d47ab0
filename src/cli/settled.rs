use std::collections::BTreeSet;

use crate::command::LeadsTo;

/// What nobody need be asked about, because an option says it or the command has no use for it.
#[derive(Clone, Copy)]
pub(super) struct Settled {
    pub(super) context: bool,
    pub(super) bucket: bool,
    pub(super) kms_key: bool,
}

impl Settled {
    /// What is to be agreed to, and what was and is gone; none where nobody need be asked. With less to be trusted than
    /// once was, it is another catalog, too.
    pub(super) fn wanted(
        self,
        leads_to: &LeadsTo,
        beside_option: &LeadsTo,
        named: &LeadsTo,
        consent: Option<&LeadsTo>,
    ) -> Option<(LeadsTo, LeadsTo)> {
        let unless =
            |is_settled: bool, names: &BTreeSet<String>| if is_settled { BTreeSet::new() } else { names.clone() };
        let Some(before) = consent else {
            let wanted = LeadsTo {
                // In a bucket that somebody has named, any context is his; one that takes the place of another is not.
                contexts: BTreeSet::new(),
                buckets: unless(self.bucket, &beside_option.buckets),
                kms_keys: unless(self.kms_key, &beside_option.kms_keys),
                variables: &beside_option.variables - &named.variables,
            };
            return (wanted != LeadsTo::default()).then(|| (wanted, LeadsTo::default()));
        };
        let unlisted = &leads_to.variables - &named.variables;
        let has_variables = if named.variables.is_empty() {
            before.variables == leads_to.variables
        } else {
            unlisted.is_subset(&before.variables)
        };
        let has_contexts = self.context || before.contexts == leads_to.contexts;
        // Where nobody was asked about a context, all of it is new.
        let is_new = before.contexts.is_empty() && !has_contexts;
        let has_buckets = self.bucket || before.buckets == leads_to.buckets && !is_new;
        let has_keys = self.kms_key || before.kms_keys == leads_to.kms_keys;
        if has_contexts && has_buckets && has_keys && has_variables {
            return None;
        }
        let gone = before.without(leads_to);
        let wanted = LeadsTo {
            contexts: unless(has_contexts, &(&leads_to.contexts - &before.contexts)),
            buckets: unless(has_buckets, &leads_to.buckets),
            kms_keys: unless(has_keys, &leads_to.kms_keys),
            variables: unless(has_variables, &unlisted),
        };
        let gone = LeadsTo {
            contexts: unless(has_contexts, &gone.contexts),
            buckets: unless(has_buckets, &gone.buckets),
            kms_keys: unless(has_keys, &gone.kms_keys),
            variables: unless(has_variables, &gone.variables),
        };
        Some((wanted, gone))
    }

    /// What the catalog is compared with where it is shown; none where nobody has been asked about its context.
    pub(super) fn known(self, consent: Option<&LeadsTo>, beside_option: &LeadsTo) -> Option<LeadsTo> {
        let consent = consent?.clone();
        if self.context {
            return Some(LeadsTo { contexts: beside_option.contexts.clone(), ..consent });
        }
        Some(consent).filter(|consent| !consent.contexts.is_empty())
    }
}
