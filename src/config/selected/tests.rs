use super::*;
use crate::config::{FileType, KeySelection, SourceFile, ValueKind, merge, parse};
use crate::name::ConfigPath;

fn selected(files: &[(&str, &str)], defaults: &str, on_duplicate: OnDuplicate) -> Selected {
    let entries = |file_type, text: &str| parse(file_type, text.as_bytes(), "_").unwrap().entries;
    let read = |(path, text): &(&str, &str)| {
        let path = ConfigPath::new(path).unwrap();
        let file_type = FileType::detect(&path);
        SourceFile { path, file_type, entries: entries(file_type, text) }
    };
    let files = files.iter().map(read).collect();
    let merged = merge(files, OnDuplicate::Last, entries(FileType::Dotenv, defaults)).unwrap();
    KeySelection::default().select(merged, on_duplicate).unwrap().selected
}

fn json(text: &str) -> Selected {
    selected(&[("a.json", text)], "", OnDuplicate::Error)
}

fn lines(settings: &[Setting]) -> Vec<String> {
    settings.iter().map(|setting| format!("{}={}", setting.name, setting.value.text.expose())).collect()
}

#[test]
fn each_use_makes_its_own_names_of_keys() {
    let selected = json(r#"{"$schema": 1, "a": {"b-c": "x", "d.e": true}, "2FA": null, "": 3, "ok": "y"}"#);
    assert_eq!(lines(&selected.settings), ["$schema=1", "a_b-c=x", "a_d.e=true", "2FA=", "=3", "ok=y"]);
    assert_eq!(lines(&selected.variables().unwrap()), ["_schema=1", "a_b_c=x", "a_d_e=true", "_2FA=", "_=3", "ok=y"]);
    let outputs = selected.into_outputs().unwrap();
    assert_eq!(lines(&outputs.settings), ["_schema=1", "a_b-c=x", "a_d_e=true", "_2FA=", "_=3", "ok=y"]);
    assert_eq!(outputs.settings[2].value.kind, ValueKind::Bool);
    let keys: Vec<_> = outputs.origins.iter().map(|origin| origin.key.as_str()).collect();
    assert_eq!(keys, ["$schema", "a_b-c", "a_d.e", "2FA", "", "ok"]);
}

#[test]
fn names_that_may_stay_cost_no_copy() {
    let selected = json(r#"{"a": 1, "b": 2}"#);
    assert!(matches!(selected.variables().unwrap(), Cow::Borrowed(_)));
}

#[test]
fn keys_that_meet_in_one_use_must_agree_there() {
    let agreed = json(r#"{"a.b": "x", "z": 1, "a_b": "x"}"#).into_outputs().unwrap();
    assert_eq!(lines(&agreed.settings), ["a_b=x", "z=1"]);

    let both = || selected(&[("a.yml", "\na_b: hunter2\na.b: hunter3")], "", OnDuplicate::Error);
    let error = both().into_outputs().unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"the keys "a_b" (line 2 of a.yml) and "a.b" (line 3 of a.yml) both give the output "a_b", with different values"#
    );
    assert!(!error.is_of_two_files() && !format!("{error:?}").contains("hunter"));
    let form = both().settings_for(NameUse::Form("shell"), variable_name).unwrap_err().to_string();
    assert!(form.contains(r#"both give the name "a_b" in the format shell"#), "{form}");

    let outputs = json(r#"{"a-b": 1, "a_b": 2}"#).into_outputs().unwrap();
    assert_eq!(lines(&outputs.settings), ["a-b=1", "a_b=2"], "outputs may have a hyphen");
    let error = outputs.variables().unwrap_err().to_string();
    assert!(error.contains(r#"both give the variable "a_b""#), "{error}");
}

#[test]
fn of_two_files_the_later_counts_where_that_is_asked_for_and_defaults_give_way() {
    let files = [("a.env", "a.b=1\nc=0"), ("b.env", "a-b=2"), ("c.env", "a_b=3")];
    let last = selected(&files, "c.=9", OnDuplicate::Last);
    assert_eq!(lines(&last.variables().unwrap()), ["a_b=3", "c=0", "c_=9"]);
    let outputs = last.into_outputs().unwrap();
    assert_eq!(lines(&outputs.settings), ["a_b=3", "c=0", "a-b=2", "c_=9"]);
    assert_eq!(outputs.origins[0].to_string(), r#""a_b" (line 1 of c.env)"#);

    let error = selected(&files, "", OnDuplicate::Error).into_outputs().unwrap_err();
    assert!(error.is_of_two_files());
    let settled = selected(&[("a.env", "A_B=1")], "A.B=2", OnDuplicate::Error).into_outputs().unwrap();
    assert_eq!(lines(&settled.settings), ["A_B=1"]);
}

#[test]
fn names_of_the_actions_own_are_known_by_their_keys_in_any_case() {
    let outputs =
        json(r#"{"Config-Digest": 1, "config-a.b": 2, "config_x": 3, "config.y": 4}"#).into_outputs().unwrap();
    assert_eq!(outputs.reserved(), ["Config-Digest", "config-a.b"]);
}

#[test]
fn a_file_whose_keys_give_one_output_different_values_is_told_by_key_and_line() {
    let check = |text: &str| check_outputs(&parse(FileType::Yaml, text.as_bytes(), "_").unwrap().entries);
    check("a.b: 1\na-b: 2\na_b: 1").unwrap();
    let error = check("a.b: hunter2\nc: 1\na b: hunter3").unwrap_err();
    assert_eq!(error.line, Some(3));
    assert_eq!(
        error.to_string(),
        r#"line 3: the keys "a.b" (line 1) and "a b" both give the output "a_b", with different values"#
    );
}
