//! What differs between two sets of files, by file and by key. Names only, for people to look at, unless values are
//! asked for.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;

use crate::config::{Entry, FileType, Parsed, Value, parse};
use crate::name::{ConfigPath, Digest, VersionName};
use crate::secret::Secret;
use crate::store::{FetchedFile, FileEntry, PushFile};

/// The files in which a push differs from what was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The version before the pushed one, when that is what it is compared with; none when it is what was replaced.
    pub version_before: Option<VersionName>,
    /// The files that differ, in the order of the push, and then those that are gone.
    pub files: Vec<FileChange>,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// What became of it.
    pub change: Change,
    /// The keys that differ, or why there are none to name.
    pub keys: Result<KeyChanges, NoKeys>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It has other bytes, or is read as something else.
    Changed,
    /// It is gone.
    Removed,
}

impl Change {
    /// The word for it in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// The names of the keys that were added, changed and removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyChanges {
    /// New.
    pub added: Vec<String>,
    /// With another value.
    pub changed: Vec<String>,
    /// No longer there.
    pub removed: Vec<String>,
    /// Whether something differs that no key leads to, such as an item of a list that is the whole document.
    pub unkeyed: bool,
    /// The values of these keys, before and after, in the same order; empty unless they were asked for.
    pub values: Vec<ValueChange>,
}

impl KeyChanges {
    /// Whether both files say the same: they differ in comments, in order or in how values are written.
    #[must_use]
    pub const fn are_none(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty() && !self.unkeyed
    }
}

/// The values of a key that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    /// The key.
    pub key: String,
    /// None for a key that was added.
    pub before: Option<Secret<String>>,
    /// None for a key that was removed.
    pub after: Option<Secret<String>>,
}

/// Why no keys of a file can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKeys {
    /// It is a raw file on one side at least.
    Raw,
    /// It cannot be read as what it is, on one side at least.
    Unread,
    /// Its bytes could not be had.
    NotHad(Obstacle),
}

/// Why something is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// This IAM action is denied.
    Denied(&'static str),
    /// It was not answered before the push was done, and a moment more.
    TooSlow,
    /// There are more versions, or more files that differ, than are read for this.
    TooMuch,
    /// It is damaged, or could not be had for another reason.
    Unreadable,
}

/// A file of one side of a comparison.
#[derive(Debug, Clone)]
pub(super) struct ComparedFile {
    pub(super) path: ConfigPath,
    pub(super) file_type: FileType,
    pub(super) digest: Digest,
    /// Its bytes, or why they are not known.
    pub(super) content: Result<Secret<Bytes>, Obstacle>,
}

impl ComparedFile {
    /// As a manifest describes it, with bytes that are not had yet.
    pub(super) fn from_entry(entry: &FileEntry) -> Self {
        let (path, content) = (entry.path.clone(), Err(Obstacle::TooSlow));
        Self { path, file_type: entry.read_as(), digest: entry.sha256, content }
    }

    pub(super) fn from_fetched(file: &FetchedFile) -> Self {
        Self {
            path: file.path.clone(),
            file_type: file.entry.as_ref().map_or_else(|| FileType::detect(&file.path), FileEntry::read_as),
            digest: file.digest,
            content: Ok(file.content.clone()),
        }
    }

    pub(super) fn from_pushed(file: &PushFile) -> Self {
        let (path, content) = (file.path.clone(), Ok(file.content.clone()));
        Self { path, file_type: file.file_type, digest: file.digest, content }
    }

    /// What it says, or why that is not known.
    pub(super) fn parsed(&self, separator: &str) -> Result<Parsed, NoKeys> {
        match (&self.content, self.file_type) {
            (_, FileType::Raw) => Err(NoKeys::Raw),
            (Ok(content), file_type) => parse(file_type, content.expose(), separator).map_err(|_| NoKeys::Unread),
            (Err(obstacle), _) => Err(NoKeys::NotHad(*obstacle)),
        }
    }
}

/// How files are compared.
#[derive(Clone, Copy)]
pub(super) struct Comparing<'a> {
    /// Joins the parts of nested keys.
    pub(super) separator: &'a str,
    /// Whether the values of the keys that differ are wanted.
    pub(super) with_values: bool,
}

impl Comparing<'_> {
    /// The files that differ, in the order of `after`, and then those that are gone.
    pub(super) fn files(&self, before: &[ComparedFile], after: &[ComparedFile]) -> Vec<FileChange> {
        let by_path: HashMap<_, _> = before.iter().map(|old| (&old.path, old)).collect();
        let mut changes = Vec::new();
        for new in after {
            let old = by_path.get(&new.path).copied();
            let change = match old {
                None => Change::Added,
                Some(old) if old.digest == new.digest && old.file_type == new.file_type => continue,
                Some(_) => Change::Changed,
            };
            changes.push(FileChange { path: new.path.clone(), change, keys: self.keys(old, Some(new)) });
        }
        let kept: HashSet<_> = after.iter().map(|file| &file.path).collect();
        changes.extend(before.iter().filter(|old| !kept.contains(&old.path)).map(|old| FileChange {
            path: old.path.clone(),
            change: Change::Removed,
            keys: self.keys(Some(old), None),
        }));
        changes
    }

    fn keys(&self, old: Option<&ComparedFile>, new: Option<&ComparedFile>) -> Result<KeyChanges, NoKeys> {
        let parsed = |file: Option<&ComparedFile>| {
            file.map_or_else(|| Ok(Parsed::default()), |file| file.parsed(self.separator))
        };
        Ok(self.key_changes(&parsed(old)?, &parsed(new)?))
    }

    fn key_changes(&self, old: &Parsed, new: &Parsed) -> KeyChanges {
        let [before, after] = [old, new].map(|parsed| by_key(&parsed.entries));
        let mut changes = KeyChanges { unkeyed: old.unkeyed != new.unkeyed, ..KeyChanges::default() };
        for key in distinct_keys(&new.entries) {
            match (before.get(key), after.get(key)) {
                (None, _) => changes.added.push(key.to_owned()),
                (Some(old), Some(new)) if !is_same(old, new) => changes.changed.push(key.to_owned()),
                _ => {}
            }
        }
        let gone = distinct_keys(&old.entries).filter(|key| !after.contains_key(key));
        changes.removed.extend(gone.map(ToOwned::to_owned));
        if self.with_values {
            let text = |values: &HashMap<&str, &Value>, key: &str| values.get(key).map(|value| value.text.clone());
            let keys = [&changes.added, &changes.changed, &changes.removed].into_iter().flatten();
            let values = keys.map(|key| {
                let (before, after) = (text(&before, key), text(&after, key));
                ValueChange { key: key.clone(), before, after }
            });
            changes.values = values.collect();
        }
        changes
    }
}

/// The values of a file by their keys. Of a key that comes twice the last counts.
fn by_key(entries: &[Entry]) -> HashMap<&str, &Value> {
    entries.iter().map(|entry| (entry.key.as_str(), &entry.value)).collect()
}

/// The keys of a file, each once, in their order.
pub(super) fn distinct_keys(entries: &[Entry]) -> impl Iterator<Item = &str> {
    let mut seen = HashSet::new();
    entries.iter().map(|entry| entry.key.as_str()).filter(move |key| seen.insert(*key))
}

/// Whether two values are the same, however their files spell them.
pub(super) fn is_same(old: &Value, new: &Value) -> bool {
    old.text == new.text && old.kind == new.kind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, file_type: FileType, text: &str) -> ComparedFile {
        ComparedFile {
            path: ConfigPath::new(path).unwrap(),
            file_type,
            digest: Digest::from_content(text.as_bytes()),
            content: Ok(Secret::new(Bytes::copy_from_slice(text.as_bytes()))),
        }
    }

    fn compared(old: &ComparedFile, new: &ComparedFile, with_values: bool) -> Vec<FileChange> {
        let comparing = Comparing { separator: "_", with_values };
        comparing.files(std::slice::from_ref(old), std::slice::from_ref(new))
    }

    fn keys(file_type: FileType, old: &str, new: &str) -> Result<KeyChanges, NoKeys> {
        let [old, new] = [old, new].map(|text| file("a", file_type, text));
        compared(&old, &new, false).remove(0).keys
    }

    #[test]
    fn values_are_compared_as_they_are_read_and_not_as_they_are_written() {
        for (file_type, old, new) in [
            (FileType::Dotenv, "A=1\nB=2\n", "# why\nB=\"2\"\nexport A='1'\n"),
            (FileType::Json, r#"{"a":{"b":1},"c":"x"}"#, "{\n \"c\": \"\\u0078\", \"a\": {\"b\": 1}}"),
            (FileType::Toml, "a = 1_000\n", "a = 1000 # b\n"),
            (FileType::Yaml, "a: x\nb: [1]\n", "b:\n- 1\na: \"x\"\n"),
        ] {
            assert_eq!(keys(file_type, old, new), Ok(KeyChanges::default()), "{old:?} {new:?}");
        }
        let changed = KeyChanges { changed: vec!["a".to_owned()], ..KeyChanges::default() };
        assert_eq!(keys(FileType::Json, r#"{"a":1}"#, r#"{"a":"1"}"#), Ok(changed));
    }

    #[test]
    fn what_has_no_key_is_no_reason_to_say_that_nothing_differs() {
        for (file_type, old, new) in [
            (FileType::Json, "[1,2]", "[1,3]"),
            (FileType::Yaml, "a: 1\n---\na: 2\n", "a: 1\n---\na: 3\n"),
            (FileType::Yaml, "just text", "other text"),
        ] {
            let changes = keys(file_type, old, new).unwrap();
            assert!(changes.unkeyed && !changes.are_none(), "{old:?} {new:?}");
        }
    }

    #[test]
    fn the_values_of_keys_that_differ_come_only_where_they_are_asked_for() {
        let [old, new] = ["A=1\nB=2\nC=3\n", "B=5\nC=3\nD=4\n"].map(|text| file("a", FileType::Dotenv, text));
        let without = compared(&old, &new, false).remove(0).keys.unwrap();
        assert_eq!(without.values, []);
        let values = compared(&old, &new, true).remove(0).keys.unwrap().values;
        let secret = |text: &str| (!text.is_empty()).then(|| Secret::from(text));
        let expected = [("D", "", "4"), ("B", "2", "5"), ("A", "1", "")];
        let expected = expected.map(|(key, before, after)| ValueChange {
            key: key.to_owned(),
            before: secret(before),
            after: secret(after),
        });
        assert_eq!(values, expected);
    }

    #[test]
    fn why_keys_are_not_named_is_told() {
        assert_eq!(keys(FileType::Raw, "A=1", "A=2"), Err(NoKeys::Raw));
        assert_eq!(keys(FileType::Json, "{}", "{"), Err(NoKeys::Unread));
        let known = file("a", FileType::Dotenv, "A=1");
        let denied = Obstacle::Denied("s3:GetObject");
        let unknown = ComparedFile { content: Err(denied), ..file("a", FileType::Dotenv, "A=2") };
        assert_eq!(compared(&unknown, &known, false)[0].keys, Err(NoKeys::NotHad(denied)));
        // One that is read as something else has other keys.
        let raw = file("a", FileType::Raw, "A=1");
        assert_eq!(compared(&raw, &known, false)[0].change, Change::Changed);
        assert_eq!(compared(&known, &known, false), []);
    }
}
