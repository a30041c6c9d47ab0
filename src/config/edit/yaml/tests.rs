use crate::config::edit::tests::changed::{assert_edited, number, problem_of, remove, text};
use crate::config::{Change, EditProblem, FileType, Value, edit};

#[track_caller]
fn assert_edit(original: &str, changes: &[Change], expected: &str) {
    assert_edited(FileType::Yaml, original, changes, expected);
}

fn problem(original: &str, change: Change) -> EditProblem {
    problem_of(FileType::Yaml, original, change)
}

#[test]
fn a_comment_in_empty_brackets_stays() {
    assert_edit("l: [ # none\n  ]\n", &[number("l_0", "1")], "l: [ # none\n  1\n  ]\n");
    assert_edit("{ # none\n}\n", &[number("a", "1")], "{ # none\n  a: 1\n}\n");
}

#[test]
fn a_scalar_is_replaced_where_it_stands() {
    for (original, expected) in [
        ("# c\na: 1 # one\nb: 2\n", "# c\na: x # one\nb: 2\n"),
        ("a:   'y'\r\nb: 2\r\n", "a:   'x'\r\nb: 2\r\n"),
        ("a: \"y\" # c", "a: \"x\" # c"),
        ("a: # none\nb: 2\n", "a: x # none\nb: 2\n"),
        ("a:\n", "a: x\n"),
        ("a: &k y\nb: 2\n", "a: &k x\nb: 2\n"),
        ("a: !!int 5\n", "a: x\n"),
        ("a: |\n  one\n  two\n\nb: 2\n", "a: x\n\nb: 2\n"),
        ("a: one\n  two\nb: 2\n", "a: x\nb: 2\n"),
        ("a:\n  y # c\n", "a:\n  x # c\n"),
        ("k: &k y\na: *k # c\n", "k: &k y\na: x # c\n"),
        ("--- # c\na: y\n...\n", "--- # c\na: x\n...\n"),
        ("{a: y, b: 2} # c\n", "{a: x, b: 2} # c\n"),
        ("{\"a\":1}", "{\"a\":x}"),
        ("a: &k |2-\n   one\n\nb: 2\n", "a: &k x\n\nb: 2\n"),
        ("a: > # | #\n\n  |\n", "a: x\n"),
        ("a: |\nb: 2\n", "a: x\nb: 2\n"),
        ("a: []\n", "a: x\n"),
        ("a: {} # c\n", "a: x # c\n"),
    ] {
        assert_edit(original, &[text("a", "x")], expected);
    }
    assert_edit(
        "l:\n- |\n  one\n-\n- \n",
        &[text("l_0", "x"), text("l_1", "z"), text("l_2", "x\ny")],
        "l:\n- x\n- z\n- \"x\\ny\"\n",
    );
    // Blanks behind a colon are no part of what comes there.
    let lines = [text("a", "x\ny"), text("b_c", "x\ny")];
    assert_edit("a:  \nb: \n  c: \n", &lines, "a: |-\n  x\n  y\nb: \n  c: |-\n    x\n    y\n");
    assert_edit("a:\n- b: 1\n  c: [1, {d: 2}]\n", &[number("a_0_c_1_d", "3")], "a:\n- b: 1\n  c: [1, {d: 3}]\n");
}

#[test]
fn a_text_is_written_so_that_every_reader_takes_it_for_one() {
    for (old, value, expected) in [
        ("1", "yes", "'yes'"),
        ("1", "1.0", "'1.0'"),
        ("1", "12:30", "'12:30'"),
        ("1", "", "''"),
        ("1", "it's", "'it''s'"),
        ("1", "a: b", "'a: b'"),
        ("1", "a #b", "'a #b'"),
        ("two words", "three of them", "three of them"),
        ("1", "a\tb", "\"a\\tb\""),
        ("1", "a\r\n", "\"a\\r\\n\""),
        ("1", "a\nb", "|-\n  a\n  b"),
        ("1", "a\n\nb\n", "|\n  a\n\n  b"),
        ("1", " a\nb", "\" a\\nb\""),
        ("1", "a\n \nb", "\"a\\n \\nb\""),
        ("1", "a\n\n", "\"a\\n\\n\""),
        ("1", "\u{feff}\u{85}", "\"\\uFEFF\\u0085\""),
        ("\"1\"", "say \"x\"", "\"say \\\"x\\\"\""),
        ("'1'", "x", "'x'"),
    ] {
        assert_edit(&format!("a: {old}\nb: 2\n"), &[text("a", value)], &format!("a: {expected}\nb: 2\n"));
    }
    assert_edit("a: 1 \nb: 2\n", &[text("a", "x\ny\n")], "a: |\n  x\n  y\nb: 2\n");
    assert_edit("a: 1 # c\n", &[text("a", "x\ny")], "a: \"x\\ny\" # c\n");
    assert_edit("a: {b: 1}\n", &[text("a_b", "x\ny")], "a: {b: \"x\\ny\"}\n");
    let null = Change::Set { key: "a".to_owned(), value: Value::null() };
    assert_edit("a: 1", &[null], "a: null");
}

#[test]
fn a_new_key_stands_below_the_last_of_its_map() {
    for (original, change, expected) in [
        ("a: 1\n", text("new", "x"), "a: 1\nnew: x\n"),
        ("a: 1 # c\n\n# end\n", text("new", "x"), "a: 1 # c\nnew: x\n\n# end\n"),
        ("a: 1", text("new", "x"), "a: 1\nnew: x"),
        ("", text("new", "x"), "new: x\n"),
        ("# c\r\n", text("new", "x"), "# c\r\nnew: x\r\n"),
        (
            "db:\n    host: h\n    opts: {}\nz: 1\n",
            text("db_port", "x"),
            "db:\n    host: h\n    opts: {}\n    port: x\nz: 1\n",
        ),
        ("db: {host: h}\n", text("db_port", "x"), "db: {host: h, port: x}\n"),
        ("db: {}\n", text("db_port", "x"), "db: {port: x}\n"),
        ("l:\n- a: 1\n  b: 2\n- a: 3\n", text("l_1_b", "x"), "l:\n- a: 1\n  b: 2\n- a: 3\n  b: x\n"),
        ("l:\n  - 1\nz: 1\n", text("l_1", "x"), "l:\n  - 1\n  - x\nz: 1\n"),
        ("l: [1,\n  2]\n", text("l_2", "x"), "l: [1,\n  2, x]\n"),
        ("a: |\n  x\nb: 1\n", text("a b", "z"), "a: |\n  x\nb: 1\n'a b': z\n"),
        ("base: &b\n  a: 1\nm:\n  <<: *b\n", text("m_a", "x"), "base: &b\n  a: 1\nm:\n  <<: *b\n  a: x\n"),
    ] {
        assert_edit(original, &[change], expected);
    }
    let two = [text("c", "x\ny"), text("d", "z")];
    assert_edit("a: 1\n", &two, "a: 1\nc: |-\n  x\n  y\nd: z\n");
}

#[test]
fn a_key_is_removed_with_its_lines() {
    for (original, key, expected) in [
        ("a: 1 # c\n# two\nb: 2\n", "a", "# two\nb: 2\n"),
        ("b: 2\na: |\n  x\n", "a", "b: 2\n"),
        ("a: 1\n", "a", ""),
        ("l:\n- a: 1\n  b: 2\n", "l_0_a", "l:\n- b: 2\n"),
        ("l:\n- a: 1\n  b: 2\n", "l_0_b", "l:\n- a: 1\n"),
        ("l:\n- a: 1\n", "l_0_a", "l:\n- {}\n"),
        ("l:\n- 1\n- 2 # c\nb: 1\n", "l_1", "l:\n- 1\nb: 1\n"),
        ("l: # c\n- 1\nb: 1\n", "l_0", "l: # c\n  []\nb: 1\n"),
        ("l:\n- 1\nb: 1\n", "l_0", "l: []\nb: 1\n"),
        ("db:\n  host: h\nb: 1\n", "db_host", "db: {}\nb: 1\n"),
        ("db: {host: h, port: 1}\n", "db_host", "db: {port: 1}\n"),
        ("k: &k 1\na: *k\n", "a", "k: &k 1\n"),
        ("v:\n  a:\nb: 1\n", "v_a", "v: {}\nb: 1\n"),
        ("v:\n  a: |\n    x\n\n  b: 1\n", "v_a", "v:\n  b: 1\n"),
        ("v: {a:, b, c : }\n", "v_a", "v: {b, c : }\n"),
        ("v: {a:, b, c : }\n", "v_c", "v: {a:, b }\n"),
    ] {
        assert_edit(original, &[remove(key)], expected);
    }
    assert_edit("l:\n- a: 1\n  b: 2\n  c: 3\n", &[remove("l_0_a"), remove("l_0_b")], "l:\n- c: 3\n");
    assert_edit("a: 1\nb: 2", &[remove("b"), number("c", "3")], "a: 1\nc: 3\n");
    assert_edit("db:\n  a: 1 # c\n", &[remove("db_a"), number("db_b", "3")], "db:\n  b: 3 # c\n");
}

#[test]
fn what_is_shared_or_cannot_be_changed_is_named() {
    let shared = "base: &b\n  a: 1\nm: *b\nn:\n  <<: *b\n  c: 1\nk: &k 1\nj: *k\n";
    for (original, change, expected) in [
        (shared, text("m_a", "x"), EditProblem::Shared),
        (shared, text("m_n", "x"), EditProblem::Shared),
        (shared, remove("n_a"), EditProblem::Shared),
        (shared, remove("m_a"), EditProblem::Shared),
        (shared, text("base_a", "x"), EditProblem::Unverified),
        (shared, remove("k"), EditProblem::Unverified),
        ("a: !vault x\n", text("a", "y"), EditProblem::Form),
        ("? a\n: 1\nb: 1\n", text("c", "x"), EditProblem::Form),
        ("l: [a: 1]\n", text("l_0_b", "x"), EditProblem::Form),
        ("a: 1\n---\nb: 1\n", text("a", "x"), EditProblem::NoKeys),
        ("- a\n", text("0", "x"), EditProblem::NoKeys),
        ("a: 1\n", text("a", "\0"), EditProblem::Nul),
        ("l:\n- 1\n- 2\n", remove("l_0"), EditProblem::InList),
    ] {
        assert_eq!(problem(original, change), expected, "{original}");
    }
    // What all places change alike is no harm.
    let all = [text("base_a", "x"), text("m_a", "x")];
    assert_eq!(edit(FileType::Yaml, b"base: &b\n  a: 1\nm: *b\n", &all, "_"), Err(EditProblem::Shared.of("m_a")));
    assert_edit("k: &k 1\nj: *k\n", &[text("k", "x"), text("j", "x")], "k: &k x\nj: x\n");
}
