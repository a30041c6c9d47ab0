//! What a file holds, key by key: the entries of its parser, and what a change must not lose besides.

use std::collections::{HashMap, HashSet};

use super::change::{Form, Held, Part, Step};
use super::outline::{Body, Node, places};
use super::written;
use crate::config::Warning;
use crate::config::{FileType, ParseError, dotenv, parse};
use crate::secret::Secret;

/// A key and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Known {
    pub(in crate::config) key: String,
    /// The parts of a nested key.
    pub(in crate::config) parts: Option<Vec<Part>>,
    pub(in crate::config) held: Held,
}

impl Known {
    const fn is_value(&self) -> bool {
        self.held.is_value()
    }

    /// The parts that lead to the outermost list which the key is of.
    pub(in crate::config) fn list(&self) -> Option<&[Part]> {
        let parts = self.parts.as_deref()?;
        let index = parts.iter().position(|part| matches!(part, Part::Index(_)))?;
        parts.get(..index)
    }
}

/// Reads a file's text, without a byte order mark. None if the file has no keys: it is raw, its document is no map, or
/// it holds several documents.
///
/// # Errors
/// As [`parse`].
pub(in crate::config) fn read(
    file_type: FileType,
    text: &str,
    separator: &str,
) -> Result<Option<Vec<Known>>, ParseError> {
    if file_type == FileType::Raw {
        return Ok(None);
    }
    let parsed = parse(file_type, text.as_bytes(), separator)?;
    let is_of_no_key = |warning: &Warning| {
        matches!(warning, Warning::NotAMap | Warning::SeveralDocuments { .. } | Warning::KeyTooLong { .. })
    };
    if parsed.warnings.iter().any(is_of_no_key) {
        return Ok(None);
    }
    let mut known: Vec<_> = parsed
        .entries
        .into_iter()
        .map(|entry| Known {
            key: entry.key,
            parts: None,
            held: Held { dollars: entry.dollars, ..Held::value(entry.value) },
        })
        .collect();
    if let Some(root) = written::outline(file_type, text) {
        complete(&mut known, &root, separator);
    }
    if file_type == FileType::Dotenv {
        let mut written: HashMap<_, _> = dotenv::assignments(text)?
            .into_iter()
            .map(|assignment| (assignment.entry.key, assignment.written))
            .collect();
        for known in &mut known {
            let written = written.remove(&known.key).and_then(|range| text.get(range));
            known.held.written = written.map(Secret::from);
        }
    }
    Ok(Some(known))
}

/// Adds what the entries do not say: parts, how values are written, and maps and lists without items.
fn complete(known: &mut Vec<Known>, root: &Node, separator: &str) {
    let positions: HashMap<String, usize> =
        known.iter().enumerate().map(|(position, known)| (known.key.clone(), position)).collect();
    for place in places(root, separator) {
        match (&place.node.body, place.empty()) {
            (Body::Leaf(leaf), _) => {
                let known = positions.get(&place.key).and_then(|position| known.get_mut(*position));
                let Some(known) = known.filter(|known| known.parts.is_none()) else { continue };
                known.parts = Some(place.parts);
                known.held.form = leaf.form.clone();
                known.held.written = leaf.written.clone().map(Secret::new);
            }
            (Body::Items(_), Some(content)) if !place.parts.is_empty() => {
                let held = Held { content, dollars: Vec::new(), form: Form::Usual, written: None };
                known.push(Known { key: place.key, parts: Some(place.parts), held });
            }
            (Body::Items(_), _) => {}
        }
    }
}

/// Whether `after` is `before` with the changes and nothing else: the same keys in the same order, with the same
/// values, types and references. In a file without types only the texts are compared of what has changed.
pub(super) fn differs_only_by(steps: &[Step], before: &[Known], after: &[Known], has_types: bool) -> bool {
    let changed: HashSet<&str> = steps.iter().map(|step| step.key.as_str()).collect();
    let others = |known: &&Known| known.is_value() && !changed.contains(known.key.as_str());
    let are_same = |(one, other): (&Known, &Known)| one.key == other.key && one.held.means(&other.held);
    let is_kept = before.iter().filter(others).count() == after.iter().filter(others).count()
        && before.iter().filter(others).zip(after.iter().filter(others)).all(are_same);
    let found: HashMap<(&str, bool), &Known> =
        after.iter().map(|known| ((known.key.as_str(), known.is_value()), known)).collect();
    let is_wanted = |step: &Step| match &step.to {
        None => !found.contains_key(&(step.key.as_str(), true)),
        Some(held) => found
            .get(&(step.key.as_str(), held.is_value()))
            .is_some_and(|known| if has_types { known.held.means(held) } else { known.held.reads_as(held) }),
    };
    let is_empty = |known: &&Known| !known.is_value();
    let empty: HashSet<&str> = before.iter().filter(is_empty).map(|known| known.key.as_str()).collect();
    let may_empty = steps.iter().all(|step| !step.prunes);
    // A key that stands in two places would name two empty maps, and no merge could read the file again.
    let names: HashSet<&str> = after.iter().map(|known| known.key.as_str()).collect();
    let are_told_apart = names.len() == after.len();
    is_kept
        && (may_empty || are_told_apart)
        && steps.iter().all(is_wanted)
        && after
            .iter()
            .filter(is_empty)
            .all(|known| may_empty || empty.contains(known.key.as_str()) || changed.contains(known.key.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A merge takes away what the other side took away, and leaves no empty map in its place.
    #[test]
    fn an_empty_map_that_was_not_there_is_a_difference_where_empty_ones_are_to_go() {
        let read = |text| read(FileType::Json, text, "_").unwrap().unwrap();
        let (before, emptied, pruned) =
            (read(r#"{"a": {"b": 1}, "c": {}}"#), read(r#"{"a": {}, "c": {}}"#), read(r#"{"c": {}}"#));
        let step = |prunes| [Step { key: "a_b".to_owned(), parts: None, to: None, prunes }];
        assert!(differs_only_by(&step(false), &before, &emptied, true));
        assert!(!differs_only_by(&step(true), &before, &emptied, true));
        assert!(differs_only_by(&step(true), &before, &pruned, true));
    }

    #[test]
    fn two_empty_maps_of_one_name_are_no_result_of_a_merge() {
        let read = |text| read(FileType::Json, text, "_").unwrap().unwrap();
        let before = read(r#"{"a": {"b": 1}, "a_b": 1}"#);
        let after = read(r#"{"a": {"b": {}}, "a_b": {}}"#);
        let held = after.iter().find(|known| known.key == "a_b").map(|known| known.held.clone());
        let step = |prunes| [Step { key: "a_b".to_owned(), parts: None, to: held.clone(), prunes }];
        assert!(differs_only_by(&step(false), &before, &after, true));
        assert!(!differs_only_by(&step(true), &before, &after, true));
    }
}
