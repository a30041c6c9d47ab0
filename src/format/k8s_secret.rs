//! The form `k8s-secret`: a Kubernetes manifest of kind `Secret`, its values in base64 under `data`.
//!
//! Base64 is not encryption, but the runner masks a masked value's base64 too.

use super::escape::Escape;
use super::form::{Form, Keeps, Platform, Refusal, name_held};
use super::{k8s, yaml};
use crate::config::Setting;

pub(super) const FORM: Form = Form {
    name: "k8s-secret",
    go_name: "",
    extension: "yaml",
    description: "a manifest of kind `Secret`, named after the context; `kubectl apply` above 256 KiB needs `--server-side`",
    keeps: Keeps::Secrets(Platform::Kubernetes),
    name_of: |key| name_held(key, k8s::is_key(key)),
    render,
    escapes: &[Escape::Base64],
};

/// Names are keys of `data`. A value may be any text, numbers too; together they may have 1 MiB before base64.
fn render(settings: &[Setting], context: &str) -> Result<String, Refusal> {
    let head = "apiVersion: v1\nkind: Secret\ntype: Opaque\n";
    k8s::manifest(head, settings, context, |value| yaml::string(&Escape::Base64.apply(value)))
}
