use super::*;
use crate::config::{Entry, FileType, Parsed, ValueKind, parse};

fn entries(text: &str) -> Vec<String> {
    let parsed = parse(FileType::Toml, text.as_bytes(), "_").unwrap_or_else(|error| panic!("{text}: {error}"));
    let Parsed { entries, warnings, .. } = parsed;
    assert_eq!(warnings, []);
    entries.iter().map(|Entry { key, value, .. }| format!("{key}={} {:?}", value.text.expose(), value.kind)).collect()
}

fn keys(text: &str) -> Vec<String> {
    let parsed = parse(FileType::Toml, text.as_bytes(), "_").unwrap_or_else(|error| panic!("{text:.40}: {error}"));
    parsed.entries.into_iter().map(|entry| entry.key).collect()
}

fn error(text: &str) -> String {
    let error = read(text).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{text}");
    error.to_string()
}

#[test]
fn tables_of_every_form_become_keys_in_order() {
    let text =
        "z = 1\nd.e = \"x\"\n[b]\nc = [true, {k = 'l'}]\n[[p]]\nq = 1\n[[p]]\nq = 2\n[a.\"x y\"]\nm = '''\nn\n'''\n";
    assert_eq!(
        entries(text),
        [
            "z=1 Number",
            "d_e=x Text",
            "b_c_0=true Bool",
            "b_c_1_k=l Text",
            "p_0_q=1 Number",
            "p_1_q=2 Number",
            "a_x y_m=n\n Text"
        ]
    );
    assert_eq!(entries(""), Vec::<String>::new());
}

#[test]
fn numbers_keep_their_text_and_kind_where_json_has_it() {
    for (written, read, kind) in [
        ("1_000", "1000", ValueKind::Number),
        ("-17", "-17", ValueKind::Number),
        ("1.10", "1.10", ValueKind::Number),
        ("1e5", "1e5", ValueKind::Number),
        ("9_223_372_036_854_775_807", "9223372036854775807", ValueKind::Number),
        ("+1", "+1", ValueKind::Text),
        ("0xDEAD_beef", "0xDEADbeef", ValueKind::Text),
        ("0o17", "0o17", ValueKind::Text),
        ("inf", "inf", ValueKind::Text),
        ("1979-05-27T07:32:00Z", "1979-05-27T07:32:00Z", ValueKind::Text),
        ("1979-05-27 07:32:00.10-07:00", "1979-05-27 07:32:00.10-07:00", ValueKind::Text),
        ("07:32:00", "07:32:00", ValueKind::Text),
    ] {
        assert_eq!(entries(&format!("a = {written}")), [format!("a={read} {kind:?}")], "{written}");
    }
}

#[test]
fn entries_know_their_lines() {
    let parsed = parse(FileType::Toml, b"# c\na = 1\n[b]\nc = [1,\n2]\n", "_").unwrap();
    let lines: Vec<_> = parsed.entries.iter().map(|entry| (entry.key.as_str(), entry.line)).collect();
    assert_eq!(lines, [("a", 2), ("b_c_0", 4), ("b_c_1", 5)]);
}

#[test]
fn what_is_no_toml_is_refused_with_its_place_and_no_quote() {
    for (text, expected) in [
        ("a = 1\na = 'hunter2'", "line 2, column 1: it is not valid TOML: a key occurs twice"),
        ("a = hunter2", "line 1, column 5: it is not valid TOML: a value is missing, or a text is not in quotes"),
        ("a = 1\nhunter2", "line 2, column 8: it is not valid TOML: there is no `=` after the key"),
        ("a =", "line 1, column 4: it is not valid TOML: a value is missing, or a text is not in quotes"),
        ("a = 'hunter2\n", "line 1, column 13: it is not valid TOML: a quote is not closed"),
        ("[a]\n[a]", "line 2, column 2: it is not valid TOML: a key occurs twice"),
        ("a = [1, 2", "line 1, column 10: it is not valid TOML: a `]` is missing"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn depth_is_bounded_in_every_form() {
    let nested = |depth: usize| format!("a = {}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(79)).is_ok());
    let key = ["k"; 79].join(".");
    let dotted_in_inline = format!("{key} = {}1{}", format!("{{{key} = ").repeat(70), "}".repeat(70));
    let tables = |depth: usize| format!("[{}]", vec!["k"; depth].join("."));
    for text in [nested(100), nested(100_000), dotted_in_inline, tables(200), tables(100_000)] {
        assert_eq!(read(&text).unwrap_err().problem, ParseProblem::TooDeep);
    }
}

#[test]
fn a_flood_of_tokens_is_refused_before_it_is_held() {
    for unit in ["#\n", "[[a]]\n", "\"a\".", "a ", ",", "a=[{b=1},'c']\n"] {
        let error = read(&unit.repeat(900_000)).unwrap_err();
        assert_eq!(error.problem, ParseProblem::TooManyValues, "{unit}");
        assert!(error.line.is_some_and(|line| line <= 1_000_000), "{unit}: {:?}", error.line);
    }
}

#[test]
fn marks_inside_of_texts_and_comments_are_no_values() {
    let line = "- [a],[b],{c = {d}},,,= [[]],{{}}.....e # g,,\n";
    let lines = 20_000;
    for text in [
        format!("a.b = \"\"\"\n{}\"\"\"\nc = 1\n", line.repeat(lines)),
        format!("a.b = '\'\'\n{}'\'\'\nc = 1\n", line.repeat(lines)),
        format!("a.b = \"{}\"\nc = 1\n", line.trim_end().repeat(lines)),
        format!("# {}\na.b = 1\nc = 1\n", line.trim_end().repeat(lines)),
    ] {
        assert_eq!(keys(&text), ["a_b", "c"], "{:.40}", text);
    }
}

#[test]
fn as_many_values_as_may_be_are_read_however_they_are_written() {
    for (before, unit, after) in
        [("", "k{n} = 1 # one\n", ""), ("[t]\n", "k{n}.x = 1\n", ""), ("a = [", "'x' , \n", "]"), ("a = [", "{},", "]")]
    {
        // Some are tables and lists around them.
        let values = if unit.contains(".x") { MOST_VALUES / 2 } else { MOST_VALUES };
        let units: String = (2..values).map(|n| unit.replace("{n}", &n.to_string())).collect();
        assert!(read(&format!("{before}{units}{after}")).is_ok(), "{unit}");
    }
}
