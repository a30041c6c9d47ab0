//! Merges the values of several files into one set.

use std::collections::HashMap;
use std::collections::hash_map;
use std::fmt;

use super::{Entry, FileType};
use crate::name::ConfigPath;

/// A config file and its entries.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path, relative to the catalog's folder.
    pub path: ConfigPath,
    /// The type that it was read as.
    pub file_type: FileType,
    /// Its values, no key twice.
    pub entries: Vec<Entry>,
}

/// What to do when two files give one name different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDuplicate {
    /// It is an error.
    #[default]
    Error,
    /// The later file's value counts.
    Last,
}

impl OnDuplicate {
    /// All of them, by name.
    pub const ALL: [(&str, Self); 2] = [("error", Self::Error), ("last", Self::Last)];
}

/// Where a value comes from, for messages and for deciding which value wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// A file.
    File {
        /// Its path, relative to the catalog's folder.
        path: ConfigPath,
        /// The type that it was read as.
        file_type: FileType,
        /// Its place in the order of the files, from 0.
        position: usize,
    },
    /// The `defaults` input.
    Defaults,
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, .. } => path.fmt(f),
            Self::Defaults => f.write_str("defaults"),
        }
    }
}

/// One value of the merged set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The value under its file's key, with the line there.
    pub entry: Entry,
    /// The file that it was read from, or the defaults.
    pub source: Provenance,
}

/// Two files that give one key different values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueConflict {
    /// The key.
    pub key: String,
    /// The first file.
    pub first: ConfigPath,
    /// The other one.
    pub second: ConfigPath,
}

/// Files that give keys different values: all conflicts, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeError {
    /// In the order found.
    pub conflicts: Vec<ValueConflict>,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ValueConflict { key, first, second }) = self.conflicts.first() {
            write!(f, "{key:?} has different values in {first} and {second}")?;
        }
        match self.conflicts.len() {
            0 | 1 => Ok(()),
            2 => f.write_str(", and so has another key"),
            many => write!(f, ", and so have {} other keys", many - 1),
        }
    }
}

impl std::error::Error for MergeError {}

/// Merges files in the order given. Keys keep the order of their first appearance; `defaults`, for keys that no file
/// has, come last.
///
/// Equal values are no conflict, whatever their types: `PORT=80` and `{"PORT": 80}` agree, and the first is kept.
///
/// # Errors
/// All keys to which two files give different values, unless `on_duplicate` is [`OnDuplicate::Last`].
pub fn merge(
    files: Vec<SourceFile>,
    on_duplicate: OnDuplicate,
    defaults: Vec<Entry>,
) -> Result<Vec<Merged>, MergeError> {
    let mut merged: Vec<Merged> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    let mut conflicts = Vec::new();
    for (position, SourceFile { path, file_type, entries }) in files.into_iter().enumerate() {
        for entry in entries {
            let source = Provenance::File { path: path.clone(), file_type, position };
            match positions.entry(entry.key.clone()) {
                hash_map::Entry::Vacant(vacant) => {
                    vacant.insert(merged.len());
                    merged.push(Merged { entry, source });
                }
                hash_map::Entry::Occupied(occupied) => {
                    let there = &mut merged[*occupied.get()];
                    let is_equal = there.entry.value.text == entry.value.text && there.entry.dollars == entry.dollars;
                    match (&there.source, on_duplicate) {
                        _ if is_equal => {}
                        (Provenance::File { path: first, .. }, OnDuplicate::Error) => {
                            conflicts.push(ValueConflict { key: entry.key, first: first.clone(), second: path.clone() })
                        }
                        _ => *there = Merged { entry, source },
                    }
                }
            }
        }
    }
    if !conflicts.is_empty() {
        return Err(MergeError { conflicts });
    }
    let missing = defaults.into_iter().filter(|entry| !positions.contains_key(&entry.key));
    merged.extend(missing.map(|entry| Merged { entry, source: Provenance::Defaults }));
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Value, ValueKind, parse};

    fn file(path: &str, text: &str) -> SourceFile {
        let path = ConfigPath::new(path).unwrap();
        let file_type = FileType::detect(&path);
        SourceFile { path, file_type, entries: parse(file_type, text.as_bytes(), "_").unwrap().entries }
    }

    fn defaults(text: &str) -> Vec<Entry> {
        parse(FileType::Dotenv, text.as_bytes(), "_").unwrap().entries
    }

    fn lines(merged: &[Merged]) -> Vec<String> {
        merged.iter().map(|m| format!("{}={} {}", m.entry.key, m.entry.value.text.expose(), m.source)).collect()
    }

    #[test]
    fn keys_keep_the_order_of_their_first_appearance() {
        let files = vec![file("a/.env", "B=1\nA=2"), file("b/.env", "C=3\nA=2")];
        let merged = merge(files, OnDuplicate::Error, defaults("Z=9\nA=8")).unwrap();
        assert_eq!(lines(&merged), ["B=1 a/.env", "A=2 a/.env", "C=3 b/.env", "Z=9 defaults"]);
    }

    #[test]
    fn different_values_are_an_error_that_names_all_keys_and_no_value() {
        let files = vec![file("a/.env", "A=hunter2\nB=1"), file("b/.env", "A=hunter3\nB=2")];
        let error = merge(files, OnDuplicate::Error, Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "\"A\" has different values in a/.env and b/.env, and so has another key");
        assert!(!format!("{error:?}").contains("hunter"));
    }

    #[test]
    fn the_last_file_counts_where_that_is_asked_for() {
        let files = vec![file("a/.env", "A=1\nB=1"), file("b/.env", "A=2"), file("c/.env", "A=3")];
        let merged = merge(files, OnDuplicate::Last, defaults("A=9")).unwrap();
        assert_eq!(lines(&merged), ["A=3 c/.env", "B=1 a/.env"]);
    }

    #[test]
    fn values_that_are_written_alike_agree_whatever_their_kind() {
        let merged =
            merge(vec![file("a.env", "PORT=80"), file("b.json", r#"{"PORT": 80}"#)], OnDuplicate::Error, Vec::new());
        let merged = merged.unwrap();
        assert_eq!((merged.len(), &merged[0].entry.value), (1, &Value::text("80")));
        assert_eq!(merged[0].entry.value.kind, ValueKind::Text);
    }

    #[test]
    fn one_text_that_expands_and_one_that_does_not_differ() {
        let files = vec![file("a.env", "A='${B}'"), file("b.env", "A=${B}")];
        assert!(merge(files, OnDuplicate::Error, Vec::new()).is_err());
    }
}
