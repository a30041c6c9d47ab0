use proptest::prelude::*;

use super::*;
use crate::config::expand::is_dollar_of_a_reference;
use crate::tried::holds;

fn pairs(text: &str) -> Vec<(String, String)> {
    let parsed = read(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    parsed.entries.into_iter().map(|entry| (entry.key, entry.value.text.into_exposed())).collect()
}

fn value(text: &str) -> String {
    let mut pairs = pairs(text);
    assert_eq!(pairs.len(), 1, "{text:?}");
    pairs.remove(0).1
}

fn warnings(text: &str) -> Vec<String> {
    read(text).unwrap().warnings.iter().map(ToString::to_string).collect()
}

fn problem(text: &str) -> (usize, ParseProblem) {
    let error = read(text).unwrap_err();
    (error.line.unwrap(), error.problem)
}

#[test]
fn lines_are_assignments_comments_or_empty() {
    let text = "# first\n\n  \t\nA=1\n  export B = 2  # two\n\t# last\nC.d-e_9 =3\nexport=4\nexport = 4\n_=";
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(pairs(text), [pair("A", "1"), pair("B", "2"), pair("C.d-e_9", "3"), pair("export", "4"), pair("_", "")]);
    assert_eq!(pairs(""), []);
}

#[test]
fn keys_are_what_all_readers_that_know_other_names_than_variables_take() {
    for key in ["2FA_ENABLED", "discovery.type", ".a", "a-b", "12", "spring.datasource.url", "2", "_", "a-"] {
        assert_eq!(pairs(&format!("{key}=x\n export {key}=x")), [(key.to_owned(), "x".to_owned())]);
    }
    for key in [
        "a/b", "KEY[0]", "my key", "ÜBER", "ключ", "-a", "a:b", "'a'", "\"a\"", "a+b", "A+", "a@b", "$A", "a$b", "",
        "a(b)",
    ] {
        let (line, _) = problem(&format!("A=1\n{key}=x\n"));
        assert_eq!(line, 2, "{key}");
    }
}

#[test]
fn lines_end_as_they_do_on_any_system() {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let all = [pair("A", "1"), pair("B", "2\n3"), pair("C", "4\n\n5"), pair("D", "6\n7"), pair("E", "")];
    for end in ["\n", "\r\n", "\r"] {
        let text = "# c\nA=1\n\nB='2\n3'\nC=\"4\n\n5\" # c\n  \nD=`6\n7`\nE=\n".replace('\n', end);
        assert_eq!(pairs(&text), all, "{text:?}");
        let lines: Vec<_> = read(&text).unwrap().entries.iter().map(|entry| entry.line).collect();
        assert_eq!(lines, [2, 4, 6, 10, 12], "{text:?}");
        let broken = format!("{text}F='{end}");
        assert_eq!(problem(&broken), (13, ParseProblem::OpenQuote), "{broken:?}");
    }
    assert_eq!(pairs("A=1\rB=2\nC=3\r\nD=4\r\r\nE=5\n\rF=6").len(), 6);
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
        ("A=b`c`", "b`c`"),
        ("A=`b", "`b"),
        ("A=`b # c", "`b"),
        ("A=`", "`"),
        ("A=b\r\n", "b"),
        ("A=b \r\n", "b"),
        ("A=b\r", "b"),
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
        ("A='b\r\nc\r'\r\n", "b\nc\n"),
        ("A=''", ""),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn backticks_keep_everything() {
    for (text, expected) in [
        ("A=`b  # c` # d", "b  # c"),
        ("A=`b`# d", "b"),
        (r"A=`b\n\`", r"b\n\"),
        ("A=`$b ${C} \"d\" 'e'`", "$b ${C} \"d\" 'e'"),
        ("A= `b\nB=c\n` ", "b\nB=c\n"),
        ("A=``", ""),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
    for (text, line) in [("A=`b` c", 1), (r"A=`b\`c`", 1), ("A=`b\nB=`c`", 2), ("A=`b\n# it`s", 2)] {
        assert_eq!(problem(text), (line, ParseProblem::AfterQuote), "{text:?}");
    }
}

#[test]
fn double_quotes_know_six_escapes() {
    for (text, expected) in [
        (r#"A="\n\r\t\\\"\$""#, "\n\r\t\\\"$"),
        (r#"A="\x \' \ü \a""#, r"\x \' \ü \a"),
        ("A=\"b\nB=c\n\" #d", "b\nB=c\n"),
        ("A=\"b\r\nc\rd\"\r\n", "b\nc\nd"),
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
    let entries = read("\nA='1\n2\n'\nB=\"x\r\n\n\"\r\nC=3\n").unwrap().entries;
    assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [2, 5, 8]);
}

fn no_assignment(what: LineProblem, above: Option<usize>) -> ParseProblem {
    ParseProblem::NoAssignment { what, above }
}

#[test]
fn a_backslash_at_the_end_of_a_value_is_one_where_the_next_line_stands_for_itself() {
    for (text, expected) in [
        ("A=C:\\dir\\\nB=2", r"C:\dir\"),
        ("A=C:\\dir\\\n\nB", r"C:\dir\"),
        ("A=C:\\dir\\\n# c\nB", r"C:\dir\"),
        ("A='C:\\dir\\'\nB", r"C:\dir\"),
        ("A=C:\\dir\\", r"C:\dir\"),
    ] {
        assert_eq!(pairs(text)[0].1, expected, "{text:?}");
    }
}

#[test]
fn a_line_that_may_belong_to_a_value_above_names_that_value() {
    let what = LineProblem::NotAKey;
    for (text, line, above) in [
        ("P=x-----BEGIN X-----\nMIIE\nB=1\n-----END X-----\n", 4, Some(1)),
        ("A=1\nP=MIIE\nMII+E\n", 3, Some(2)),
        ("A=1\nP=-----BEGIN X-----x-----END X-----\nB=2\n-x", 4, Some(3)),
        ("A=1\nB='2'\n-x", 3, None),
        ("A=1\n\n# c\nC\n-x", 5, Some(1)),
    ] {
        assert_eq!(problem(text), (line, no_assignment(what, above)), "{text:?}");
    }
    let words = no_assignment(what, Some(7)).to_string();
    let hint =
        ". If it belongs to the value that begins on line 7, put that whole value, with all its lines, in quotes";
    assert!(words.ends_with(hint), "{words}");
    let unseen = no_assignment(LineProblem::UnseenInKey('\u{200b}'), None).to_string();
    assert_eq!(unseen, "the key has the character U+200B (a zero-width space) in it, which is not seen");
}

#[test]
fn what_is_no_assignment_is_an_error_with_its_line() {
    for (text, expected) in [
        ("B value", (1, no_assignment(LineProblem::NoEquals, None))),
        ("export B C=2", (1, no_assignment(LineProblem::NoEquals, None))),
        ("export B 'C'", (1, no_assignment(LineProblem::NoEquals, None))),
        ("export 'B'=1", (1, no_assignment(LineProblem::NoEquals, None))),
        ("A=1\rmy key=1", (2, no_assignment(LineProblem::BlankInKey, Some(1)))),
        ("MY KEY = 1", (1, no_assignment(LineProblem::BlankInKey, None))),
        ("B#C", (1, no_assignment(LineProblem::NotAKey, None))),
        ("B: value", (1, no_assignment(LineProblem::Colon, None))),
        ("export B : value=1", (1, no_assignment(LineProblem::Colon, None))),
        ("B:", (1, no_assignment(LineProblem::Colon, None))),
        ("https://x", (1, no_assignment(LineProblem::NotAKey, None))),
        ("=value", (1, no_assignment(LineProblem::NotAKey, None))),
        ("B!=2", (1, no_assignment(LineProblem::NotAKey, None))),
        ("\u{fc}=2", (1, no_assignment(LineProblem::NotAKey, None))),
        ("A\u{200b}B=2", (1, no_assignment(LineProblem::UnseenInKey('\u{200b}'), None))),
        ("A\u{a0}=2", (1, no_assignment(LineProblem::UnseenInKey('\u{a0}'), None))),
        ("\u{a0}A=2", (1, no_assignment(LineProblem::UnseenInKey('\u{a0}'), None))),
        ("\u{feff}A", (1, no_assignment(LineProblem::UnseenInKey('\u{feff}'), None))),
        ("A!=\u{a0}", (1, no_assignment(LineProblem::NotAKey, None))),
        ("-----BEGIN KEY-----", (1, no_assignment(LineProblem::NotAKey, None))),
        ("A=one \\\n  two\n", (1, ParseProblem::Continued)),
        ("A=1\r\nB=C:\\dir\\\r\n--more x\r\n", (2, ParseProblem::Continued)),
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
    for text in ["hunter2 x", "hunter2! = x", "A='hunter2", "A='x'hunter2", "A=`x`hunter2"] {
        let error = read(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter"), "{text}");
    }
}

#[test]
fn a_name_without_a_value_gives_no_key() {
    for (text, said) in [
        ("A=1\nexport A", "line 2 (A)"),
        ("A=1\nA\r\nB=2", "line 2 (A)"),
        ("A=1\nb2\nb2=2", "line 2 (b2)"),
        ("A=1\rDB_HOST2 # c\r", "line 2"),
        ("A=1\nexport A DB_HOST  lower\n", "line 2 (A, DB_HOST)"),
        ("A=1\nexport", "line 2"),
        ("A=1\nexport ", "line 2"),
        ("A=1\n2FA", "line 2"),
    ] {
        assert_eq!(pairs(text)[0].1, "1");
        let warnings = warnings(text);
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains(&format!("no key: {said}. ")), "{text:?}: {warnings:?}");
    }
}

#[test]
fn what_may_be_a_piece_of_a_value_is_not_named() {
    let long = "X".repeat(41);
    for piece in [
        "hunter2",
        "HUNTER2",
        "HUNTERTWO",
        "CORRECT_HORSE",
        "JBSWY3DPEHPK3PXP",
        "Hunter",
        "a.b",
        "a-b",
        "MFRGGZDFMZTWQZLK",
        &long,
    ] {
        let parsed = read(&format!("A=x\n{piece}\n")).unwrap();
        assert!(!format!("{} {parsed:?}", parsed.warnings[0]).contains(piece), "{piece}");
    }
}

#[test]
fn a_piece_of_a_value_without_quotes_becomes_no_key() {
    let line = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwABCDEFGH";
    for (text, expected) in [
        ("A=1\nK=-----BEGIN KEY-----\nQABAkAsecretpart9x==\n".to_owned(), (2, ParseProblem::UnquotedPem)),
        ("K=-----BEGIN KEY-----".to_owned(), (1, ParseProblem::UnquotedPem)),
        ("export K = `-----BEGIN KEY-----\nA=1".to_owned(), (1, ParseProblem::UnquotedPem)),
        ("K=---- BEGIN SSH2 PUBLIC KEY ----\nAA==".to_owned(), (1, ParseProblem::UnquotedPem)),
        (format!("K={line}\nAb1=\nQABAkAsecretpart9x==\n"), (3, ParseProblem::EndOfEncoded)),
        (format!("K={line}\r\n  QABAkAsecretpart9x1=\r\n"), (2, ParseProblem::EndOfEncoded)),
        (format!("K={line}\n{line}\nRg== \n"), (3, ParseProblem::EndOfEncoded)),
        (format!("K={line}\n{line}\nabc=\nB=1"), (3, ParseProblem::EndOfEncoded)),
        ("K=hunter\nMFRGGZDFMZTWQZLK\nMFRGGZDFMZTWQ===".to_owned(), (3, ParseProblem::EndOfEncoded)),
        ("K=\nQABAkAsecretpart9x==".to_owned(), (2, ParseProblem::EndOfEncoded)),
    ] {
        assert_eq!(problem(&text), expected, "{text:?}");
        assert!(!read(&text).unwrap_err().to_string().contains("secretpart"));
    }
    for text in [
        "K=-----BEGIN KEY-----\\nQABA==\\n-----END KEY-----\nA=".to_owned(),
        "A=\nB=\n".to_owned(),
        "A=1\nB\nDB_HOST_2=\n".to_owned(),
        format!("K='-----BEGIN KEY-----\nQABAkAsecretpart9x==\n-----END KEY-----'\nA={line}\n"),
        format!("A={line}\napiKey1=\n"),
        format!("A={line}\nexport B\noauth2ClientSecret1=\n"),
        format!("A={line}\nDELIMITER==\n"),
        format!("A={line}\nB\n\noauth2ClientSecret1=\n"),
        format!("A={line}\nB\noauth2ClientSecret1='='\n"),
    ] {
        assert!(read(&text).is_ok(), "{text:?}");
    }
}

#[test]
fn backticks_around_what_others_read_as_assignments_are_warned_of() {
    let text = "A=`tick#1\nDB_PASSWORD=lostsecret\nB=tock`\nC=`a\nb`\nD=`x=1`\n\nE=`\n\n export F = 1\n` # c\n";
    assert_eq!(pairs(text).len(), 4);
    let warnings = warnings(text);
    assert!(
        warnings.len() == 1 && warnings[0].contains(": \"A\" on lines 1 to 3; \"E\" on lines 8 to 11. "),
        "{warnings:?}"
    );
    assert!(!warnings[0].contains("lostsecret") && !warnings[0].contains("PASSWORD"));
}

#[test]
fn the_last_value_of_a_key_counts() {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let said = |text: &str| warnings(text).concat();
    for (text, value, lines) in [
        ("A=one\nB=2\nA=two\n", "two", "1 and 3"),
        ("A=\nB=2\nA=two\n", "two", "1 and 3"),
        ("A=two\nB=2\nA=", "", "1 and 3"),
        ("A=1\nB=2\nexport A='1'\nA=3\n", "3", "1 and 4"),
        ("A=1\nB=2\nA=3\nA=1\n", "1", "1, 3 and 4"),
        ("A='${B}'\nB=2\nA=${B}", "${B}", "1 and 3"),
    ] {
        assert_eq!(pairs(text), [pair("A", value), pair("B", "2")], "the place is that of the first: {text}");
        assert_eq!(said(text), format!("A is set more than once (lines {lines}); the last value is used"), "{text:?}");
    }
    let entry = read("A=1\nA=2\n\nA=3").unwrap().entries.remove(0);
    let earlier: Vec<_> =
        entry.earlier.iter().map(|earlier| (earlier.line, earlier.value.text.expose().as_str())).collect();
    assert_eq!((entry.line, earlier), (4, vec![(1, "1"), (2, "2")]));
}

#[test]
fn a_key_that_says_the_same_twice_is_no_matter() {
    for text in ["A=1\nB=2\nA='1'", "A=x${B}\nB=2\nA=\"x${B}\""] {
        assert_eq!((pairs(text).len(), warnings(text)), (2, vec![]), "{text}");
    }
}

#[test]
fn replaced_values_count_among_the_values() {
    let text: String = (0..=MOST_VALUES).map(|i| format!("A={i}\n")).collect();
    assert_eq!(problem(&text), (MOST_VALUES + 1, ParseProblem::TooManyValues));
}

#[test]
fn dollar_signs_are_found_where_they_are_open_to_expansion() {
    let dollars = |text: &str| read(text).unwrap().entries.remove(0).dollars;
    assert_eq!(dollars("A=x${B}$C$_"), [1, 5, 7]);
    assert_eq!(dollars("A=$ $1 $) ${ $$ $$$ $$B a$"), [8, 11, 14, 18]);
    assert_eq!(dollars("A=$$$B"), [0, 2]);
    assert_eq!(dollars(r#"A="\t${B}\${C}\\${D}$\$E$$F""#), [1, 10, 17]);
    assert!(dollars("A='${B}'").is_empty());
    assert!(dollars("A=`${B}`").is_empty());
    assert!(dollars("A=x # ${B}").is_empty());
    assert_eq!(dollars("A=\"ü${B}\""), [2]);
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
    let inputs = "(?s)[ A=#'`\"$\\\\{}\r\nexport\tü]{0,40}|(A=|\\$\\{A\\}|\\$|\\{|[ A\"'\\\\#ü\n]){0,12}";
    let kinds = [("read", 40), ("a reference", 25), ("refused", 200)];
    holds(500, &inputs, &kinds, |text| {
        let Ok(parsed) = read(&text) else { return vec!["refused"] };
        let mut met = vec!["read"];
        for entry in parsed.entries {
            let bytes = entry.value.text.expose().as_bytes();
            assert!(entry.dollars.is_sorted_by(|one, next| one < next));
            for at in entry.dollars {
                assert!(bytes[at] == b'$' && is_dollar_of_a_reference(bytes.get(at + 1).copied()));
                met.push("a reference");
            }
        }
        met
    });
}

proptest! {
    #[test]
    fn a_value_that_is_written_with_care_is_read_back(value in "(?s).{0,30}", other in "(?s)[\r\n\\\\\"'`$#{} ]{0,10}") {
        let value = format!("{value}{other}");
        let text = format!("A={}\nB={}\r\n", quoted(&value), quoted(&other));
        let entries = read(&text).unwrap().entries;
        prop_assert_eq!(entries[0].value.text.expose(), &value);
        prop_assert_eq!(entries[1].value.text.expose(), &other);
        prop_assert!(entries[0].dollars.is_empty());
    }
}
