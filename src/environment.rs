//! The process's environment, read once by the binary and handed down.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use crate::ordered::Ordered as _;
use crate::secret::Secret;

/// The most bytes of one variable: name, `=`, value and the NUL at its end. Linux takes 128 KiB
/// ([`MAX_ARG_STRLEN`](https://github.com/torvalds/linux/blob/master/include/uapi/linux/binfmts.h)); Windows counts
/// UTF-16 units ([documentation](https://learn.microsoft.com/windows/win32/procthread/environment-variables)).
pub(crate) const LARGEST_VARIABLE: usize = if cfg!(windows) { 32_767 } else { 128 * 1024 };

/// The variables of a process. Their values may be credentials, so they are not printed.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, Secret<String>>,
    unreadable: BTreeSet<String>,
}

impl Environment {
    /// Takes variables as the operating system has them.
    #[must_use]
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables {
            match (name.into_string(), value.into_string()) {
                (Ok(name), Ok(value)) => drop(environment.variables.insert(name, Secret::new(value))),
                (Ok(name), Err(_)) => drop(environment.unreadable.insert(name)),
                (Err(name), _) => drop(environment.unreadable.insert(name.to_string_lossy().into_owned())),
            }
        }
        environment
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: Secret<String>) {
        self.unreadable.remove(name);
        self.variables.insert(name.to_owned(), value);
    }

    /// Takes a variable away.
    pub fn remove(&mut self, name: &str) {
        self.unreadable.remove(name);
        self.variables.remove(name);
    }

    /// A variable's value, which may be empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Secret<String>> {
        self.variables.get(name)
    }

    /// The text of a variable that is set and not empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(Secret::expose).filter(|value| !value.is_empty()).cloned()
    }

    /// Whether a variable is set, to whatever.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.variables.contains_key(name) || self.unreadable.contains(name)
    }

    /// Whether a variable is set to what is not UTF-8 text.
    #[must_use]
    pub fn is_unreadable(&self, name: &str) -> bool {
        self.unreadable.contains(name)
    }

    /// All variables that are text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret<String>)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names of the variables that are no UTF-8 text; what of a name is none is replaced by U+FFFD. Nothing can
    /// refer to such a variable.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
    }
}

impl FromIterator<(String, Secret<String>)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, Secret<String>)>>(variables: I) -> Self {
        Self { variables: variables.into_iter().ordered_map(), unreadable: BTreeSet::new() }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    #[test]
    fn what_is_no_text_is_known_by_name() {
        let os = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        let variables = [(os(b"A"), os(b"1")), (os(b"B"), os(b"\xff")), (os(b"C\xff"), os(b"1")), (os(b"D"), os(b""))];
        let environment = Environment::new(variables);
        assert_eq!(environment.text("A").as_deref(), Some("1"));
        assert!(environment.get("B").is_none() && environment.is_set("B") && !environment.is_set("E"));
        assert!(environment.is_unreadable("B") && !environment.is_unreadable("A"));
        assert!(environment.text("D").is_none() && environment.is_set("D"));
        assert_eq!(environment.unreadable().collect::<Vec<_>>(), ["B", "C\u{fffd}"]);
    }
}
