//! Merges the values of several files into one set.

use std::collections::HashMap;
use std::collections::hash_map;
use std::fmt;

use super::{Entry, FileType};
use crate::excerpt::excerpt;
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

/// Files that give one key different values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueConflict {
    /// The key.
    pub key: String,
    /// The files, at least two: the first, and those with other values than that one, in their order.
    pub files: Vec<ConfigPath>,
}

impl fmt::Display for ValueConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, more) = self.files.split_at(self.files.len().min(MOST_NAMED));
        let files = shown.iter().enumerate().map(|(position, path)| match position {
            0 => path.to_string(),
            _ if position + 1 == self.files.len() => format!(" and {path}"),
            _ => format!(", {path}"),
        });
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        write!(f, "{:?} has different values in {}{more}", excerpt(&self.key), files.collect::<String>())
    }
}

/// The most keys, and files of each, that a message names.
const MOST_NAMED: usize = 10;

/// Files that give keys different values: all conflicts, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeError {
    /// In the order of the keys' first conflicts.
    pub conflicts: Vec<ValueConflict>,
    /// Whether the later value could count. Where others read the files themselves, it could not.
    pub can_take_last: bool,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, conflict) in self.conflicts.iter().take(MOST_NAMED).enumerate() {
            write!(f, "{}{conflict}", if position == 0 { "" } else { "; " })?;
        }
        match self.conflicts.len().saturating_sub(MOST_NAMED) {
            0 => Ok(()),
            1 => f.write_str("; and so has 1 more key"),
            more => write!(f, "; and so have {more} more keys"),
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
    let most = files.iter().map(|file| file.entries.len()).sum();
    let mut merged: Vec<Merged> = Vec::with_capacity(most);
    let mut positions: HashMap<String, usize> = HashMap::with_capacity(most);
    let mut conflicts: Vec<ValueConflict> = Vec::new();
    // Where the conflict of a key is, by the key's place.
    let mut conflict_of: HashMap<usize, usize> = HashMap::new();
    for (position, SourceFile { path, file_type, entries }) in files.into_iter().enumerate() {
        for entry in entries {
            let source = Provenance::File { path: path.clone(), file_type, position };
            match positions.entry(entry.key.clone()) {
                hash_map::Entry::Vacant(vacant) => {
                    vacant.insert(merged.len());
                    merged.push(Merged { entry, source });
                }
                hash_map::Entry::Occupied(occupied) => {
                    let place = *occupied.get();
                    let there = &mut merged[place];
                    let is_equal = there.entry.value.text == entry.value.text && there.entry.dollars == entry.dollars;
                    match (&there.source, on_duplicate) {
                        _ if is_equal => {}
                        (Provenance::File { path: first, .. }, OnDuplicate::Error) => {
                            let index = *conflict_of.entry(place).or_insert(conflicts.len());
                            if index == conflicts.len() {
                                conflicts.push(ValueConflict { key: entry.key, files: vec![first.clone()] });
                            }
                            conflicts[index].files.push(path.clone());
                        }
                        _ => *there = Merged { entry, source },
                    }
                }
            }
        }
    }
    if !conflicts.is_empty() {
        return Err(MergeError { conflicts, can_take_last: true });
    }
    let missing = defaults.into_iter().filter(|entry| !positions.contains_key(&entry.key));
    merged.extend(missing.map(|entry| Merged { entry, source: Provenance::Defaults }));
    Ok(merged)
}

/// The keys to which files give different values, as [`merge`] finds them.
#[must_use]
pub fn conflicts(files: &[SourceFile]) -> Vec<ValueConflict> {
    let mut firsts: HashMap<&str, (&Entry, &ConfigPath)> = HashMap::new();
    let mut conflicts: Vec<ValueConflict> = Vec::new();
    let mut conflict_of: HashMap<&str, usize> = HashMap::new();
    for SourceFile { path, entries, .. } in files {
        for entry in entries {
            let (first, first_path) = *firsts.entry(&entry.key).or_insert((entry, path));
            if first.value.text == entry.value.text && first.dollars == entry.dollars {
                continue;
            }
            let index = *conflict_of.entry(&entry.key).or_insert(conflicts.len());
            if index == conflicts.len() {
                conflicts.push(ValueConflict { key: entry.key.clone(), files: vec![first_path.clone()] });
            }
            conflicts[index].files.push(path.clone());
        }
    }
    conflicts
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
        let words = r#""A" has different values in a/.env and b/.env; "B" has different values in a/.env and b/.env"#;
        assert_eq!(error.to_string(), words);
        assert!(!format!("{error:?}").contains("hunter"));
        let files = [file("a/.env", "A=1\nB=1\nC=1"), file("b/.env", "A=2\nB=1"), file("c/.env", "A=3\nC=2")];
        let error = merge(files.to_vec(), OnDuplicate::Error, Vec::new()).unwrap_err();
        assert_eq!((conflicts(&files).len(), conflicts(&files)), (2, error.conflicts));
    }

    #[test]
    fn a_key_is_named_once_with_all_its_files() {
        let files = vec![file("a.env", "A=1"), file("b.env", "A=2"), file("c.env", "A=1"), file("d.env", "A=3")];
        let error = merge(files, OnDuplicate::Error, Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), r#""A" has different values in a.env, b.env and d.env"#);
    }

    #[test]
    fn of_many_keys_and_files_ten_are_named() {
        let text = |value: &str| (0..12).map(|index| format!("K{index}={value}\n")).collect::<String>();
        let files = (0..12).map(|index| file(&format!("{index}.env"), &text(&index.to_string()))).collect();
        let error = merge(files, OnDuplicate::Error, Vec::new()).unwrap_err().to_string();
        assert!(error.contains(r#""K9" has different values in 0.env, 1.env, 2.env"#), "{error}");
        assert!(error.contains(", 9.env and 2 more; ") && error.ends_with("; and so have 2 more keys"), "{error}");
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
