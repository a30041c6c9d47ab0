//! What the Go tool printed with `-g` and `-n` is what `format` and `no-overwrite` give.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::DEV;
use crate::choosing::recorded_stdout;
use crate::harness::{Action, Fixture};

/// The formatted values of the file that the recording printed.
fn formatted(format: &str) -> String {
    let run = action().input("format", format).input("format-file", "formatted").run().succeeds();
    run.file("formatted")
}

fn action() -> Action {
    Fixture::load("many-files-tags").action("pull").files(&[DEV])
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

#[test]
fn json_object() {
    assert_eq!(json(&formatted("json")), json(&recorded_stdout(5)));
}

#[test]
fn terminal_export() {
    let values = |script: &str| {
        let print = format!("{script}\nprintf '%s\\0' \"$HEALTHCHECK\" \"$API_URL\" \"$CONTACT\" \"$QUOTED\"");
        let output = Command::new("sh").args(["-c", &print]).env_clear().output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let shell = formatted("shell");
    assert_eq!(values(&shell), values(&recorded_stdout(6)));
    assert!(values(&shell).starts_with("/ping\0"));
}

/// The variables of a list for a task definition. The Go tool's order is random.
fn task_definition(text: &str, field: &str) -> BTreeMap<String, String> {
    let list: Vec<BTreeMap<String, String>> = serde_json::from_str(text).expect("it is a list of objects of texts");
    assert!(list.iter().all(|item| item.len() == 2));
    list.into_iter().map(|item| (item["name"].clone(), item[field].clone())).collect()
}

#[test]
fn task_def_env() {
    let recorded = task_definition(&recorded_stdout(7), "value");
    assert_eq!(task_definition(&formatted("ecs-environment"), "value"), recorded);
}

#[test]
fn task_def_secrets() {
    // The Go tool writes any values there, and so secrets into the task definition. Here they are references.
    let recorded = task_definition(&recorded_stdout(8), "valueFrom");
    assert!(recorded.values().any(|value| value.starts_with("https://")));
    action().input("format", "ecs-secrets").run().fails(2).says("\"API_URL\"");
}

#[test]
fn no_overwrite() {
    let run = action().env("API_URL", "x").input("export-env", "true").input("no-overwrite", "true").run().succeeds();
    let mut kept: Vec<_> = recorded_stdout(10).lines().map(|line| line.split_once('=').unwrap().0.to_owned()).collect();
    let mut exported: Vec<_> = run.env.keys().cloned().collect();
    exported.sort_unstable();
    kept.sort_unstable();
    assert_eq!(exported, kept);
    assert_eq!(run.env["QUOTED"], "a b");
    // The Go tool wrote the file anew, without quotes and without what was left out; here it stays what was pushed.
    assert!(run.file(DEV).contains("QUOTED=\"a b\"") && run.file(DEV).contains("API_URL=https://dev.api"));
}
