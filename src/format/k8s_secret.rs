//! The form `k8s-secret`: a Kubernetes manifest of kind `Secret`, its values in base64 under `data`.
//!
//! Base64 is no encryption. The runner's masker knows it, though, and hides it like the value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Refusal, k8s};
use crate::config::Setting;

/// Names are keys of `data`. A value may be any text, numbers too; together they may have 1 MiB before base64.
pub(super) fn render(settings: &[Setting], context: &str) -> Result<String, Refusal> {
    let head = "apiVersion: v1\nkind: Secret\ntype: Opaque\n";
    k8s::manifest(head, settings, context, |value| STANDARD.encode(value))
}
