//! What all dialects promise, tried on files of each.

pub(in crate::config) mod changed;

use proptest::prelude::*;

use super::*;
use crate::config::{MergeConflict, Parsed, Value, merge3};
use crate::tried::holds;

/// A nested document whose containers are named so that keys of the same name are met often.
#[derive(Debug, Clone)]
enum Doc {
    Leaf(usize),
    Map(Vec<(usize, Doc)>, usize),
    List(Vec<Doc>, usize),
}

fn doc_item() -> impl Strategy<Value = Doc> {
    let leaf = (0..12_usize).prop_map(Doc::Leaf);
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            3 => (proptest::collection::vec((0..5_usize, inner.clone()), 0..4), 0..8_usize).prop_map(|(fields, style)| Doc::Map(fields, style)),
            1 => (proptest::collection::vec(inner, 0..4), 0..8_usize).prop_map(|(items, style)| Doc::List(items, style)),
        ]
    })
}

fn doc() -> impl Strategy<Value = Doc> {
    (proptest::collection::vec((0..6_usize, doc_item()), 0..5), 0..8_usize)
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

/// The same document with another item in the place of one, or one more, or one less.
fn changed(doc: &Doc, (position, key, new): &(usize, usize, Option<Doc>)) -> Doc {
    let Doc::Map(fields, style) = doc else { return doc.clone() };
    let mut fields = fields.clone();
    match (fields.get_mut(*position), new) {
        (Some((_, inner @ Doc::Map(..))), _) if *key % 2 == 0 => {
            *inner = changed(inner, &(*position / 2, *key, new.clone()));
        }
        (Some((_, inner)), Some(new)) => *inner = new.clone(),
        (Some(_), None) => drop(fields.remove(*position)),
        (None, Some(new)) => fields.push((*key, new.clone())),
        (None, None) => {}
    }
    Doc::Map(fields, *style)
}

/// Merges from both sides, and says what became of it.
fn merges_both_ways(file_type: FileType, base: &str, ours: &str, theirs: &str) -> &'static str {
    if [base, ours, theirs].iter().any(|text| parse(file_type, text.as_bytes(), "_").is_err()) {
        return "unreadable";
    }
    let merge = |ours: &str, theirs: &str| {
        merge3(file_type, Some(base.as_bytes()), ours.as_bytes(), theirs.as_bytes(), "_")
            .map(|merged| String::from_utf8(merged.bytes.into_exposed()).unwrap())
    };
    assert_eq!(merge(ours, base).as_deref(), Ok(ours));
    assert_eq!(merge(base, theirs).as_deref(), Ok(theirs));
    // There may be a place for the changes on one side alone.
    let (Ok(one), Ok(other)) = (merge(ours, theirs), merge(theirs, ours)) else { return "conflict" };
    let values = |text: &str| {
        let mut values = others(&parse(file_type, text.as_bytes(), "_").unwrap(), "\n");
        values.iter_mut().for_each(|(_, value)| value.spellings.clear());
        values.sort_by(|one, other| one.0.cmp(&other.0));
        values
    };
    let texts = [base, ours, theirs, &one, &other].join("\n---\n");
    assert_eq!(values(&one), values(&other), "{texts}");
    match merge(&one, theirs) {
        Ok(again) => assert_eq!(values(&again), values(&one), "{texts}"),
        Err(MergeConflict::WholeFile) => panic!("what was merged cannot be read again: {texts}"),
        // A key that is written in two places may be an empty map in one of them, which the merge has filled.
        Err(_) => return "conflict of what is merged",
    }
    if [base, ours, theirs].contains(&one.as_str()) { "one side" } else { "merged" }
}

#[test]
fn any_merge_of_nested_documents_is_the_same_from_both_sides_and_loses_nothing() {
    let change = || proptest::collection::vec((0..6_usize, 0..6_usize, proptest::option::of(doc_item())), 1..3);
    let least = [("merged", 250), ("conflict", 60)];
    holds(800, &(doc(), change(), change()), &least, |(base, mine, other)| {
        let mut met = Vec::new();
        let apply =
            |changes: &[(usize, usize, Option<Doc>)]| changes.iter().fold(base.clone(), |doc, one| changed(&doc, one));
        let texts = [texts_of(&base), texts_of(&apply(&mine)), texts_of(&apply(&other))];
        let [bases, ours, theirs] = &texts;
        for (((file_type, base), (_, ours)), (_, theirs)) in bases.iter().zip(ours).zip(theirs) {
            let (file_type, base, ours, theirs) = (*file_type, base.as_str(), ours.as_str(), theirs.as_str());
            met.push(merges_both_ways(file_type, base, ours, theirs));
        }
        met
    });
}

/// A document where many keys have one name, as `a: {b: 1}` and `a_b: 1` do, and many are written twice.
fn ambiguous_doc() -> impl Strategy<Value = Doc> {
    (proptest::collection::vec((prop_oneof![Just(0_usize), Just(3)], ambiguous_item()), 1..4), Just(3_usize))
        .prop_map(|(fields, style)| Doc::Map(fields, style))
}

fn ambiguous_item() -> impl Strategy<Value = Doc> {
    let fields = |inner| proptest::collection::vec((prop_oneof![Just(1_usize), Just(4)], inner), 0..3);
    let leaf = (0..3_usize).prop_map(Doc::Leaf);
    leaf.prop_recursive(2, 6, 2, move |inner| {
        (fields(inner), Just(3_usize)).prop_map(|(fields, style)| Doc::Map(fields, style))
    })
}

#[test]
fn any_merge_of_keys_with_one_name_is_the_same_from_both_sides_and_can_be_read() {
    let key = || prop_oneof![Just(0_usize), Just(1), Just(3), Just(4)];
    let change = || proptest::collection::vec((0..4_usize, key(), proptest::option::of(ambiguous_item())), 1..3);
    let least = [("merged", 100), ("conflict", 100)];
    holds(2_000, &(ambiguous_doc(), change(), change()), &least, |(base, mine, other)| {
        let apply =
            |changes: &[(usize, usize, Option<Doc>)]| changes.iter().fold(base.clone(), |doc, one| changed(&doc, one));
        let text = |doc: &Doc| {
            let mut text = String::new();
            json(doc, "", &mut text);
            text
        };
        vec![merges_both_ways(FileType::Json, &text(&base), &text(&apply(&mine)), &text(&apply(&other)))]
    });
}
