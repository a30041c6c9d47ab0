use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{NameError, RESERVED_SEGMENT, is_deceptive};

/// A config file's path relative to its catalog: `/`-separated, never absolute, without `.` or `..`, at most 900
/// bytes with segments of at most 255 (an S3 key holds 1,024 bytes, and the path is not all of it).
///
/// Ordered by bytes, the order of the configuration's digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConfigPath(String);

impl ConfigPath {
    const KIND: &'static str = "path";
    const LONGEST: usize = 900;
    const LONGEST_SEGMENT: usize = 255;

    /// Checks a path.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let refuse = |rule| Err(NameError::new(Self::KIND, text, rule));
        if text.is_empty() {
            return refuse("it is empty");
        }
        if text.len() > Self::LONGEST {
            return refuse("it is longer than 900 bytes");
        }
        if text.starts_with('/') {
            return refuse("it is absolute");
        }
        if text.contains('\\') {
            return refuse("it contains a backslash");
        }
        if text.chars().any(is_deceptive) {
            return refuse("it contains a control or formatting character");
        }
        if text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic() {
            return refuse("it begins with a drive letter");
        }
        for segment in text.split('/') {
            match segment {
                "" => return refuse("a part of it is empty"),
                "." | ".." => return refuse("`.` and `..` are not allowed in it"),
                RESERVED_SEGMENT => return refuse("`.cstore` is reserved"),
                _ if segment.len() > Self::LONGEST_SEGMENT => return refuse("a part of it is longer than 255 bytes"),
                _ => {}
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The segments before the last.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        let folder = self.0.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder.split('/').filter(|segment| !segment.is_empty())
    }

    /// This path below a folder (`""` for none).
    pub fn below(&self, folder: &str) -> Result<Self, NameError> {
        if folder.is_empty() { Ok(self.clone()) } else { Self::new(&format!("{folder}/{}", self.0)) }
    }
}

impl fmt::Display for ConfigPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for ConfigPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConfigPath {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl From<ConfigPath> for String {
    fn from(path: ConfigPath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_are_taken_as_they_are() {
        for path in [".env", "service/dev/.env", "a b/ü.json", "certs/ca.pem", "..env", "a/...b"] {
            assert_eq!(ConfigPath::new(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn paths_that_could_leave_the_root_or_deceive_are_refused() {
        let long = "a/".repeat(460) + "b";
        let long_segment = "x".repeat(256);
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a/..",
            "./a",
            "a//b",
            "a/",
            "C:/x",
            "c:x",
            "a\\b",
            "a\0b",
            "a\nb",
            "a\u{202e}b",
            "a\u{1b}[31m",
            ".cstore/head.json",
            "a/.cstore",
            &long,
            &long_segment,
        ] {
            assert!(ConfigPath::new(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn folders_are_the_parts_before_the_name() {
        let path = ConfigPath::new("service/dev/.env").unwrap();
        assert_eq!(path.folders().collect::<Vec<_>>(), ["service", "dev"]);
        assert_eq!(path.file_name(), ".env");
        assert_eq!(ConfigPath::new("x").unwrap().folders().count(), 0);
    }
}
