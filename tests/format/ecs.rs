//! `ecs-environment` and `ecs-secrets`, checked by botocore against the API's own model as parts of a task definition; and
//! `ecs-environment-files`, whose files are read by the rules of ECS's agent, written down in Python.

use cstore::config::{FileType, parse};
use cstore::format::{EnvironmentFile, Format, environment_files, render};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::readers::{Files, Found, texts};
use crate::shape::{holds, looks_like, refuses, setting};
use crate::values::{documents, few, text};

/// Names of environment variables, of which ECS says nothing.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace('=', "")).prop_filter("empty", |text| !text.is_empty())
}

/// References of each kind, with all that a key of JSON may hold.
fn reference() -> impl Strategy<Value = String> {
    let key = text().prop_map(|text| text.replace([':'], "").replace(char::is_control, ""));
    prop_oneof![
        "arn:aws(-cn|-us-gov)?:ssm:[a-z]{2}-north-1:111122223333:parameter(/[a-zA-Z0-9_.-]{1,6}){1,3}(:[1-9])?",
        key.prop_map(|key| format!("arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/db-AbCdEf:{key}::")),
        "(/[a-z_.-]{1,6}){2,4}",
    ]
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn botocore_takes_every_environment(documents in documents(name(), text())) {
        let files = Files::rendered("ecs-environment", &documents);
        prop_assert_eq!(files.read_by("botocore_ecs.py", &["environment"]), texts(&documents));
    }

    #[test]
    fn botocore_takes_every_list_of_secrets(
        documents in documents(name(), reference()),
    ) {
        let files = Files::rendered("ecs-secrets", &documents);
        prop_assert_eq!(files.read_by("botocore_ecs.py", &["secrets"]), texts(&documents));
    }
}

/// A stored file of a version.
fn stored<'a>(path: &'a str, text: &'a str) -> EnvironmentFile<'a> {
    let (file_type, content) = (FileType::Dotenv, text.as_bytes());
    EnvironmentFile { path, file_type, content, arn: "arn:aws:s3:::cstore-shop/shop/v1/.env", is_of_version: true }
}

fn is_handed_over(text: &str) -> bool {
    environment_files(&[stored("service/.env", text)]).is_ok()
}

/// What this tool reads in a file.
fn meant(text: &str) -> Found {
    let entries = parse(FileType::Dotenv, text.as_bytes(), "_").unwrap().entries;
    Found::of(entries.into_iter().map(|entry| (entry.key, entry.value.text.expose().clone())))
}

/// Files, many of which ECS reads alike.
fn env_file() -> impl Strategy<Value = String> {
    let plain = "[A-D]=[a-z0-9=/:.'#\\\\-]{0,5}( [a-z]{1,3})?";
    let odd = (prop_oneof!["[A-D]", "export A", " B", "C ", "#D", "", "a.b-c", "1E"], text());
    let line = prop_oneof![
        12 => plain.prop_map(|line: String| line),
        2 => odd.prop_map(|(name, value)| format!("{name}={value}")),
        1 => "#[a-z= ]{0,5}",
        1 => "[A-D]?",
    ];
    let ended = (line, prop_oneof![8 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r\r\n")]);
    (vec(ended, 0..5), any::<bool>()).prop_map(|(lines, is_ended)| {
        let text: String = lines.into_iter().map(|(line, end)| line + end).collect();
        if is_ended { text } else { text.trim_end_matches(['\r', '\n']).to_owned() }
    })
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn ecs_reads_every_file_that_is_handed_over_as_it_is_meant(texts in vec(env_file(), 100)) {
        let taken: Vec<_> = texts.into_iter().filter(|text| is_handed_over(text)).collect();
        let expected: Vec<_> = taken.iter().map(|text| meant(text)).collect();
        prop_assert_eq!(Files::of(taken).read_by("ecs_env_files.py", &[]), expected);
    }

    #[test]
    fn of_several_files_a_container_gets_what_the_last_ones_mean(groups in vec(vec(env_file(), 2..4), 10)) {
        let name = |at: usize| format!("{at}/.env");
        for texts in groups {
            let names: Vec<_> = (0..texts.len()).map(name).collect();
            let files: Vec<_> = names.iter().zip(&texts).map(|(name, text)| stored(name, text)).collect();
            if environment_files(&files).is_ok() {
                let read = Files::of(texts.clone()).print_by("ecs_env_files.py", &["--merged"]);
                // A name that stands in several files has one value.
                let all: Vec<_> = texts.iter().map(|text| text.trim_end_matches(['\r', '\n'])).collect();
                let all = all.join("\n");
                prop_assert_eq!(read.iter().map(Found::printed).collect::<Vec<_>>(), [meant(&all)]);
            }
        }
    }
}

#[test]
fn botocore_takes_the_list_of_files() {
    let list = environment_files(&[stored("service/.env", "A=1\n"), stored("base.env", "B=1\n")]).unwrap();
    let arn = "arn:aws:s3:::cstore-shop/shop/v1/.env".to_owned();
    let pair = || ("s3".to_owned(), arn.clone());
    let read = Files::of([list]).read_by("botocore_ecs.py", &["environmentFiles"]);
    assert!(read == [Found::of([pair(), pair()])]);
}

#[test]
fn what_ecs_reads_otherwise_is_not_handed_over() {
    let longest = format!("A={}", "x".repeat(65_535 - "A=".len()));
    for text in
        ["A=1\nA=2\n", "A=1=2\n", "A==\n", "A=1\r\n", "A=1", "# A=1\n\nA=it's\n", &longest, &format!("{longest}\n")]
    {
        assert!(is_handed_over(text), "{text:.20}");
        assert!(Files::of([text.to_owned()]).read_by("ecs_env_files.py", &[]) == [meant(text)], "{text:.20}");
    }
    for text in
        ["A='1'\n", "A=\"1\"\n", "export A=1\n", " A=1\n", "A =1\n", "A= 1\n", "A=1 #\n", "A=\"1\n2\"\n", "A=1\r\r\n"]
    {
        assert!(!is_handed_over(text), "{text:?}");
        assert!(
            Files::of([text.to_owned()]).read_by("ecs_env_files.py", &[]) != [meant(text)],
            "{text:?} is read alike"
        );
    }
    // The agent's reader fails.
    for text in [format!("{longest}x\n"), format!("{longest}\r\n")] {
        assert!(!is_handed_over(&text));
    }
    // There is no such variable in the container, it has another name, or the text of a reference.
    assert!(["A=\n", "\u{feff}A=1\n", "A=$B\n"].iter().all(|text| !is_handed_over(text)));
}

#[test]
fn what_they_look_like_and_refuse() {
    let greeting = r#"  {"name": "GREETING", "value": "it's a \"test\""}"#;
    let port = r#"  {"name": "PORT", "value": "8080"}"#;
    looks_like("ecs-environment", &format!("[\n{greeting},\n{port}\n]\n"), "[]\n");
    let document = [setting("A", "/shop/a"), setting("B", "arn:aws:ssm:eu-central-1:111122223333:parameter/b")];
    let text = render(Format::from_name("ecs-secrets").unwrap(), &document, "").unwrap().into_exposed();
    let a = r#"  {"name": "A", "valueFrom": "/shop/a"}"#;
    let b = r#"  {"name": "B", "valueFrom": "arn:aws:ssm:eu-central-1:111122223333:parameter/b"}"#;
    assert_eq!(text, format!("[\n{a},\n{b}\n]\n"));
    for format in ["ecs-environment", "ecs-secrets"] {
        holds(format, &["db.host-1", "1ST", "#a", "a b", "a\nb", "\u{feff}a"], &["/shop/x"]);
        refuses(format, &["", "a=b", "a\0b"], &["a\0b"]);
    }
    holds("ecs-environment", &[], &["", "a\nb", "a\r"]);
    let passwords =
        ["Summer2024", "letmein.now", "summer-rain", "correct-horse-password", "/aGVsbG8gd29ybGQ", "/hunter2"];
    refuses("ecs-secrets", &[], &passwords);
    refuses("ecs-secrets", &[], &["", "a\nb", "hunter 2", "it's a \"test\""]);
}
