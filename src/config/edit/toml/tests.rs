use crate::config::edit::tests::changed::{assert_edited, number, problem_of, remove, text};
use crate::config::{Change, EditProblem, FileType, Value};

#[track_caller]
fn assert_edit(original: &str, changes: &[Change], expected: &str) {
    assert_edited(FileType::Toml, original, changes, expected);
}

fn problem(original: &str, change: Change) -> EditProblem {
    problem_of(FileType::Toml, original, change)
}

#[test]
fn a_comment_in_empty_brackets_stays() {
    assert_edit("l = [ # none\n]\n", &[number("l_0", "1")], "l = [ # none\n  1\n]\n");
    assert_edit("l = [\n    # none\n]\n", &[number("l_0", "1")], "l = [\n    # none\n    1\n]\n");
}

#[test]
fn a_value_is_replaced_where_it_stands() {
    for (original, expected) in [
        ("a  =  1 # one\r\nb = 2\r\n", "a  =  \"x\" # one\r\nb = 2\r\n"),
        ("a = 'y'", "a = 'x'"),
        ("a = \"\"\"\ny\n\"\"\" # c\n", "a = \"x\" # c\n"),
        ("\"a\" = true\n", "\"a\" = \"x\"\n"),
        ("a = []\n", "a = \"x\"\n"),
    ] {
        assert_edit(original, &[text("a", "x")], expected);
    }
    assert_edit("a = 1\n", &[text("a", "\"\\\n\t\u{1}\u{e9}")], "a = \"\\\"\\\\\\n\\t\\u0001\u{e9}\"\n");
    assert_edit(
        "[db]\nports = [\n  1, # one\n  2,\n]\n",
        &[number("db_ports_1", "3")],
        "[db]\nports = [\n  1, # one\n  3,\n]\n",
    );
    assert_edit(
        "a.b.c = 1\n[t]\nx = { y.z = 1 }\n",
        &[number("a_b_c", "2"), number("t_x_y_z", "3")],
        "a.b.c = 2\n[t]\nx = { y.z = 3 }\n",
    );
    assert_edit(
        "[[l]]\na = 1\n[[l]]\na = 2\n[l.b]\nc = 1\n",
        &[number("l_1_a", "3"), number("l_1_b_c", "4")],
        "[[l]]\na = 1\n[[l]]\na = 3\n[l.b]\nc = 4\n",
    );
    assert_edit(
        "a = 1_000\nd = 2024-01-01\n",
        &[number("a", "2000"), text("d", "2024-01-02")],
        "a = 2000\nd = 2024-01-02\n",
    );
    assert_edit("d = 2024-01-01\nx = 0xff\n", &[text("d", "soon"), text("x", "0xFE")], "d = \"soon\"\nx = 0xFE\n");
}

#[test]
fn a_new_key_goes_to_its_table() {
    for (original, change, expected) in [
        ("", text("n", "x"), "n = \"x\"\n"),
        ("a = 1", text("n", "x"), "a = 1\nn = \"x\""),
        ("# file\n\n# table\n[t]\na = 1\n", text("n", "x"), "# file\n\nn = \"x\"\n\n# table\n[t]\na = 1\n"),
        ("[t]\na = 1 # c\n\n[u]\nb = 1\n", text("t_n", "x"), "[t]\na = 1 # c\nn = \"x\"\n\n[u]\nb = 1\n"),
        ("[t]\n[u]\nb = 1\n", text("t_n", "x"), "[t]\nn = \"x\"\n[u]\nb = 1\n"),
        ("[t.u]\r\na = 1\r\n", text("t_n", "x"), "[t]\r\nn = \"x\"\r\n\r\n[t.u]\r\na = 1\r\n"),
        ("[s.u]\n\n# t\n[t.u]\na = 1\n[u]\n", text("t_n", "x"), "[s.u]\n\n[t]\nn = \"x\"\n\n# t\n[t.u]\na = 1\n[u]\n"),
        ("t.u.a = 1\nz = 1\n", text("t_u_n", "x"), "t.u.a = 1\nt.u.n = \"x\"\nz = 1\n"),
        ("t = { a = 1 }\n", text("t_n", "x"), "t = { a = 1, n = \"x\" }\n"),
        ("t = {}\n", text("t_n", "x"), "t = {n = \"x\"}\n"),
        ("l = [\n  1, # one\n  2 # two\n]\n", number("l_2", "3"), "l = [\n  1, # one\n  2, # two\n  3\n]\n"),
        ("[[l]]\na = 1\n[[l]]\na = 2\n", text("l_0_b c", "x"), "[[l]]\na = 1\n\"b c\" = \"x\"\n[[l]]\na = 2\n"),
    ] {
        assert_edit(original, &[change], expected);
    }
}

#[test]
fn a_key_is_removed_with_its_lines() {
    for (original, key, expected) in [
        ("a = 1 # one\n# two\nb = 2\n", "a", "# two\nb = 2\n"),
        ("[t]\na = \"\"\"\nx\"\"\"\n[u]\nb = 1\n", "t_a", "[t]\n[u]\nb = 1\n"),
        ("t.a = 1\nt.b = 2\n", "t_a", "t.b = 2\n"),
        ("t = { a = 1, b = 2 }\n", "t_a", "t = { b = 2 }\n"),
        ("l = [1, 2]\n", "l_1", "l = [1]\n"),
        ("l = [\n  1,\n  2, # two\n]\n", "l_1", "l = [\n  1,\n]\n"),
    ] {
        assert_edit(original, &[remove(key)], expected);
    }
}

#[test]
fn what_cannot_be_changed_is_named() {
    let null = Change::Set { key: "a".to_owned(), value: Value::null() };
    for (original, change, expected) in [
        ("a = 1\n", null, EditProblem::Value),
        ("a = 1\n", text("a", "\0"), EditProblem::Nul),
        ("l = [1, 2]\n", remove("l_0"), EditProblem::InList),
        ("t = { a.b = 1 }\n", text("t_a_c", "x"), EditProblem::Form),
        ("[t]\na = 1\n", text("t", "x"), EditProblem::HoldsKeys),
        ("a = 1\n", number("a", "1\nb = 2"), EditProblem::Unverified),
    ] {
        assert_eq!(problem(original, change), expected, "{original}");
    }
}
