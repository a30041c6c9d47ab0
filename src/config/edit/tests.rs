//! What all dialects promise, tried on files of each.

use proptest::prelude::*;

use super::*;
use crate::config::{Parsed, Value};
use crate::tried::holds;

/// A nested document whose containers are named so that keys of the same name are met often.
#[derive(Debug, Clone)]
enum Doc {
    Leaf(usize),
    Map(Vec<(usize, Doc)>, usize),
    List(Vec<Doc>, usize),
}

fn doc() -> impl Strategy<Value = Doc> {
    let leaf = (0..12_usize).prop_map(Doc::Leaf);
    let inner = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            3 => (proptest::collection::vec((0..5_usize, inner.clone()), 0..4), 0..8_usize).prop_map(|(fields, style)| Doc::Map(fields, style)),
            1 => (proptest::collection::vec(inner, 0..4), 0..8_usize).prop_map(|(items, style)| Doc::List(items, style)),
        ]
    });
    (proptest::collection::vec((0..6_usize, inner), 0..5), 0..8_usize)
        .prop_map(|(fields, style)| Doc::Map(fields, style))
}

const KEYS: [&str; 6] = ["a", "b", "c", "a_b", "k 1", "x-y"];

fn json(doc: &Doc, indent: &str, text: &mut String) {
    const LEAVES: [&str; 12] =
        ["1", "\"x\"", "true", "null", "1e5", "\"\\u00e9\"", "-1.50", "\"a b\"", "\"\"", "\"//\"", "0", "\"{\""];
    let inner = [indent, "  "].concat();
    let (brackets, count, style) = match doc {
        Doc::Leaf(leaf) => return text.push_str(LEAVES[*leaf]),
        Doc::Map(fields, style) => (['{', '}'], fields.len(), style),
        Doc::List(items, style) => (['[', ']'], items.len(), style),
    };
    text.push(brackets[0]);
    for position in 0..count {
        let is_last = position + 1 == count;
        text.push_str(&if style % 4 == 0 { format!("\n{inner}") } else { " ".repeat(style % 4 - 1) });
        match doc {
            Doc::Map(fields, _) => {
                text.push_str(&format!("\"{}\":{}", KEYS[fields[position].0], [" ", ""][style % 2]));
                json(&fields[position].1, &inner, text);
            }
            Doc::List(items, _) => json(&items[position], &inner, text),
            Doc::Leaf(_) => {}
        }
        text.push_str(if is_last && style % 3 != 0 { "" } else { "," });
        text.push_str(if style % 4 == 0 { [" // c", "", " /* , */"][style % 3] } else { "" });
    }
    text.push_str(&if count > 0 && style % 4 == 0 { format!("\n{indent}") } else { String::new() });
    text.push(brackets[1]);
}

fn yaml(doc: &Doc, indent: usize, in_flow: bool, text: &mut String) {
    const LEAVES: [&str; 12] = [
        "1",
        "x",
        "true",
        "",
        "&k y",
        "'it''s'",
        "\"a\\n\"",
        "a b",
        "0x1f",
        "|\n{}  one\n\n{}  two\n",
        ">-\n{}   |x\n",
        "!t z",
    ];
    let pad = " ".repeat(indent);
    match doc {
        Doc::Leaf(leaf) if in_flow => text.push_str(LEAVES[*leaf % 9]),
        Doc::Leaf(leaf) => text.push_str(&LEAVES[*leaf].replace("{}", &pad)),
        Doc::Map(fields, style) if in_flow || style % 4 == 0 || fields.is_empty() => {
            text.push('{');
            for (position, (key, doc)) in fields.iter().enumerate() {
                text.push_str(&format!("{}{}: ", if position == 0 { "" } else { ", " }, KEYS[*key]));
                yaml(doc, indent, true, text);
            }
            text.push('}');
        }
        Doc::List(items, style) if in_flow || style % 4 == 0 || items.is_empty() => {
            text.push('[');
            for (position, doc) in items.iter().enumerate() {
                text.push_str(if position == 0 { "" } else { ", " });
                yaml(doc, indent, true, text);
            }
            text.push(']');
        }
        Doc::Map(fields, style) => {
            for (position, (key, doc)) in fields.iter().enumerate() {
                text.push_str(if position == 0 && indent > 0 && !text.ends_with("- ") { "\n" } else { "" });
                text.push_str(&if position == 0 && text.ends_with("- ") { String::new() } else { pad.clone() });
                text.push_str(&format!("{}: ", KEYS[*key]));
                yaml(doc, indent + 2, false, text);
                text.push_str(if text.ends_with('\n') { "" } else { [" # c\n", "\n", "\n\n"][(style + position) % 3] });
            }
        }
        Doc::List(items, style) => {
            for (position, doc) in items.iter().enumerate() {
                text.push_str(if position == 0 { "\n" } else { "" });
                text.push_str(&format!("{pad}- "));
                yaml(doc, indent + 2, *style == 1, text);
                text.push_str(if text.ends_with('\n') { "" } else { ["\n", "\n# c\n"][style % 2] });
            }
        }
    }
}

fn toml_value(doc: &Doc, text: &mut String) {
    const LEAVES: [&str; 12] = [
        "1",
        "\"x\"",
        "true",
        "'y'",
        "1_000",
        "0xff",
        "2024-01-01",
        "\"\"\"\na\n\"\"\"",
        "\"\\u00e9\"",
        "-1.5",
        "inf",
        "''",
    ];
    match doc {
        Doc::Leaf(leaf) => text.push_str(LEAVES[*leaf]),
        Doc::Map(fields, style) => {
            text.push_str("{ ");
            for (position, (key, doc)) in fields.iter().enumerate() {
                text.push_str(if position == 0 { "" } else { ", " });
                text.push_str(&format!("\"{}\"{} = ", KEYS[*key], ["", ".z"][style % 2]));
                toml_value(doc, text);
            }
            text.push_str(" }");
        }
        Doc::List(items, style) => {
            text.push('[');
            for doc in items {
                text.push_str(["", "\n  "][style % 2]);
                toml_value(doc, text);
                text.push_str([", ", ", # c\n"][style % 2]);
            }
            text.push(']');
        }
    }
}

fn toml_text(doc: &Doc) -> String {
    let mut text = String::new();
    let Doc::Map(fields, _) = doc else { return text };
    let (tables, values): (Vec<_>, Vec<_>) =
        fields.iter().partition(|(_, doc)| matches!(doc, Doc::Map(_, style) if style % 3 > 0));
    for (key, doc) in values {
        text.push_str(&format!("\"{}\" = ", KEYS[*key]));
        toml_value(doc, &mut text);
        text.push_str(" # c\n");
    }
    for (key, doc) in tables {
        let Doc::Map(fields, style) = doc else { continue };
        let brackets = if *style == 5 { ["[[", "]]"] } else { ["[", "]"] };
        text.push_str(&format!("\n# t\n{}\"{}\"{}{}\n", brackets[0], KEYS[*key], ["", ".u"][style % 2], brackets[1]));
        for (key, doc) in fields {
            text.push_str(&format!("\"{}\"{} = ", KEYS[*key], ["", ".z"][(style / 2) % 2]));
            toml_value(doc, &mut text);
            text.push('\n');
        }
    }
    text
}

fn texts_of(doc: &Doc) -> [(FileType, String); 3] {
    let (mut as_json, mut as_yaml) = (String::new(), String::new());
    json(doc, "", &mut as_json);
    yaml(doc, 0, false, &mut as_yaml);
    [(FileType::Json, as_json), (FileType::Yaml, as_yaml), (FileType::Toml, toml_text(doc))]
}

fn others(parsed: &Parsed, key: &str) -> Vec<(String, Value)> {
    let others = parsed.entries.iter().filter(|entry| entry.key != key);
    others.map(|entry| (entry.key.clone(), entry.value.clone())).collect()
}

#[test]
fn any_key_of_any_nested_document_is_changed_and_nothing_else_or_an_error_names_it() {
    let value = prop_oneof![
        "[a-c:#'\" \n\t\r\\\\{,é]{0,6}".prop_map(Value::text),
        "-?(0|[1-9][0-9]{0,3})".prop_map(|text| Value::new(text, ValueKind::Number)),
        Just(Value::new("true".to_owned(), ValueKind::Bool)),
    ];
    let inputs =
        (doc(), proptest::option::of(value), 0..6_usize, proptest::bool::weighted(0.8), "[a-c](_[a-c0-2]){0,2}");
    let least = [("set", 300), ("removed", 250), ("added", 500), ("refused", 200)];
    holds(600, &inputs, &least, |(doc, value, position, is_known, new)| {
        let mut met = Vec::new();
        for (file_type, text) in texts_of(&doc) {
            for text in [text.clone(), text.replace('\n', "\r\n"), text.trim_end().to_owned()] {
                let Ok(before) = parse(file_type, text.as_bytes(), "_") else {
                    met.push("unreadable");
                    continue;
                };
                let known = before.entries.get(position).filter(|_| is_known).map(|entry| entry.key.clone());
                let key = known.unwrap_or_else(|| new.clone());
                let is_new = before.entries.iter().all(|entry| entry.key != key);
                let change = match &value {
                    Some(value) => Change::Set { key: key.clone(), value: value.clone() },
                    None => Change::Remove { key: key.clone() },
                };
                let edited = match edit(file_type, text.as_bytes(), &[change], "_") {
                    Ok(edited) => edited.into_exposed(),
                    Err(error) => {
                        assert!(error.to_string().starts_with(&format!("{key:?} ")), "{error}");
                        let EditError::Key { problem, .. } = error else { panic!("{error}") };
                        met.push(match problem {
                            EditProblem::Absent => "absent",
                            // A block scalar at the end of a text whose last line has no end would get one.
                            EditProblem::Unverified => {
                                assert!(file_type == FileType::Yaml && !text.ends_with('\n'), "{text}");
                                "unverified"
                            }
                            _ => "refused",
                        });
                        continue;
                    }
                };
                let after = parse(file_type, edited.as_bytes(), "_").unwrap();
                assert_eq!(others(&before, &key), others(&after, &key), "{text}\n{edited}");
                let found = after.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.clone());
                let same = |one: &Value, other: &Value| (&one.text, one.kind) == (&other.text, other.kind);
                match (&found, &value) {
                    (Some(found), Some(value)) => assert!(same(found, value), "{text}\n{edited}"),
                    (None, None) => {}
                    _ => panic!("{text}\n{edited}"),
                }
                // Comments stay, apart from those of what is removed.
                if value.is_some() {
                    for comment in ["# c", "# t", "// c", "/* , */"] {
                        assert!(edited.matches(comment).count() >= text.matches(comment).count(), "{text}\n{edited}");
                    }
                }
                if text.contains('\r') {
                    assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count(), "{edited:?}");
                }
                met.push(if value.is_none() {
                    "removed"
                } else if is_new {
                    "added"
                } else {
                    "set"
                });
            }
        }
        met
    });
}
