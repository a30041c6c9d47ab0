use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::command::LeadsTo;
use crate::message::{Message, in_shell};

/// A catalog leads to what nobody has agreed to.
#[derive(Debug, thiserror::Error)]
#[error("{catalog:?} is not trusted")]
pub(super) struct NotTrusted {
    /// The catalog.
    pub(super) catalog: PathBuf,
    /// All that it leads to: whoever agrees agrees to all of it.
    pub(super) found: LeadsTo,
    /// What of it nothing but the catalog names.
    pub(super) wanted: LeadsTo,
    /// Whether the command has an option for the KMS key.
    pub(super) takes_key: bool,
    /// What was agreed to before; none where nobody has been asked.
    pub(super) known: Option<LeadsTo>,
}

impl NotTrusted {
    /// What is asked for, one line each.
    pub(super) fn lines(&self) -> Vec<String> {
        let reason = if self.known.is_some() { "has changed since you trusted it" } else { "is new to this machine" };
        let mut lines = vec![format!("The catalog {} {reason}. It leads to:", self.catalog.display())];
        let LeadsTo { contexts, buckets, kms_keys, variables } = &self.found;
        let known = self.known.as_ref();
        let mut add = |what: &str, names: &BTreeSet<String>, known: Option<&BTreeSet<String>>, meaning: &str| {
            for name in names {
                let is_new = if known.is_some_and(|known| !known.contains(name)) { " (new)" } else { "" };
                lines.push(format!("  {what:<8}  {name}{is_new}{meaning}"));
            }
        };
        add("context", contexts, known.map(|known| &known.contexts), "");
        add("bucket", buckets, known.map(|known| &known.buckets), "");
        add("KMS key", kms_keys, known.map(|known| &known.kms_keys), ", with which pushes encrypt");
        let meaning = ", whose value becomes a part of objects' names";
        add("variable", variables, known.map(|known| &known.variables), meaning);
        lines
    }

    pub(super) fn message(&self) -> Message {
        let LeadsTo { contexts, buckets, kms_keys, variables } = &self.wanted;
        let named = |what: &str, names: &BTreeSet<String>, rest: &str| {
            (!names.is_empty()).then(|| format!("{what} {}{rest}", listed(names)))
        };
        let places: Vec<_> =
            [named("the context", contexts, ""), named("the bucket", buckets, "")].into_iter().flatten().collect();
        let leads = [
            (!places.is_empty()).then(|| format!("leads to {}", places.join(" and "))),
            named("has pushes encrypt with the KMS key", kms_keys, ""),
            named("puts the value of", variables, " into the names of objects"),
        ];
        let leads: Vec<_> = leads.into_iter().flatten().collect();
        let reason =
            if self.known.is_some() { "has changed since it was trusted" } else { "is not trusted on this machine" };
        let what =
            format!("The catalog {} {reason}. It {}. Nothing was sent.", self.catalog.display(), leads.join(" and "));
        let single = [("--context", contexts), ("--bucket", buckets), ("--kms-key-id", kms_keys)];
        let mut flags = Vec::new();
        // One flag names one for all files.
        if single.iter().all(|(_, names)| names.len() < 2) && (self.takes_key || kms_keys.is_empty()) {
            let named = single.iter().flat_map(|(flag, names)| names.iter().map(move |name| (*flag, name)));
            let named = named.chain(variables.iter().map(|name| ("--variables", name)));
            flags.extend(named.map(|(flag, name)| format!("{flag} {}", in_shell(name))));
        }
        let precise = if flags.is_empty() { String::new() } else { format!(", or {}", flags.join(" ")) };
        let next = format!(
            "If that is what you expect, add --trust once{precise}. In a task or CI, set CSTORE_TRUST=true where you trust \
             whoever can change the catalog."
        );
        Message { next, ..Message::new("Catalog not trusted", what) }
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
