//! What can be wrong with a config file.

use std::fmt;

use super::limits::{DEEPEST, MOST_VALUES};
use crate::excerpt::excerpt;

/// Why a config file cannot be read, and where. It holds no value of the file and no part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The column in characters, from 1, where it is known.
    pub column: Option<usize>,
    /// What is wrong.
    pub problem: ParseProblem,
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

/// What is wrong with a config file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseProblem {
    /// Bytes that are no UTF-8.
    #[error("the file is not UTF-8 text")]
    NotUtf8,
    /// A merge was not finished.
    #[error("the file has unresolved merge conflict markers")]
    MergeMarks,
    /// A NUL byte, which no environment variable can hold and some parsers take for the end.
    #[error("the file contains a NUL byte")]
    Nul,
    /// Maps and lists are nested deeper than can be read safely.
    #[error("maps and lists are nested too deeply (at most {DEEPEST} levels, in TOML 80)")]
    TooDeep,
    /// There are more than [`MOST_VALUES`] values.
    #[error("the file holds more than {MOST_VALUES} values")]
    TooManyValues,
    /// Written out, with keys joined and aliases replaced, keys and values are longer than 20 MiB.
    #[error("keys and values, written out, are longer than 20 MiB")]
    TooLarge,
    /// A key occurs twice in one map or dotenv file.
    #[error("the key {key:?} occurs twice{}", first_line.map(|line| format!(", first on line {line}")).unwrap_or_default())]
    KeyTwice {
        /// The key, cut after 200 characters.
        key: String,
        /// The line of its first occurrence, from 1, where it is known.
        first_line: Option<usize>,
    },
    /// Two keys become the same when their parts are joined, and have different values.
    #[error("{0}")]
    KeysMeet(Box<MeetingKeys>),
    /// A value with a NUL character, such as `"\u0000"`: a process that got it would take the NUL for its end.
    #[error("the value of {key:?} holds a NUL character, which no output, variable or file can carry")]
    NulInValue {
        /// The key, cut after 200 characters.
        key: String,
    },
    /// dotenv: a line that is neither blank nor comment nor assignment. It is not quoted, since it may be part of a
    /// value whose quotes are missing.
    #[error(
        "{what}{}",
        above.map_or_else(String::new, |line| format!(
            ". If it belongs to the value that begins on line {line}, put that whole value, with all its lines, in quotes"
        ))
    )]
    NoAssignment {
        /// What is wrong with it.
        what: LineProblem,
        /// The line of an unquoted value further up that it may belong to, from 1.
        above: Option<usize>,
    },
    /// dotenv: a value without quotes that ends with a backslash, before a line that is not an assignment. For bash and
    /// systemd that line goes on with the value, for Docker Compose and the packages named dotenv it does not.
    #[error(
        "the value ends with a backslash, and readers differ in whether the next line goes on with it. A value of several \
         lines needs quotes around all of them"
    )]
    Continued,
    /// dotenv: a quote that is not closed; the line is the one that it begins on.
    #[error("the quote that begins here is not closed")]
    OpenQuote,
    /// dotenv: PEM without quotes whose end is on another line.
    #[error("the value that begins here ends on another line, so it needs quotes around both ends")]
    UnquotedPem,
    /// dotenv: a piece of a value whose quotes are missing, which looks like an assignment.
    #[error("this looks like the end of the value above it, which needs quotes around both ends")]
    EndOfEncoded,
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
    /// YAML: `<<` with something that is not a map.
    #[error("`<<` takes a map or a list of maps")]
    MergeOfNoMap,
    /// YAML: a value of another type than its tag (`!!int`, `!!map` …) says.
    #[error("the value is not what its tag says")]
    WrongTag,
    /// Two keys with different values would be one output, so a pull of the file would fail.
    #[error(
        "the keys {:?}{} and {:?} both give the output {name:?}, with different values",
        keys[0],
        first_line.map_or_else(String::new, |line| format!(" (line {line})")),
        keys[1]
    )]
    SameOutput {
        /// The two keys, in the order of the file.
        keys: Box<[String; 2]>,
        /// The first one's line, from 1.
        first_line: Option<usize>,
        /// The output.
        name: String,
        /// Whether another separator of the parts of nested keys keeps them apart.
        by_separator: bool,
    },
    /// The file breaks a rule of its format.
    #[error("it is not valid {format}{}{rule}", if rule.is_empty() { "" } else { ": " })]
    Syntax {
        /// JSON, YAML or TOML.
        format: &'static str,
        /// What is wrong, as far as that can be said without quoting the file.
        rule: &'static str,
    },
}

/// What keeps a line of a dotenv file from being an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineProblem {
    /// No `=` after the key.
    #[error("there is no `=` after the key")]
    NoEquals,
    /// What stands before the `=`, or in the place of a key, is none.
    #[error("a key holds only letters, digits and the characters _ . - (and does not begin with -)")]
    NotAKey,
    /// Words before the `=`.
    #[error("a key has no blanks in it")]
    BlankInKey,
    /// `key: value`.
    #[error("there is a `:` after the key, where `=` belongs")]
    Colon,
    /// A character that is not seen.
    #[error("the key has {} in it, which is not seen", unseen(*.0))]
    UnseenInKey(char),
}

/// A character that is not seen, by its code and its name.
fn unseen(c: char) -> String {
    let name = match c {
        '\u{A0}' => " (a no-break space)",
        '\u{AD}' => " (a soft hyphen)",
        '\u{200B}' => " (a zero-width space)",
        '\u{200C}' => " (a zero-width non-joiner)",
        '\u{200D}' => " (a zero-width joiner)",
        '\u{202F}' => " (a narrow no-break space)",
        '\u{2060}' => " (a word joiner)",
        '\u{FEFF}' => " (a byte order mark)",
        _ => "",
    };
    format!("the character U+{:04X}{name}", u32::from(c))
}

/// Two keys of a nested document that become one. Each is its parts in quotes, with `›` between them, cut after 200
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{first}{} and {second} both become the key {key:?}, with different values. Set the input `separator` to a text that \
     keeps them apart", first_line.map(|line| format!(" (line {line})")).unwrap_or_default()
)]
pub struct MeetingKeys {
    /// What they become, cut after 200 characters.
    pub key: String,
    /// The first one.
    pub first: String,
    /// Its line, from 1, where it is known.
    pub first_line: Option<usize>,
    /// The other one.
    pub second: String,
}

impl ParseProblem {
    pub(super) fn nul_in_value(key: &str) -> Self {
        Self::NulInValue { key: excerpt(key) }
    }

    pub(super) const fn at_line(self, line: usize) -> ParseError {
        let line = if line > 0 { Some(line) } else { None };
        ParseError { line, column: None, problem: self }
    }
}
