//! Looks for config values where none may be.
//!
//! What a value is, is decided here anew, line by line and much simpler than the tool's own parsers do: too many values
//! rather than too few. A test whose values are public by accident (`REGION=us-east-1`) says so with
//! [`Action::not_secret`](super::Action::not_secret).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::runner_rules::command_reader::parse_v2;

/// Values of fewer characters are not looked for: they stand in any text by chance.
const SHORTEST: usize = 6;

/// The values that a test has handled. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    values: BTreeSet<String>,
    public: BTreeSet<String>,
    /// The bytes of whole files.
    files: BTreeSet<Vec<u8>>,
}

impl Secrets {
    /// Adds a value, line by line, and what it stands for where it is JSON, base64, or has its line ends as `\n`.
    pub(crate) fn add(&self, value: &str) {
        if value.chars().count() < SHORTEST {
            return;
        }
        let lines = value.lines().map(str::trim).filter(|line| line.chars().count() >= SHORTEST);
        self.known.lock().unwrap().values.extend(lines.map(str::to_owned));
        if value.starts_with(['{', '[']) {
            serde_json::from_str(value).iter().for_each(|document| self.add_leaves(document));
        }
        if value.contains("\\n") {
            self.add(&value.replace("\\n", "\n"));
        }
        let decoded = STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(decoded) = decoded.filter(|decoded| !decoded.contains(|c: char| c.is_control() && c != '\n')) {
            self.add(&decoded);
        }
    }

    /// Adds all values of a file, by its name and in doubt by its looks.
    pub(crate) fn add_file(&self, path: &str, contents: &[u8]) {
        self.known.lock().unwrap().files.insert(contents.to_vec());
        let Ok(text) = std::str::from_utf8(contents) else { return };
        match serde_json::from_str(text) {
            Ok(document) if path.ends_with(".json") => self.add_leaves(&document),
            _ => text.lines().for_each(|line| self.add_line(line.trim())),
        }
    }

    /// Adds all values of a JSON document.
    pub(crate) fn add_leaves(&self, document: &Value) {
        match document {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => self.add(&number.to_string()),
            Value::String(text) => self.add(text),
            Value::Array(items) => items.iter().for_each(|item| self.add_leaves(item)),
            Value::Object(members) => members.values().for_each(|member| self.add_leaves(member)),
        }
    }

    /// Says that a value may be seen.
    pub(crate) fn allow(&self, value: &str) {
        self.known.lock().unwrap().public.insert(value.to_owned());
    }

    /// Panics if a value is in a text, as it is or as `Debug` would print it.
    pub(crate) fn assert_absent(&self, place: &str, text: &str) {
        if let Some(value) = self.find_in(text) {
            panic!(
                "the value {value:?} has leaked into {place}:\n{text}\n(If it is there for another reason, say \
                 `.not_secret([…])`; a file that holds no config is a `.repository_file(…)`.)"
            );
        }
    }

    /// A value that is in a text.
    pub(crate) fn find_in(&self, text: &str) -> Option<String> {
        let known = self.known.lock().unwrap();
        let leaked =
            |value: &&String| text.contains(value.as_str()) || text.contains(&value.escape_debug().to_string());
        known.values.difference(&known.public).find(leaked).cloned()
    }

    /// What a text tells of a value or a file without saying it: the beginning of its digest, or its length.
    pub(crate) fn find_trace_in(&self, text: &str) -> Option<String> {
        let known = self.known.lock().unwrap();
        let values = known.values.difference(&known.public).map(|value| (value.as_bytes(), value.chars().count()));
        let files = known.files.iter().map(|file| (file.as_slice(), String::from_utf8_lossy(file).chars().count()));
        values.chain(files.filter(|(bytes, _)| bytes.len() >= SHORTEST)).find_map(|(bytes, characters)| {
            let digest = Sha256::digest(bytes);
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            let lengths = [(bytes.len(), "byte"), (characters, "character")];
            let lengths = lengths.map(|(length, unit)| format!(" {length} {unit}"));
            [hex[..8].to_owned(), STANDARD.encode(digest)[..8].to_owned()]
                .into_iter()
                .chain(lengths)
                .find(|trace| text.contains(trace.as_str()))
        })
    }

    /// Whether both hold the values of the same test.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.known, &other.known)
    }

    /// `KEY=value`, `key = "value"`, `key: value`, `- value`, or a line of a value or a file that has no keys.
    fn add_line(&self, line: &str) {
        if line.starts_with('#') {
            return;
        }
        let is_key = |key: &&str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-. \"'".contains(c));
        let after = |separator| line.split_once(separator).filter(|(key, _)| is_key(key)).map(|(_, value)| value);
        let item = line.strip_prefix("- ").unwrap_or(line);
        let value = after("=").or_else(|| after(": ")).unwrap_or(item).trim();
        let without_comment = value.split(" #").next().unwrap_or(value).trim();
        for value in [value, without_comment] {
            self.add(value.trim_matches(['"', '\'', '`']));
        }
    }
}

/// What a step printed, without the commands that hand values to the runner's masker.
pub(crate) fn without_masks(stdout: &str) -> String {
    let is_mask = |line: &&str| parse_v2(line, None).is_some_and(|command| command.name == "add-mask");
    stdout.split_inclusive('\n').filter(|line| !is_mask(line)).collect()
}
