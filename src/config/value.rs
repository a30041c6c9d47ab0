use crate::secret::Secret;

/// The type of a value. JSON, YAML and TOML have types; in all other formats values are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// A string. All values of dotenv files are strings.
    Text,
    /// A number whose text is one by JSON's grammar (RFC 8259, section 6), so that it can be written as it was read.
    Number,
    /// `true` or `false`.
    Bool,
    /// Null; its text is empty.
    Null,
}

/// A value: its text, which outputs and environment variables carry, and its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The text, as it stands in the file where that is possible (`1.10` stays `1.10`).
    pub text: Secret<String>,
    /// Its type.
    pub kind: ValueKind,
    /// Other spellings that its file may use, such as `1_000_000` in TOML; only numbers have any. They are not
    /// delivered, but they must be masked, since a later step may print the file.
    pub spellings: Vec<Secret<String>>,
}

impl Value {
    /// A value that its file spells as `text`, or that comes from no file.
    #[must_use]
    pub const fn new(text: String, kind: ValueKind) -> Self {
        Self { text: Secret::new(text), kind, spellings: Vec::new() }
    }

    /// The same value, with the spellings that its file may use.
    pub(super) fn spelled(mut self, spellings: impl IntoIterator<Item = String>) -> Self {
        let others = spellings.into_iter().filter(|spelling| spelling != self.text.expose()).map(Secret::new);
        self.spellings = others.collect();
        self
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(text.into(), ValueKind::Text)
    }

    /// A number as its file has it: of type number if JSON can write it that way, else a string (`0x1f`, `+1`, `.inf`).
    pub(super) fn number(text: impl Into<String>) -> Self {
        let text = text.into();
        let kind = if is_json_number(&text) { ValueKind::Number } else { ValueKind::Text };
        Self::new(text, kind)
    }

    /// `true` or `false`.
    pub(super) fn bool(value: bool) -> Self {
        Self::new(value.to_string(), ValueKind::Bool)
    }

    /// A value with this text and of this one's type; none where a value of the type cannot have the text.
    pub(crate) fn of_same_type(&self, text: &str) -> Option<Self> {
        let can_be = match self.kind {
            ValueKind::Text => true,
            ValueKind::Number => is_json_number(text),
            ValueKind::Bool => matches!(text, "true" | "false"),
            ValueKind::Null => text.is_empty(),
        };
        can_be.then(|| Self::new(text.to_owned(), self.kind))
    }

    /// Null, whose text is empty.
    #[must_use]
    pub fn null() -> Self {
        Self::new(String::new(), ValueKind::Null)
    }
}

/// Whether a text is a number by JSON's grammar (RFC 8259, section 6), however many digits it has.
pub(crate) fn is_json_number(text: &str) -> bool {
    text.parse::<serde_json::Number>().is_ok()
}

/// One value of one file, under the key that the file gives it (the parts of a nested one joined).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key. Keys are no secrets: logs, manifests and summaries name them.
    pub key: String,
    /// The key's value, without quotes and escapes.
    pub value: Value,
    /// The line in the file where it stands, from 1; 0 where that is unknown.
    pub line: usize,
    /// How many separators join the parts of a nested key; 0 for a key of one part.
    pub joins: usize,
    /// The dollar signs in the text at which expansion may replace something, as byte offsets in ascending order; of
    /// `$$` the first one. Only dotenv values have any. In single quotes and backticks, and after a backslash in double
    /// quotes, a dollar sign is an ordinary character.
    pub dollars: Vec<usize>,
    /// What stands further up in the file and does not count, in the order of the lines: what this one replaces. Only
    /// dotenv entries have any. It is not delivered, but it must be masked, since a later step may print the file.
    pub earlier: Vec<Self>,
}

impl Entry {
    /// An entry that expansion leaves alone.
    pub fn new(key: impl Into<String>, value: Value, line: usize) -> Self {
        Self { key: key.into(), value, line, joins: 0, dollars: Vec::new(), earlier: Vec::new() }
    }
}

/// A value under the name that it is delivered by, after files were merged and keys selected and renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name of the output, of the variable, or of the field in the formatted file.
    pub name: String,
    /// The value that is delivered under this name.
    pub value: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_numbers_are_told_from_other_text() {
        let long = "9".repeat(1_000);
        for number in ["0", "-0", "7", "-12", "1.10", "1e5", "1E+05", "-1.5e-3", "10", "1e999999999", &long] {
            assert!(is_json_number(number), "{number}");
            assert_eq!(Value::number(number).kind, ValueKind::Number);
        }
        for other in [
            "", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1f", "1_000", "1 ", " 1", "1\n", "NaN", "inf",
            "1.5.2", "１",
        ] {
            assert!(!is_json_number(other), "{other:?}");
            assert_eq!(Value::number(other), Value::text(other));
        }
    }
}
