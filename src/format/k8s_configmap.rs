//! The form `k8s-configmap`: a Kubernetes manifest of kind `ConfigMap`, its values as text under `data`.

use super::escape::Escape;
use super::form::{Form, Keeps, Platform, Refusal, name_held};
use super::{k8s, yaml};
use crate::config::Setting;

pub(super) const FORM: Form = Form {
    name: "k8s-configmap",
    go_name: "",
    extension: "yaml",
    description: "a manifest of kind `ConfigMap`, named after the context; `kubectl apply` above 256 KiB needs `--server-side`",
    keeps: Keeps::ClearText(Platform::Kubernetes),
    name_of: |key| name_held(key, k8s::is_key(key)),
    render,
    escapes: &[Escape::Text(yaml::escape)],
};

/// Names are keys of `data`. A value may be any text, numbers too; together they may have 1 MiB.
fn render(settings: &[Setting], context: &str) -> Result<String, Refusal> {
    k8s::manifest("apiVersion: v1\nkind: ConfigMap\n", settings, context, yaml::string)
}
