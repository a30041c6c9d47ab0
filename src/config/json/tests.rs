use proptest::prelude::*;

use super::*;
use crate::config::{FileType, parse};

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
    assert!(error(&format!(r#"{{"{magic}": "1", "{magic}": "2"}}"#)).contains("there twice"));
    let deep = format!(r#"{{"{magic}":"#).repeat(10_000);
    assert!(read(&deep).is_err());
}

#[test]
fn a_key_twice_is_refused_with_its_place() {
    assert_eq!(error("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 1}}"), "line 2, column 18: the key \"c\" is there twice");
    assert!(error(r#"{"a": 1, "\u0061": 1}"#).contains("there twice"));
}

#[test]
fn what_is_no_json_is_refused_with_its_place_and_no_quote() {
    for (text, expected) in [
        ("{\"a\": hunter2}", "line 1, column 7: it is not valid JSON: a value is missing"),
        ("{\"a\": 1,}", "line 1, column 9: it is not valid JSON: there is a comma too many"),
        ("{\"a\": 1", "line 1, column 7: it is not valid JSON: it ends too early"),
        ("{\"a\": 1} x", "line 1, column 10: it is not valid JSON: there is text after its end"),
        ("{\n\"a\" 1}", "line 2, column 5: it is not valid JSON: a `:` is missing"),
        ("{\"a\": 1 \"b\"}", "line 1, column 9: it is not valid JSON: a `,` or `}` is missing"),
        ("{a: 1}", "line 1, column 2: it is not valid JSON: a key must be in double quotes"),
        ("{\"a\": 01}", "line 1, column 8: it is not valid JSON: a number is not written as JSON wants it"),
        ("{\"a\": \"\\q\"}", "line 1, column 9: it is not valid JSON: there is an unknown escape in a string"),
        ("{\"a\": nul}", "line 1, column 10: it is not valid JSON: a word is not true, false or null"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
    assert!(read("{\"a\": \"\\ud800\"}").is_err());
    assert!(read("// c\n{}").is_err());
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

proptest! {
    #[test]
    fn what_serde_reads_is_read_alike(text in r#"[\[\]{}:,"a1 .e-]{0,12}"#) {
        let expected = serde_json::from_str::<serde_json::Value>(&text);
        match (read(&text), expected) {
            (Ok(_), expected) => prop_assert!(expected.is_ok()),
            (Err(error), Ok(_)) => {
                let is_stricter = matches!(error.problem, ParseProblem::KeyTwice { .. });
                prop_assert!(is_stricter);
            }
            (Err(_), Err(_)) => {}
        }
    }
}
