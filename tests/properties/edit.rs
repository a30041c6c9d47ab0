//! Changes of one key in the text of a config file: the key has its value, every other key keeps its own, in its place, and
//! of the text nothing is lost or added that is not the change; or an error names the key.

use cstore::config::{Change, EditError, FileType, Value, ValueKind, edit, parse};

/// The types of files that have keys.
const TYPES: [(FileType, &str); 4] =
    [(FileType::Dotenv, "dotenv"), (FileType::Json, "JSON"), (FileType::Yaml, "YAML"), (FileType::Toml, "TOML")];

/// A change and, behind a NUL, a file: `KEY=TEXT`, `KEY:NUMBER` or `KEY:true` sets, `KEY` removes.
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let Ok(asked) = std::str::from_utf8(&bytes[..end]) else { return Vec::new() };
    let original = bytes.get(end + 1..).unwrap_or_default();
    let change = change(asked);
    TYPES.into_iter().flat_map(|(file_type, name)| of_type(file_type, name, original, &change)).collect()
}

fn change(asked: &str) -> Change {
    let set = |key: &str, value| Change::Set { key: key.to_owned(), value };
    let kind = |text: &str| match text {
        "true" | "false" => Some(ValueKind::Bool),
        number if number.parse::<serde_json::Number>().is_ok() => Some(ValueKind::Number),
        _ => None,
    };
    if let Some((key, text)) = asked.split_once('=') {
        return set(key, Value::text(text));
    }
    match asked.split_once(':').and_then(|(key, text)| Some((key, text, kind(text)?))) {
        Some((key, text, kind)) => set(key, Value::new(text.to_owned(), kind)),
        None => Change::Remove { key: asked.to_owned() },
    }
}

fn of_type(file_type: FileType, name: &'static str, original: &[u8], change: &Change) -> Vec<&'static str> {
    let Ok(before) = values(file_type, original) else { return Vec::new() };
    let edited = match edit(file_type, original, std::slice::from_ref(change), "_") {
        Ok(edited) => edited.into_exposed(),
        Err(error) => {
            assert!(matches!(error, EditError::Key { .. }), "{file_type:?} is read, and not to be changed: {error}");
            return vec!["refused"];
        }
    };
    let after = values(file_type, edited.as_bytes()).expect("what was changed is read");
    let others = |values: &[Of]| values.iter().filter(|of| of.key != change.key()).cloned().collect::<Vec<_>>();
    assert!(others(&before) == others(&after), "{file_type:?}: {change:?} changes others");
    let value = |values: &[Of]| values.iter().find(|of| of.key == change.key()).map(|of| (of.text.clone(), of.kind));
    let again = |change: &Change| edit(file_type, edited.as_bytes(), std::slice::from_ref(change), "_");
    match change {
        Change::Set { value: wanted, .. } => {
            let (text, kind) = value(&after).expect("the key is there");
            let is_same = text == *wanted.text.expose() || spelled(&text) == spelled(wanted.text.expose());
            assert!(is_same && (kind == wanted.kind || file_type == FileType::Dotenv), "{file_type:?}: another value");
            let again = again(change).expect("what was done can be done again");
            assert!(again.expose() == &edited, "{file_type:?}: {change:?} is another thing the second time");
            if value(&before).is_some() {
                return vec![name, "set"];
            }
            let original =
                if file_type == FileType::Toml { without_table(original, change.key()) } else { original.to_vec() };
            assert!(is_within(&original, edited.as_bytes()), "{file_type:?}: {change:?} takes something away");
            vec![name, "added"]
        }
        Change::Remove { .. } => {
            assert!(value(&after).is_none(), "{file_type:?}: {change:?} leaves the key");
            assert!(again(change).is_err(), "{file_type:?}: what is not there is removed");
            assert!(is_within(edited.as_bytes(), original), "{file_type:?}: {change:?} adds something");
            vec![name, "removed"]
        }
    }
}

/// A TOML file without the header of a table: an empty one may become a value.
fn without_table(text: &[u8], key: &str) -> Vec<u8> {
    let is_header = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let name = line.trim().strip_prefix('[').and_then(|line| line.split(']').next());
        name.is_some_and(|name| name.replace(['"', '\'', ' ', '\t'], "").replace('.', "_") == key)
    };
    text.split_inclusive(|byte| *byte == b'\n').filter(|line| !is_header(line)).flatten().copied().collect()
}

/// Whether a text is another one of which something was left out. White space does not count, nor do brackets: an empty map
/// or list has no key, and may become a value.
fn is_within(part: &[u8], whole: &[u8]) -> bool {
    let mut whole = whole.iter();
    part.iter().filter(|byte| !b" \t\r\n{}[]".contains(byte)).all(|byte| whole.any(|other| other == byte))
}

/// One spelling of a number, however its exponent is written.
fn spelled(text: &str) -> Option<String> {
    text.parse::<serde_json::Number>().ok().map(|number| number.to_string())
}

/// A key and its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Of {
    pub key: String,
    pub text: String,
    pub kind: ValueKind,
}

/// What a file says, in its order.
fn values(file_type: FileType, bytes: &[u8]) -> Result<Vec<Of>, ()> {
    let of = |entry: &cstore::config::Entry| Of {
        key: entry.key.clone(),
        text: entry.value.text.expose().clone(),
        kind: entry.value.kind,
    };
    Ok(parse(file_type, bytes, "_").map_err(|_| ())?.entries.iter().map(of).collect())
}
