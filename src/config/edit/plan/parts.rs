//! Finds out which parts a new key has, from the maps and lists that are there.

use crate::config::edit::change::Part;
use crate::config::edit::error::EditProblem;
use crate::config::edit::outline::{Body, Items};

/// A map or list that the key may be placed in.
struct Candidate<'n> {
    items: &'n Items,
    parts: Vec<Part>,
    /// What remains of the key.
    rest: &'n str,
}

/// The parts of a new key. It belongs to the innermost map or list whose own key it begins with. What remains may hold
/// the separator only where a key beside it does, or where no map is beside it.
///
/// # Errors
/// A key that may belong to several places.
pub(super) fn new_parts(top: &Items, key: &str, separator: &str) -> Result<Vec<Part>, EditProblem> {
    let mut candidates = Vec::new();
    collect(Candidate { items: top, parts: Vec::new(), rest: key }, separator, &mut candidates);
    let shortest = candidates.iter().map(|candidate| candidate.rest.len()).min();
    let is_certain = !separator.is_empty() || candidates.len() == 1;
    let mut innermost = candidates.into_iter().filter(|candidate| Some(candidate.rest.len()) == shortest);
    let (Some(Candidate { items, mut parts, rest }), None, true) = (innermost.next(), innermost.next(), is_certain)
    else {
        return Err(EditProblem::Ambiguous);
    };
    if items.is_list {
        parts.push(Part::Index(rest.parse().map_err(|_| EditProblem::InList)?));
        return Ok(parts);
    }
    let has_separator = |key: &str| !separator.is_empty() && key.contains(separator);
    let beside: Vec<_> = items.counting().map(|(_, item)| item).collect();
    if has_separator(rest) && !beside.iter().any(|item| has_separator(&item.key)) {
        let is_nested = beside.iter().any(|item| matches!(item.node.body, Body::Items(_)));
        if is_nested {
            return Err(EditProblem::Ambiguous);
        }
    }
    parts.push(Part::Key(rest.to_owned()));
    Ok(parts)
}

/// Recursion ends: the readers refuse documents of more than a hundred levels.
fn collect<'n>(candidate: Candidate<'n>, separator: &str, candidates: &mut Vec<Candidate<'n>>) {
    for (position, item) in candidate.items.counting() {
        let Body::Items(inner) = &item.node.body else { continue };
        let part = candidate.items.part(position);
        let rest = match &part {
            Part::Key(key) => candidate.rest.strip_prefix(key.as_str()),
            Part::Index(index) => candidate.rest.strip_prefix(index.to_string().as_str()),
        };
        if let Some(rest) = rest.and_then(|rest| rest.strip_prefix(separator)) {
            let parts = candidate.parts.iter().cloned().chain([part]).collect();
            collect(Candidate { items: inner, parts, rest }, separator, candidates);
        }
    }
    candidates.push(candidate);
}
