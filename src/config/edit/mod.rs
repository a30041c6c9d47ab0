//! Changes to the text of a config file, key by key.
//!
//! People write config files, with comments and in an order. So a file is never serialized anew: text is inserted,
//! replaced and removed where the keys are written, and everything else stays byte for byte. What cannot be changed
//! this way is an error and never a guess. The result is read again, and is returned only if it says exactly what was
//! asked for: the changed keys have their values and types, and all others theirs, in their order.

mod change;
mod dotenv;
mod error;
mod flow;
mod json;
mod known;
mod outline;
mod plan;
mod quotes;
mod toml;
mod written;
mod yaml;

use std::collections::HashSet;

pub use self::change::Change;
pub(super) use self::change::{Content, Form, Held, Part, Step};
pub use self::error::{EditError, EditProblem};
pub(super) use self::known::{Known, read};
use super::parse::{parse, text_of};
use super::{FileType, ValueKind};
use crate::secret::Secret;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns the text of a config file with the changes. Order, comments, quotes and line ends stay, and so does a byte
/// order mark. `separator` joins the parts of nested keys, as for [`parse`](super::parse()).
///
/// # Errors
/// A file that cannot be read, or a key that cannot be changed; nothing has changed then.
pub fn edit(
    file_type: FileType,
    original: &[u8],
    changes: &[Change],
    separator: &str,
) -> Result<Secret<String>, EditError> {
    let steps: Vec<_> = changes.iter().map(Step::from).collect();
    apply(file_type, original, &steps, separator)
}

/// As [`edit()`].
pub(super) fn apply(
    file_type: FileType,
    original: &[u8],
    steps: &[Step],
    separator: &str,
) -> Result<Secret<String>, EditError> {
    let text = text_of(original)?;
    let mark = if original.len() > text.len() { BYTE_ORDER_MARK } else { "" };
    let Some(first) = steps.first() else { return Ok(Secret::new([mark, text].concat())) };
    let mut keys = HashSet::new();
    if let Some(twice) = steps.iter().find(|step| !keys.insert(step.key.as_str())) {
        return Err(EditProblem::Twice.of(&twice.key));
    }
    if let Some(step) = steps.iter().find(|step| step.to.as_ref().is_some_and(Held::has_nul)) {
        return Err(EditProblem::Nul.of(&step.key));
    }
    let before = read(file_type, text, separator)?.ok_or_else(|| EditProblem::NoKeys.of(&first.key))?;
    let steps = &as_before(file_type, steps, &before);
    let changed = match file_type {
        FileType::Dotenv => dotenv::apply(text, steps)?,
        FileType::Json => json::apply(text, steps, separator)?,
        FileType::Yaml => yaml::apply(text, steps, separator)?,
        FileType::Toml => toml::apply(text, steps, separator)?,
        FileType::Raw => return Err(EditProblem::NoKeys.of(&first.key)),
    };
    let unverified = || EditProblem::Unverified.of(&first.key);
    let after = read(file_type, &changed, separator).ok().flatten().ok_or_else(unverified)?;
    if !known::differs_only_by(steps, &before, &after, file_type != FileType::Dotenv) {
        return Err(unverified());
    }
    Ok(Secret::new([mark, &changed].concat()))
}

/// The same steps, in which a text that takes the place of a date or of a number that JSON does not have is one too, if
/// it looks like one.
fn as_before(file_type: FileType, steps: &[Step], before: &[Known]) -> Vec<Step> {
    let bare: HashSet<&str> =
        before.iter().filter(|known| known.held.form == Form::Bare).map(|known| known.key.as_str()).collect();
    let mut steps = steps.to_vec();
    for step in steps.iter_mut().filter(|step| bare.contains(step.key.as_str())) {
        let Some(Held { content: Content::Value(value), written: written @ None, form, .. }) = &mut step.to else {
            continue;
        };
        let text = value.text.expose();
        let is_bare = value.kind == ValueKind::Text && is_bare(file_type, text) == Some(true);
        if is_bare {
            (*written, *form) = (Some(Secret::from(text.as_str())), Form::Bare);
        }
    }
    steps
}

/// Whether a text without quotes would be a date or a number that JSON does not have.
fn is_bare(file_type: FileType, text: &str) -> Option<bool> {
    let assignment = if file_type == FileType::Toml { "a = " } else { "a: " };
    let line = [assignment, text].concat();
    parse(file_type, line.as_bytes(), "").ok()?;
    let document = written::outline(file_type, &line)?;
    let outline::Body::Items(items) = document.body else { return None };
    let outline::Body::Leaf(leaf) = &items.items.first()?.node.body else { return None };
    Some(leaf.form == Form::Bare && leaf.written.as_deref() == Some(text))
}

#[cfg(test)]
mod tests;
