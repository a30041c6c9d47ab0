use super::*;
use crate::config::{FileType, Provenance, SourceFile, ValueKind, merge, parse};
use crate::name::ConfigPath;

fn merged(files: &[(&str, &str)]) -> Vec<Merged> {
    let read = |(path, text): &(&str, &str)| {
        let path = ConfigPath::new(path).unwrap();
        let file_type = FileType::detect(&path);
        SourceFile { path, file_type, entries: parse(file_type, text.as_bytes(), "_").unwrap().entries }
    };
    merge(files.iter().map(read).collect(), OnDuplicate::Last, Vec::new()).unwrap()
}

fn env(text: &str) -> Vec<Merged> {
    merged(&[(".env", text)])
}

fn lines(selected: &Selected) -> Vec<String> {
    selected.settings.iter().map(|setting| format!("{}={}", setting.name, setting.value.text.expose())).collect()
}

fn select(keys: &str, case: OutputCase, prefix: &str, merged: &[Merged]) -> Result<Selected, SameName> {
    let selection = KeySelection::new(keys, case, prefix).unwrap().select(merged.to_vec(), OnDuplicate::Error);
    selection.map(|selection| selection.selected)
}

#[test]
fn without_rules_everything_is_published_as_it_is() {
    let selected = select("", OutputCase::Keep, "", &env("B=1\na-b.c=2\n_=3")).unwrap();
    assert_eq!(lines(&selected), ["B=1", "a-b.c=2", "_=3"]);
    let origins: Vec<_> = selected.origins.iter().map(ToString::to_string).collect();
    assert_eq!(origins, [r#""B" (line 1 of .env)"#, r#""a-b.c" (line 2 of .env)"#, r#""_" (line 3 of .env)"#]);
}

#[test]
fn rules_choose_and_the_last_decides() {
    let merged = env("DB_HOST=1\nDB_DEBUG=2\nX=3\nDB_DEBUG_LEVEL=4");
    let chosen = |keys: &str| lines(&select(keys, OutputCase::Keep, "", &merged).unwrap());
    assert_eq!(chosen("DB_*\n!DB_DEBUG*"), ["DB_HOST=1"]);
    assert_eq!(chosen("!DB_DEBUG*\nDB_*"), ["DB_HOST=1", "DB_DEBUG=2", "DB_DEBUG_LEVEL=4"]);
    assert_eq!(chosen("DB_*\n!*\nX\n!DB_DEBUG\nDB_DEBUG_*"), ["X=3", "DB_DEBUG_LEVEL=4"]);
    assert_eq!(chosen("!X"), ["DB_HOST=1", "DB_DEBUG=2", "DB_DEBUG_LEVEL=4"]);
    assert_eq!(chosen("X"), ["X=3"]);
    assert_eq!(chosen("# only a comment"), chosen(""));
}

#[test]
fn a_key_is_published_under_another_name() {
    let merged = env("DB_PASS=1\ndb_host=2");
    let chosen = |keys: &str| lines(&select(keys, OutputCase::Upper, "p_", &merged).unwrap());
    assert_eq!(chosen("*\nDB_PASS | DatabasePassword"), ["p_DatabasePassword=1", "p_DB_HOST=2"]);
    assert_eq!(chosen("DB_PASS|X\n*"), ["p_X=1", "p_DB_HOST=2"]);
    assert_eq!(chosen("DB_PASS | X\n!DB_*\n*host"), ["p_DB_HOST=2"]);
    assert_eq!(chosen("DB_PASS | X\nDB_PASS | Y\nDB_PASS | X"), ["p_X=1", "p_Y=1"]);
    let nested = self::merged(&[("a.json", r#"{"spring.db url": 1}"#)]);
    assert_eq!(lines(&select("spring.db url | DB", OutputCase::Keep, "", &nested).unwrap()), ["DB=1"]);
}

#[test]
fn a_rule_that_matches_nothing_is_told() {
    let merged = env("A=1\nB=2");
    let selection = KeySelection::new("A\nNOPE\nX_*\n!Y?\n*\n!B\nB\nAA | X\nA, B", OutputCase::Keep, "").unwrap();
    let unmatched = selection.select(merged, OnDuplicate::Error).unwrap().unmatched;
    let told: Vec<_> = unmatched.iter().map(|line| (line.key.to_string(), line.names_one)).collect();
    let expected = [
        ("NOPE", true),
        ("X_*", false),
        ("!Y?", false),
        ("AA (did you mean A?)", true),
        ("\"A, B\" (write one name a line)", true),
    ];
    assert_eq!(told, expected.map(|(words, names_one)| (words.to_owned(), names_one)));
}

#[test]
fn any_pattern_leaves_names_to_the_files() {
    for (keys, is_open) in [
        ("", true),
        ("!A", true),
        ("*", true),
        ("*_*", true),
        ("DB_*", true),
        ("A?", true),
        ("A\n!B_*", false),
        ("A\nB | C", false),
    ] {
        assert_eq!(KeySelection::new(keys, OutputCase::Keep, "").unwrap().leaves_names_open(), is_open, "{keys:?}");
    }
}

#[test]
fn rules_that_say_nothing_sensible_are_refused() {
    for (keys, prefix, expected) in [
        ("A\n!", "", KeySelectionError::NoPattern { line: 2 }),
        ("| X", "", KeySelectionError::NoPattern { line: 1 }),
        ("A* | X", "", KeySelectionError::RenameOfPattern { line: 1 }),
        ("!A | X", "", KeySelectionError::RenameOfPattern { line: 1 }),
        ("A |", "p", KeySelectionError::RenameToNoName { line: 1 }),
        ("A | x y", "", KeySelectionError::RenameToNoName { line: 1 }),
        ("A | B | C", "", KeySelectionError::RenameToNoName { line: 1 }),
        ("", "1", KeySelectionError::Prefix),
        ("", "a.", KeySelectionError::Prefix),
        ("", "Config-", KeySelectionError::ReservedPrefix),
        ("A | config-x", "", KeySelectionError::RenameToReserved { line: 1 }),
        ("\nA | ig-X", "conf", KeySelectionError::RenameToReserved { line: 2 }),
    ] {
        assert_eq!(KeySelection::new(keys, OutputCase::Keep, prefix).unwrap_err(), expected, "{keys}");
    }
}

#[test]
fn keys_that_come_to_one_name_must_agree() {
    let error = select("", OutputCase::Lower, "", &env("Aa=hunter2\nB=1\naA=hunter3")).unwrap_err();
    let said =
        r#"the keys "Aa" (line 1 of .env) and "aA" (line 3 of .env) both give the name "aa", with different values"#;
    assert_eq!(error.to_string(), said);
    assert_eq!(lines(&select("", OutputCase::Lower, "", &env("Aa=1\nB=2\naA=1")).unwrap()), ["aa=1", "b=2"]);
    assert!(select("*\nA | B", OutputCase::Keep, "", &env("A=1\nB=2")).is_err());
}

#[test]
fn of_two_files_the_later_counts_where_that_is_asked_for() {
    let select = |files: &[(&str, &str)], on_duplicate| {
        let selection = KeySelection::new("", OutputCase::Upper, "").unwrap().select(merged(files), on_duplicate);
        selection.map(|selection| selection.selected)
    };
    let files = [("a.env", "x=1\nY=1"), ("b.env", "X=2")];
    assert_eq!(lines(&select(&files, OnDuplicate::Last).unwrap()), ["X=2", "Y=1"]);
    assert!(select(&files, OnDuplicate::Error).is_err());
    // The later file replaced the first one's value and took its place.
    let files = [("a.env", "x=1"), ("b.env", "X=2"), ("c.env", "x=3")];
    assert_eq!(lines(&select(&files, OnDuplicate::Last).unwrap()), ["X=3"]);
    assert!(select(&[("a.env", "x=1\nX=2")], OnDuplicate::Last).is_err(), "one file");
}

#[test]
fn defaults_give_way_to_files_by_name_too() {
    let mut merged = env("db_host=1");
    let entry = parse(FileType::Dotenv, b"DB_HOST=2", "_").unwrap().entries.remove(0);
    merged.push(Merged { entry, source: Provenance::Defaults });
    assert_eq!(lines(&select("", OutputCase::Upper, "", &merged).unwrap()), ["DB_HOST=1"]);
}

#[test]
fn values_keep_their_kind_and_many_keys_and_rules_are_no_trouble() {
    let json: String = (0..10_000).map(|i| format!("\"K{i}\": {i},")).collect();
    let merged = merged(&[("a.json", &format!("{{{json}\"Z\": true}}"))]);
    let rules: String = (0..10_000).map(|i| format!("K{i} | N{i}\n")).collect();
    let selected = select(&format!("{rules}K?\nZ*"), OutputCase::Keep, "", &merged).unwrap();
    assert_eq!(selected.settings.len(), 10_001);
    assert_eq!((selected.settings[7].name.as_str(), selected.settings[7].value.kind), ("N7", ValueKind::Number));
    assert_eq!(selected.settings[10_000].value.kind, ValueKind::Bool);
}
