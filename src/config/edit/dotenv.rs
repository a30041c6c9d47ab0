//! Changes to dotenv files.
//!
//! - A key that is there keeps its line, with `export `, blanks and the comment behind it; only its value is replaced.
//!   Of several lines of one key the last is changed, since it counts.
//! - A new key goes to the end, with `export ` where the last line has it.
//! - A key is removed with all its lines, or an earlier value would count again.
//! - A value is written as the one before it, in quotes or not, where that is possible. Else it is without quotes if
//!   every reader takes it alike, bash too; else in single quotes; else in double quotes.

use super::change::{Content, Held, Step};
use super::error::{EditError, EditProblem};
use crate::config::dotenv::{Assignment, assignments};
use crate::name::is_dotenv_key;
use crate::splices::Splices;

/// # Errors
/// A key that is not there, or that no dotenv file can hold.
pub(super) fn apply(text: &str, steps: &[Step]) -> Result<String, EditError> {
    let assignments = assignments(text)?;
    let newline = newline_of(text);
    let mut splices = Splices::new(text, newline);
    let mut appended = String::new();
    for Step { key, to, .. } in steps {
        let all = || assignments.iter().filter(|assignment| assignment.entry.key == *key);
        match to {
            None if all().next().is_none() => return Err(EditProblem::Absent.of(key)),
            None => all().for_each(|assignment| splices.replace(assignment.lines.clone(), "")),
            Some(held) => {
                if !is_dotenv_key(key) {
                    return Err(EditProblem::Name.of(key));
                }
                let last = all().next_back();
                let old = last.map(|assignment| &text[assignment.written.clone()]);
                // Behind a quote a comment may begin at once.
                let is_quoted = last.is_some_and(|assignment| text[assignment.written.end..].starts_with('#'));
                let written = written(held, old, is_quoted, newline).ok_or_else(|| EditProblem::Value.of(key))?;
                match last {
                    Some(assignment) => splices.replace(assignment.written.clone(), written),
                    None => {
                        let is_exported = assignments.last().is_some_and(|last| last.is_exported);
                        let export = if is_exported { "export " } else { "" };
                        appended += &[export, key, "=", &written, newline].concat();
                    }
                }
            }
        }
    }
    let changed = splices.apply().unwrap_or_default();
    Ok(if appended.is_empty() { changed } else { with_lines(text, changed, &appended, newline) })
}

/// The changed text with more lines, which has an end of its last line if the original text has one.
fn with_lines(original: &str, mut changed: String, lines: &str, newline: &str) -> String {
    let is_ended = |text: &str| text.is_empty() || text.ends_with(['\n', '\r']);
    if !is_ended(&changed) {
        changed += newline;
    }
    changed += if is_ended(original) { lines } else { lines.strip_suffix(newline).unwrap_or(lines) };
    changed
}

fn newline_of(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// A value as it is written behind the `=`; none where it cannot be.
fn written(held: &Held, old: Option<&str>, is_quoted: bool, newline: &str) -> Option<String> {
    let Content::Value(value) = &held.content else { return None };
    let text = value.text.expose().as_str();
    let references = held.dollars.iter().map(|at| if text[*at..].starts_with("$$") { 2 } else { 1 }).sum::<usize>();
    let is_literal = text.matches('$').count() > references;
    let lines = || text.replace('\n', newline);
    let with_newlines = |written: &str| written.replace("\r\n", "\n").replace('\r', "\n").replace('\n', newline);
    let copied = held.written.as_ref().map(|written| with_newlines(written.expose()));
    // One of `=` alone may look like the end of base64.
    let is_bare = text.bytes().any(|byte| byte != b'=') && !is_literal && text.bytes().all(is_safe);
    let old = old.unwrap_or_default();
    let is_like = |quote: char| old.starts_with(quote) && old.len() > 1;
    let is_plain = !text.contains(['"', '\\', '\r', '\n', '`']) && !is_literal;
    let is_liberal = !old.is_empty()
        && !old.starts_with(['"', '\'', '`'])
        && !old.bytes().all(is_safe)
        && !text.contains(['\n', '\r', '\\', '`'])
        && !is_literal;
    let single = || (!text.contains(['\'', '\r'])).then(|| format!("'{}'", lines()));
    let candidates = [
        copied,
        text.is_empty().then(|| if is_like('"') || is_like('\'') { old[..1].repeat(2) } else { String::new() }),
        is_like('"').then(|| is_plain.then(|| format!("\"{text}\""))).flatten(),
        (is_like('"') && old.contains("\\n") && !is_literal && !text.contains(['"', '\\']))
            .then(|| double(text, &held.dollars)),
        is_like('\'').then(single).flatten(),
        is_bare.then(|| text.to_owned()),
        is_liberal.then(|| text.to_owned()),
        single(),
        Some(double(text, &held.dollars)),
    ];
    let is_allowed = |candidate: &String| !is_quoted || candidate.starts_with(['"', '\'', '`']);
    candidates
        .into_iter()
        .flatten()
        .find(|candidate| is_allowed(candidate) && is_read_as(candidate, text, &held.dollars))
}

/// Whether a byte means itself to every reader, bash among them, wherever in a value without quotes it stands. A dollar
/// sign is one where it begins a reference.
const fn is_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'@' | b'%' | b'+' | b',' | b'=' | b'$' | b'{' | b'}')
}

fn double(text: &str, dollars: &[usize]) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    let mut references = 0;
    written.push('"');
    for (at, c) in text.char_indices() {
        if dollars.contains(&at) {
            references = if text[at..].starts_with("$$") { 2 } else { 1 };
        }
        match c {
            '$' if references > 0 => {
                references -= 1;
                written.push('$');
            }
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '"' | '\\' | '$' => written.extend(['\\', c]),
            _ => written.push(c),
        }
    }
    written.push('"');
    written
}

/// Whether our own reader takes a value for the text, with its references.
fn is_read_as(written: &str, text: &str, dollars: &[usize]) -> bool {
    let Ok(read) = assignments(&format!("A={written}\n")) else { return false };
    let [Assignment { entry, .. }] = read.as_slice() else { return false };
    entry.key == "A" && entry.value.text.expose() == text && entry.dollars == dollars
}

#[cfg(test)]
mod tests;
