use super::*;
use crate::config::{FileType, parse};
use crate::name::ConfigPath;
use crate::tried::holds;

fn files(files: &[(&str, &str)]) -> Vec<SourceFile> {
    let read = |(path, text): &(&str, &str)| {
        let path = ConfigPath::new(path).unwrap();
        let file_type = FileType::detect(&path);
        SourceFile { path, file_type, entries: parse(file_type, text.as_bytes(), "_").unwrap().entries }
    };
    files.iter().map(read).collect()
}

/// The job has JOB and EMPTY, which may be named, and SECRET and GITHUB_TOKEN, which may not.
fn run(files: &mut [SourceFile], defaults: &mut [Entry]) -> Result<Vec<String>, ExpandError> {
    let look_up = |name: &str| match name {
        "JOB" => Variable::Value(Secret::from("job/${A}")),
        "EMPTY" => Variable::Value(Secret::from("")),
        "NOT_SET" | "GITHUB_TOKEN" => Variable::NotSet,
        _ => Variable::NotListed,
    };
    expand(files, defaults, look_up, |name| matches!(name, "JOB" | "EMPTY" | "SECRET" | "GITHUB_TOKEN"))?;
    let all = files.iter().flat_map(|file| &file.entries).chain(&*defaults);
    Ok(all.map(|entry| entry.value.text.expose().clone()).collect())
}

fn expanded(text: &str) -> Result<Vec<String>, ExpandError> {
    run(&mut files(&[(".env", text)]), &mut [])
}

/// What a key `X` of this value becomes below `A=1`, `E=` and `B=b`.
fn value(written: &str) -> String {
    let text = format!("A=1\nE=\nB=b\nX={written}\n");
    expanded(&text).unwrap_or_else(|error| panic!("{written}: {error}")).pop().unwrap()
}

#[test]
fn references_are_replaced_as_compose_replaces_them() {
    for (written, expected) in [
        ("$A-x ${A}y $$A $${A} $A.b", "1-x 1y $A ${A} 1.b"),
        ("[${A:-d}][${A-d}][${A:+x}][${A+x}][${A:?m}][${A?m}]", "[1][1][x][x][1][1]"),
        ("[${E:-d}][${E-d}][${E:+x}][${E+x}][${E?m}]", "[d][][][x][]"),
        ("[${Z:-d}][${Z-d}][${Z:+x}][${Z+x}][${Z:-}][${Z-}]", "[d][d][][][][]"),
        ("[${NOT_SET:-d}][${EMPTY:-d}][${EMPTY-d}][${EMPTY}]", "[d][d][][]"),
        ("${Z:-${Y:-c}}${Z:-$B}${A:+${B}$B}${Z:+${UNKNOWN}}${A:-$UNKNOWN}", "cbbb1"),
        ("${Z:-{\"x\":1}} ${Z:-{}} ${Z:-a}b} ${Z:-{$B}}", "{\"x\":1} {} ab} {b}"),
        ("$ $5 a$ $(id) $) {$A} }{", "$ $5 a$ $(id) $) {1} }{"),
        ("$$$A $$$$ ${Z:-$$}", "$1 $$ $"),
        ("'$A ${A}'", "$A ${A}"),
        ("`$A ${A} $$`", "$A ${A} $$"),
        (r#""\$A $A \\$A \${A:-x} ${Z:-a b} $\$A""#, r"$A 1 \1 ${A:-x} a b $$A"),
        (r#""${Z:-\"q\"} ${Z:-\${A}}""#, "\"q\" ${A}"),
        ("\"${Z:-a\nb}\"", "a\nb"),
        (r"\$A", r"\1"),
        ("$A # $B", "1"),
        ("$JOB", "job/${A}"),
        ("${A:?${UNKNOWN}}", "1"),
    ] {
        assert_eq!(value(written), expected, "{written}");
    }
}

#[test]
fn a_name_stands_for_what_it_was_given_last_before() {
    for (text, expected) in [
        ("A=1\nB=${A}\nA=2", vec!["2", "1"]),
        ("A=/a\nA=${A}:/b\nA=$A:/c", vec!["/a:/b:/c"]),
        ("A=${B:-d}\nB=1", vec!["d", "1"]),
        ("A=${B+x}\nB=1", vec!["", "1"]),
        ("A=${JOB}\nJOB=here\nB=$JOB", vec!["job/${A}", "here", "here"]),
        ("JOB=${JOB}", vec!["job/${A}"]),
        ("A=${A:-d}", vec!["d"]),
        ("A=${A:-d}x\nA=${A:-d}x", vec!["dxx"]),
        // Where Compose warns of an empty text.
        ("C=${B}c\nB=${A}b\nA=a\nD=${C}${B}", vec!["abc", "ab", "a", "abcab"]),
        ("B=${A?m}\nA=1\nA=2", vec!["2", "2"]),
    ] {
        assert_eq!(expanded(text).unwrap(), expected, "{text}");
    }
}

#[test]
fn files_come_in_their_order_and_only_dotenv_values_change() {
    let json = r#"{"db": {"host": "h", "x": "${db_host}"}}"#;
    let mut all =
        files(&[("a.json", json), ("b.env", "A=1\nU=//${db_host}"), ("c.env", "B=$A$U\nA=2"), ("d.env", "C=$A")]);
    assert_eq!(run(&mut all, &mut []).unwrap(), ["h", "${db_host}", "1", "//h", "1//h", "2", "2"]);
    let mut all = files(&[("b.env", "U=//${db_host}"), ("c.json", json)]);
    assert_eq!(run(&mut all, &mut []).unwrap()[0], "//h");
}

#[test]
fn defaults_stand_for_what_no_file_has() {
    let defaults = |text: &str| parse(FileType::Dotenv, text.as_bytes(), "_").unwrap().entries;
    for (text, default, expected) in [
        ("A=${D:-x}", "D=d", vec!["d", "d"]),
        ("A=${JOB}", "JOB=d", vec!["d", "d"]),
        ("A=1", "D=${A}${F}\nF=f$$", vec!["1", "1f$", "f$"]),
        ("A=${A:-x}", "A=d", vec!["x", "d"]),
        ("B=${A:-x}\nA=1", "A=d", vec!["x", "1", "d"]),
    ] {
        assert_eq!(run(&mut files(&[(".env", text)]), &mut defaults(default)).unwrap(), expected, "{text}");
    }
}

#[test]
fn what_has_no_value_is_an_error_that_names_both() {
    let undefined = |key: &str, name: &str| ExpandError::Undefined { key: key.to_owned(), name: name.to_owned() };
    let not_listed = |key: &str, name: &str| ExpandError::NotListed { key: key.to_owned(), name: name.to_owned() };
    let required = |key: &str, name: &str| ExpandError::Required { key: key.to_owned(), name: name.to_owned() };
    for (text, expected) in [
        ("P=hunter2\nA=${P}${NOT_SET}", undefined("A", "NOT_SET")),
        ("A=x/$SECRET", not_listed("A", "SECRET")),
        ("A=${NOWHERE}", not_listed("A", "NOWHERE")),
        ("A=${A}", not_listed("A", "A")),
        ("A=${NOWHERE?hunter2}", not_listed("A", "NOWHERE")),
        ("A=${NOT_SET?hunter2}", required("A", "NOT_SET")),
        ("B=\nA=${B:?hunter2}", required("A", "B")),
        ("A=${EMPTY:?hunter2}", required("A", "EMPTY")),
        // What the job has is not passed over for a word.
        ("A=${SECRET:-hunter2}", not_listed("A", "SECRET")),
        ("A=${SECRET+hunter2}", not_listed("A", "SECRET")),
        ("A=${GITHUB_TOKEN:-hunter2}", undefined("A", "GITHUB_TOKEN")),
        ("A=${GITHUB_TOKEN}", undefined("A", "GITHUB_TOKEN")),
        ("A=${NOT_SET:-${SECRET}}", not_listed("A", "SECRET")),
    ] {
        let error = expanded(text).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    assert_eq!(expanded("SECRET=own\nA=x${SECRET}").unwrap(), ["own", "xown"]);
    assert_eq!(expanded("A=x${SECRET}\nSECRET=own").unwrap(), ["xown", "own"]);
}

#[test]
fn what_begins_no_reference_is_an_error() {
    for written in
        ["${}", "${1}", "${A", "${A=x}", "${A:=x}", "${#A}", "${ A}", "${Z:-x", "${A:-x", "${Z:-{}", "${A:+x"]
    {
        let error = expanded(&format!("A=1\nX=hunter2{written}")).unwrap_err();
        assert_eq!(error, ExpandError::Malformed { key: "X".to_owned() }, "{written}");
    }
}

#[test]
fn what_may_be_a_piece_of_a_password_is_not_shown() {
    for value in ["abc${S3cret_tail}def", "$hunter2", "${hunter2}", "${cret-$hunter2}", "${A:?hunter2}", "${hunter2"] {
        let error = expanded(&format!("A={value}")).unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(!told.contains("cret") && !told.contains("hunter2"), "{told}");
    }
}

#[test]
fn a_name_without_braces_is_shown_only_where_it_is_no_part_of_a_word() {
    let name = |written: &str| match expanded(&format!("A={written}")) {
        Err(ExpandError::NotListed { name, .. } | ExpandError::Undefined { name, .. }) => name,
        other => panic!("{written}: {other:?}"),
    };
    for meant in
        ["$HUNTER", "${HUNTER}", "abc${HUNTER}def", "http://$HUNTER/", "a $HUNTER b", "h:$HUNTER", "${HUNTER?m}x"]
    {
        assert_eq!(name(meant), "HUNTER", "{meant}");
    }
    for piece in
        ["abc$HUNTER", "1$HUNTER", "_$HUNTER", "ü$HUNTER", "!$HUNTER", "$HUNTER!", "$HUNTERx", "x-$HUNTER", "$HUNTER$$"]
    {
        assert_eq!(name(piece), UNSHOWN, "{piece}");
        assert_eq!(name(&format!("${{NOT_HERE:-{piece}}}")), UNSHOWN, "{piece}");
    }
}

#[test]
fn cycles_are_found() {
    for text in ["A=${B}\nB=${A}", "X=${A}\nA=${B}\nB=${C}\nC=${X}", "S=1\nA=${S}${B}\nB=${S}${A}"] {
        assert!(matches!(expanded(text), Err(ExpandError::Cycle { .. })), "{text}");
    }
    assert_eq!(expanded("A=${B:-x}\nB=${A}").unwrap(), ["x", "x"]);
    assert_eq!(expanded("S=1\nA=${S:-${B}}\nB=${A}").unwrap(), ["1", "1", "1"]);
}

#[test]
fn a_chain_as_long_as_the_file_is_no_trouble() {
    let mut text: String = (0..20_000).map(|i| format!("K{i}=${{K{}}}\n", i + 1)).collect();
    text.push_str("K20000=x\n");
    assert_eq!(expanded(&text).unwrap(), vec!["x"; 20_001]);
}

#[test]
fn words_in_words_may_be_as_deep_as_the_text_is_long() {
    let depth = 200_000;
    let nested = format!("A={}x{}\n", "${Z:-".repeat(depth), "}".repeat(depth));
    assert_eq!(expanded(&nested).unwrap(), ["x"]);
    let skipped = format!("B=b\nA=${{B:-{}x{}}}\n", "${Z:-".repeat(depth), "}".repeat(depth));
    assert_eq!(expanded(&skipped).unwrap(), ["b", "b"]);
    let open = format!("A={}x\n", "${Z:-".repeat(depth));
    assert!(matches!(expanded(&open), Err(ExpandError::Malformed { .. })));
    let braces = format!("A=${{Z:-{}\n", "{".repeat(depth));
    assert!(matches!(expanded(&braces), Err(ExpandError::Malformed { .. })));
}

#[test]
fn growth_is_bounded() {
    let mut doubling = String::from("K0=xxxxxxxxxx\n");
    doubling.extend((0..200).map(|i| format!("K{}=${{K{i}}}$K{i}\n", i + 1)));
    assert!(matches!(expanded(&doubling), Err(ExpandError::TooLong { .. })));

    let mut wide = format!("K={}\n", "x".repeat(1024 * 1024));
    wide.extend((0..17).map(|i| format!("K{i}=${{Z:-$K}}\n")));
    assert_eq!(expanded(&wide), Err(ExpandError::TooMuch));

    // None of these is done before the last one is.
    let mut waiting = format!("B={}\n", "x".repeat(1024 * 1024));
    waiting.extend((0..17).map(|i| format!("C{i}=$B$C{}\n", i + 1)));
    waiting.push_str("C17=e\n");
    assert_eq!(expanded(&waiting), Err(ExpandError::TooMuch));
}

#[test]
fn any_text_is_expanded_or_refused() {
    let values = "(X=|\n[AB]=|\\$|\\$\\{|\\{|\\}|[AB]|:?[-+?]|[ \"'\\\\`\n]){0,16}";
    holds(2_000, &values, &[("expanded", 100), ("refused", 200)], |text| {
        let mut all = files(&[]);
        let Ok(parsed) = parse(FileType::Dotenv, format!("A=1\n{text}").as_bytes(), "_") else { return vec![] };
        let path = ConfigPath::new(".env").unwrap();
        all.push(SourceFile { path, file_type: FileType::Dotenv, entries: parsed.entries });
        if run(&mut all, &mut []).is_err() {
            return vec!["refused"];
        }
        assert!(all[0].entries.iter().all(|entry| entry.dollars.is_empty()), "nothing is left to expand");
        vec!["expanded"]
    });
}
