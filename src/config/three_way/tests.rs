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
    assert_merge("A=1\nB=2", "A=1\nB=3\n", "A=1\nB='3'\n# c", "A=1\nB=3\n");
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
        assert_eq!(merge(&one, &theirs).as_ref(), Ok(&one));
        vec!["merged"]
    });
}
