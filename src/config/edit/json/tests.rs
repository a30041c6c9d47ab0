use crate::config::edit::tests::changed::{assert_edited, number, problem_of, remove, text};
use crate::config::{Change, EditProblem, FileType, Value};

#[track_caller]
fn assert_edit(original: &str, changes: &[Change], expected: &str) {
    assert_edited(FileType::Json, original, changes, expected);
}

fn problem(original: &str, change: Change) -> EditProblem {
    problem_of(FileType::Json, original, change)
}

#[test]
fn a_value_is_replaced_where_it_stands() {
    assert_edit(
        "{\r\n\t\"a\" : 1, // one\r\n\t\"b\": {\"c\": [true, \"x\"]} /* end */\r\n}",
        &[text("a", "ü\"\\\n"), number("b_c_0", "1e5"), text("b_c_1", "y")],
        "{\r\n\t\"a\" : \"ü\\\"\\\\\\n\", // one\r\n\t\"b\": {\"c\": [1e5, \"y\"]} /* end */\r\n}",
    );
    assert_edit("\u{feff}{\"a\":null}", &[number("a", "0")], "\u{feff}{\"a\":0}");
    let null = Change::Set { key: "a".to_owned(), value: Value::null() };
    assert_edit("{\"a\":\"x\"}", &[null], "{\"a\":null}");
    // Two ways to one key, which must agree.
    assert_edit("{\"a_b\":1,\"a\":{\"b\":1}}", &[number("a_b", "2")], "{\"a_b\":2,\"a\":{\"b\":2}}");
}

#[test]
fn a_new_key_stands_as_its_neighbours_do() {
    for (original, expected) in [
        ("{}", "{\"n\": \"x\"}"),
        ("{\n}\n", "{\n  \"n\": \"x\"\n}\n"),
        ("{\"a\": 1}", "{\"a\": 1, \"n\": \"x\"}"),
        ("{\"a\": 1,}", "{\"a\": 1, \"n\": \"x\",}"),
        ("{\n    \"a\": 1 // one\n}", "{\n    \"a\": 1, // one\n    \"n\": \"x\"\n}"),
        ("{\n\t\"a\": 1, /* one */\n}\n", "{\n\t\"a\": 1, /* one */\n\t\"n\": \"x\",\n}\n"),
        ("{\r\n  \"a\": [\r\n  ]\r\n}", "{\r\n  \"a\": [\r\n  ],\r\n  \"n\": \"x\"\r\n}"),
        ("{ \"a\": 1\n, \"b\": 2\n}", "{ \"a\": 1\n, \"b\": 2, \"n\": \"x\"\n}"),
        ("", "{\n  \"n\": \"x\"\n}\n"),
        ("{ // none\n}\n", "{ // none\n  \"n\": \"x\"\n}\n"),
        ("{\r\n\t// none\r\n}", "{\r\n\t// none\r\n\t\"n\": \"x\"\r\n}"),
        ("{ /* none */ }", "{ /* none */ \"n\": \"x\" }"),
        ("{/* , */}", "{/* , */ \"n\": \"x\"}"),
        ("// none\n", "// none\n{\n  \"n\": \"x\"\n}\n"),
    ] {
        assert_edit(original, &[text("n", "x")], expected);
    }
    assert_edit(
        "{\"db\": {}, \"l\": [1]}",
        &[text("db_host", "h"), number("l_1", "2")],
        "{\"db\": {\"host\": \"h\"}, \"l\": [1, 2]}",
    );
    assert_edit("{\"a\": 1}", &[text("b", "x"), text("c", "y")], "{\"a\": 1, \"b\": \"x\", \"c\": \"y\"}");
    assert_edit("{\"DB_HOST\": \"h\"}", &[text("DB_PORT", "1")], "{\"DB_HOST\": \"h\", \"DB_PORT\": \"1\"}");
}

#[test]
fn a_key_is_removed_with_its_line_or_its_comma() {
    for (original, expected) in [
        ("{\"a\": 1}", "{}"),
        ("{\"a\": 1, \"b\": 2}", "{\"b\": 2}"),
        ("{\"b\": 2, \"a\": 1}", "{\"b\": 2}"),
        ("{\"b\": 2, \"a\": 1,}", "{\"b\": 2, }"),
        ("{\n  \"a\": 1, // one\n  // two\n  \"b\": 2\n}", "{\n  // two\n  \"b\": 2\n}"),
        ("{\n  \"b\": 2, // two\n  \"a\": 1 // one\n}", "{\n  \"b\": 2 // two\n}"),
        ("{\n  \"b\": 2,\n  \"a\": 1,\n}", "{\n  \"b\": 2,\n}"),
        ("{\"a\": {\"x\": 1}, \"b\": 2, \"a\": 1}", "{\"b\": 2}"),
    ] {
        assert_edit(original, &[remove("a")], expected);
    }
    assert_edit("{\"a\": 1, \"b\": 2, \"c\": 3}", &[remove("b"), remove("c")], "{\"a\": 1}");
    assert_edit("{\"a\": 1, \"b\": 2, \"c\": 3}", &[remove("a"), remove("c")], "{\"b\": 2}");
    assert_edit("{\n  \"a\": 1,\n  \"b\": 2\n}", &[remove("b"), number("c", "3")], "{\n  \"a\": 1,\n  \"c\": 3\n}");
    assert_edit("{\n  \"a\": 1\n}", &[remove("a"), number("c", "3")], "{\n  \"c\": 3\n}");
    assert_edit("{\"l\": [1, {\"x\": 1}, 3]}", &[remove("l_2"), remove("l_1_x")], "{\"l\": [1, {}]}");
    assert_edit("{\"db\": {\"host\": 1}}", &[remove("db_host")], "{\"db\": {}}");
}

#[test]
fn what_cannot_be_changed_is_named() {
    for (original, change, expected) in [
        ("{\"a\": {\"b\": 1}}", remove("a"), EditProblem::Absent),
        ("{\"a\": []}", remove("a"), EditProblem::Absent),
        ("{\"a\": {\"b\": 1}}", text("a", "x"), EditProblem::HoldsKeys),
        ("{\"a\": [1, 2]}", remove("a_0"), EditProblem::InList),
        ("{\"a\": [1, 2]}", text("a_3", "x"), EditProblem::InList),
        ("{\"a\": [1, 2]}", text("a_x", "x"), EditProblem::InList),
        ("{\"a\": {\"b\": 1}}", text("c_d", "x"), EditProblem::Ambiguous),
        ("{\"a\": {\"b\": {}}, \"a_b\": {}}", text("a_b_c", "x"), EditProblem::Ambiguous),
        ("[1]", text("0", "x"), EditProblem::NoKeys),
        ("{}", number("a", "1, \"b\": 2"), EditProblem::Unverified),
        ("{}", number("a", "x"), EditProblem::Unverified),
        ("{}", text("a", "\0"), EditProblem::Nul),
    ] {
        assert_eq!(problem(original, change), expected, "{original}");
    }
}
