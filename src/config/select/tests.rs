use super::*;
use crate::config::{SourceFile, ValueKind, merge, parse};
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

fn select(keys: &str, case: OutputCase, prefix: &str, merged: &[Merged]) -> Result<Selected, KeySelectionError> {
    KeySelection::new(keys, case, prefix).unwrap().select(merged, OnDuplicate::Error)
}

#[test]
fn without_rules_everything_is_published_as_it_is() {
    let selected = KeySelection::default().select(&env("B=1\na-b=2\n_=3"), OnDuplicate::Error).unwrap();
    assert_eq!(lines(&selected), ["B=1", "a-b=2", "_=3"]);
    assert_eq!(selected.keys, ["B", "a-b", "_"]);
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
    assert_eq!(chosen("DB_PASS | X\nDB_PASS | Y"), ["p_Y=1"]);
    let nested = self::merged(&[("a.json", r#"{"spring.db url": 1}"#)]);
    assert_eq!(lines(&select("spring.db url | DB", OutputCase::Keep, "", &nested).unwrap()), ["DB=1"]);
}

#[test]
fn a_rule_that_matches_nothing_is_told() {
    let merged = env("A=1\nB=2");
    let selected = select("A\nNOPE\nX_*\n!Y?\n*\n!B\nB", OutputCase::Keep, "", &merged).unwrap();
    assert_eq!(selected.unmatched, ["NOPE", "X_*", "!Y?"]);
    let error = select("*\nNOPE | X", OutputCase::Keep, "", &merged).unwrap_err();
    assert_eq!(error, KeySelectionError::RenameOfMissing { key: "NOPE".to_owned() });
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
    ] {
        assert_eq!(KeySelection::new(keys, OutputCase::Keep, prefix).unwrap_err(), expected, "{keys}");
    }
}

#[test]
fn a_key_without_a_name_is_refused_or_left_out_by_its_file() {
    let error = select("", OutputCase::Keep, "", &env("A.B=hunter2\nC=1\nD.E=2")).unwrap_err();
    assert_eq!(error.to_string(), "the key \"A.B\" of .env gives no name of letters, digits, `_` and `-` (and 1 more)");
    assert_eq!(lines(&select("!*.*", OutputCase::Keep, "", &env("A.B=1\nC=1")).unwrap()), ["C=1"]);
    assert_eq!(lines(&select("", OutputCase::Snake, "", &env("A.B=1")).unwrap()), ["a_b=1"]);

    let nested = merged(&[("a.json", r#"{"a b": 1, "1": 2, "ü": 3, "": 4, "ok": 5}"#)]);
    let selected = select("", OutputCase::Keep, "", &nested).unwrap();
    assert_eq!(
        (lines(&selected), selected.left_out),
        (vec!["ok=5".to_owned()], vec!["a b".to_owned(), "1".to_owned(), "ü".to_owned(), String::new()])
    );
    let selected = select("", OutputCase::Keep, "p", &nested).unwrap();
    assert_eq!(lines(&selected), ["p1=2", "p=4", "pok=5"]);
}

#[test]
fn names_of_the_actions_own_fail_before_anything_is_left_out() {
    let json = |text: &str| merged(&[("a.json", text)]);
    for (merged, case, prefix) in [
        (json(r#"{"config-digest": 1}"#), OutputCase::Keep, ""),
        (json(r#"{"Config-Digest": 1}"#), OutputCase::Keep, ""),
        (json(r#"{"config-a.b": 1}"#), OutputCase::Keep, ""),
        (json(r#"{"config": {"digest": 1}}"#), OutputCase::Kebab, ""),
        (env("CONFIG_DIGEST=1"), OutputCase::Kebab, ""),
        (env("digest=1"), OutputCase::Keep, "config-"),
        (env("A.B=1\nconfig-x=1"), OutputCase::Keep, ""),
    ] {
        assert!(matches!(select("", case, prefix, &merged), Err(KeySelectionError::Reserved { .. })), "{merged:?}");
    }
    let merged = env("config-x=1\nCONFIG_DIGEST=2");
    assert_eq!(lines(&select("!config-*", OutputCase::Keep, "", &merged).unwrap()), ["CONFIG_DIGEST=2"]);
    assert_eq!(lines(&select("", OutputCase::Keep, "my_", &merged).unwrap()).len(), 2);
}

#[test]
fn keys_that_come_to_one_name_must_agree() {
    let error = select("", OutputCase::Lower, "", &env("Aa=hunter2\nB=1\naA=hunter3")).unwrap_err();
    assert_eq!(error.to_string(), "the keys \"Aa\" and \"aA\" both give the name \"aa\", with different values");
    assert_eq!(lines(&select("", OutputCase::Lower, "", &env("Aa=1\nB=2\naA=1")).unwrap()), ["aa=1", "b=2"]);
    assert!(select("*\nA | B", OutputCase::Keep, "", &env("A=1\nB=2")).is_err());
}

#[test]
fn of_two_files_the_later_counts_where_that_is_asked_for() {
    let select = |files: &[(&str, &str)], on_duplicate| {
        KeySelection::new("", OutputCase::Upper, "").unwrap().select(&merged(files), on_duplicate)
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
