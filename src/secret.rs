//! The one type that configuration values live in.
//!
//! Whatever came out of a config file, or could have, is wrapped in [`Secret`] from the moment it is read until the
//! moment it is delivered. The wrapper cannot be printed, formatted or serialized; the only way to the text is
//! [`Secret::expose`], a word to grep for in a review.

use std::fmt;

/// A configuration value or a config file's bytes.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Gives the value to code that delivers, parses, hashes or compares it. Never to code that prints.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// As [`expose`](Self::expose), giving the value itself.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<&str> for Secret<String> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing_of_the_value() {
        let secret = Secret::from("hunter2");
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(…) Secret(…)");
    }
}
