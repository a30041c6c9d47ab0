//! The one way from a file's bytes to its entries, the same on pull and on push.
//!
//! Pushes check every file with it before they send anything, so that what was pushed can be pulled.

use std::fmt;

use super::{Entry, FileType, dotenv, flatten, json, toml, yaml};
use crate::excerpt::excerpt;

/// The most values that a file may hold, those of a YAML alias counted wherever it is used.
pub const MOST_VALUES: usize = 100_000;

/// How deep maps and lists may lie in each other.
pub(super) const DEEPEST: usize = 100;

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Its values, in the order of the file.
    pub entries: Vec<Entry>,
    /// What a reader of the log should know though it is no error.
    pub warnings: Vec<Warning>,
}

/// Something in a file that gives no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// A JSON file must hold a value; an empty one is taken as one without keys all the same.
    #[error("the file is empty")]
    Empty,
    /// A list or a single value is the whole document, and so nothing in it has a key.
    #[error("the document is no map, so it has no keys")]
    NotAMap,
    /// A key, its parts joined, is longer than can be a name: left out, with all that lies below it.
    #[error("line {line}: the key that begins with {beginning:?} is longer than 1,024 bytes")]
    KeyTooLong {
        /// The first characters of the key.
        beginning: String,
        /// Its line, from 1; 0 where that is unknown.
        line: usize,
    },
    /// A YAML tag that is not of the core schema. What it stands before is taken as if it were not there.
    #[error("line {line}: an unknown tag is ignored")]
    UnknownTag {
        /// The line of the first one.
        line: usize,
    },
}

/// Why a file cannot be read, and where. Says nothing of the file's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The column in characters, from 1, where it is known.
    pub column: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: {}", self.problem),
            (Some(line), None) => write!(f, "line {line}: {}", self.problem),
            _ => self.problem.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Bytes that are no UTF-8.
    #[error("the file is not UTF-8 text")]
    NotUtf8,
    /// A NUL byte, which no environment variable can hold and some parsers take for the end.
    #[error("the file contains a NUL byte")]
    Nul,
    /// More levels than can be read safely.
    #[error("maps and lists are nested too deeply (at most {DEEPEST} levels, in TOML 80)")]
    TooDeep,
    /// More than [`MOST_VALUES`].
    #[error("the file holds more than {MOST_VALUES} values")]
    TooManyValues,
    /// Joined keys and aliases make far more text than the file has.
    #[error("keys and values, written out, are longer than 20 MiB")]
    TooLarge,
    /// A key twice in one map or dotenv file, or two nested keys that give one name.
    #[error("the key {key:?} is there twice{}", first_line.map(|line| format!(", first on line {line}")).unwrap_or_default())]
    KeyTwice {
        /// The key, cut after 200 characters.
        key: String,
        /// Where it stood first, when that is known.
        first_line: Option<usize>,
    },
    /// dotenv: a line that is neither blank nor comment nor assignment.
    #[error("there is no `=` after the key")]
    NoEquals,
    /// dotenv: what stands before the `=` is no key. It is not quoted, since it may be part of a value whose
    /// quotes are missing.
    #[error("a key begins with a letter or `_` and holds only letters, digits and the characters _ . -")]
    NotAKey,
    /// dotenv: a quote that is not closed; the line is the one that it begins on.
    #[error("the quote that begins here is not closed")]
    OpenQuote,
    /// dotenv: text after the closing quote.
    #[error("there is text after the closing quote")]
    AfterQuote,
    /// YAML: a second document.
    #[error("the file holds more than one YAML document")]
    SeveralDocuments,
    /// YAML: a map or a list as a key.
    #[error("a map or list cannot be a key")]
    ComplexKey,
    /// YAML: an alias inside the very thing that it names.
    #[error("an alias refers to what contains it")]
    AliasOfItself,
    /// YAML: `<<` with something that is no map.
    #[error("`<<` takes a map or a list of maps")]
    MergeOfNoMap,
    /// YAML: a scalar that is not what its core tag (`!!int`, `!!map` …) says.
    #[error("the value is not what its tag says")]
    WrongTag,
    /// The format's own rules, as a clause.
    #[error("it is not valid {format}{}{rule}", if rule.is_empty() { "" } else { ": " })]
    Syntax {
        /// JSON, YAML or TOML.
        format: &'static str,
        /// What is wrong, as far as that can be said without quoting the file.
        rule: &'static str,
    },
}

impl Problem {
    pub(super) fn key_twice(key: &str, first_line: usize) -> Self {
        Self::KeyTwice { key: excerpt(key), first_line: (first_line > 0).then_some(first_line) }
    }

    pub(super) const fn at_line(self, line: usize) -> ParseError {
        let line = if line > 0 { Some(line) } else { None };
        ParseError { line, column: None, problem: self }
    }
}

/// Reads a file. The parts of a nested key are joined with `separator`; files of type [`FileType::Other`] give no
/// entries and are not looked at.
///
/// A byte order mark at the start is skipped. Time and memory are bounded for any input of the store's largest size
/// (16 MiB): see [`Problem::TooDeep`], [`Problem::TooManyValues`] and [`Problem::TooLarge`].
pub fn parse(file_type: FileType, bytes: &[u8], separator: &str) -> Result<Parsed, ParseError> {
    if file_type == FileType::Other {
        return Ok(Parsed::default());
    }
    let text = text_of(bytes)?;
    match file_type {
        FileType::Dotenv => Ok(Parsed { entries: dotenv::read(text)?, warnings: Vec::new() }),
        FileType::Json if text.trim().is_empty() => Ok(Parsed { entries: Vec::new(), warnings: vec![Warning::Empty] }),
        FileType::Json => json::read(text).and_then(|document| flatten::flatten(&document, separator)),
        FileType::Yaml => {
            let (document, tag_warning) = yaml::read(text)?;
            let mut parsed = flatten::flatten(&document, separator)?;
            parsed.warnings.extend(tag_warning);
            Ok(parsed)
        }
        FileType::Toml => toml::read(text).and_then(|document| flatten::flatten(&document, separator)),
        FileType::Other => Ok(Parsed::default()),
    }
}

/// The bytes as text without its byte order mark.
fn text_of(bytes: &[u8]) -> Result<&str, ParseError> {
    let line_at = |offset: usize| 1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count();
    let text = std::str::from_utf8(bytes).map_err(|error| Problem::NotUtf8.at_line(line_at(error.valid_up_to())))?;
    if let Some(offset) = text.find('\0') {
        return Err(Problem::Nul.at_line(line_at(offset)));
    }
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

#[cfg(test)]
mod tests;
