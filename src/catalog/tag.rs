//! Tags, by which files can be chosen other than by path.

use crate::name::ConfigPath;

/// Which tags a file must have: `dev&service` all of them, `qa|web` any of them.
///
/// There is no precedence, and there are no parentheses: if there is a `|` anywhere, every separator counts as `|`, so
/// that `a&b|c` means `a|b|c`. That is the Go cStore's rule
/// (<https://github.com/turnerlabs/cstore/blob/master/docs/TAGGING.md>). Blanks around a tag do not count.
///
/// Tags choose among files. An entry that links another catalog is followed whatever its own tags are, as the Go
/// cStore does, and the same expression then chooses among that catalog's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagExpression {
    tags: Vec<String>,
    all: bool,
}

/// Why a text is not a tag expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("tag {position} of the expression is empty")]
pub struct TagError {
    /// Which tag, from 1.
    pub position: usize,
}

impl TagExpression {
    /// Reads an expression.
    pub fn new(text: &str) -> Result<Self, TagError> {
        let tags: Vec<String> = text.split(['|', '&']).map(|tag| tag.trim().to_owned()).collect();
        match tags.iter().position(String::is_empty) {
            Some(index) => Err(TagError { position: index + 1 }),
            None => Ok(Self { tags, all: !text.contains('|') }),
        }
    }

    /// Whether a file with these tags is meant. Tags are compared exactly.
    #[must_use]
    pub fn matches(&self, tags: &[String]) -> bool {
        let mut wanted = self.tags.iter();
        if self.all { wanted.all(|tag| tags.contains(tag)) } else { wanted.any(|tag| tags.contains(tag)) }
    }
}

/// The tags that a file gets when none are given: the names of its folders. `service/dev/.env` has `service` and `dev`.
#[must_use]
pub fn default_tags(path: &ConfigPath) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for folder in path.folders() {
        if tags.iter().all(|tag| tag != folder) {
            tags.push(folder.to_owned());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(expression: &str, tags: &[&str]) -> bool {
        let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
        TagExpression::new(expression).unwrap().matches(&tags)
    }

    #[test]
    fn all_any_and_what_a_mixture_means() {
        assert!(matches("dev", &["service", "dev"]));
        assert!(!matches("dev", &["qa"]));
        assert!(!matches("dev", &["Dev"]));
        assert!(matches("dev & service", &["service", "dev", "x"]));
        assert!(!matches("dev&service", &["dev"]));
        assert!(matches("qa|web", &["web"]));
        assert!(!matches("qa|web", &[]));
        assert!(matches("a&b|c", &["a"]), "one | makes all of them |");
        assert!(!matches("a&b|c", &["d"]));
    }

    #[test]
    fn an_empty_part_is_refused() {
        for (bad, position) in [("", 1), ("a|", 2), ("&a", 1), ("a&&b", 2), ("a| |b", 2)] {
            assert_eq!(TagExpression::new(bad), Err(TagError { position }), "{bad}");
        }
    }

    #[test]
    fn default_tags_are_the_folders() {
        let tags = |path: &str| default_tags(&ConfigPath::new(path).unwrap());
        assert_eq!(tags("service/dev/.env"), ["service", "dev"]);
        assert_eq!(tags("a/b/a/.env"), ["a", "b"]);
        assert!(tags(".env").is_empty());
    }
}
