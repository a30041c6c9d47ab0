//! What all forms have in common, and what each refuses. That they are read back is shown by `tests/format`.

use super::*;
use crate::config::{Kind, Value};
use proptest::prelude::*;

const ALL: [Format; 9] = Format::ALL;

fn setting(name: &str, text: &str) -> Setting {
    Setting { name: name.to_owned(), value: Value::text(text) }
}

fn holds(format: Format, name: &str, text: &str) -> bool {
    render(format, &[setting(name, text)], "shop").is_ok()
}

/// The forms that hold this, by name.
fn holders(name: &str, text: &str) -> Vec<&'static str> {
    ALL.into_iter().filter(|format| holds(*format, name, text)).map(Format::name).collect()
}

fn all_but(names: &[&str]) -> Vec<&'static str> {
    Format::NAMES.into_iter().filter(|name| !names.contains(name)).collect()
}

#[test]
fn names_lead_to_formats_and_back() {
    for format in ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    assert_eq!(Format::NAMES.len(), 9);
    for unknown in ["", "JSON", "env", "k8s"] {
        assert_eq!(Format::from_name(unknown), None);
    }
}

#[test]
fn what_each_form_looks_like() {
    let number = Setting { name: "PORT".to_owned(), value: Value { text: "8080".into(), kind: Kind::Number } };
    let settings = [setting("GREETING", "it's a \"test\""), number];
    for (format, text) in [
        (Format::Dotenv, "GREETING=\"it's a \\\"test\\\"\"\nPORT=8080\n"),
        (Format::Shell, "export GREETING='it'\\''s a \"test\"'\nexport PORT='8080'\n"),
        (Format::Json, "{\n  \"GREETING\": \"it's a \\\"test\\\"\",\n  \"PORT\": 8080\n}\n"),
        (Format::Yaml, "GREETING: \"it's a \\\"test\\\"\"\nPORT: 8080\n"),
        (Format::DockerEnvFile, "GREETING=it's a \"test\"\nPORT=8080\n"),
        (
            Format::EcsEnvironment,
            "[\n  {\"name\": \"GREETING\", \"value\": \"it's a \\\"test\\\"\"},\n  {\"name\": \"PORT\", \"value\": \"8080\"}\n]\n",
        ),
        (
            Format::EcsSecrets,
            "[\n  {\"name\": \"GREETING\", \"valueFrom\": \"it's a \\\"test\\\"\"},\n  {\"name\": \"PORT\", \"valueFrom\": \"8080\"}\n]\n",
        ),
        (
            Format::K8sConfigmap,
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"my-shop\"\ndata:\n  GREETING: \"it's a \\\"test\\\"\"\n  PORT: \"8080\"\n",
        ),
        (
            Format::K8sSecret,
            "apiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata:\n  name: \"my-shop\"\ndata:\n  GREETING: \"aXQncyBhICJ0ZXN0Ig==\"\n  PORT: \"ODA4MA==\"\n",
        ),
    ] {
        assert_eq!(render(format, &settings, "My Shop").unwrap().expose(), text);
    }
}

#[test]
fn which_names_each_form_holds() {
    assert_eq!(holders("DB_HOST", "x"), all_but(&[]));
    assert_eq!(holders("db.host-1", "x"), all_but(&["shell"]));
    assert_eq!(holders("1ST", "x"), all_but(&["dotenv", "shell"]));
    assert_eq!(holders("UID", "x"), all_but(&["shell"]));
    assert_eq!(holders("#a", "x"), all_but(&["dotenv", "shell", "docker-env-file", "k8s-configmap", "k8s-secret"]));
    assert_eq!(holders("a b", "x"), ["json", "yaml", "ecs-environment", "ecs-secrets"]);
    assert_eq!(holders("a\nb", "x"), ["json", "yaml", "ecs-environment", "ecs-secrets"]);
    assert_eq!(holders("\u{feff}a", "x"), ["json", "yaml", "ecs-environment", "ecs-secrets"]);
    for name in ["", "a=b", "a\0b"] {
        assert_eq!(holders(name, "x"), ["json", "yaml"], "{name:?}");
    }
    for name in [".", "..", "..a", &"k".repeat(254), "ä"] {
        assert!(!holds(Format::K8sConfigmap, name, "x") && !holds(Format::K8sSecret, name, "x"), "{name:?}");
    }
    assert!(holds(Format::K8sSecret, &"k".repeat(253), "x"));
}

#[test]
fn which_values_each_form_holds() {
    assert_eq!(holders("A", ""), all_but(&["ecs-secrets"]));
    assert_eq!(holders("A", "a\0b"), ["json", "yaml", "ecs-secrets", "k8s-configmap", "k8s-secret"]);
    assert_eq!(holders("A", "a\nb"), all_but(&["docker-env-file"]));
    assert_eq!(holders("A", "a\r"), all_but(&["docker-env-file"]));
    assert_eq!(holders("A", "a\rb"), all_but(&[]));
    let longest = 65_535 - "A=".len();
    assert_eq!(holders("A", &"x".repeat(longest)), all_but(&[]));
    assert_eq!(holders("A", &"x".repeat(longest + 1)), all_but(&["docker-env-file"]));
}

#[test]
fn kubernetes_objects_may_have_a_mebibyte() {
    for format in [Format::K8sConfigmap, Format::K8sSecret] {
        let half = "x".repeat(1 << 19);
        let mut settings = vec![setting("A", &half), setting("B", &half)];
        assert!(render(format, &settings, "shop").is_ok());
        settings.push(setting("C", "x"));
        let error = render(format, &settings, "shop").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the format {format} cannot hold these values: together they are larger than the 1,048,576 bytes that Kubernetes allows"
            )
        );
    }
}

#[test]
fn no_settings_give_an_empty_document() {
    for format in ALL {
        let text = render(format, &[], "shop").unwrap();
        let expected = match format {
            Format::Dotenv | Format::Shell | Format::DockerEnvFile => "",
            Format::Json | Format::Yaml => "{}\n",
            Format::EcsEnvironment | Format::EcsSecrets => "[]\n",
            Format::K8sConfigmap => "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"shop\"\ndata: {}\n",
            Format::K8sSecret => "apiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata:\n  name: \"shop\"\ndata: {}\n",
        };
        assert_eq!(text.expose(), expected);
    }
    assert_eq!(json_object(&[]).expose(), "{}");
}

#[test]
fn an_error_names_the_form_and_the_key() {
    let error = render(Format::Shell, &[setting("A", ""), setting("B\u{1b}[2J", "hunter2")], "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the format shell cannot hold \"B\\u{1b}[2J\": a name must begin with a letter or _ and go on with letters, digits and _"
    );
    let error = render(Format::Shell, &[setting(&"-".repeat(1 << 20), "")], "").unwrap_err();
    assert!(error.to_string().len() < 400);
}

proptest! {
    #[test]
    fn every_form_renders_or_refuses_without_telling_the_value(
        name in "[A-Z\\PC\0\n=]{0,6}",
        value in "hunter2[ -~\0\r\n\t\u{80}-\u{a0}é😀]{0,40}\0?",
    ) {
        for format in ALL {
            match render(format, &[setting(&name, &value)], &name) {
                Ok(text) => prop_assert!(text.expose().ends_with('\n')),
                Err(error) => {
                    let said = format!("{error} {error:?}");
                    prop_assert!(!said.contains("hunter2"), "{}", said);
                }
            }
        }
        prop_assert!(!json_object(&[setting(&name, &value)]).expose().contains(['\n', '\r']));
    }
}
