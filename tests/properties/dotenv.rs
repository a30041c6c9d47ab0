//! dotenv files: what is read is well-formed, and written anew it is read back as the same.

use std::collections::BTreeSet;

use cstore::config::{FileType, Setting, parse};
use cstore::format::{Format, render};

pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let mut met = Vec::new();
    let Ok(parsed) = parse(FileType::Dotenv, bytes, "_") else { return met };
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    let mut keys = BTreeSet::new();
    for entry in &parsed.entries {
        assert!(!entry.key.is_empty() && keys.insert(entry.key.as_str()), "the key {:?}", entry.key);
        assert!((1..=lines).contains(&entry.line), "line {} of {lines}", entry.line);
        let mut line = 0;
        for one in entry.earlier.iter().chain([entry]) {
            assert!(one.key == entry.key && one.line > line, "line {} after line {line}", one.line);
            line = one.line;
        }
        met.extend((!entry.earlier.is_empty()).then_some("a replaced value"));
        let text = entry.value.text.expose();
        for at in &entry.dollars {
            assert!(text[*at..].starts_with('$'), "a reference without its dollar sign");
            met.push("a reference");
        }
    }
    let settings: Vec<_> =
        parsed.entries.iter().map(|entry| Setting { name: entry.key.clone(), value: entry.value.clone() }).collect();
    met.extend((!parsed.warnings.is_empty()).then_some("a warning"));
    let Ok(text) = render(Format::from_name("dotenv").unwrap(), &settings, "shop") else { return met };
    let again = parse(FileType::Dotenv, text.expose().as_bytes(), "_").expect("what was written is read");
    assert_eq!(again.entries.len(), settings.len());
    for (setting, entry) in settings.iter().zip(&again.entries) {
        assert_eq!(setting.name, entry.key);
        assert!(setting.value.text == entry.value.text, "the value of {:?} has changed", entry.key);
        assert!(entry.dollars.is_empty(), "text of {:?} became a reference", entry.key);
    }
    met.extend(settings.first().map(|_| "read back"));
    met
}
