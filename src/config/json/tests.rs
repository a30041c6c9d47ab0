use proptest::prelude::*;

use super::*;
use crate::config::{FileType, parse};
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
fn an_object_can_at_most_pretend_to_be_the_number_that_it_holds() {
    let magic = NUMBER_IN_DISGUISE;
    assert_eq!(entries(&format!(r#"{{"a": {{"{magic}": "12"}}}}"#)), ["a=12 Number"]);
    assert_eq!(entries(&format!(r#"{{"a": {{"{magic}": "12\n::x"}}}}"#)), [format!("a_{magic}=12\n::x Text")]);
    assert_eq!(entries(&format!(r#"{{"a": {{"{magic}": 12}}}}"#)), [format!("a_{magic}=12 Number")]);
    assert_eq!(entries(&format!(r#"{{"a": {{"{magic}": "1", "b": 2}}}}"#)).len(), 2);
    assert_eq!(entries(&format!(r#"{{"a": {{"b": 2, "{magic}": "1"}}}}"#)).len(), 2);
    assert!(error(&format!(r#"{{"{magic}": "1", "{magic}": "2"}}"#)).contains("occurs twice"));
    let deep = format!(r#"{{"{magic}":"#).repeat(10_000);
    assert!(error(&deep).ends_with("it is not valid JSON: it is nested too deeply"));
}

#[test]
fn a_key_twice_is_refused_with_its_place() {
    assert_eq!(error("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 1}}"), "line 2, column 18: the key \"c\" occurs twice");
    assert!(error(r#"{"a": 1, "\u0061": 1}"#).contains("occurs twice"));
}

#[test]
fn what_is_no_json_is_refused_with_its_place_and_no_quote() {
    for (text, expected) in [
        ("{\"a\": hunter2}", "line 1, column 7: it is not valid JSON: a value is missing"),
        ("{\"a\": 1,}", "line 1, column 9: it is not valid JSON: there is an extra comma"),
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
    assert!(error("// c\n{}").ends_with("line 1, column 1: it is not valid JSON: a value is missing"));
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
        (Ok(_), Ok(expected @ serde_json::Value::Object(_))) => {
            let entries = parse(FileType::Json, text.as_bytes(), "_").unwrap().entries;
            let entries: Vec<_> =
                entries.into_iter().map(|entry| (entry.key, entry.value.text.into_exposed())).collect();
            let mut found = Vec::new();
            leaves("", &expected, &mut found);
            assert_eq!(entries, found, "{text}");
            vec!["an object"]
        }
        (Ok(_), Ok(_)) => vec!["another value"],
        (Err(error), Ok(_)) => {
            assert!(matches!(error.problem, ParseProblem::KeyTwice { .. }), "{text}: {error}");
            vec!["a key twice"]
        }
        (Err(_), Err(_)) => vec!["no JSON"],
        (Ok(_), Err(error)) => panic!("{text}: {error}"),
    });
}
