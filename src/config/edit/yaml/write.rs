//! New text for YAML: scalars, and fields with what is below them.

use crate::config::ValueKind;
use crate::config::edit::change::{Content, Form, Held};
use crate::config::edit::plan::New;
use crate::config::edit::quotes::in_double_quotes;
use crate::yaml::{is_plain, scalar};

/// Where a scalar is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'t> {
    /// In brackets.
    pub(super) in_flow: bool,
    /// How far the lines of a block scalar would be indented, if there may be one.
    pub(super) block: Option<&'t str>,
    pub(super) newline: &'static str,
    /// How the scalar is written that this one replaces.
    pub(super) old: &'t str,
}

/// A value. None if YAML has none of its kind.
pub(super) fn value(held: &Held, context: Context<'_>) -> Option<String> {
    if let Some(written) = held.written.as_ref().map(|written| written.expose()) {
        let is_safe =
            !context.in_flow || written.starts_with(['"', '\'']) || !written.contains([',', '[', ']', '{', '}']);
        if is_safe || held.form != Form::Usual {
            return Some(written.clone());
        }
    }
    let Content::Value(value) = &held.content else {
        return Some(if held.content == Content::EmptyMap { "{}" } else { "[]" }.to_owned());
    };
    Some(match value.kind {
        ValueKind::Number | ValueKind::Bool => value.text.expose().clone(),
        ValueKind::Null => "null".to_owned(),
        ValueKind::Text => text(value.text.expose(), context),
    })
}

fn text(text: &str, context: Context<'_>) -> String {
    let is_printable = text.chars().all(|c| !is_escaped(c) && c != '\n');
    if text.contains('\n')
        && let Some(block) = literal(text, context)
    {
        return block;
    }
    let old = context.old;
    if !is_printable || old.starts_with('"') && old.len() > 1 {
        return double(text);
    }
    let is_old_plain = !old.is_empty() && !old.starts_with(['\'', '"', '|', '>', '*', '&', '!']);
    let is_of_words = || {
        let words: Vec<_> = text.split(' ').collect();
        words.len() > 1
            && words.iter().all(|word| is_plain_word(word))
            && words.first().is_some_and(|word| is_plain(word))
    };
    if is_old_plain && is_of_words() {
        return text.to_owned();
    }
    if old.starts_with('\'') { format!("'{}'", text.replace('\'', "''")) } else { scalar(text) }
}

/// Whether a word may stand in a plain scalar of several.
fn is_plain_word(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./@+=:-".contains(&byte))
        && !word.is_empty()
        && !word.ends_with(':')
}

/// A text of several lines as it is, below a `|`.
fn literal(text: &str, context: Context<'_>) -> Option<String> {
    let indent = context.block.filter(|_| !context.in_flow)?;
    let (lines, header) = match text.strip_suffix('\n') {
        Some(lines) if lines.ends_with('\n') => return None,
        Some(lines) => (lines, "|"),
        None => (text, "|-"),
    };
    let is_plain = |line: &str| !line.chars().any(is_escaped) && (line.is_empty() || !line.trim().is_empty());
    if lines.is_empty() || lines.starts_with([' ', '\t', '\n']) || !lines.split('\n').all(is_plain) {
        return None;
    }
    let indented = |line: &str| if line.is_empty() { String::new() } else { [indent, line].concat() };
    let lines: Vec<_> = std::iter::once(header.to_owned()).chain(lines.split('\n').map(indented)).collect();
    Some(lines.join(context.newline))
}

/// Whether a character is only written as an escape: YAML allows none of these, or readers take them for line ends or
/// leave them out.
fn is_escaped(c: char) -> bool {
    c.is_control() && c != '\n' || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

fn double(text: &str) -> String {
    in_double_quotes(text, is_escaped)
}

/// A key.
pub(super) fn key(key: &str) -> String {
    if key.chars().any(|c| is_escaped(c) || c == '\n') { double(key) } else { scalar(key) }
}

/// A new value, map or list within a line.
pub(super) fn within_line(new: &New, context: Context<'_>) -> Option<String> {
    let inner = Context { in_flow: true, block: None, old: "", ..context };
    match new {
        New::Held(held) => value(held, context),
        New::Map(fields) => {
            let field = |(name, new): &(String, New)| Some(format!("{}: {}", key(name), within_line(new, inner)?));
            Some(format!("{{{}}}", fields.iter().map(field).collect::<Option<Vec<_>>>()?.join(", ")))
        }
        New::List(items) => {
            let items: Option<Vec<_>> = items.iter().map(|new| within_line(new, inner)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
    }
}

/// What follows a new key's colon, with the lines below it, which are indented by `indent`.
pub(super) fn behind_colon(
    new: &New,
    indent: &str,
    unit: &str,
    newline: &'static str,
    may_be_block: bool,
) -> Option<String> {
    let inner = [indent, unit].concat();
    let block = may_be_block.then_some(inner.as_str());
    let context = Context { in_flow: false, block, newline, old: "" };
    match new {
        New::Held(_) => Some(format!(" {}", within_line(new, context)?)),
        New::Map(fields) => fields.iter().try_fold(String::new(), |lines, (name, new)| {
            let behind = behind_colon(new, &inner, unit, newline, may_be_block)?;
            Some([&lines, newline, &inner, &key(name), ":", &behind].concat())
        }),
        New::List(items) => items.iter().try_fold(String::new(), |lines, new| {
            let item = within_line(new, Context { block: None, ..context })?;
            Some([&lines, newline, &inner, "- ", &item].concat())
        }),
    }
}
