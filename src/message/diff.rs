//! The words for what differs between two sides.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::headline::place;
use super::speaker::Speaker;
use super::{Message, some_of};
use crate::command::{Change, Diffed, DiffedSide, FileChange, Lacking, LackingKey, NoKeys, Obstacle};
use crate::excerpt::listed_key;

/// How a front end shows a path, which is relative to the catalog.
pub type Shown<'a> = &'a dyn Fn(&str) -> String;

/// The layout of the document.
const SCHEMA: u64 = 1;

/// A line of a diff: a file, or below it a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine<'a> {
    /// What became of it.
    pub change: Change,
    /// The key; none for a file.
    pub key: Option<&'a str>,
    /// The file or key, and of a file what else there is to say. Not yet cleaned for a log or a terminal.
    pub text: String,
}

impl DiffLine<'_> {
    /// The line, a key's further in by this: `  ~ DB_HOST`.
    #[must_use]
    pub fn shown(&self, indent: &str) -> String {
        let indent = if self.key.is_some() { indent } else { "" };
        format!("{indent}{} {}", sign(self.change), self.text)
    }

    /// The line as a block of a diff has it, its sign first: `~   DB_HOST`.
    #[must_use]
    pub fn in_a_block(&self) -> String {
        let indent = if self.key.is_some() { "  " } else { "" };
        format!("{}{indent} {}", sign(self.change), self.text)
    }
}

/// `+`, `~` or `-`.
#[must_use]
pub const fn sign(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Changed => '~',
        Change::Removed => '-',
    }
}

/// What a side is, in the midst of a sentence.
#[must_use]
pub fn side(side: &DiffedSide) -> String {
    side.location.as_ref().map_or_else(|| "the files here".to_owned(), place)
}

/// What was compared with what, as a sentence's beginning.
#[must_use]
pub fn compared(diffed: &Diffed) -> String {
    format!("Compared {} with {}", side(&diffed.from), side(&diffed.to))
}

/// "2 files differ".
#[must_use]
pub fn how_many(diffed: &Diffed) -> String {
    match diffed.files.len() {
        0 => "no file differs".to_owned(),
        1 => "1 file differs".to_owned(),
        files => format!("{files} files differ"),
    }
}

/// What differs, with the keys if these were asked for.
#[must_use]
pub fn lines(files: &[FileChange], by_key: bool) -> Vec<DiffLine<'_>> {
    files.iter().flat_map(|file| lines_of(file, by_key, file.path.to_string())).collect()
}

/// What differs in a file, whose path is shown so.
#[must_use]
pub fn lines_of(file: &FileChange, by_key: bool, path: String) -> Vec<DiffLine<'_>> {
    let why = if by_key { clause(file) } else { None };
    let text = why.map_or_else(|| path.clone(), |why| format!("{path} ({why})"));
    let mut lines = vec![DiffLine { change: file.change, key: None, text }];
    if let (true, Ok(keys)) = (by_key, &file.keys) {
        let kinds = [(Change::Added, &keys.added), (Change::Changed, &keys.changed), (Change::Removed, &keys.removed)];
        lines.extend(kinds.into_iter().flat_map(|(change, keys)| {
            keys.iter().map(move |key| DiffLine { change, key: Some(key), text: listed_key(key) })
        }));
    }
    lines
}

/// Why a file has no keys to name, or what is to be said of these.
fn clause(file: &FileChange) -> Option<String> {
    Some(match (&file.keys, file.change) {
        (Ok(keys), Change::Changed) if keys.are_none() => "the same values".to_owned(),
        (Ok(keys), Change::Added) if keys.added.is_empty() => "no keys".to_owned(),
        (Ok(keys), Change::Removed) if keys.removed.is_empty() => "no keys".to_owned(),
        (Ok(keys), Change::Changed) if keys.unkeyed => "something differs that has no key".to_owned(),
        (Ok(keys), _) if keys.unkeyed => "not all of it has keys".to_owned(),
        (Ok(_), _) => return None,
        (Err(NoKeys::Raw), _) => "not read as keys".to_owned(),
        (Err(NoKeys::Unread), _) => "its keys cannot be read".to_owned(),
        (Err(NoKeys::NotHad(why)), _) => format!("its keys are not compared: {}", obstacle(*why)),
    })
}

pub(super) fn obstacle(why: Obstacle) -> String {
    match why {
        Obstacle::Denied(action) => format!("{action} was denied"),
        Obstacle::TooSlow => "it was not read in time".to_owned(),
        Obstacle::TooMuch => "there is more than is read for this".to_owned(),
        Obstacle::Unreadable => "it could not be read".to_owned(),
    }
}

/// The keys that one side lacks, a sentence a side.
#[must_use]
pub fn lacking(diffed: &Diffed, path: Shown<'_>) -> Vec<String> {
    lacking_of(diffed, path, |_| true)
}

/// The same where only one side has some of the files. Where both have all of them, the lines of the diff say it.
#[must_use]
pub fn lacking_beside_lines(diffed: &Diffed, path: Shown<'_>) -> Vec<String> {
    let of_both = diffed.files.iter().filter(|file| file.change == Change::Changed).map(|file| &file.path);
    let of_both: HashSet<_> = of_both.collect();
    let beside = lacking_of(diffed, path, |key| !of_both.contains(&key.path));
    if beside.is_empty() { beside } else { lacking(diffed, path) }
}

fn lacking_of(diffed: &Diffed, path: Shown<'_>, is_told: impl Fn(&LackingKey) -> bool) -> Vec<String> {
    let Some(lacking) = &diffed.lacking else { return Vec::new() };
    let sides = [(&diffed.from, &lacking.in_from), (&diffed.to, &lacking.in_to)];
    let sides = sides.map(|(of, keys)| (of, named(keys.iter().filter(|key| is_told(key)), path)));
    let sides = sides.into_iter().filter(|(_, keys)| !keys.is_empty());
    sides.map(|(of, keys)| format!("Not in {}: {}", side(of), some_of(&keys))).collect()
}

fn named<'a>(keys: impl IntoIterator<Item = &'a LackingKey>, shown: Shown<'_>) -> Vec<String> {
    let named = |LackingKey { path, key }: &LackingKey| format!("{} ({})", listed_key(key), shown(path.as_str()));
    keys.into_iter().map(named).collect()
}

/// What is wrong where two sides are to have the same keys.
#[must_use]
pub fn not_the_same_keys(diffed: &Diffed, shown: Shown<'_>, speaker: impl Speaker) -> Vec<Message> {
    let Some(Lacking { in_from, in_to, unknown }) = &diffed.lacking else { return Vec::new() };
    let lacks = |of: &DiffedSide, other: &DiffedSide, keys: &[LackingKey]| {
        let text = || {
            let keys = named(keys, shown);
            format!("These keys of {} are not in {}: {}.", side(other), side(of), some_of(&keys))
        };
        (!keys.is_empty()).then(|| Message {
            next: "Add them there, or remove them from the other.".to_owned(),
            ..Message::new("Different keys", text())
        })
    };
    let unknown: Vec<_> =
        unknown.iter().map(|(path, why)| format!("{} ({})", shown(path.as_str()), no_keys(*why))).collect();
    let unknown = (!unknown.is_empty()).then(|| Message {
        next: speaker.say("See that they can be read, or leave them out with `files`."),
        ..Message::new(
            "Different keys",
            format!("The keys of these files could not be compared: {}.", some_of(&unknown)),
        )
    });
    let sides = [lacks(&diffed.from, &diffed.to, in_from), lacks(&diffed.to, &diffed.from, in_to), unknown];
    sides.into_iter().flatten().collect()
}

fn no_keys(why: NoKeys) -> String {
    match why {
        NoKeys::Raw => "not read as keys".to_owned(),
        NoKeys::Unread => "its keys cannot be read".to_owned(),
        NoKeys::NotHad(why) => obstacle(why),
    }
}

/// The message for a difference where there was to be none.
#[must_use]
pub fn difference(diffed: &Diffed) -> Message {
    let differ: Vec<_> = diffed.files.iter().map(|file| format!("{} {}", sign(file.change), file.path)).collect();
    let text = format!("{}: {}.", compared(diffed), some_of(&differ));
    Message { next: "The log names the keys.".to_owned(), ..Message::new("Difference", text) }
}

/// The files that differ, by their paths: what became of each, and the names of its keys.
#[must_use]
pub fn changes(files: &[FileChange]) -> Value {
    let files = files.iter().map(|file| {
        let mut object = Map::from_iter([("file".to_owned(), json!(file.change.word()))]);
        if let Ok(keys) = &file.keys {
            object.insert("added".to_owned(), json!(keys.added));
            object.insert("changed".to_owned(), json!(keys.changed));
            object.insert("removed".to_owned(), json!(keys.removed));
        }
        (file.path.to_string(), Value::Object(object))
    });
    Value::Object(files.collect())
}

/// All of a diff. It holds values only where they were asked for.
#[must_use]
pub fn document(diffed: &Diffed) -> Value {
    let files: Vec<_> = diffed.files.iter().map(|file| file_document(file, diffed.by_key)).collect();
    let mut document = json!({
        "schema": SCHEMA,
        "from": side_document(&diffed.from),
        "to": side_document(&diffed.to),
        "different": diffed.is_different(),
        "files": files,
    });
    if let Some(lacking) = &diffed.lacking {
        document["lacking"] = lacking_document(lacking);
    }
    document
}

pub(super) fn side_document(side: &DiffedSide) -> Value {
    let mut document = json!({ "digest": side.digest.pin(), "files": side.files });
    match &side.location {
        None => document["working"] = json!(true),
        Some(location) => {
            document["bucket"] = json!(location.bucket);
            document["context"] = json!(location.context.as_str());
            document["version"] = json!(location.version);
            document["published"] = json!(location.manifest.is_some());
        }
    }
    document
}

fn file_document(file: &FileChange, by_key: bool) -> Value {
    let mut document = json!({ "path": file.path.as_str(), "change": file.change.word() });
    match &file.keys {
        _ if !by_key => {}
        Ok(keys) => {
            document["keys"] = json!({ "added": keys.added, "changed": keys.changed, "removed": keys.removed });
            document["same_values"] = json!(file.change == Change::Changed && keys.are_none());
            if !keys.values.is_empty() {
                let values = keys.values.iter().map(|value| {
                    let shown =
                        [&value.before, &value.after].map(|text| text.as_ref().map(|text| text.expose().clone()));
                    let [before, after] = shown;
                    json!({ "key": value.key, "before": before, "after": after })
                });
                document["values"] = values.collect();
            }
        }
        Err(why) => insert_no_keys(&mut document, *why),
    }
    document
}

fn insert_no_keys(document: &mut Value, why: NoKeys) {
    document["no_keys"] = json!(match why {
        NoKeys::Raw => "raw",
        NoKeys::Unread => "unread",
        NoKeys::NotHad(Obstacle::Denied(_)) => "denied",
        NoKeys::NotHad(Obstacle::TooMuch) => "too-much",
        NoKeys::NotHad(Obstacle::TooSlow | Obstacle::Unreadable) => "unreadable",
    });
    if let NoKeys::NotHad(Obstacle::Denied(action)) = why {
        document["action"] = json!(action);
    }
}

pub(super) fn lacking_document(lacking: &Lacking) -> Value {
    let keys = |keys: &[LackingKey]| -> Vec<_> {
        keys.iter().map(|LackingKey { path, key }| json!({ "path": path.as_str(), "key": key })).collect()
    };
    let unknown = lacking.unknown.iter().map(|(path, why)| {
        let mut document = json!({ "path": path.as_str() });
        insert_no_keys(&mut document, *why);
        document
    });
    json!({ "from": keys(&lacking.in_from), "to": keys(&lacking.in_to), "unknown": unknown.collect::<Vec<_>>() })
}
