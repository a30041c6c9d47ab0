//! What a file holds, key by key: the entries of its parser, and what a change must not lose besides.

use std::collections::HashMap;

use super::change::{Content, Held, Part};
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
    /// The parts that lead to the outermost list which the key is of.
    pub(in crate::config) fn list(&self) -> Option<&[Part]> {
        let parts = self.parts.as_deref()?;
        let index = parts.iter().position(|part| matches!(part, Part::Index(_)))?;
        parts.get(..index)
    }
}

/// Reads a file's text, without a byte order mark. None if the file has no keys: it is raw, its document is no map, or it
/// holds several documents.
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

/// Whether `after` is `before` with the changes and nothing else: the same keys in the same order, with the same values,
/// types and references.
pub(super) fn differs_only_by(steps: &[super::Step], before: &[Known], after: &[Known], has_types: bool) -> bool {
    let changes: HashMap<&str, Option<&Held>> =
        steps.iter().map(|step| (step.key.as_str(), step.to.as_ref())).collect();
    let others = |known: &'_ &Known| !changes.contains_key(known.key.as_str());
    let are_same = |(one, other): (&Known, &Known)| one.key == other.key && one.held.means(&other.held);
    let is_kept = before.iter().filter(others).count() == after.iter().filter(others).count()
        && before.iter().filter(others).zip(after.iter().filter(others)).all(are_same);
    let is_wanted = |known: &Known| match changes.get(known.key.as_str()) {
        Some(Some(held)) if has_types => known.held.means(held),
        Some(Some(held)) => {
            let text = |held: &Held| match &held.content {
                Content::Value(value) => Some(value.text.clone()),
                Content::EmptyMap | Content::EmptyList => None,
            };
            text(&known.held) == text(held) && known.held.dollars == held.dollars
        }
        Some(None) => false,
        None => true,
    };
    let set = steps.iter().filter(|step| step.to.is_some()).count();
    let found = after.iter().filter(|known| changes.contains_key(known.key.as_str())).count();
    is_kept && after.iter().all(is_wanted) && set == found
}
