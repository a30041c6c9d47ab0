use proptest::prelude::*;

use super::*;
use crate::tried::holds;

fn pairs(text: &str) -> Vec<(String, String)> {
    let entries = read(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    entries.into_iter().map(|entry| (entry.key, entry.value.text.into_exposed())).collect()
}

fn value(text: &str) -> String {
    let mut pairs = pairs(text);
    assert_eq!(pairs.len(), 1, "{text:?}");
    pairs.remove(0).1
}

fn problem(text: &str) -> (usize, ParseProblem) {
    let error = read(text).unwrap_err();
    (error.line.unwrap(), error.problem)
}

#[test]
fn lines_are_assignments_comments_or_empty() {
    let text = "# first\n\n  \t\nA=1\n  export B = 2  # two\n\t# last\nC.d-e_9 =3\nexport=4\nexport = 5\n_=";
    let error = problem(text);
    assert_eq!(error, (9, ParseProblem::KeyTwice { key: "export".to_owned(), first_line: Some(8) }));
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        pairs(&text.replace("= 5", "= 4")),
        [pair("A", "1"), pair("B", "2"), pair("C.d-e_9", "3"), pair("export", "4"), pair("_", "")]
    );
    assert_eq!(pairs(""), []);
}

#[test]
fn unquoted_values_are_taken_as_they_are() {
    for (text, expected) in [
        ("A=b c  ", "b c"),
        ("A=\tb\t", "b"),
        ("A=", ""),
        ("A=   ", ""),
        ("A=b#c # d", "b#c"),
        ("A=#b", "#b"),
        ("A= #b", ""),
        ("A=b\t#c", "b"),
        ("A=it's", "it's"),
        ("A=a\"b\"", "a\"b\""),
        (r"A=C:\new\table", r"C:\new\table"),
        ("A=b=c", "b=c"),
        ("A={\"x\": [1, 2]}", "{\"x\": [1, 2]}"),
        ("A=ü€", "ü€"),
        ("A=`b`", "`b`"),
        ("A=b\r\n", "b"),
        ("A=b \r\n", "b"),
        ("A=b\r", "b"),
        ("A=b\rc\r\n", "b\rc"),
        ("A=\r\n", ""),
        ("A=\u{a0}b", "\u{a0}b"),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn single_quotes_keep_everything() {
    for (text, expected) in [
        ("A='b  # c' # d", "b  # c"),
        (r"A='b\n\'", r"b\n\"),
        ("A='$b ${C} \"d\"'", "$b ${C} \"d\""),
        ("A='b\nB=c\n'", "b\nB=c\n"),
        ("A='b\r\nc\r'\r\n", "b\nc\r"),
        ("A=''", ""),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn double_quotes_know_six_escapes() {
    for (text, expected) in [
        (r#"A="\n\r\t\\\"\$""#, "\n\r\t\\\"$"),
        (r#"A="\x \' \ü \a""#, r"\x \' \ü \a"),
        ("A=\"b\nB=c\n\" #d", "b\nB=c\n"),
        ("A=\"b\r\nc\rd\"\r\n", "b\nc\rd"),
        ("A=\"b\\\nc\"", "b\\\nc"),
        ("A=\"it's # $x\"", "it's # $x"),
        ("A=\"\"", ""),
        (r#"A="\\n""#, r"\n"),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn lines_are_counted_through_values_of_several_lines() {
    let entries = read("\nA='1\n2\n'\nB=\"x\r\n\n\"\r\nC=3\n").unwrap();
    assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [2, 5, 8]);
}

#[test]
fn what_is_no_assignment_is_an_error_with_its_line() {
    for (text, expected) in [
        ("A=1\nB", (2, ParseProblem::NoEquals)),
        ("A=1\nB\r\nC=2", (2, ParseProblem::NoEquals)),
        ("B value", (1, ParseProblem::NoEquals)),
        ("export B", (1, ParseProblem::NoEquals)),
        ("export", (1, ParseProblem::NoEquals)),
        ("B: value", (1, ParseProblem::NotAKey)),
        ("=value", (1, ParseProblem::NotAKey)),
        ("1B=2", (1, ParseProblem::NotAKey)),
        ("B!=2", (1, ParseProblem::NotAKey)),
        ("\u{fc}=2", (1, ParseProblem::NotAKey)),
        ("-----BEGIN KEY-----", (1, ParseProblem::NotAKey)),
        ("A='x\n\n", (1, ParseProblem::OpenQuote)),
        ("A=1\nB=\"x\n\\", (2, ParseProblem::OpenQuote)),
        ("A=\"x\\\"", (1, ParseProblem::OpenQuote)),
        ("A='", (1, ParseProblem::OpenQuote)),
        ("A='x\n'y", (2, ParseProblem::AfterQuote)),
        ("A=\"x\" \"y\"", (1, ParseProblem::AfterQuote)),
    ] {
        assert_eq!(problem(text), expected, "{text:?}");
    }
}

#[test]
fn errors_quote_nothing_of_the_line() {
    for text in ["hunter2", "hunter2 x", "hunter2! = x", "A='hunter2", "A='x'hunter2", "A=hunter2\nA=hunter3"] {
        let error = read(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter"), "{text}");
    }
}

#[test]
fn a_key_twice_must_say_the_same() {
    assert_eq!(pairs("A=1\nB=2\nA='1'").len(), 2);
    assert_eq!(problem("A=1\nB=2\nA=3"), (3, ParseProblem::KeyTwice { key: "A".to_owned(), first_line: Some(1) }));
    let twice = ParseProblem::KeyTwice { key: "A".to_owned(), first_line: Some(1) };
    assert_eq!(problem("A='${B}'\nA=${B}"), (2, twice), "one is expanded, the other is not");
}

#[test]
fn references_are_found_where_they_are_open_to_expansion() {
    let references = |text: &str| {
        let references = read(text).unwrap().remove(0).references;
        references.into_iter().map(|range| (range.start, range.end)).collect::<Vec<_>>()
    };
    assert_eq!(references("A=x${B}$C${d.e-f}"), [(1, 5), (7, 15)]);
    assert_eq!(references("A=${} ${1} ${A:-b} ${A $${B}"), [(22, 26)]);
    assert_eq!(references(r#"A="\t${B}\${C}\\${D}""#), [(1, 5), (10, 14)]);
    assert!(references("A='${B}'").is_empty());
    assert!(references("A=x # ${B}").is_empty());
    assert_eq!(references("A=\"ü${B}\""), [(2, 6)]);
}

/// A value as a careful writer puts it.
fn quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\\' | '"' | '$' => quoted.extend(['\\', c]),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[test]
fn any_text_is_read_or_refused() {
    let inputs = "(?s)[ A=#'\"$\\\\{}\r\nexport\tü]{0,40}|(A=|\\$\\{A\\}|\\$|\\{|[ A\"'\\\\#ü\n]){0,12}";
    let kinds = [("read", 40), ("a reference", 25), ("refused", 200)];
    holds(500, &inputs, &kinds, |text| {
        let Ok(entries) = read(&text) else { return vec!["refused"] };
        let mut met = vec!["read"];
        for entry in entries {
            for range in entry.references {
                let reference = &entry.value.text.expose()[range];
                assert_eq!(reference_length(reference), Some(reference.len()));
                assert_eq!(reference, format!("${{{}}}", referenced_name(reference)));
                met.push("a reference");
            }
        }
        met
    });
}

proptest! {
    #[test]
    fn a_value_that_is_written_with_care_is_read_back(value in "(?s).{0,30}", other in "(?s)[\r\n\\\\\"'$#{} ]{0,10}") {
        let value = format!("{value}{other}");
        let text = format!("A={}\nB={}\r\n", quoted(&value), quoted(&other));
        let entries = read(&text).unwrap();
        prop_assert_eq!(entries[0].value.text.expose(), &value);
        prop_assert_eq!(entries[1].value.text.expose(), &other);
        prop_assert!(entries[0].references.is_empty());
    }
}
