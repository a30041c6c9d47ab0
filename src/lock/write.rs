use super::document::Lock;
use super::entry::{FIELDS, FORMAT};

/// What stands above the entries, for whoever opens the file.
const HEAD: &str = "# Which version and content each requirement stands for. Written by `cstore lock`; commit it.\n";

impl Lock {
    /// The file: text that does not depend on the order in which it was made, a line a fact, so that git merges what
    /// was changed apart and reports a conflict for what was not.
    #[must_use]
    pub fn text(&self) -> String {
        text(self)
    }
}

fn text(lock: &Lock) -> String {
    let mut text = format!("{HEAD}format = {FORMAT}\n");
    for (name, entry) in lock.entries() {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let key = if name.as_str().bytes().all(is_plain) { name.to_string() } else { quoted(name.as_str()) };
        text.push_str(&format!("\n[config.{key}]\n"));
        let values = [
            entry.context.to_string(),
            entry.requirement.to_string(),
            entry.version_name().to_owned(),
            entry.content.digest.pin(),
            entry.content.settings.pin(),
        ];
        for (field, value) in FIELDS.iter().zip(values) {
            text.push_str(&format!("{field} = {}\n", quoted(&value)));
        }
    }
    text
}

/// A basic string of TOML (<https://toml.io/en/v1.0.0#string>).
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
