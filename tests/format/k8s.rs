//! `k8s-configmap` and `k8s-secret`, read by YAML parsers of both versions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cstore::config::Setting;
use cstore::format::{Format, render};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::readers::Files;
use crate::shape::{holds, looks_like, refuses, setting};
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

fn read_by_all(format: &str, documents: &[Vec<Setting>], expected: &[Value]) -> Result<(), TestCaseError> {
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
        read_by_all("k8s-configmap", &documents, &expected)?;
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
        read_by_all("k8s-secret", &documents, &expected)?;
    }

    #[test]
    fn parsers_see_the_object_that_is_named_by_its_content(documents in documents(key(), any_text())) {
        for (format, kind) in [("k8s-configmap", "ConfigMap"), ("k8s-secret", "Secret")] {
            let form = Format::from_name(format).unwrap();
            let named = |settings: &Vec<Setting>| {
                let plain = render(form, settings, "My Shop").unwrap();
                form.named_by_digest(&plain, "My Shop").unwrap().into_exposed()
            };
            let files = Files::of(documents.iter().map(named));
            for parser in PARSERS {
                for (read, settings) in files.print_by("yaml_document.py", &[parser]).iter().zip(&documents) {
                    let name = read["metadata"]["name"].as_str().unwrap();
                    prop_assert!(name.starts_with("my-shop-") && name.len() == "my-shop-1a2b3c4d".len(), "{}", name);
                    let labels = json!({
                        "app.kubernetes.io/managed-by": "cstore",
                        "app.kubernetes.io/part-of": "my-shop",
                    });
                    prop_assert_eq!((&read["kind"], &read["immutable"]), (&json!(kind), &json!(true)));
                    prop_assert_eq!(&read["metadata"]["labels"], &labels);
                    let written = |text: &str| if kind == "Secret" { STANDARD.encode(text) } else { text.to_owned() };
                    prop_assert_eq!(&read["data"], &data(settings, written));
                }
            }
        }
    }
}

#[test]
fn what_they_look_like_and_refuse() {
    for (format, head, greeting, port) in [
        ("k8s-configmap", "apiVersion: v1\nkind: ConfigMap\n", "it's a \\\"test\\\"", "8080"),
        ("k8s-secret", "apiVersion: v1\nkind: Secret\ntype: Opaque\n", "aXQncyBhICJ0ZXN0Ig==", "ODA4MA=="),
    ] {
        let head = format!("{head}metadata:\n  name: \"my-shop\"\n");
        let text = format!("{head}data:\n  GREETING: \"{greeting}\"\n  PORT: \"{port}\"\n");
        looks_like(format, &text, &format!("{head}data: {{}}\n"));
        let longest = "k".repeat(253);
        holds(format, &["db.host-1", "1ST", "UID", &longest], &["", "a\0b", "a\nb", "a\r"]);
        let longer = format!("{longest}k");
        refuses(format, &["#a", "a b", "", "a=b", "a\0b", ".", "..", "..a", &longer, "ä"], &[]);
    }
}

#[test]
fn an_object_may_have_a_mebibyte() {
    for format in ["k8s-configmap", "k8s-secret"] {
        let half = "x".repeat(1 << 19);
        let mut settings = vec![setting("A", &half), setting("B", &half)];
        let render = |settings: &[Setting]| render(Format::from_name(format).unwrap(), settings, "shop");
        assert!(render(&settings).is_ok());
        settings.push(setting("C", "x"));
        assert_eq!(
            render(&settings).unwrap_err().to_string(),
            format!(
                "the format {format} cannot hold these values: together they are larger than the 1,048,576 bytes that Kubernetes allows"
            )
        );
    }
}
