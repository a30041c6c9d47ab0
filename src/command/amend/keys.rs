//! Changes of config keys, each in the one file of the head that it is in.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::config::{Change, EditError, FileType, Parsed, Value, ValueKind, edit, parse};
use crate::excerpt::listed_key;
use crate::name::ConfigPath;
use crate::nearest::nearest;
use crate::request::{EditedFiles, HeadFile};
use crate::secret::Secret;

/// What becomes of a config key.
#[derive(Debug, Clone)]
pub enum KeyEdit {
    /// It has this value, whether or not it is there. It keeps the type of the value before where the text can be of
    /// that type; else it is a string.
    Set(Secret<String>),
    /// It is removed.
    Unset,
}

/// Why keys cannot be changed. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmendError {
    /// Several files have the key.
    #[error("several files have the key {}", listed_key(.key))]
    Several {
        /// The key.
        key: String,
        /// The files.
        files: Vec<ConfigPath>,
    },
    /// No file has the key, and several could get it.
    #[error("no file has the key {}, and several could", listed_key(.key))]
    New {
        /// The key.
        key: String,
        /// The files that could.
        files: Vec<ConfigPath>,
        /// A key that is there, and was probably meant.
        meant: Option<String>,
    },
    /// No file has the key that is to be removed.
    #[error("there is no config key {}", listed_key(.key))]
    Absent {
        /// The key.
        key: String,
        /// A key that is there, and was probably meant.
        meant: Option<String>,
    },
    /// None of the files has keys.
    #[error("no file has keys")]
    NoKeys(Vec<ConfigPath>),
    /// The file's text cannot be changed so.
    #[error("{path}: {error}")]
    Edit {
        /// The file.
        path: ConfigPath,
        /// Why.
        #[source]
        error: EditError,
    },
}

/// A file, and what it says where it can be read.
struct Keyed<'f> {
    file: &'f HeadFile,
    parsed: Option<Parsed>,
}

impl Keyed<'_> {
    fn value(&self, key: &str) -> Option<&Value> {
        let entries = &self.parsed.as_ref()?.entries;
        entries.iter().rev().find(|entry| entry.key == key).map(|entry| &entry.value)
    }
}

/// Changes keys, named as [`parse`] names them, each in the file that has it; a new one in the only file that has keys.
/// Files whose bytes stay are not among the changed ones.
///
/// # Errors
/// The first key that has no place, or whose change cannot be made. Then none is made.
pub fn amend(files: &[HeadFile], edits: &[(String, KeyEdit)], separator: &str) -> Result<EditedFiles, AmendError> {
    let keyed: Vec<_> = files
        .iter()
        .filter(|file| file.file_type != FileType::Raw)
        .map(|file| Keyed { file, parsed: parse(file.file_type, file.content.expose(), separator).ok() })
        .collect();
    if keyed.is_empty() {
        return Err(AmendError::NoKeys(paths(files.iter())));
    }
    let mut changes: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
    for (key, wanted) in edits {
        let index = place(&keyed, key, matches!(wanted, KeyEdit::Unset))?;
        let before = keyed.get(index).and_then(|keyed| keyed.value(key));
        changes.entry(index).or_default().push(match wanted {
            KeyEdit::Set(text) => Change::Set { key: key.clone(), value: value(before, text) },
            KeyEdit::Unset => Change::Remove { key: key.clone() },
        });
    }
    let mut edited = EditedFiles::default();
    let mut changed = BTreeMap::new();
    for (index, changes) in changes {
        let Some(Keyed { file, .. }) = keyed.get(index) else { continue };
        let text = edit(file.file_type, file.content.expose(), &changes, separator)
            .map_err(|error| AmendError::Edit { path: file.path.clone(), error })?;
        changed.insert(file.path.clone(), Secret::new(Bytes::from(text.into_exposed())));
    }
    for file in files {
        match changed.remove(&file.path).and_then(|content| file.with(content)) {
            Some(file) => edited.changed.push(file),
            None => edited.others.push(file.clone()),
        }
    }
    Ok(edited)
}

/// A value that is a string from now on, and was something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retyped {
    /// Its key.
    pub key: String,
    /// What it was.
    pub before: ValueKind,
}

/// The values that [`amend`] makes strings of.
#[must_use]
pub fn retyped(files: &[HeadFile], edits: &[(String, KeyEdit)], separator: &str) -> Vec<Retyped> {
    let parsed: Vec<_> =
        files.iter().filter_map(|file| parse(file.file_type, file.content.expose(), separator).ok()).collect();
    let entries = || parsed.iter().flat_map(|parsed| &parsed.entries);
    let of = |(key, wanted): &(String, KeyEdit)| {
        let KeyEdit::Set(text) = wanted else { return None };
        let before = &entries().find(|entry| entry.key == *key)?.value;
        let is_kept = before.of_same_type(text.expose()).is_some();
        (!is_kept).then(|| Retyped { key: key.clone(), before: before.kind })
    };
    edits.iter().filter_map(of).collect()
}

/// A key that no file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The key.
    pub key: String,
    /// A key that is there, of which this one is a misspelling by all appearances.
    pub meant: Option<String>,
}

/// Those of some keys that none of the files has.
#[must_use]
pub fn new_keys<'k>(files: &[HeadFile], keys: impl IntoIterator<Item = &'k str>, separator: &str) -> Vec<NewKey> {
    let parsed = files.iter().filter_map(|file| parse(file.file_type, file.content.expose(), separator).ok());
    let known: Vec<_> = parsed.flat_map(|parsed| parsed.entries).map(|entry| entry.key).collect();
    let new = keys.into_iter().filter(|key| !known.iter().any(|known| known == key));
    let meant = |key: &str| known.iter().find(|known| is_misspelling(key, known)).cloned();
    new.map(|key| NewKey { key: key.to_owned(), meant: meant(key) }).collect()
}

/// Whether two keys differ by one slip of a finger, or in case alone. Those that differ in a digit are numbered.
fn is_misspelling(one: &str, other: &str) -> bool {
    let without_digits = |key: &str| key.chars().filter(|c| !c.is_numeric()).collect::<String>();
    one.eq_ignore_ascii_case(other)
        || one.len() >= SHORTEST
            && strsim::osa_distance(one, other) == 1
            && without_digits(one) != without_digits(other)
}

/// The length, in bytes, from which on keys that differ little are rather one key misspelt than two.
const SHORTEST: usize = 5;

/// Which of the files a key is changed in.
fn place(files: &[Keyed<'_>], key: &str, is_removed: bool) -> Result<usize, AmendError> {
    let with_key: Vec<_> =
        files.iter().enumerate().filter(|(_, file)| file.value(key).is_some()).map(|(index, _)| index).collect();
    let named = |indices: &[usize]| paths(indices.iter().filter_map(|index| Some(files.get(*index)?.file)));
    match (with_key.as_slice(), files) {
        ([only], _) => Ok(*only),
        ([], [_]) if !is_removed => Ok(0),
        ([], _) => {
            let known = files.iter().filter_map(|file| file.parsed.as_ref()).flat_map(|parsed| &parsed.entries);
            let meant = nearest(key, known.map(|entry| entry.key.as_str())).map(ToOwned::to_owned);
            let key = key.to_owned();
            Err(if is_removed {
                AmendError::Absent { key, meant }
            } else {
                AmendError::New { key, files: paths(files.iter().map(|keyed| keyed.file)), meant }
            })
        }
        (several, _) => Err(AmendError::Several { key: key.to_owned(), files: named(several) }),
    }
}

fn paths<'f>(files: impl Iterator<Item = &'f HeadFile>) -> Vec<ConfigPath> {
    files.map(|file| file.path.clone()).collect()
}

/// A new value: of the type of the one before it, if the text can be of that type, else a string.
fn value(before: Option<&Value>, text: &Secret<String>) -> Value {
    let text = text.expose().as_str();
    before.and_then(|before| before.of_same_type(text)).unwrap_or_else(|| Value::text(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Base;

    fn file(path: &str, text: &str) -> HeadFile {
        let path = ConfigPath::new(path).unwrap();
        HeadFile {
            file_type: FileType::detect(&path),
            path,
            content: Secret::new(Bytes::copy_from_slice(text.as_bytes())),
            base: Base::Unknown,
            is_listed: true,
        }
    }

    fn set(key: &str, text: &str) -> (String, KeyEdit) {
        (key.to_owned(), KeyEdit::Set(Secret::from(text)))
    }

    fn unset(key: &str) -> (String, KeyEdit) {
        (key.to_owned(), KeyEdit::Unset)
    }

    fn texts(edited: &EditedFiles) -> Vec<&str> {
        edited.changed.iter().map(|file| std::str::from_utf8(file.content.expose()).unwrap()).collect()
    }

    #[test]
    fn a_key_is_changed_in_the_one_file_that_has_it() {
        let files = [file("a.env", "A=1\nB=2\n"), file("b.json", "{\"C\": 3}\n")];
        let edited = amend(&files, &[set("C", "4"), set("A", "x"), unset("B")], "_").unwrap();
        assert_eq!(texts(&edited), ["A=x\n", "{\"C\": 4}\n"]);
        assert!(edited.others.is_empty());
        let edited = amend(&files, &[set("C", "3")], "_").unwrap();
        assert_eq!((edited.changed.len(), edited.others.len()), (0, 2));
    }

    #[test]
    fn a_key_that_could_be_meant_in_several_files_is_refused_with_their_names() {
        let files = [file("a.env", "A=1\n"), file("b.env", "A=2\nB=3\n"), file("c.bin", "")];
        let both = paths(files[..2].iter());
        let refused = |edit| amend(&files, &[edit], "_").unwrap_err();
        let key = |key: &str| key.to_owned();
        assert_eq!(refused(set("A", "x")), AmendError::Several { key: key("A"), files: both.clone() });
        assert_eq!(refused(unset("A")), AmendError::Several { key: key("A"), files: both.clone() });
        assert_eq!(refused(set("NEW", "x")), AmendError::New { key: key("NEW"), files: both.clone(), meant: None });
        let meant = Some(key("B"));
        assert_eq!(refused(set("b", "x")), AmendError::New { key: key("b"), files: both, meant });
        assert_eq!(
            amend(&files[2..], &[set("A", "x")], "_").unwrap_err(),
            AmendError::NoKeys(paths(files[2..].iter()))
        );
    }

    #[test]
    fn a_new_key_that_looks_like_a_slip_is_told_from_one_that_is_meant() {
        let files = [file("a.env", "LOG_LEVEL=1\nHOST_1=2\nDB=3\n")];
        for (key, meant) in [
            ("LOG_LEVL", Some("LOG_LEVEL")),
            ("LOG_LEVLE", Some("LOG_LEVEL")),
            ("log_level", Some("LOG_LEVEL")),
            ("HOST_2", None),
            ("HOST", None),
            ("DC", None),
            ("NEW_LEVEL", None),
        ] {
            let new = NewKey { key: key.to_owned(), meant: meant.map(ToOwned::to_owned) };
            assert_eq!(new_keys(&files, [key, "DB"], "_"), [new]);
        }
    }

    #[test]
    fn a_key_that_is_not_there_cannot_be_removed() {
        let refused = amend(&[file("a.env", "TOKEN=1\n")], &[unset("TOKNE")], "_").unwrap_err();
        assert_eq!(refused, AmendError::Absent { key: "TOKNE".to_owned(), meant: Some("TOKEN".to_owned()) });
    }

    #[test]
    fn a_value_keeps_its_type_where_its_text_can_be_of_that_type() {
        for (before, text, after) in [
            ("1", "2", "2"),
            ("1", "2.50", "2.50"),
            ("1", "two", "\"two\""),
            ("1", "01", "\"01\""),
            ("true", "false", "false"),
            ("true", "no", "\"no\""),
            ("null", "", "null"),
            ("null", "5", "\"5\""),
            ("\"1\"", "2", "\"2\""),
        ] {
            let files = [file("a.json", &format!("{{\"a\": {before}}}"))];
            let edited = amend(&files, &[set("a", text)], "_").unwrap();
            let texts = texts(&edited);
            let now = texts.first().copied().unwrap_or_else(|| std::str::from_utf8(files[0].content.expose()).unwrap());
            assert_eq!(now, format!("{{\"a\": {after}}}"), "{before} {text:?}");
        }
        let retyped = |text: &str| retyped(&[file("a.json", "{\"a\": true}")], &[set("a", text), set("b", "x")], "_");
        assert_eq!(retyped("yes"), [Retyped { key: "a".to_owned(), before: ValueKind::Bool }]);
        assert!(retyped("false").is_empty());
        let edited = amend(&[file("a.json", "{\"a\": 1}")], &[set("b", "2")], "_").unwrap();
        assert!(texts(&edited)[0].contains("\"b\": \"2\""), "{:?}", texts(&edited));
    }
}
