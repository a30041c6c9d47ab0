use std::fmt;

use super::NameError;
use super::config_path::broken_key_rule;
use super::segment::{Others, broken_segment_rule};

/// The project's name, the first part of every key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Context(String);

impl Context {
    const KIND: &'static str = "context";

    /// A new context: one segment `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 128 bytes.
    pub fn new(text: &str) -> Result<Self, NameError> {
        const OTHERS: Others =
            Others { characters: "._-", rule: "it may hold only letters, digits and the characters . _ -" };
        Self::unless(broken_segment_rule(text, &OTHERS), text)
    }

    /// A context that is named behind its bucket, where a `/` cannot be meant otherwise: segments as those of
    /// [`new`](Self::new), at most 128 bytes each. None but the first reads as a version: that of another context was
    /// meant.
    pub(super) fn in_bucket(text: &str, reads_as_version: impl Fn(&str) -> bool) -> Result<Self, NameError> {
        for (number, segment) in text.split('/').enumerate() {
            Self::new(segment).map_err(|error| NameError::new(Self::KIND, text, error.rule))?;
            if number > 0 && reads_as_version(segment) {
                return Err(NameError::new(Self::KIND, text, "a version is written behind an @: CONTEXT@VERSION"));
            }
        }
        Self::from_catalog(text)
    }

    /// A context that an existing catalog names, or that is found in a bucket. The Go cStore took any text, so here
    /// everything passes that is a safe prefix of a key.
    pub fn from_catalog(text: &str) -> Result<Self, NameError> {
        Self::unless(broken_key_rule(text), text)
    }

    fn unless(broken: Option<&'static str>, text: &str) -> Result<Self, NameError> {
        match broken {
            Some(rule) => Err(NameError::new(Self::KIND, text, rule)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The context as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_context_is_one_plain_segment() {
        for good in ["shop", "my-app_2.0", "0"] {
            assert_eq!(Context::new(good).unwrap().as_str(), good);
        }
        let long = "a".repeat(129);
        assert!(Context::new(&long[1..]).is_ok());
        let begin = "it must begin with a letter or a digit";
        let others = "it may hold only letters, digits and the characters . _ -";
        for (bad, rule) in [
            ("", "it is empty"),
            (".cstore", begin),
            ("-a", begin),
            ("a/b", others),
            ("a b", others),
            ("ü", begin),
            ("aü", others),
            (&long, "it is longer than 128 bytes"),
        ] {
            assert_eq!(Context::new(bad).unwrap_err().rule, rule, "{bad:?}");
        }
    }

    #[test]
    fn a_catalogs_context_may_be_any_safe_prefix() {
        for good in ["team/shop", "My Project", "_x", "team:shop", "Acme Inc."] {
            assert_eq!(Context::from_catalog(good).unwrap().as_str(), good);
        }
        for (bad, rule) in [
            ("", "it is empty"),
            ("../x", "`.` and `..` are not allowed in it"),
            ("a/.cstore/b", "`.cstore` is reserved"),
            ("/a", "it is absolute"),
            ("a\n", "it contains a control or formatting character"),
        ] {
            assert_eq!(Context::from_catalog(bad).unwrap_err().rule, rule, "{bad:?}");
        }
    }
}
