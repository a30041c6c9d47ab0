//! JSON, YAML and TOML: read within bounds, and what one gives is the same in a form that is written of it.

use std::collections::BTreeSet;

use cstore::config::{FileType, MOST_VALUES, Setting, Value, ValueKind, parse};
use cstore::format::{Format, json_object, render};

pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let mut met = Vec::new();
    let forms = [(FileType::Json, "_", "JSON"), (FileType::Yaml, ".", "YAML"), (FileType::Toml, "__", "TOML")];
    for (file_type, separator, name) in forms {
        let Ok(parsed) = parse(file_type, bytes, separator) else { continue };
        assert!(parsed.entries.len() <= MOST_VALUES);
        let keys: BTreeSet<_> = parsed.entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys.len(), parsed.entries.len(), "one key twice");
        let settings: Vec<_> = parsed
            .entries
            .iter()
            .map(|entry| Setting { name: entry.key.clone(), value: entry.value.clone() })
            .collect();
        // A name with the separator's character in it stays one key: nothing is nested any more.
        let json = json_object(&settings);
        is_read_back(&settings, FileType::Json, json.expose());
        if let Ok(yaml) = render(Format::from_name("yaml").unwrap(), &settings, "shop") {
            is_read_back(&settings, FileType::Yaml, yaml.expose());
            met.extend(settings.first().map(|_| name));
        }
    }
    met
}

fn is_read_back(settings: &[Setting], file_type: FileType, text: &str) {
    let again = parse(file_type, text.as_bytes(), "_").expect("what was written is read");
    let spelled = |value: &Value| match value.kind {
        ValueKind::Number => without_its_spelling(value.text.expose()),
        _ => value.text.expose().clone(),
    };
    let expected: Vec<_> = settings.iter().map(|setting| (setting.name.clone(), spelled(&setting.value))).collect();
    let read: Vec<_> = again.entries.iter().map(|entry| (entry.key.clone(), spelled(&entry.value))).collect();
    assert!(read == expected, "{file_type:?} gives other values than were written");
}

/// The same of `1E5`, of `1e+5`, as JSON's reader spells it, and of `1.0e+5`, as YAML 1.1 wants it.
fn without_its_spelling(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return number.to_owned() };
    let (digits, exponent) =
        (digits.strip_suffix(".0").unwrap_or(digits), exponent.strip_prefix('+').unwrap_or(exponent));
    format!("{digits}e{exponent}")
}
