//! Checks for keys that must be present.

use std::collections::{HashMap, HashSet};

use super::{Entry, Merged, UnknownKey};

/// A required key that has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MissingKey {
    /// No file has it.
    #[error("the required key {0} is missing")]
    Absent(UnknownKey),
    /// It is there, and empty (or null).
    #[error("the required key {0:?} is empty")]
    Empty(String),
}

/// The required keys that are absent or whose values are empty, in the order given.
pub fn missing_keys<'k>(required: impl IntoIterator<Item = &'k str>, merged: &[Merged]) -> Vec<MissingKey> {
    let required: Vec<_> = required.into_iter().collect();
    if required.is_empty() {
        return Vec::new();
    }
    let is_empty: HashMap<&str, bool> =
        merged.iter().map(|m| (m.entry.key.as_str(), m.entry.value.text.expose().is_empty())).collect();
    let absent: Vec<_> = required.iter().filter(|key| !is_empty.contains_key(**key)).copied().collect();
    let keys: Vec<_> = merged.iter().filter(|_| !absent.is_empty()).map(|m| m.entry.key.as_str()).collect();
    let mut absent = UnknownKey::from_names(&absent, &keys).into_iter();
    let missing = |key: &str| match is_empty.get(key) {
        None => absent.next().map(MissingKey::Absent),
        Some(true) => Some(MissingKey::Empty(key.to_owned())),
        Some(false) => None,
    };
    required.into_iter().filter_map(missing).collect()
}

/// How the keys of a template and of the merged values differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TemplateDifference {
    /// Keys of the template that are not there, in its order.
    pub missing: Vec<String>,
    /// Keys that the template does not know, in their own order.
    pub unknown: Vec<String>,
}

/// Compares the merged keys with those of a template, a dotenv file such as `.env.example`. Only the keys count: the
/// template's values are ignored, and a key may be empty in either.
#[must_use]
pub fn compare_with_template(template: &[Entry], merged: &[Merged]) -> TemplateDifference {
    let expected: HashSet<&str> = template.iter().map(|entry| entry.key.as_str()).collect();
    let there: HashSet<&str> = merged.iter().map(|m| m.entry.key.as_str()).collect();
    let missing = template.iter().map(|entry| &entry.key).filter(|key| !there.contains(key.as_str()));
    let unknown = merged.iter().map(|m| &m.entry.key).filter(|key| !expected.contains(key.as_str()));
    TemplateDifference { missing: missing.cloned().collect(), unknown: unknown.cloned().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Provenance, Value};

    fn merged(pairs: &[(&str, &str)]) -> Vec<Merged> {
        let entry = |(key, value): &(&str, &str)| Entry::new(*key, Value::text(*value), 1);
        pairs.iter().map(|pair| Merged { entry: entry(pair), source: Provenance::Defaults }).collect()
    }

    #[test]
    fn absent_and_empty_keys_are_told_apart() {
        let merged = merged(&[("A", "1"), ("B", "")]);
        let missing = missing_keys(["C", "A", "B"], &merged);
        let absent = UnknownKey { name: "C".to_owned(), hint: None, has_known: false };
        assert_eq!(missing, [MissingKey::Absent(absent), MissingKey::Empty("B".to_owned())]);
        assert_eq!(missing[1].to_string(), "the required key \"B\" is empty");
        assert!(missing_keys(["A"], &merged).is_empty());
    }

    #[test]
    fn a_template_wants_keys_not_values() {
        let template = [Entry::new("A", Value::text("example"), 1), Entry::new("C", Value::text(""), 2)];
        let difference = compare_with_template(&template, &merged(&[("A", ""), ("B", "2")]));
        assert_eq!(difference, TemplateDifference { missing: vec!["C".to_owned()], unknown: vec!["B".to_owned()] });
    }
}
