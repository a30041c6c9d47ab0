//! TOML (<https://toml.io/en/v1.1.0>) documents.
//!
//! Dates and times are text, as written. Numbers keep their text without the `_` between digits; those that JSON could
//! not write that way (`0xff`, `+1`, `inf`) are text.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use super::Value;
use super::error::{ParseError, ParseProblem};
use super::limits::MOST_VALUES;
use super::tree::{Count, Field, Tree, check_depth};

/// The most tokens that a document may have: [`MOST_VALUES`] twice over, since a value on a line of its own makes four.
const MOST_TOKENS: usize = 8 * MOST_VALUES;

/// Reads a TOML document.
///
/// # Errors
/// Text that is no TOML, or a document beyond the limits of `limits`.
pub(super) fn read(text: &str) -> Result<Rc<Tree>, ParseError> {
    let source = Lines::new(text);
    check_tokens(text, &source)?;
    let table = DeTable::parse(text).map_err(|error| {
        let problem = match error.message() {
            "recursion limit" | "cannot recurse further; max recursion depth met" => ParseProblem::TooDeep,
            message => ParseProblem::Syntax { format: "TOML", rule: rule_of(message) },
        };
        match error.span() {
            Some(span) => {
                ParseError { line: Some(source.line(span.start)), column: Some(source.column(span.start)), problem }
            }
            None => ParseError { line: None, column: None, problem },
        }
    })?;
    let mut reader = Reader { source, count: Count::default() };
    reader.table(table.get_ref(), 0, 1)
}

/// Refuses a text of too many tokens. The parser keeps all of them in memory, which would take gigabytes before the
/// number of values is known.
fn check_tokens(text: &str, source: &Lines<'_>) -> Result<(), ParseError> {
    let is_held = |token: &Token| token.kind() != TokenKind::Whitespace;
    match Source::new(text).lex().filter(is_held).nth(MOST_TOKENS) {
        Some(token) => Err(ParseProblem::TooManyValues.at_line(source.line(token.span().start()))),
        None => Ok(()),
    }
}

/// The parser's message in our own words, if it is a known one; empty otherwise, since others may quote the file.
fn rule_of(message: &str) -> &'static str {
    const KNOWN: [(&str, &str); 11] = [
        ("duplicate key", "a key occurs twice"),
        ("cannot extend value", "a key's value is not a table, so it cannot be extended"),
        ("string values must be quoted", "a value is missing, or a text is not in quotes"),
        ("missing value", "a value is missing"),
        ("key with no value", "there is no `=` after the key"),
        ("missing comma", "a comma is missing"),
        ("unclosed table", "a `]` is missing"),
        ("unclosed array", "a `]` is missing"),
        ("unclosed inline table", "a `}` is missing"),
        ("invalid basic string", "a quote is not closed"),
        ("invalid literal string", "a quote is not closed"),
    ];
    KNOWN.iter().find(|(beginning, _)| message.starts_with(beginning)).map_or("", |(_, rule)| rule)
}

/// A text, with an index that maps byte offsets to lines and columns.
struct Lines<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, line_starts: std::iter::once(0).chain(starts).collect() }
    }

    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    fn column(&self, offset: usize) -> usize {
        let start = self.line_starts.get(self.line(offset) - 1).copied().unwrap_or(0);
        1 + self.text.get(start..offset).map_or(0, |before| before.chars().count())
    }

    fn get(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }
}

struct Reader<'t> {
    source: Lines<'t>,
    count: Count,
}

impl<'t> Reader<'t> {
    fn table(&mut self, table: &DeTable<'t>, depth: usize, line: usize) -> Result<Rc<Tree>, ParseError> {
        check_depth(depth, 1).map_err(|problem| problem.at_line(line))?;
        let mut fields = Vec::with_capacity(table.len());
        for (key, value) in table {
            let line = self.source.line(key.span().start);
            let tree = self.value(value, depth + 1)?;
            fields.push(Field { key: key.get_ref().as_ref().into(), line, tree });
        }
        Ok(Tree::map(fields, line))
    }

    fn value(&mut self, value: &Spanned<DeValue<'t>>, depth: usize) -> Result<Rc<Tree>, ParseError> {
        let line = self.source.line(value.span().start);
        self.count.add(1).map_err(|problem| problem.at_line(line))?;
        let written = || self.source.get(value.span());
        let value = match value.get_ref() {
            DeValue::Table(table) => return self.table(table, depth, line),
            DeValue::Array(array) => {
                check_depth(depth, 1).map_err(|problem| problem.at_line(line))?;
                let items = array.iter().map(|item| self.value(item, depth + 1)).collect::<Result<_, _>>()?;
                return Ok(Tree::list(items, line));
            }
            DeValue::String(text) => Value::text(Cow::clone(text)),
            DeValue::Boolean(value) => Value::bool(*value),
            DeValue::Integer(_) | DeValue::Float(_) => {
                Value::number(written().replace('_', "")).spelled([written().to_owned()])
            }
            DeValue::Datetime(_) => Value::text(written()),
        };
        Ok(Tree::value(value, line))
    }
}

#[cfg(test)]
mod tests;
