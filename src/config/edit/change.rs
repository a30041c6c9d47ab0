//! What is to be changed.

use serde_json::Number;

use crate::config::{Value, ValueKind};
use crate::secret::Secret;

/// A change of one key of a config file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Gives a key a value, whether or not it is there.
    Set {
        /// The key as [`parse`](crate::config::parse()) names it, the parts of a nested one joined.
        key: String,
        /// The value. Its type counts in JSON, YAML and TOML. A dollar sign in it begins no reference.
        value: Value,
    },
    /// Removes a key that is there.
    Remove {
        /// The key, as above.
        key: String,
    },
}

impl Change {
    /// The key that is changed.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Set { key, .. } | Self::Remove { key } => key,
        }
    }
}

/// A part of a nested key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::config) enum Part {
    Key(String),
    Index(usize),
}

/// What a key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) enum Content {
    Value(Value),
    /// A map or list without items, which gives no key of its own but is there all the same.
    EmptyMap,
    EmptyList,
}

/// What a file says of a value's type that [`ValueKind`](crate::config::ValueKind) does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::config) enum Form {
    /// Nothing.
    #[default]
    Usual,
    /// It is text for us and something else for others: a date in TOML, `0x1f`.
    Bare,
    /// It has a tag of an application (YAML).
    Tagged(String),
}

/// What a key is to hold, or holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Held {
    pub(in crate::config) content: Content,
    /// As in [`Entry`](crate::config::Entry).
    pub(in crate::config) dollars: Vec<usize>,
    pub(in crate::config) form: Form,
    /// How a file of the same type has it, if that can be copied.
    pub(in crate::config) written: Option<Secret<String>>,
}

impl Held {
    pub(in crate::config) const fn value(value: Value) -> Self {
        Self { content: Content::Value(value), dollars: Vec::new(), form: Form::Usual, written: None }
    }

    /// Whether it is a value, and not a map or list without items.
    pub(super) const fn is_value(&self) -> bool {
        matches!(self.content, Content::Value(_))
    }

    /// Whether it is a text with a NUL character, which no output, variable or file can carry.
    pub(super) fn has_nul(&self) -> bool {
        matches!(&self.content, Content::Value(value) if value.text.expose().contains('\0'))
    }

    /// Whether two mean the same, however they are written.
    pub(in crate::config) fn means(&self, other: &Self) -> bool {
        let same = match (&self.content, &other.content) {
            (Content::Value(one), Content::Value(other)) => {
                let number =
                    |value: &Value| value.text.expose().parse::<Number>().ok().map(|number| number.to_string());
                // serde_json has one spelling of its own for an exponent.
                let are_numbers =
                    one.kind == ValueKind::Number && number(one).is_some() && number(one) == number(other);
                one.kind == other.kind && (one.text == other.text || are_numbers)
            }
            (one, other) => one == other,
        };
        same && self.dollars == other.dollars && self.form == other.form
    }

    /// Whether two have the same text, with the same references, whatever their types.
    pub(super) fn reads_as(&self, other: &Self) -> bool {
        let text = |held: &Self| match &held.content {
            Content::Value(value) => Some(value.text.clone()),
            Content::EmptyMap | Content::EmptyList => None,
        };
        text(self) == text(other) && self.dollars == other.dollars
    }
}

/// A change with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Step {
    pub(in crate::config) key: String,
    /// The parts of a nested key, if they are known; else they are found out.
    pub(in crate::config) parts: Option<Vec<Part>>,
    /// None removes the key.
    pub(in crate::config) to: Option<Held>,
    /// Whether a map or list that loses its last item is removed too. Else an empty one stays.
    pub(in crate::config) prunes: bool,
}

impl From<&Change> for Step {
    fn from(change: &Change) -> Self {
        let to = match change {
            Change::Set { value, .. } => Some(Held::value(value.clone())),
            Change::Remove { .. } => None,
        };
        Self { key: change.key().to_owned(), parts: None, to, prunes: false }
    }
}
