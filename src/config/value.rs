use std::ops::Range;

use crate::secret::Secret;

/// What a value is where the form written can tell: JSON and YAML keep a document's types, everything else is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string. All values of dotenv files are strings.
    Text,
    /// A number whose text is one by JSON's grammar (RFC 8259, section 6), so that it can be written as it was read.
    Number,
    /// `true` or `false`.
    Bool,
    /// Null; its text is empty.
    Null,
}

/// One value, as the text that outputs and environments carry, and its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The text, as it stands in the file where that is possible (`1.10` stays `1.10`).
    pub text: Secret<String>,
    /// What it is.
    pub kind: Kind,
}

impl Value {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Secret::new(text.into()), kind: Kind::Text }
    }

    /// Null: no text.
    #[must_use]
    pub fn null() -> Self {
        Self { text: Secret::default(), kind: Kind::Null }
    }
}

/// One value of one file, under the key that the file gives it (the parts of a nested one joined).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key. Keys are no secrets: logs, manifests and summaries name them.
    pub key: String,
    /// The value.
    pub value: Value,
    /// The line in the file where it stands, from 1; 0 where that is unknown.
    pub line: usize,
    /// Where a `${NAME}` stands in the text that expansion may replace, as byte ranges in ascending order. Only
    /// dotenv values have any; in single quotes, and after a backslash in double quotes, a dollar sign is itself.
    pub references: Vec<Range<usize>>,
}

impl Entry {
    /// An entry that expansion leaves alone.
    pub fn new(key: impl Into<String>, value: Value, line: usize) -> Self {
        Self { key: key.into(), value, line, references: Vec::new() }
    }
}

/// A value under the name that it is delivered by, after files were merged and keys selected and renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
}
