//! `ecs-environment` and `ecs-secrets`, checked by botocore against the API's own model as parts of a task definition.

use cstore::format::Format;
use proptest::prelude::*;

use crate::readers::{Files, texts};
use crate::values::{documents, few, text};

/// Names of environment variables, of which ECS says nothing.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace('=', "")).prop_filter("empty", |text| !text.is_empty())
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn botocore_takes_every_environment(documents in documents(name(), text())) {
        let files = Files::rendered(Format::EcsEnvironment, &documents);
        prop_assert_eq!(files.read_by("botocore_ecs.py", &["environment"]), texts(&documents));
    }

    #[test]
    fn botocore_takes_every_list_of_secrets(
        documents in documents(name(), text().prop_map(|text| format!("arn:aws:ssm:eu-central-1:1:parameter/{text}"))),
    ) {
        let files = Files::rendered(Format::EcsSecrets, &documents);
        prop_assert_eq!(files.read_by("botocore_ecs.py", &["secrets"]), texts(&documents));
    }
}
