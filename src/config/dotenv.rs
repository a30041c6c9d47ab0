//! Dotenv files: the dialect that is read, which is a promise.
//!
//! There is no standard. This is what the readers in common use (godotenv, Docker Compose, Node's and Ruby's dotenv)
//! agree on, and where they do not, an error instead of a guess.
//!
//! - One `KEY=value` a line; `export ` before the key is allowed, and blanks (spaces, tabs) before the key and on both
//!   sides of the `=`. A key is `[A-Za-z0-9_.][A-Za-z0-9_.-]*`.
//! - Lines end with LF, CRLF or CR. Empty lines are ignored, and so are lines whose first character other than a blank
//!   is `#`.
//! - A line with a name and no `=` gives no key, with a warning; after `export ` there may be several. No reader takes
//!   a value from it (docker and Compose take the variable of the environment). Every other line is an error.
//! - **Unquoted** values are taken as they are, without blanks at either end; backslashes, and quotes that do not come
//!   first, have no special meaning. A `#` after a blank begins a comment: `A=b#c # d` is `b#c`. One that ends with a
//!   backslash, before a line that is not an assignment, is an error: bash and systemd go on with that line, others do
//!   not.
//! - **Single quotes**: everything up to the next single quote, over several lines too; no character in between has a
//!   special meaning.
//! - **Backticks**: the same, as the package dotenv for Node.js and Node.js itself have it. Where no other backtick
//!   follows in the file, one is an ordinary character for them and all others, and so it is here. Other readers take
//!   each line between them as one of its own, so there is a warning where one looks like an assignment.
//! - Where the end of PEM or base64 without quotes looks like an assignment, that is an error: a piece of a value must
//!   not become a key.
//! - **Double quotes**: everything up to the next double quote, over several lines too. `\n`, `\r`, `\t`, `\\`, `\"`
//!   and `\$` stand for line feed, carriage return, tab, backslash, double quote and dollar sign; a backslash before
//!   any other character is an ordinary character.
//! - A line end in quotes is LF, whatever it is in the file; a carriage return that is meant is written `\r`.
//! - After a closing quote there may be blanks and a comment, nothing else. A single or double quote that is not closed
//!   is an error that names the line where it begins.
//! - A value may be empty. Of a key that is there with several values the last counts, with a warning.
//! - `${NAME}` is text; [`expand`](super::expand()) replaces it on request, and `$NAME`, `${NAME:-word}` and the like.
//!   In single quotes and backticks, and written `\$` in double quotes, a dollar sign is text even then.

mod continuation;
mod scan;

use std::collections::HashMap;
use std::collections::hash_map;
use std::ops::Range;

use self::continuation::{Above, NameAlone, NamesOfLines, begins_pem, ends_encoded, is_like_an_assignment};
use super::error::{LineProblem, ParseError, ParseProblem};
use super::limits::MOST_VALUES;
use super::line::split_line;
use super::parsed::{BacktickedKeys, NamesAlone, Parsed, RepeatedKeys, Unkeyed};
use super::{Entry, Value};
use crate::name::{dotenv_key_length, is_deceptive, is_variable_name};

/// Reads a dotenv file's text, which must not contain NUL.
///
/// # Errors
/// A line that breaks the rules above.
pub(super) fn read(text: &str) -> Result<Parsed, ParseError> {
    let mut reader = Reader::new(text);
    let mut entries: Vec<Entry> = Vec::new();
    let mut positions = HashMap::new();
    // With those that are replaced.
    let mut count = 0;
    while let Some(entry) = reader.next_entry()? {
        if count == MOST_VALUES {
            return Err(ParseProblem::TooManyValues.at_line(entry.line));
        }
        match positions.entry(entry.key.clone()) {
            hash_map::Entry::Vacant(vacant) => {
                vacant.insert(entries.len());
                entries.push(entry);
            }
            hash_map::Entry::Occupied(occupied) => {
                let last = &mut entries[*occupied.get()];
                // What refers to others may stand for something else further down.
                if says_the_same(last, &entry) && entry.dollars.is_empty() {
                    continue;
                }
                replace(last, entry);
            }
        }
        count += 1;
    }
    let mut repeated = RepeatedKeys::default();
    for entry in entries.iter().filter(|entry| entry.earlier.iter().any(|earlier| !says_the_same(earlier, entry))) {
        repeated.add(&entry.key, entry.earlier.iter().map(|earlier| earlier.line).chain([entry.line]));
    }
    let mut alone = NamesAlone::with_others(reader.alone.more);
    for NameAlone { line, name, is_exported } in reader.alone.first {
        // Elsewhere it may be a piece of a value whose quotes are missing.
        let is_name = positions.contains_key(name) || is_exported && is_surely_a_name(name);
        alone.add(line, is_name.then_some(name));
    }
    let warnings = [alone.into_warning(), reader.backticked.into_warning(), repeated.into_warning()];
    let warnings = warnings.into_iter().flatten().collect();
    let pieces = reader.pieces.into_iter().filter(|piece| !positions.contains_key(*piece));
    let unkeyed = pieces.map(|piece| Unkeyed::Value(Value::text(piece))).collect();
    Ok(Parsed { entries, warnings, unkeyed })
}

/// Where an assignment stands in its file's text.
pub(super) struct Assignment {
    pub(super) entry: Entry,
    /// Its lines, with their ends.
    pub(super) lines: Range<usize>,
    /// Its value with its quotes. An absent one is right behind the `=`.
    pub(super) written: Range<usize>,
    pub(super) is_exported: bool,
}

/// All assignments of a file, those that do not count too. The text must not contain NUL.
///
/// # Errors
/// As [`read`], except for the number of values.
pub(super) fn assignments(text: &str) -> Result<Vec<Assignment>, ParseError> {
    let mut reader = Reader::new(text);
    let mut assignments = Vec::new();
    while let Some(entry) = reader.next_entry()? {
        let begin = text[..reader.begin].trim_end_matches(BLANKS).len();
        let lines = begin..reader.offset();
        let after_export = text[reader.begin..].strip_prefix("export").filter(|rest| rest.starts_with(BLANKS));
        let is_exported =
            after_export.is_some_and(|rest| rest.trim_start_matches(BLANKS).starts_with(entry.key.as_str()));
        assignments.push(Assignment { entry, lines, written: reader.written.clone(), is_exported });
    }
    Ok(assignments)
}

fn says_the_same(one: &Entry, other: &Entry) -> bool {
    (&one.value, &one.dollars) == (&other.value, &other.dollars)
}

/// Replaces an entry by a later one of the same key, which remembers it.
fn replace(last: &mut Entry, later: Entry) {
    let mut replaced = std::mem::replace(last, later);
    last.earlier = std::mem::take(&mut replaced.earlier);
    last.earlier.push(replaced);
}

/// Whether a name that stands alone is surely one, such as `DB_HOST`, and not a piece of a value (in base 32, say)
/// whose quotes are missing.
fn is_surely_a_name(name: &str) -> bool {
    const LONGEST: usize = 40;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let has_digit = name.bytes().any(|byte| byte.is_ascii_digit());
    is_plain && name.len() <= LONGEST && is_variable_name(name) && (name.contains('_') || !has_digit)
}

const BLANKS: [char; 2] = [' ', '\t'];

struct Reader<'t> {
    text: &'t str,
    rest: &'t str,
    line: usize,
    /// Where the last assignment begins.
    begin: usize,
    /// Where its value is written, with its quotes.
    written: Range<usize>,
    /// The line above, as far as it matters.
    line_above: Above<'t>,
    /// Names without `=`.
    alone: NamesOfLines<'t>,
    /// Those of them that may be pieces of values.
    pieces: Vec<&'t str>,
    backticked: BacktickedKeys,
    /// The last value, if it has no quotes.
    above: Option<Unquoted>,
    /// The line of a value without quotes that ends with a backslash, if it is the line before this one.
    continued: Option<usize>,
}

/// A value without quotes.
struct Unquoted {
    line: usize,
    /// Whether it is the first line of a PEM block, so that all lines up to its end surely belong to it.
    begins_pem: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            rest: text,
            line: 1,
            begin: 0,
            written: 0..0,
            line_above: Above::Other,
            alone: NamesOfLines::default(),
            pieces: Vec::new(),
            backticked: BacktickedKeys::default(),
            above: None,
            continued: None,
        }
    }

    /// How many bytes are read.
    fn offset(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    fn next_entry(&mut self) -> Result<Option<Entry>, ParseError> {
        loop {
            self.skip_blanks();
            if self.rest.is_empty() {
                return Ok(None);
            }
            if self.rest.starts_with('#') || self.at_line_end() {
                self.take_line();
                self.line_above = Above::Other;
            } else if let Some(entry) = self.assignment()? {
                return Ok(Some(entry));
            }
        }
    }

    /// An assignment, or else names without `=`.
    fn assignment(&mut self) -> Result<Option<Entry>, ParseError> {
        let line = self.line;
        self.begin = self.offset();
        let is_exported = self.skip_export();
        let whole = self.rest;
        let key = self.take(dotenv_key_length(self.rest));
        let has_blank = self.skip_blanks();
        if key.is_empty() || !self.rest.starts_with('=') {
            if let Some(before) = self.continued.filter(|before| before + 1 == line) {
                return Err(ParseProblem::Continued.at_line(before));
            }
            let is_taken = !key.is_empty() && self.names_alone(key, is_exported, has_blank);
            if self.pieces.len() > MOST_VALUES {
                return Err(ParseProblem::TooManyValues.at_line(line));
            }
            return if is_taken { Ok(None) } else { Err(self.no_assignment(whole, is_exported).at_line(line)) };
        }
        self.take(1);
        let behind_equals = self.offset();
        let has_blank = self.skip_blanks();
        self.written = self.offset()..self.offset();
        let line_above = std::mem::replace(&mut self.line_above, Above::Other);
        let (text, dollars) = if self.rest.starts_with('\'') {
            (self.verbatim('\'')?, Vec::new())
        } else if self.rest.starts_with('"') {
            self.double_quoted()?
        } else if self.rest.strip_prefix('`').is_some_and(|rest| rest.contains('`')) {
            let text = self.verbatim('`')?;
            if text.lines().skip(1).any(is_like_an_assignment) {
                self.backticked.add(key, line, line + text.matches('\n').count());
            }
            (text, Vec::new())
        } else {
            let written = split_line(self.rest).0.trim_end_matches(BLANKS);
            if begins_pem(written) {
                return Err(ParseProblem::UnquotedPem.at_line(line));
            }
            if ends_encoded(key, written, line_above) {
                return Err(ParseProblem::EndOfEncoded.at_line(line));
            }
            self.line_above = Above::Unquoted(written);
            let entry = self.unquoted_entry(key, line, has_blank);
            let length = entry.value.text.expose().len();
            let begin = if length == 0 { behind_equals } else { self.written.start };
            self.written = begin..begin + length;
            return Ok(Some(entry));
        };
        self.above = None;
        Ok(Some(Entry { dollars, ..Entry::new(key, Value::text(text), line) }))
    }

    fn unquoted_entry(&mut self, key: &str, line: usize, has_blank: bool) -> Entry {
        let written = split_line(self.rest).0;
        self.continued = written.ends_with('\\').then_some(line);
        let is_in_pem = self.above.as_ref().is_some_and(|above| above.begins_pem);
        if !is_in_pem || written.contains("-----BEGIN ") {
            let begins_pem = written.contains("-----BEGIN ") && !written.contains("-----END ");
            self.above = Some(Unquoted { line, begins_pem });
        }
        let (text, dollars) = self.unquoted(has_blank);
        Entry { dollars, ..Entry::new(key, Value::text(text), line) }
    }

    /// What is wrong with a line that is no assignment; `text` begins with it, without blanks and `export`.
    fn no_assignment(&self, text: &str, is_exported: bool) -> ParseProblem {
        let line = split_line(text).0;
        let key = line.split_once('=').map_or(line, |(key, _)| key);
        let is_unseen =
            |c: &char| *c != '\t' && (is_deceptive(*c) || *c == '\u{AD}' || !c.is_ascii() && c.is_whitespace());
        let after_word = &line[dotenv_key_length(line)..];
        let has_word = after_word.len() < line.len();
        let after_colon = after_word.trim_start_matches(BLANKS).strip_prefix(':');
        let words = || key.split(BLANKS).filter(|word| !word.is_empty());
        let what = if let Some(unseen) = key.chars().find(is_unseen) {
            LineProblem::UnseenInKey(unseen)
        } else if has_word && after_colon.is_some_and(|rest| rest.is_empty() || rest.starts_with(BLANKS)) {
            LineProblem::Colon
        } else if key.len() < line.len() && !is_exported && words().all(|word| dotenv_key_length(word) == word.len()) {
            if key.trim_matches(BLANKS).contains(BLANKS) { LineProblem::BlankInKey } else { LineProblem::NotAKey }
        } else if has_word && after_word.starts_with(BLANKS) {
            LineProblem::NoEquals
        } else {
            LineProblem::NotAKey
        };
        ParseProblem::NoAssignment { what, above: self.above.as_ref().map(|above| above.line) }
    }

    /// Takes the rest of a line that begins with a name which no `=` follows, unless it is more than names and a
    /// comment.
    fn names_alone(&mut self, name: &'t str, is_exported: bool, mut has_blank: bool) -> bool {
        let line = self.line;
        let mut names = vec![name];
        while is_exported && has_blank {
            let name = self.take(dotenv_key_length(self.rest));
            if name.is_empty() {
                break;
            }
            names.push(name);
            has_blank = self.skip_blanks();
        }
        let is_at_end = self.rest.is_empty() || self.at_line_end();
        if is_at_end || (has_blank && self.rest.starts_with('#')) {
            self.line_above = if is_exported { Above::Other } else { Above::Alone(name) };
            for name in names {
                self.alone.add(NameAlone { line, name, is_exported });
                if !(is_exported && is_surely_a_name(name)) {
                    self.pieces.push(name);
                }
            }
            self.take_line();
            return true;
        }
        false
    }

    /// `export ` before a name, but not the key `export` itself.
    fn skip_export(&mut self) -> bool {
        let Some(after) = self.rest.strip_prefix("export").filter(|after| after.starts_with(BLANKS)) else {
            return false;
        };
        let after = after.trim_start_matches(BLANKS);
        let is_before_a_name = dotenv_key_length(after) > 0;
        if is_before_a_name {
            self.rest = after;
        }
        is_before_a_name
    }
}

#[cfg(test)]
mod tests;
