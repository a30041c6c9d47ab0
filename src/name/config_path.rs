use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::git_folder::is_disguised_git_folder;
use super::{NameError, RESERVED_SEGMENT, is_deceptive};

/// A config file's path relative to its catalog: `/`-separated, never absolute, without `.` or `..`, at most 900
/// bytes with segments of at most 255 (an S3 key holds 1,024 bytes, and the path is not all of it).
///
/// It means one file on every file system, for it may be restored on any: what Windows would take for another file is
/// refused (a `:`, a dot or a blank at the end of a segment), and so are the spellings by which NTFS, HFS+ and ext4
/// would reach `.git` or `.github`. A path that Windows has no file for at all (`a?.env`, `aux.env`) is a path: it
/// fails there, and there alone.
///
/// Ordered by bytes, the order of the configuration's digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConfigPath(String);

impl ConfigPath {
    const KIND: &'static str = "path";
    /// In bytes.
    pub(crate) const LONGEST: usize = 900;
    pub(crate) const TOO_LONG: &str = "it is longer than 900 bytes";
    const LONGEST_SEGMENT: usize = 255;

    /// Checks a path.
    pub fn new(text: &str) -> Result<Self, NameError> {
        match broken_key_rule(text).or_else(|| broken_file_rule(text)) {
            Some(rule) => Err(NameError::new(Self::KIND, text, rule)),
            None => Ok(Self(text.to_owned())),
        }
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

/// Whether a path lies below a folder, which is not the empty one.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The folders that paths lie in, at any depth: each for which a path [`is_below`] it.
pub(crate) fn folders_of<'p>(paths: impl IntoIterator<Item = &'p str>) -> HashSet<&'p str> {
    paths.into_iter().flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..end])).collect()
}

/// The rule that a text breaks as a part of an object's key and of a log line, whether or not it is a file's path.
pub(super) fn broken_key_rule(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("it is empty");
    }
    if text.len() > ConfigPath::LONGEST {
        return Some(ConfigPath::TOO_LONG);
    }
    if text.starts_with('/') {
        return Some("it is absolute");
    }
    if text.contains('\\') {
        return Some("it contains a backslash");
    }
    if text.chars().any(is_deceptive) {
        return Some("it contains a control or formatting character");
    }
    for segment in text.split('/') {
        match segment {
            "" => return Some("a part of it is empty"),
            "." | ".." => return Some("`.` and `..` are not allowed in it"),
            RESERVED_SEGMENT => return Some("`.cstore` is reserved"),
            _ if segment.len() > ConfigPath::LONGEST_SEGMENT => return Some("a part of it is longer than 255 bytes"),
            _ => {}
        }
    }
    None
}

/// The rule that keeps a text from meaning the same file on every file system.
fn broken_file_rule(text: &str) -> Option<&'static str> {
    if text.contains(':') {
        return Some("it contains a `:`, which stands for another file or drive on Windows");
    }
    text.split('/').find_map(|segment| {
        if segment.ends_with(['.', ' ']) {
            Some("a part of it ends with a dot or a blank, which Windows leaves out")
        } else if is_disguised_git_folder(segment) {
            Some("a part of it leads to `.git` or `.github` on some file systems")
        } else {
            None
        }
    })
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
    fn the_folders_of_paths_are_what_a_path_is_below() {
        let paths = ["a/b/c.env", "a/b.env", "ab/c", "ü/x", "d", "//e", ""];
        let folders = folders_of(paths);
        for folder in ["a", "a/b", "a/", "ab", "a/b/c.env", "b", "ü", "d", "", "/", "e"] {
            assert_eq!(folders.contains(folder), paths.iter().any(|path| is_below(path, folder)), "{folder:?}");
        }
    }

    #[test]
    fn ordinary_paths_are_taken_as_they_are() {
        for path in [
            ".env",
            "service/dev/.env",
            "a b/ü.json",
            "certs/ca.pem",
            "..env",
            "a/...b",
            " a",
            "aux.env",
            "con/x",
            "a?*<>|\".env",
            "a~1/x",
            ".gitmodules",
            ".git/config",
            ".GitHub/x",
        ] {
            assert_eq!(ConfigPath::new(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn paths_that_could_leave_the_root_or_deceive_are_refused() {
        let long = "a/".repeat(460) + "b";
        let long_segment = "x".repeat(256);
        let (dots, deceptive) = ("`.` and `..` are not allowed in it", "it contains a control or formatting character");
        for (path, rule) in [
            ("", "it is empty"),
            ("/etc/passwd", "it is absolute"),
            ("../x", dots),
            ("a/../b", dots),
            ("a/..", dots),
            ("./a", dots),
            ("a//b", "a part of it is empty"),
            ("a/", "a part of it is empty"),
            ("a\\b", "it contains a backslash"),
            ("a\0b", deceptive),
            ("a\nb", deceptive),
            ("a\u{202e}b", deceptive),
            ("a\u{1b}[31m", deceptive),
            (".cstore/head.json", "`.cstore` is reserved"),
            ("a/.cstore", "`.cstore` is reserved"),
            (&long, "it is longer than 900 bytes"),
            (&long_segment, "a part of it is longer than 255 bytes"),
        ] {
            assert_eq!(ConfigPath::new(path).unwrap_err().rule, rule, "{path:?}");
        }
    }

    #[test]
    fn paths_that_mean_another_file_on_some_file_system_are_refused() {
        let colon: &[_] = &["C:/x", "c:x", "a:b", ".env::$DATA", ".git::$INDEX_ALLOCATION/x"];
        let end: &[_] = &[
            ".git./x",
            ".git /x",
            "a/.git . ./x",
            ".github./workflows/x.yml",
            ".GITHUB /x",
            "app./x",
            "app.env.",
            "app.env ",
            "...",
        ];
        let git: &[_] = &["GIT~1/config", "a/git~1", "GITHUB~1/workflows/x.yml", "gi7eba~1/x", ".gi\u{ad}thub/x"];
        let invisible: &[_] = &[".g\u{200c}it/x", ".git\u{206a}/x", "a\u{206f}b"];
        for (paths, rule) in [
            (colon, "it contains a `:`, which stands for another file or drive on Windows"),
            (end, "a part of it ends with a dot or a blank, which Windows leaves out"),
            (git, "a part of it leads to `.git` or `.github` on some file systems"),
            (invisible, "it contains a control or formatting character"),
        ] {
            for path in paths {
                let error = ConfigPath::new(path).unwrap_err();
                assert_eq!(error.rule, rule, "{path:?}");
                assert!(error.to_string().chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{error:?}");
            }
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
