use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::is_deceptive;

/// The most labels of a move.
const MOST: usize = 20;

/// The most bytes of a label's name.
const LONGEST_NAME: usize = 63;

/// The most bytes of a label's value.
const LONGEST_VALUE: usize = 256;

/// What belongs to a version where a channel is moved to it, such as an image's digest, so that code and configuration
/// go back together: at most 20 names with a value each. A name is `[A-Za-z0-9][A-Za-z0-9._/-]*` and has at most 63
/// bytes; a value is one line of 1 to 256 bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Labels(BTreeMap<String, String>);

/// Why texts are no labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// There are more than there may be.
    #[error("there are more than {MOST} labels")]
    TooMany,
    /// A line has no `=`.
    #[error("a label is written NAME=VALUE")]
    NoValue,
    /// A name is none.
    #[error(
        "the name of a label has 1 to {LONGEST_NAME} letters, digits and characters . _ / -, a letter or digit first"
    )]
    Name,
    /// The value of a label is none.
    #[error("the value of the label {0:?} is not one line of 1 to {LONGEST_VALUE} bytes")]
    Value(String),
    /// A name comes twice.
    #[error("the label {0:?} is there twice")]
    Twice(String),
}

impl Labels {
    /// Reads lines `NAME=VALUE`; what is blank is left out.
    ///
    /// # Errors
    /// The first line that is no label.
    pub fn new(lines: &str) -> Result<Self, LabelError> {
        let mut labels = BTreeMap::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once('=').ok_or(LabelError::NoValue)?;
            let (name, value) = (name.trim_end(), value.trim_start());
            check_name(name)?;
            if labels.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(LabelError::Twice(name.to_owned()));
            }
        }
        labels.try_into()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels, by their names in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn check_name(name: &str) -> Result<(), LabelError> {
    let is_right = name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c));
    if is_right { Ok(()) } else { Err(LabelError::Name) }
}

impl TryFrom<BTreeMap<String, String>> for Labels {
    type Error = LabelError;
    fn try_from(labels: BTreeMap<String, String>) -> Result<Self, Self::Error> {
        if labels.len() > MOST {
            return Err(LabelError::TooMany);
        }
        for (name, value) in &labels {
            check_name(name)?;
            if !(1..=LONGEST_VALUE).contains(&value.len()) || value.contains(is_deceptive) {
                return Err(LabelError::Value(name.clone()));
            }
        }
        Ok(Self(labels))
    }
}

impl From<Labels> for BTreeMap<String, String> {
    fn from(labels: Labels) -> Self {
        labels.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_name_and_a_value_on_a_line() {
        let labels = Labels::new("image=sha256:ab=cd\n\n  app.kubernetes.io/name = shop \n").unwrap();
        let pairs: Vec<_> = labels.iter().collect();
        assert_eq!(pairs, [("app.kubernetes.io/name", "shop"), ("image", "sha256:ab=cd")]);
        assert!(Labels::new(" \n").unwrap().is_empty());
    }

    #[test]
    fn what_is_none_is_refused() {
        let many = |n: usize| (0..n).map(|n| format!("l{n}=v\n")).collect::<String>();
        assert!(Labels::new(&many(20)).is_ok());
        let longest = format!("{}={}", "n".repeat(63), "v".repeat(256));
        assert!(Labels::new(&longest).is_ok());
        for (bad, error) in [
            ("image", LabelError::NoValue),
            ("=v", LabelError::Name),
            ("-a=v", LabelError::Name),
            ("a b=v", LabelError::Name),
            (&format!("{}=v", "n".repeat(64)), LabelError::Name),
            ("a=", LabelError::Value("a".to_owned())),
            ("a=b\u{1b}[31m", LabelError::Value("a".to_owned())),
            (&format!("a={}", "v".repeat(257)), LabelError::Value("a".to_owned())),
            ("a=1\na=2", LabelError::Twice("a".to_owned())),
            (&many(21), LabelError::TooMany),
        ] {
            assert_eq!(Labels::new(bad), Err(error), "{bad:?}");
        }
    }
}
