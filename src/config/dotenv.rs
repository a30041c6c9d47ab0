//! Dotenv files: the dialect that is read, which is a promise.
//!
//! There is no standard. This is what the readers in common use (godotenv, Docker Compose, Node's and Ruby's dotenv)
//! agree on, and where they do not, an error instead of a guess.
//!
//! - One `KEY=value` a line; `export ` before the key is allowed, and blanks (spaces, tabs) before the key and on both
//!   sides of the `=`. A key is `[A-Za-z_][A-Za-z0-9_.-]*`. A line without `=` is an error.
//! - Lines end with LF or CRLF. Empty lines are ignored, and so are lines whose first character other than a blank is
//!   `#`.
//! - **Unquoted** values are taken as they are, without blanks at either end; backslashes, and quotes that do not come
//!   first, have no special meaning. A `#` after a blank begins a comment: `A=b#c # d` is `b#c`.
//! - **Single quotes**: everything up to the next single quote, over several lines too; no character in between has a
//!   special meaning.
//! - **Double quotes**: everything up to the next double quote, over several lines too. `\n`, `\r`, `\t`, `\\`, `\"`
//!   and `\$` stand for line feed, carriage return, tab, backslash, double quote and dollar sign; a backslash before
//!   any other character is an ordinary character. A line end in quotes is LF, even when the file has CRLF; a carriage
//!   return that is meant is written `\r`.
//! - After a closing quote there may be blanks and a comment, nothing else. A quote that is not closed is an error
//!   that names the line where it begins.
//! - A value may be empty. A key may be there twice only with the same value.
//! - `${NAME}` is text; [`expand`](super::expand) replaces it on request. In single quotes, and written `\${NAME}` in
//!   double quotes, it is text even then. `$NAME`, `$$` and `${NAME:-default}` are always text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map;
use std::ops::Range;

use super::error::{ParseError, ParseProblem};
use super::limits::MOST_VALUES;
use super::{Entry, Value};
use crate::name::dotenv_key_length;

/// Reads a dotenv file's text, which must not contain NUL.
///
/// # Errors
/// A line that breaks the rules above, or a key that occurs twice with different values.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, ParseError> {
    let mut reader = Reader { rest: text, line: 1 };
    let mut entries: Vec<Entry> = Vec::new();
    let mut positions = HashMap::new();
    while let Some(entry) = reader.next_entry()? {
        match positions.entry(entry.key.clone()) {
            hash_map::Entry::Vacant(vacant) => {
                vacant.insert(entries.len());
                if entries.len() == MOST_VALUES {
                    return Err(ParseProblem::TooManyValues.at_line(entry.line));
                }
                entries.push(entry);
            }
            hash_map::Entry::Occupied(occupied) => {
                let first = &entries[*occupied.get()];
                if (&first.value, &first.references) != (&entry.value, &entry.references) {
                    return Err(ParseProblem::key_twice(&entry.key, first.line).at_line(entry.line));
                }
            }
        }
    }
    Ok(entries)
}

/// The length in bytes of the `${NAME}` that a text begins with; `None` when it begins with anything else.
fn reference_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix("${")?;
    let length = dotenv_key_length(name);
    (length > 0 && name[length..].starts_with('}')).then_some(length + 3)
}

/// The key that a reference names.
pub(super) fn referenced_name(reference: &str) -> &str {
    reference.strip_prefix("${").and_then(|name| name.strip_suffix('}')).unwrap_or(reference)
}

const BLANKS: [char; 2] = [' ', '\t'];

struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Reader<'t> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ParseError> {
        loop {
            self.skip_blanks();
            if self.rest.is_empty() {
                return Ok(None);
            }
            if self.rest.starts_with('#') {
                self.take_line();
            } else if !self.skip_line_end() {
                return self.assignment().map(Some);
            }
        }
    }

    fn assignment(&mut self) -> Result<Entry, ParseError> {
        let line = self.line;
        self.skip_export();
        let key = self.take(dotenv_key_length(self.rest));
        let has_blank = self.skip_blanks();
        if !self.rest.starts_with('=') {
            let is_key = !key.is_empty() && (has_blank || self.rest.is_empty() || self.at_line_end());
            return Err(if is_key { ParseProblem::NoEquals } else { ParseProblem::NotAKey }.at_line(line));
        }
        if key.is_empty() {
            return Err(ParseProblem::NotAKey.at_line(line));
        }
        self.take(1);
        let has_blank = self.skip_blanks();
        let (text, references) = if self.rest.starts_with('\'') {
            (self.single_quoted()?.into_owned(), Vec::new())
        } else if self.rest.starts_with('"') {
            self.double_quoted()?
        } else {
            self.unquoted(has_blank)
        };
        Ok(Entry { key: key.to_owned(), value: Value::text(text), line, references })
    }

    /// `export ` before a key, but not the key `export` itself.
    fn skip_export(&mut self) {
        if let Some(after) = self.rest.strip_prefix("export")
            && after.starts_with(BLANKS)
            && !after.trim_start_matches(BLANKS).starts_with('=')
        {
            self.rest = after;
            self.skip_blanks();
        }
    }

    fn single_quoted(&mut self) -> Result<Cow<'t, str>, ParseError> {
        let begin = self.line;
        self.take(1);
        let length = self.rest.find('\'').ok_or(ParseProblem::OpenQuote.at_line(begin))?;
        let text = self.take(length);
        self.take(1);
        self.after_quote()?;
        Ok(if text.contains('\r') { text.replace("\r\n", "\n").into() } else { text.into() })
    }

    fn double_quoted(&mut self) -> Result<(String, Vec<Range<usize>>), ParseError> {
        let begin = self.line;
        let mut text = String::new();
        let mut references = Vec::new();
        self.take(1);
        loop {
            let special = self.rest.find(['"', '\\', '$', '\r']).ok_or(ParseProblem::OpenQuote.at_line(begin))?;
            text.push_str(self.take(special));
            let taken = match self.rest.as_bytes() {
                [b'"', ..] => break,
                [b'\\', escaped, ..] => {
                    let (meant, length) = match escaped {
                        b'n' => ("\n", 2),
                        b'r' => ("\r", 2),
                        b't' => ("\t", 2),
                        b'\\' | b'"' | b'$' => (&self.rest[1..2], 2),
                        _ => ("\\", 1),
                    };
                    text.push_str(meant);
                    length
                }
                [b'\r', b'\n', ..] => 1,
                _ => {
                    let length = reference_length(self.rest).unwrap_or(1);
                    if length > 1 {
                        references.push(text.len()..text.len() + length);
                    }
                    text.push_str(&self.rest[..length]);
                    length
                }
            };
            self.take(taken);
        }
        self.take(1);
        self.after_quote()?;
        Ok((text, references))
    }

    fn unquoted(&mut self, mut after_blank: bool) -> (String, Vec<Range<usize>>) {
        let line = self.take_line();
        let mut end = line.len();
        for (at, byte) in line.bytes().enumerate() {
            if byte == b'#' && after_blank {
                end = at;
                break;
            }
            after_blank = byte == b' ' || byte == b'\t';
        }
        let text = line[..end].trim_end_matches(BLANKS);
        let mut references = Vec::new();
        let mut at = 0;
        while let Some(dollar) = text[at..].find('$') {
            at += dollar;
            let length = reference_length(&text[at..]).unwrap_or(1);
            if length > 1 {
                references.push(at..at + length);
            }
            at += length;
        }
        (text.to_owned(), references)
    }

    /// Up to the end of the line, nothing but blanks and a comment.
    fn after_quote(&mut self) -> Result<(), ParseError> {
        self.skip_blanks();
        if self.rest.is_empty() || self.rest.starts_with('#') || self.at_line_end() {
            self.take_line();
            return Ok(());
        }
        Err(ParseProblem::AfterQuote.at_line(self.line))
    }

    fn at_line_end(&self) -> bool {
        self.rest.starts_with('\n') || self.rest.starts_with("\r\n") || self.rest == "\r"
    }

    fn skip_line_end(&mut self) -> bool {
        let at_end = self.at_line_end();
        if at_end {
            self.take_line();
        }
        at_end
    }

    /// The rest of the line, without its end, which is taken too.
    fn take_line(&mut self) -> &'t str {
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        let line = self.take(end);
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line)
    }

    fn skip_blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(BLANKS);
        let skipped = rest.len() < self.rest.len();
        self.rest = rest;
        skipped
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests;
