//! `k8s-configmap` and `k8s-secret`, read by YAML parsers of both versions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cstore::config::Setting;
use cstore::format::Format;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::readers::Files;
use crate::values::{any_text, documents, few};
use crate::yaml::PARSERS;

/// Keys of `data`, with those among them that YAML 1.1 would take for something else.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9._-]{1,8}".prop_filter("dots", |name| name != "." && !name.starts_with("..")),
        "[Yy]es|NO?|on|Off|[yn]|[Tt]rue|FALSE|[Nn]ull|1e5|0x1f|1_000|-|---|\\.inf|2026-11-23",
    ]
}

fn data(settings: &[Setting], encode: impl Fn(&str) -> String) -> Value {
    let member = |s: &Setting| (s.name.clone(), Value::from(encode(s.value.text.expose())));
    Value::from(settings.iter().map(member).collect::<Map<_, _>>())
}

fn read_by_all(format: Format, documents: &[Vec<Setting>], expected: &[Value]) -> Result<(), TestCaseError> {
    let files = Files::rendered(format, documents);
    for parser in PARSERS {
        prop_assert_eq!(&files.print_by("yaml_document.py", &[parser]), expected, "{}", parser);
    }
    Ok(())
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn parsers_see_the_config_map_that_was_meant(documents in documents(key(), any_text())) {
        let expected: Vec<_> = documents.iter().map(|settings| json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "my-shop"},
            "data": data(settings, str::to_owned),
        })).collect();
        read_by_all(Format::K8sConfigmap, &documents, &expected)?;
    }

    #[test]
    fn parsers_see_the_secret_that_was_meant(documents in documents(key(), any_text())) {
        let expected: Vec<_> = documents.iter().map(|settings| json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "Opaque",
            "metadata": {"name": "my-shop"},
            "data": data(settings, |text| STANDARD.encode(text)),
        })).collect();
        read_by_all(Format::K8sSecret, &documents, &expected)?;
    }
}
