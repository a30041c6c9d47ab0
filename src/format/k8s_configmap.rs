//! The form `k8s-configmap`: a Kubernetes manifest of kind `ConfigMap`, its values as text under `data`.

use super::{Refusal, k8s};
use crate::config::Setting;

/// Names are keys of `data`. A value may be any text, numbers too; together they may have 1 MiB.
pub(super) fn render(settings: &[Setting], context: &str) -> Result<String, Refusal> {
    k8s::manifest("apiVersion: v1\nkind: ConfigMap\n", settings, context, str::to_owned)
}
