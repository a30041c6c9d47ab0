use crate::config::dotenv::assignments;
use crate::config::edit::tests::changed::{assert_edited, problem_of, remove, text as set};
use crate::config::{Change, EditError, EditProblem, FileType, edit, parse};
use crate::tried::holds;

#[track_caller]
fn assert_edit(original: &str, changes: &[Change], expected: &str) {
    assert_edited(FileType::Dotenv, original, changes, expected);
}

fn problem(original: &str, change: Change) -> EditProblem {
    problem_of(FileType::Dotenv, original, change)
}

#[test]
fn a_key_keeps_its_line_and_what_is_around_its_value() {
    for (text, expected) in [
        ("# c\nA=1\nB=2\n", "# c\nA=x\nB=2\n"),
        ("  export A = 1 # why\nB=2", "  export A = x # why\nB=2"),
        ("A=1\r\nB=2\r\n", "A=x\r\nB=2\r\n"),
        ("A=1\rB=2", "A=x\rB=2"),
        ("A='1'# c\n", "A='x'# c\n"),
        ("A=\"1\" # c", "A=\"x\" # c"),
        ("A=`1`#c", "A='x'#c"),
        ("A= # c\n", "A=x # c\n"),
        ("A=\n", "A=x\n"),
        ("A='1\n2' # c\nB=\"\n\"\n", "A='x' # c\nB=\"\n\"\n"),
        ("\u{feff}A=1", "\u{feff}A=x"),
    ] {
        assert_edit(text, &[set("A", "x")], expected);
    }
}

#[test]
fn of_several_values_the_last_is_set_and_all_are_removed() {
    assert_edit("A=1\nB=2\nA=1\nA=1\n", &[set("A", "x")], "A=1\nB=2\nA=1\nA=x\n");
    assert_edit("A=1\n# c\nA='1\n'\nB=2\nexport A=3", &[remove("A")], "# c\nB=2\n");
}

#[test]
fn a_new_key_goes_to_the_end_which_stays_as_it_is() {
    assert_edit("", &[set("A", "x")], "A=x\n");
    assert_edit("A=1\n", &[set("B", "x"), set("C", "y")], "A=1\nB=x\nC=y\n");
    assert_edit("A=1", &[set("B", "x"), set("C", "y")], "A=1\nB=x\nC=y");
    assert_edit("export A=1\r\n", &[set("B", "x")], "export A=1\r\nexport B=x\r\n");
    assert_edit("A=1\nB=2", &[remove("B"), set("C", "3")], "A=1\nC=3");
    assert_edit("export=1", &[set("B", "x")], "export=1\nB=x");
}

#[test]
fn a_value_is_quoted_as_the_one_before_it_or_as_every_reader_takes_it() {
    for (old, value, expected) in [
        ("1", "", ""),
        ("'1'", "", "''"),
        ("1", "a b", "'a b'"),
        ("1", "pa$$word", "'pa$$word'"),
        ("1", "#a", "'#a'"),
        ("1", "it's", "\"it's\""),
        ("1", "a\\b", "'a\\b'"),
        ("1", "it's \"$5\" \\n", "\"it's \\\"\\$5\\\" \\\\n\""),
        ("1", "a\nb", "'a\nb'"),
        ("1", "a\r\nb\t", "\"a\\r\\nb\t\""),
        ("1", "`x`", "'`x`'"),
        ("1", " x ", "' x '"),
        ("two words", "three words here", "three words here"),
        ("two words", "a # b", "'a # b'"),
        ("\"1\"", "a b", "\"a b\""),
        ("\"1\"", "a $B", "'a $B'"),
        ("\"1\\n2\"", "a\nb", "\"a\\nb\""),
        ("'1'", "2", "'2'"),
        ("'1'", "it's", "\"it's\""),
        ("1", "https://u:p@h:5432/d?x=1", "'https://u:p@h:5432/d?x=1'"),
        ("1", "https://u:p@h:5432/d", "https://u:p@h:5432/d"),
        ("1", "äö", "'äö'"),
    ] {
        assert_edit(&format!("A={old}\nB=2\n"), &[set("A", value)], &format!("A={expected}\nB=2\n"));
    }
    assert_edit("A=1\r\n", &[set("A", "a\nb")], "A='a\r\nb'\r\n");
}

#[test]
fn what_cannot_be_changed_is_named() {
    assert_eq!(problem("A=1", remove("B")), EditProblem::Absent);
    assert_eq!(problem("A=1", set("a b", "")), EditProblem::Name);
    assert_eq!(problem("A=1", set("", "")), EditProblem::Name);
    assert_eq!(problem("A=1", set("A", "a\0")), EditProblem::Nul);
    // The line below would become a piece of the name above it.
    let base64 = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwABCDEFGH";
    let text = format!("B={base64}\nC=1\nRg==\n");
    assert_eq!(parse(FileType::Dotenv, text.as_bytes(), "_").map(|parsed| parsed.entries.len()), Ok(3));
    assert_eq!(problem(&text, remove("C")), EditProblem::Unverified);
    let twice = edit(FileType::Dotenv, b"A=1", &[set("A", "1"), remove("A")], "_");
    assert_eq!(twice, Err(EditProblem::Twice.of("A")));
    assert!(matches!(edit(FileType::Dotenv, b"A B", &[set("A", "1")], "_"), Err(EditError::Unreadable(_))));
    assert_eq!(edit(FileType::Raw, b"A=1", &[set("A", "1")], "_"), Err(EditProblem::NoKeys.of("A")));
}

#[test]
fn no_error_quotes_a_value() {
    for text in ["A=hunter2\nhunter2 hunter2", "A=hunter2"] {
        let errors = [set("A b", "hunter2"), set("A", "hunter2\0"), remove("B")].map(|change| {
            edit(FileType::Dotenv, text.as_bytes(), std::slice::from_ref(&change), "_")
                .map_err(|e| format!("{e} {e:?} {change:?}"))
        });
        for error in errors {
            assert!(!error.unwrap_err().contains("hunter2"));
        }
    }
}

#[test]
fn any_key_of_any_file_is_changed_and_nothing_else() {
    let assignment = "(export )?[AB]( ?= ?|=)([ab$]{0,3}( #c)?|'[a\"\n$]{0,3}'|\"[a'$\n]{0,3}(\\\\n)?\"#?|`[\"a']`)";
    let line = format!("({assignment}|{assignment}|{assignment}|# c|B|)(\n|\r\n|\r)");
    let line = move || proptest::string::string_regex(&line).unwrap();
    let inputs = (proptest::collection::vec(line(), 1..8), "[ABC]", "[ab$'\"\n\r\\\\ #=`{é]{0,6}", proptest::bool::ANY);
    holds(600, &inputs, &[("set", 150), ("removed", 100)], |(lines, key, value, is_set)| {
        let text = lines.concat();
        let Ok(before) = parse(FileType::Dotenv, text.as_bytes(), "_") else { return vec!["unreadable"] };
        let change = if is_set { set(&key, &value) } else { remove(&key) };
        let edited = match edit(FileType::Dotenv, text.as_bytes(), &[change], "_") {
            Ok(edited) => edited.into_exposed(),
            Err(EditError::Key { problem: EditProblem::Absent, .. }) => return vec!["absent"],
            Err(error) => panic!("{error}"),
        };
        let after = parse(FileType::Dotenv, edited.as_bytes(), "_").unwrap();
        let value_of = |parsed: &crate::config::Parsed| {
            parsed.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.text.expose().clone())
        };
        assert_eq!(value_of(&after), is_set.then_some(value));
        let others = |parsed: &crate::config::Parsed| {
            let others = parsed.entries.iter().filter(|entry| entry.key != key);
            others.map(|entry| (entry.key.clone(), entry.value.clone(), entry.dollars.clone())).collect::<Vec<_>>()
        };
        assert_eq!(others(&before), others(&after));
        let written: Vec<_> = assignments(&text).unwrap().into_iter().filter(|one| one.entry.key == key).collect();
        match written.last() {
            Some(last) if is_set => {
                assert!(edited.starts_with(&text[..last.written.start]) && edited.ends_with(&text[last.written.end..]));
            }
            None => assert!(edited.starts_with(&text)),
            Some(_) => {
                let kept: String = text
                    .char_indices()
                    .filter(|(at, _)| written.iter().all(|one| !one.lines.contains(at)))
                    .map(|(_, c)| c)
                    .collect();
                assert_eq!(edited, kept);
            }
        }
        vec![if is_set { "set" } else { "removed" }]
    });
}
