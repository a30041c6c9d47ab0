//! `ecs-environment` and `ecs-secrets`, checked by botocore against the API's own model as parts of a task definition.

use cstore::format::{Format, render};
use proptest::prelude::*;

use crate::readers::{Files, texts};
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
