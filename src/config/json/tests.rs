use proptest::prelude::*;

use super::*;
use crate::config::jsonc::plain;
use crate::config::{FileType, Unkeyed, parse};
use crate::tried::holds;

/// Entries as `key=text kind`.
fn entries(text: &str) -> Vec<String> {
    let parsed = parse(FileType::Json, text.as_bytes(), "_").unwrap_or_else(|error| panic!("{text}: {error}"));
    let line =
        |entry: crate::config::Entry| format!("{}={} {:?}", entry.key, entry.value.text.expose(), entry.value.kind);
    parsed.entries.into_iter().map(line).collect()
}

fn error(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn values_keep_kind_and_text() {
    assert_eq!(
        entries(r#" {"s": "a\n\u00fc\ud83d\ude00", "t": true, "n": null, "e": "", "o": {"l": [1, {"x": false}]}} "#),
        ["s=a\nü😀 Text", "t=true Bool", "n= Null", "e= Text", "o_l_0=1 Number", "o_l_1_x=false Bool"]
    );
}

#[test]
fn numbers_keep_their_text() {
    for number in [
        "0",
        "-0",
        "-7",
        "1.10",
        "1e+05",
        "-0.5e-3",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "0.1000000000000000055511151231257827",
        "1e+999999999",
    ] {
        assert_eq!(entries(&format!(r#"{{"n": {number}}}"#)), [format!("n={number} Number")]);
    }
}

#[test]
fn exponents_are_spelled_with_their_sign() {
    assert_eq!(entries(r#"{"n": 1E5, "m": 2e-05}"#), ["n=1e+5 Number", "m=2e-05 Number"]);
}

#[test]
fn an_object_cannot_pretend_to_be_a_number() {
    let magic = "$serde_json::private::Number";
    assert_eq!(entries(&format!(r#"{{"a": {{"{magic}": "12"}}}}"#)), [format!("a_{magic}=12 Text")]);
    assert_eq!(entries(&format!(r#"{{"a": {{"{magic}": 1.5}}}}"#)), [format!("a_{magic}=1.5 Number")]);
    assert_eq!(entries(&format!(r#"{{"a": [{{"{magic}": 12, "b": 1e400}}, 2.5]}}"#)).len(), 3);
    let deep = format!(r#"{{"{magic}":"#).repeat(10_000);
    assert_eq!(read(&deep).unwrap_err().problem, ParseProblem::TooDeep);
}

#[test]
fn of_a_key_twice_the_last_value_counts_as_a_whole() {
    let text = "{\"a\": {\"x\": 1, \"z\": [5]},\n \"b\": 2,\n \"\\u0061\": {\"y\": 3, \"y\": 4.5,\n\"y\": 6}}";
    let parsed = parse(FileType::Json, text.as_bytes(), "_").unwrap();
    let found: Vec<_> =
        parsed.entries.iter().map(|e| (e.key.as_str(), e.value.text.expose().as_str(), e.line)).collect();
    // At the place of the first, like a dict of Python.
    assert_eq!(found, [("a_y", "6", 4), ("b", "2", 2)]);
    let said: Vec<_> = parsed.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["these keys are set more than once, and the last value of each is used: y (lines 3 and 4), a (lines 1 and 3)"]
    );
    let replaced = ["3", "4.5", "1", "5"].map(|number| Unkeyed::Value(Value::number(number)));
    assert_eq!(parsed.unkeyed, replaced);
}

#[test]
fn a_key_twice_cannot_be_made_a_flood() {
    let text = format!("{{{}\"a\": 1}}", "\"a\": {\"a\": 1},\n".repeat(30_000));
    let parsed = parse(FileType::Json, text.as_bytes(), "_").unwrap();
    assert_eq!(parsed.entries.len(), 1);
    assert!(parsed.warnings[0].to_string().len() < 200, "{:?}", parsed.warnings);
    let text = format!("{{{}\"a\": 1}}", "\"a\": 1,".repeat(100_000));
    assert_eq!(read(&text).unwrap_err().problem, ParseProblem::TooManyValues);
}

#[test]
fn comments_and_a_comma_behind_the_last_item_are_read() {
    let text = "\u{feff}// levels\n{\n  // levels\n  \"Logging\": { \"Level\": \"Info1 // no comment, ]\", }, /* x\n */\n \"l\": [1,\n],\n}//";
    assert_eq!(entries(text), ["Logging_Level=Info1 // no comment, ] Text", "l_0=1 Number"]);
    let lines: Vec<_> = parse(FileType::Json, text.as_bytes(), "_").unwrap().entries.iter().map(|e| e.line).collect();
    assert_eq!(lines, [4, 6]);
    for text in ["", " \n", "// nothing\n", "/* nothing */"] {
        let parsed = parse(FileType::Json, text.as_bytes(), "_").unwrap();
        assert_eq!((parsed.entries.len(), parsed.warnings), (0, vec![crate::config::Warning::Empty]), "{text:?}");
    }
    for (text, expected) in [
        ("{ /* ü\n*/ \"ü\": x}", "line 2, column 9: it is not valid JSON: a value is missing"),
        ("{\"a\": 1 /* x", "line 1, column 9: it is not valid JSON: the comment that begins here is not closed"),
        ("[1,,]", "line 1, column 4: it is not valid JSON: a value is missing"),
        ("[,]", "line 1, column 2: it is not valid JSON: a value is missing"),
        ("# c\n{}", "line 1, column 1: it is not valid JSON: a value is missing"),
        ("{'a': 1}", "line 1, column 2: it is not valid JSON: a key must be in double quotes"),
        ("{\"a\": 1\n", "line 1, column 7: it is not valid JSON: it ends too early"),
        (
            "{\"a\": \"x\n\"}",
            "line 1, column 8: it is not valid JSON: there is a control character in a string, such as a line end",
        ),
    ] {
        assert_eq!(error(text), expected, "{text:?}");
    }
}

#[test]
fn what_is_no_json_is_refused_with_its_place_and_no_quote() {
    for (text, expected) in [
        ("{\"a\": hunter2}", "line 1, column 7: it is not valid JSON: a value is missing"),
        ("{\"a\": 1,,}", "line 1, column 9: it is not valid JSON: a key must be in double quotes"),
        ("{\"a\": 1", "line 1, column 7: it is not valid JSON: it ends too early"),
        ("{\"a\": 1} x", "line 1, column 10: it is not valid JSON: there is text after its end"),
        ("{\n\"a\" 1}", "line 2, column 5: it is not valid JSON: a `:` is missing"),
        ("{\"a\": 1 \"b\"}", "line 1, column 9: it is not valid JSON: a `,` or `}` is missing"),
        ("{a: 1}", "line 1, column 2: it is not valid JSON: a key must be in double quotes"),
        ("{\"a\": 01}", "line 1, column 8: it is not valid JSON: a number is not written as JSON requires"),
        ("{\"a\": \"\\q\"}", "line 1, column 9: it is not valid JSON: there is an unknown escape in a string"),
        ("{\"a\": nul}", "line 1, column 10: it is not valid JSON: a word is not true, false or null"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
    assert!(error("{\"a\": \"\\ud800\"}").ends_with("it is not valid JSON: a \\u escape is half a pair"));
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(100)).is_ok());
    assert_eq!(read(&nested(101)).unwrap_err().problem, ParseProblem::TooDeep);
    assert_eq!(read(&"[".repeat(1_000_000)).unwrap_err().problem, ParseProblem::TooDeep);
    assert_eq!(read(&"{\"a\":".repeat(1_000_000)).unwrap_err().problem, ParseProblem::TooDeep);
}

#[test]
fn the_number_of_values_is_bounded() {
    for unit in ["0,", "{},", "[],", "\"\",", "1.5,"] {
        let text = format!("[{}0]", unit.repeat(1_000_000));
        assert_eq!(read(&text).unwrap_err().problem, ParseProblem::TooManyValues, "{unit}");
    }
}

/// The leaves of a document with their keys, as serde has it.
fn leaves(key: &str, value: &serde_json::Value, found: &mut Vec<(String, String)>) {
    let below = |part: &str| if key.is_empty() { part.to_owned() } else { format!("{key}_{part}") };
    match value {
        serde_json::Value::Object(fields) => fields.iter().for_each(|(part, value)| leaves(&below(part), value, found)),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| leaves(&below(&n.to_string()), value, found));
        }
        serde_json::Value::Null => found.push((key.to_owned(), String::new())),
        serde_json::Value::String(text) => found.push((key.to_owned(), text.clone())),
        other => found.push((key.to_owned(), other.to_string())),
    }
}

/// Documents that are read, for the most part.
fn documents() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec!["1", "-0.1e1", "true", "null", r#""a\n""#]).prop_map(str::to_owned);
    leaf.prop_recursive(3, 8, 3, |inner| {
        let fields = proptest::collection::vec(("[a-c]", inner.clone()), 0..3);
        prop_oneof![
            proptest::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(","))),
            fields.prop_map(|fields| {
                let fields: Vec<_> = fields.iter().map(|(key, value)| format!("\"{key}\" : {value}")).collect();
                format!("{{{}}}", fields.join(", "))
            }),
        ]
    })
}

#[test]
fn what_serde_reads_is_read_alike() {
    let inputs = prop_oneof![r#"[\[\]{}:,"a1 .e-]{0,12}"#, documents()];
    let kinds = [("an object", 50), ("another value", 70), ("a key twice", 5), ("no JSON", 110)];
    holds(500, &inputs, &kinds, |text| match (read(&text), serde_json::from_str::<serde_json::Value>(&text)) {
        (Ok(Some(document)), Ok(expected @ serde_json::Value::Object(_))) => {
            let entries = parse(FileType::Json, text.as_bytes(), "_").unwrap().entries;
            let entries: Vec<_> =
                entries.into_iter().map(|entry| (entry.key, entry.value.text.into_exposed())).collect();
            let mut found = Vec::new();
            leaves("", &expected, &mut found);
            assert_eq!(entries, found, "{text}");
            vec![if document.replaced.is_empty() { "an object" } else { "a key twice" }]
        }
        (Ok(Some(_)), Ok(_)) => vec!["another value"],
        (Ok(Some(_)), Err(_)) => {
            assert_ne!(plain(&text).unwrap().text, text);
            vec!["a comma more"]
        }
        (Err(_), Err(_)) => vec!["no JSON"],
        (Ok(None), Err(_)) => vec!["nothing"],
        (read, expected) => panic!("{text}: {read:?} {expected:?}"),
    });
}
