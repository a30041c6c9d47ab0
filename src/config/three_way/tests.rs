use super::*;
use crate::config::parse;
use crate::tried::holds;

fn merged(file_type: FileType, base: Option<&str>, ours: &str, theirs: &str) -> Result<String, MergeConflict> {
    let merged = merge3(file_type, base.map(str::as_bytes), ours.as_bytes(), theirs.as_bytes(), "_")?;
    Ok(String::from_utf8(merged.bytes.into_exposed()).unwrap())
}

#[track_caller]
fn assert_merge(base: &str, ours: &str, theirs: &str, expected: &str) {
    assert_eq!(merged(FileType::Dotenv, Some(base), ours, theirs).as_deref(), Ok(expected));
}

#[track_caller]
fn assert_conflict(base: Option<&str>, ours: &str, theirs: &str, keys: &[&str]) {
    let conflict = merged(FileType::Dotenv, base, ours, theirs).unwrap_err();
    assert_eq!(conflict.keys(), keys);
}

#[test]
fn a_side_that_changed_nothing_gives_way_byte_for_byte() {
    for (base, ours, theirs, expected) in [
        ("A=1", "A=1", "# new\nA=1\n", "# new\nA=1\n"),
        ("A=1", "#\nA=1", "A=1", "#\nA=1"),
        ("no file at all", "no file", "no file at all", "no file"),
        ("\0", "a\0", "a\0", "a\0"),
    ] {
        assert_merge(base, ours, theirs, expected);
        assert_eq!(merged(FileType::Raw, Some(base), ours, theirs).as_deref(), Ok(expected));
    }
}

#[test]
fn keys_that_one_side_changed_are_taken_and_the_text_is_ours() {
    assert_merge(
        "A=1\nB=2\nC=3\n",
        "# mine\nC='3' # kept\nB=2\nA=10\n",
        "A=1\nB=\"20 \"\nN=$A # theirs\n",
        "# mine\nB=\"20 \"\nA=10\nN=$A\n",
    );
}

#[test]
fn what_has_no_key_is_that_of_the_side_which_changed_it() {
    let assert = |file_type, base: &str, ours: &str, theirs: &str, expected: &str, loses| {
        let [base, ours, theirs] = [base, ours, theirs].map(str::as_bytes);
        let merged = merge3(file_type, Some(base), ours, theirs, "_").unwrap();
        let text = String::from_utf8(merged.bytes.into_exposed()).unwrap();
        assert_eq!((text.as_str(), merged.loses_rest), (expected, loses));
    };
    let env = "# old\nA=1\nB=1\n";
    for (ours, theirs, expected, loses) in [
        ("# old\nA=2\nB=1\n", "# new\nA=1\nB=1\n", "# new\nA=2\nB=1\n", false),
        ("# new\nA=1\nB=1\n", "# old\nA=2\nB=1\n", "# new\nA=2\nB=1\n", false),
        ("# new\nA=1\nB=1\n", "# new\nA=2\nB=1\n", "# new\nA=2\nB=1\n", false),
        ("# mine\nA=1\nB=1\n", "# new\nA=2\nB=1\n", "# mine\nA=2\nB=1\n", true),
        ("# old\nA=1\nB=2\n", "# old\nexport A=1\nB=1\n", "# old\nexport A=1\nB=2\n", false),
        ("# old\nA=2\nB=1\n", "# old\nA=1\nB=1\nNAME\n", "# old\nA=2\nB=1\nNAME\n", false),
        ("# old\nA=2\nB=1\n", "# old\nB=1\nA=1\n", "# old\nB=1\nA=2\n", false),
        // Neither a value that has to be written in quotes, nor a new key, nor one that is gone is such a change.
        ("# old\nA='2 '\nB=1\nC=3\n", "# new\nA=1\nB=1\n", "# new\nA='2 '\nB=1\nC=3\n", false),
        ("# old\nA=1\n", "# new\nA=2\nB=1\n", "# new\nA=2\n", false),
        ("# mine\nA=1\nB=1\n", "# old\nA=\"2 \"\nB=1\nD=4\n", "# mine\nA=\"2 \"\nB=1\nD=4\n", false),
        ("# old\nA=1\nB=3\n", "# c\nA=1\nB='3'\n", "# c\nA=1\nB='3'\n", false),
    ] {
        assert(FileType::Dotenv, env, ours, theirs, expected, loses);
    }
    for (file_type, base, ours, theirs, expected) in [
        (
            FileType::Json,
            "{\n  \"a\": 1,\n  \"b\": 1\n}\n",
            "{\n  \"a\": 2,\n  \"b\": 1\n}\n",
            "{\n  // new\n  \"a\": 1,\n  \"b\": 1\n}\n",
            "{\n  // new\n  \"a\": 2,\n  \"b\": 1\n}\n",
        ),
        (
            FileType::Yaml,
            "# old\na: 1\nb: {c: 1}\n",
            "# old\na: 2\nb: {c: 1}\n",
            "# new\na: 1\nb: {c: 3}\n",
            "# new\na: 2\nb: {c: 3}\n",
        ),
        (
            FileType::Toml,
            "# old\na = 1\n[t]\nb = 1\n",
            "# old\na = 2\n[t]\nb = 1\n",
            "# new\na = 1\n[t]\nb = 1\n",
            "# new\na = 2\n[t]\nb = 1\n",
        ),
    ] {
        assert(file_type, base, ours, theirs, expected, false);
    }
}

#[test]
fn a_key_that_both_changed_is_a_conflict_by_its_name() {
    assert_conflict(Some("A=1\nB=1\nC=1\nD=1"), "A=2\nB=2\nD=1\nE=1", "A=3\nB=2\nC=2\nE=2\nD=1", &["A", "E", "C"]);
    assert_conflict(Some("A=1\nB=1"), "B=2", "A=2\nB=1", &["A"]);
    assert_conflict(Some("A=1\nB=1"), "A=2\nB=2", "B=1", &["A"]);
    // A reference is another value than the same characters as text.
    assert_conflict(Some("A=1\nB=1"), "A=$B\nB=1", "A='$B'\nB=1", &["A"]);
}

#[test]
fn a_key_that_both_changed_can_stay_as_ours_has_it() {
    let kept = |file_type, base: &str, ours: &str, theirs: &str| {
        let [base, ours, theirs] = [base, ours, theirs].map(str::as_bytes);
        let merged = merge3_keeping_ours(file_type, Some(base), ours, theirs, "_").unwrap();
        (String::from_utf8(merged.bytes.into_exposed()).unwrap(), merged.from_theirs)
    };
    let (text, from_theirs) = kept(FileType::Dotenv, "A=1\nB=1\nC=1\n", "A=2\nB=1\nD=4\n", "A=3\nB=3\nC=3\nD=5\nE=3\n");
    assert_eq!((text.as_str(), from_theirs), ("A=2\nB=3\nD=4\nE=3\n", vec!["B".to_owned(), "E".to_owned()]));
    // A list is one thing.
    let (text, _) =
        kept(FileType::Json, r#"{"l": [1, 2], "a": 1}"#, r#"{"l": [1, 5], "a": 1}"#, r#"{"l": [4, 2], "a": 2}"#);
    assert_eq!(text, r#"{"l": [1, 5], "a": 2}"#);
}

#[test]
fn without_a_base_keys_agree_or_conflict() {
    assert_eq!(merged(FileType::Dotenv, None, "A=1", "A='1' # c").as_deref(), Ok("A=1"));
    assert_eq!(merged(FileType::Raw, None, "x", "x").as_deref(), Ok("x"));
    assert_conflict(None, "A=1\nB=1\nC=1", "A=2\nB=1\nD=1", &["A", "C", "D"]);
}

#[test]
fn what_cannot_be_merged_by_key_conflicts_as_a_whole() {
    for (file_type, base, ours, theirs) in [
        (FileType::Raw, Some("a"), "b", "c"),
        (FileType::Raw, None, "b", "c"),
        (FileType::Dotenv, Some("A=1"), "A=2\n\"", "A=3"),
        (FileType::Dotenv, Some("\""), "A=2", "A=3"),
        (FileType::Dotenv, Some("A=1"), "A=2", "A=\0"),
    ] {
        assert_eq!(merged(file_type, base, ours, theirs), Err(MergeConflict::WholeFile), "{base:?}");
    }
}

#[test]
fn neither_a_result_nor_a_conflict_shows_a_value() {
    let result = merge3(FileType::Dotenv, Some(b"A=1\nB=1"), b"A=hunter2\nB=1", b"A=1\nB=hunter2", "_").unwrap();
    assert_eq!(result.from_theirs, ["B"]);
    assert!(!format!("{result:?}").contains("hunter2"));
    for (ours, theirs) in [("A=hunter2", "A=hunter22"), ("hunter2 hunter2", "A=hunter22")] {
        let conflict = merge3(FileType::Dotenv, None, ours.as_bytes(), theirs.as_bytes(), "_").unwrap_err();
        assert!(!format!("{conflict:?} {conflict}").contains("hunter2"));
    }
}

#[test]
fn any_merge_is_the_same_from_both_sides_and_done_only_once() {
    let line = "(export )?[A-D]=([ab]|'[ab]'|\"[ab]\"|\\$A)( # c)?\n";
    let file = || proptest::collection::vec(line, 0..4);
    holds(600, &(file(), file(), file()), &[("merged", 60), ("conflict", 100)], |(base, ours, theirs)| {
        let (base, ours, theirs) = (base.concat(), ours.concat(), theirs.concat());
        let merge = |ours: &str, theirs: &str| merged(FileType::Dotenv, Some(&base), ours, theirs);
        assert_eq!(merge(&ours, &base).as_ref(), Ok(&ours));
        assert_eq!(merge(&base, &theirs).as_ref(), Ok(&theirs));
        let (one, other) = (merge(&ours, &theirs), merge(&theirs, &ours));
        let keys = |conflict: MergeConflict| {
            let mut keys = conflict.keys().to_vec();
            keys.sort();
            keys
        };
        let (one, other) = match (one, other) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(one), Err(other)) => {
                assert_eq!(keys(one), keys(other));
                return vec!["conflict"];
            }
            different => panic!("{different:?}"),
        };
        let values = |text: &str| {
            let entries = parse(FileType::Dotenv, text.as_bytes(), "_").unwrap().entries;
            let mut values: Vec<_> =
                entries.into_iter().map(|entry| (entry.key, entry.value.text.into_exposed(), entry.dollars)).collect();
            values.sort();
            values
        };
        assert_eq!(values(&one), values(&other));
        assert_eq!(values(&merge(&one, &theirs).unwrap()), values(&one));
        vec!["merged"]
    });
}

fn nested(file_type: FileType, base: &str, ours: &str, theirs: &str) -> Result<String, MergeConflict> {
    merged(file_type, Some(base), ours, theirs)
}

#[test]
fn nested_files_are_merged_with_their_forms() {
    for (file_type, base, ours, theirs, expected) in [
        (
            FileType::Json,
            "{\"db\": {\"host\": \"a\", \"port\": 1}, \"x\": []}",
            "{\n  // mine\n  \"db\": {\"host\": \"b\", \"port\": 1},\n  \"x\": []\n}\n",
            "{\"db\": {\"host\": \"a\", \"port\": 1E5, \"pool\": {\"min\": 1, \"max\": [2]}}, \"y\": {}}",
            "{\n  // mine\n  \"db\": {\"host\": \"b\", \"port\": 1E5, \"pool\": {\"min\": 1, \"max\": [2]}},\n  \"y\": {}\n}\n",
        ),
        (
            FileType::Yaml,
            "a: 1\nb: {c: 1}\nport: 0x1f\n",
            "# mine\nport: 0x1f\na: 2\nb: {c: 1}\n",
            "a: 1\nb:\n  c: 1\n  d:\n    e: 'x'\n    f: |\n      one\n      two\nport: 0x2f\nnew: [1]\n",
            "# mine\nport: 0x2f\na: 2\nb: {c: 1, d: {e: 'x', f: \"one\\ntwo\\n\"}}\nnew:\n  - 1\n",
        ),
        (
            FileType::Yaml,
            "db:\n  host: a\n  port: 1\nz: 1\n",
            "db:\n  host: a\n  port: 1\nz: 2 # mine\n",
            "db: postgres\nz: 1\n",
            "db: postgres\nz: 2 # mine\n",
        ),
        (
            FileType::Yaml,
            "db: postgres\nz: 1\n",
            "db: postgres # mine\nz: 2\n",
            "db:\n  host: a\n  tags: [x, y]\nz: 1\n",
            "db: {host: a, tags: [x, y]} # mine\nz: 2\n",
        ),
        (
            FileType::Toml,
            "a = 1\n[t]\nd = 2024-01-01\n[gone]\nx = 1\n",
            "a = 2 # mine\n[t]\nd = 2024-01-01\n[gone]\nx = 1\n",
            "a = 1\nl = [1, 2]\n[t]\nd = 2024-01-02\n[t.u]\nx = 1_000\n[[n]]\ny = 'z'\n",
            "a = 2 # mine\nl = [1, 2]\nn = [{ y = 'z' }]\n[t]\nd = 2024-01-02\n\n[t.u]\nx = 1_000\n",
        ),
    ] {
        assert_eq!(nested(file_type, base, ours, theirs).as_deref(), Ok(expected), "{base}");
    }
}

/// Quotes around `no` are the change that whoever reads YAML 1.1 needs.
#[test]
fn quotes_around_what_yaml_1_1_takes_for_no_text_are_a_change() {
    for text in ["no", "Yes", "off", "12:30", "8080:80", "2026-11-23", "1_000"] {
        let (base, ours) = (format!("a: {text}\nb: 1\n"), format!("a: {text}\nb: 2\n"));
        let merged = nested(FileType::Yaml, &base, &ours, &format!("a: \"{text}\"\nb: 1\n"));
        assert_eq!(merged, Ok(format!("a: \"{text}\"\nb: 2\n")));
        let merged = nested(FileType::Yaml, &format!("a: '{text}'\nb: 1\n"), &format!("a: '{text}'\nb: 2\n"), &base);
        assert_eq!(merged, Ok(ours));
    }
}

#[test]
fn a_list_that_both_sides_changed_is_a_conflict() {
    let conflict =
        |base: &str, ours: &str, theirs: &str| nested(FileType::Json, base, ours, theirs).unwrap_err().keys().to_vec();
    let [base, ours, theirs] = ["[1, 1]", "[0, 1, 1]", "[1, 2]"].map(|list| format!("{{\"l\": {list}}}"));
    assert_eq!(conflict(&base, &ours, &theirs), ["l_0", "l_1", "l_2"]);
    let [base, ours, theirs] = ["1", "2", "1, \"l\": [3]"].map(|a| format!("{{\"a\": {a}}}"));
    assert_eq!(nested(FileType::Json, &base, &ours, &theirs).as_deref(), Ok("{\"a\": 2, \"l\": [3]}"));
}

#[test]
fn maps_and_lists_without_items_are_merged_too() {
    let merge = |base, ours, theirs| nested(FileType::Json, base, ours, theirs);
    assert_eq!(merge("{\"a\":1}", "{\"a\":2}", "{\"a\":1,\"l\":[]}").as_deref(), Ok("{\"a\":2, \"l\": []}"));
    assert_eq!(merge("{\"a\":1,\"l\":{}}", "{\"a\":2,\"l\":{}}", "{\"a\":1}").as_deref(), Ok("{\"a\":2}"));
    let conflict = merge("{\"a\":{}}", "{\"a\":1}", "{\"a\":[]}").unwrap_err();
    assert_eq!(conflict.keys(), ["a"]);
    // One side emptied what the other added to.
    assert_eq!(
        merge("{\"a\":{\"b\":1},\"z\":1}", "{\"a\":{},\"z\":1}", "{\"a\":{\"b\":1,\"c\":2},\"z\":1}").as_deref(),
        Ok("{\"a\":{\"c\": 2},\"z\":1}")
    );
}

#[test]
fn a_change_that_has_no_place_is_a_conflict_of_its_key() {
    // A value on one side, a map on the other.
    let conflict =
        nested(FileType::Json, "{\"z\":1}", "{\"z\":1,\"db\":1}", "{\"z\":1,\"db\":{\"host\":1}}").unwrap_err();
    assert_eq!(conflict.keys(), ["db_host"]);
    let shared = "b: &b\n  x: 1\nm: *b\nz: 1\n";
    let theirs = "b: &b\n  x: 1\nm:\n  x: 2\nz: 1\n";
    let conflict = nested(FileType::Yaml, shared, &shared.replace("z: 1", "z: 2"), theirs).unwrap_err();
    assert_eq!(conflict.keys(), ["m_x"]);
    assert!(matches!(conflict, MergeConflict::Placement(_)));
    for (file_type, ours) in [(FileType::Yaml, "a: 1\n---\nb: 1\n"), (FileType::Yaml, "- 1\n"), (FileType::Json, "[1]")]
    {
        assert_eq!(nested(file_type, "{}", ours, "{\"a\": 2}"), Err(MergeConflict::WholeFile));
    }
}
