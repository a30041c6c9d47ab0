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
    /// What was agreed to, and it leads to no more.
    pub(super) gone: LeadsTo,
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
        let none = BTreeSet::new();
        let mut add = |what: &str, names: &BTreeSet<String>, known: Option<&BTreeSet<String>>, meaning: &str| {
            for name in names {
                let is_new = if known.is_some_and(|known| !known.contains(name)) { " (new)" } else { "" };
                lines.push(format!("  {what:<8}  {}{is_new}{meaning}", shown(name)));
            }
            for name in known.unwrap_or(&none).difference(names) {
                lines.push(format!("  {what:<8}  {} no longer", shown(name)));
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
        let reason =
            if self.known.is_some() { "has changed since it was trusted" } else { "is not trusted on this machine" };
        let leads = leads(&self.wanted, ["leads to", "has pushes encrypt with", "puts"]);
        let no_more = leads_no_more(&self.gone);
        let leads: Vec<_> = leads.into_iter().chain(no_more).collect();
        let what =
            format!("The catalog {} {reason}. It {}. Nothing was sent.", self.catalog.display(), leads.join(" and "));
        let flags = self.flags();
        let precise = if flags.is_empty() { String::new() } else { format!(", or {}", flags.join(" ")) };
        let next = format!(
            "If that is what you expect, add --trust once{precise}. In a task or CI, set CSTORE_TRUST=true where you trust \
             whoever can change the catalog."
        );
        Message { next, ..Message::new("Catalog not trusted", what) }
    }

    /// Flags that make the question needless, and name all that they stand for; none where there are no such flags.
    fn flags(&self) -> Vec<String> {
        let LeadsTo { contexts, buckets, kms_keys, variables } = &self.wanted;
        let single = [
            ("--context", contexts, &self.gone.contexts),
            ("--bucket", buckets, &self.gone.buckets),
            ("--kms-key-id", kms_keys, &self.gone.kms_keys),
        ];
        // One flag names one for all files, and none that there is nothing.
        let is_named = single.iter().all(|(_, names, gone)| names.len() < 2 && (gone.is_empty() || names.len() == 1))
            && (self.takes_key || kms_keys.is_empty())
            && (self.gone.variables.is_empty() || !variables.is_empty());
        let named = single.iter().flat_map(|(flag, names, _)| names.iter().map(move |name| (*flag, name)));
        let named = named.chain(variables.iter().map(|name| ("--variables", name))).filter(|_| is_named);
        named.map(|(flag, name)| format!("{flag} {}", in_shell(name))).collect()
    }
}

/// What a catalog does, as clauses.
fn leads(leads_to: &LeadsTo, [leads, encrypts, puts]: [&str; 3]) -> Vec<String> {
    let LeadsTo { contexts, buckets, kms_keys, variables } = leads_to;
    let named = |what: &str, names: &BTreeSet<String>, rest: &str| {
        (!names.is_empty()).then(|| format!("{what} {}{rest}", listed(names)))
    };
    let places: Vec<_> =
        [named("the context", contexts, ""), named("the bucket", buckets, "")].into_iter().flatten().collect();
    let clauses = [
        (!places.is_empty()).then(|| format!("{leads} {}", places.join(" and "))),
        named(&format!("{encrypts} the KMS key"), kms_keys, ""),
        named(&format!("{puts} the value of"), variables, " into the names of objects"),
    ];
    clauses.into_iter().flatten().collect()
}

/// What it does not do any more, as clauses.
fn leads_no_more(gone: &LeadsTo) -> Vec<String> {
    leads(gone, ["no longer leads to", "no longer has pushes encrypt with", "no longer puts"])
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| shown(name)).collect::<Vec<_>>().join(", ")
}

/// A name as a question shows it. Letters that look like others, and blanks that could make a line look like another,
/// are shown by their numbers.
fn shown(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':');
    if name.chars().all(is_plain) {
        return name.to_owned();
    }
    let escape = |c: char| if is_plain(c) { c.to_string() } else { c.escape_unicode().to_string() };
    let escaped: String = name.chars().map(escape).collect();
    format!("{escaped} (with characters other than A-Z, a-z, 0-9, and . _ - / :)")
}
