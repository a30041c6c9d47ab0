//! JSON, YAML and TOML: read within bounds, and what one gives is the same in a form that is written of it.

use std::collections::BTreeSet;

use cstore::config::{FileType, MOST_VALUES, Setting, parse};
use cstore::format::{Format, json_object, render};

pub fn hold(bytes: &[u8]) {
    for (file_type, separator) in [(FileType::Json, "_"), (FileType::Yaml, "."), (FileType::Toml, "__")] {
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
        if let Ok(yaml) = render(Format::Yaml, &settings, "shop") {
            is_read_back(&settings, FileType::Yaml, yaml.expose());
        }
    }
}

fn is_read_back(settings: &[Setting], file_type: FileType, text: &str) {
    let again = parse(file_type, text.as_bytes(), "_").expect("what was written is read");
    let of = |text: &str| text.to_owned();
    let expected: Vec<_> = settings.iter().map(|it| (of(&it.name), of(it.value.text.expose()))).collect();
    let read: Vec<_> = again.entries.iter().map(|it| (of(&it.key), of(it.value.text.expose()))).collect();
    assert!(read == expected, "{file_type:?} gives other values than were written");
}
