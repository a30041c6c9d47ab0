//! `ecs-environment` and `ecs-secrets`, checked by botocore against the API's own model as parts of a task definition.

use proptest::prelude::*;

use crate::readers::{Files, texts};
use crate::shape::{holds, looks_like, refuses};
use crate::values::{documents, few, text};

/// Names of environment variables, of which ECS says nothing.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace('=', "")).prop_filter("empty", |text| !text.is_empty())
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
        documents in documents(name(), text().prop_map(|text| format!("arn:aws:ssm:eu-central-1:1:parameter/{text}"))),
    ) {
        let files = Files::rendered("ecs-secrets", &documents);
        prop_assert_eq!(files.read_by("botocore_ecs.py", &["secrets"]), texts(&documents));
    }
}

#[test]
fn what_they_look_like_and_refuse() {
    for (format, member) in [("ecs-environment", "value"), ("ecs-secrets", "valueFrom")] {
        let greeting = format!(r#"  {{"name": "GREETING", "{member}": "it's a \"test\""}}"#);
        let port = format!(r#"  {{"name": "PORT", "{member}": "8080"}}"#);
        looks_like(format, &format!("[\n{greeting},\n{port}\n]\n"), "[]\n");
        holds(format, &["db.host-1", "1ST", "#a", "a b", "a\nb", "\u{feff}a"], &["a\nb", "a\r"]);
        refuses(format, &["", "a=b", "a\0b"], &[]);
    }
    holds("ecs-environment", &[], &[""]);
    refuses("ecs-environment", &[], &["a\0b"]);
    refuses("ecs-secrets", &[], &[""]);
}
