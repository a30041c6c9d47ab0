use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in a path as it is: the unreserved characters of RFC 3986.
const IN_A_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A repository's name: `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RepositoryName {
    owner: String,
    name: String,
}

impl RepositoryName {
    /// Reads a name; none where it is no repository's.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        let is_name = |part: &str| {
            let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !part.is_empty() && part.chars().all(is_known) && !matches!(part, "." | "..")
        };
        (is_name(owner) && is_name(name)).then(|| Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// The beginning of the paths below it.
    pub(super) fn route(&self) -> String {
        format!("/repos/{}/{}", self.owner, self.name)
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// A tag's name as parts of a path: its slashes stay, and nothing else of it means anything.
pub(super) fn escaped(name: &str) -> String {
    name.split('/').map(|part| utf8_percent_encode(part, IN_A_SEGMENT).to_string()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_two_parts() {
        assert_eq!(RepositoryName::new("acme/shop.js").unwrap().route(), "/repos/acme/shop.js");
        for text in ["", "acme", "acme/", "/shop", "acme/shop/x", "acme/..", "acme/shop?x", "acme/sh op"] {
            assert_eq!(RepositoryName::new(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_in_a_tag_ends_the_path() {
        for (tag, path) in
            [("v1.2.3", "v1.2.3"), ("a#b", "a%23b"), ("x/y?z", "x/y%3Fz"), ("50%", "50%25"), ("ü", "%C3%BC")]
        {
            assert_eq!(escaped(tag), path);
        }
    }
}
