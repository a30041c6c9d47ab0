//! New text for TOML.

use crate::config::ValueKind;
use crate::config::edit::change::{Content, Held};
use crate::config::edit::plan::New;
use crate::config::edit::quotes::in_double_quotes;

/// A value within a line. None if TOML has none of its kind. `old` is how the value is written that it replaces.
pub(super) fn in_line(new: &New, old: &str) -> Option<String> {
    match new {
        New::Held(held) => value(held, old),
        New::Map(fields) => {
            let field = |(name, new): &(String, New)| Some(format!("{} = {}", key(name), in_line(new, "")?));
            let fields: Option<Vec<_>> = fields.iter().map(field).collect();
            Some(format!("{{ {} }}", fields?.join(", ")))
        }
        New::List(items) => {
            let items: Option<Vec<_>> = items.iter().map(|new| in_line(new, "")).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
    }
}

fn value(held: &Held, old: &str) -> Option<String> {
    if let Some(written) = &held.written {
        return Some(written.expose().clone());
    }
    let value = match &held.content {
        Content::EmptyMap => return Some("{}".to_owned()),
        Content::EmptyList => return Some("[]".to_owned()),
        Content::Value(value) => value,
    };
    let text = value.text.expose();
    match value.kind {
        ValueKind::Null => None,
        ValueKind::Number | ValueKind::Bool => Some(text.clone()),
        ValueKind::Text => {
            let is_literal = old.starts_with('\'') && !text.contains('\'') && !text.chars().any(char::is_control);
            Some(if is_literal { format!("'{text}'") } else { basic(text) })
        }
    }
}

fn basic(text: &str) -> String {
    in_double_quotes(text, char::is_control)
}

/// A key.
pub(super) fn key(key: &str) -> String {
    let is_bare =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare { key.to_owned() } else { basic(key) }
}

/// A dotted key.
pub(super) fn dotted(keys: &[String]) -> String {
    keys.iter().map(|part| key(part)).collect::<Vec<_>>().join(".")
}

/// The lines that give a key its value: of a map one for each of its values.
pub(super) fn statements(keys: &[String], new: &New, lines: &mut Vec<String>) -> Option<()> {
    match new {
        New::Map(fields) => fields.iter().try_for_each(|(name, new)| {
            let keys: Vec<_> = keys.iter().chain([name]).cloned().collect();
            statements(&keys, new, lines)
        }),
        New::Held(_) | New::List(_) => {
            lines.push(format!("{} = {}", dotted(keys), in_line(new, "")?));
            Some(())
        }
    }
}
