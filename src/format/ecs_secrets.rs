//! The form `ecs-secrets`: the list `secrets` of an ECS container definition, of `{name, valueFrom}` (API type
//! `Secret`).
//!
//! The values are references that ECS resolves when a task starts: the ARN of a Secrets Manager secret (with its
//! optional `:json-key:version-stage:version-id`), the ARN of a parameter in Systems Manager, or, in the task's own
//! region, that parameter's name. A name may be nearly any text, so a value that is a secret itself, instead of a
//! reference to one, cannot be detected here; the task would fail to start.

use super::ecs;
use super::form::{Form, Refusal, name_held};
use crate::config::Setting;

pub(super) const FORM: Form = Form {
    name: "ecs-secrets",
    extension: "json",
    description: "the list of `name` and `valueFrom` of its `secrets`: values are ARNs or parameter names",
    name_of: |key| name_held(key, ecs::is_name(key)),
    render,
    escapes: ecs::ESCAPES,
};

/// Names are those of environment variables. A value may be any text that is not empty.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    ecs::list(settings, "valueFrom", |value| {
        value.is_empty().then_some("its value is empty where ECS wants an ARN or a parameter's name")
    })
}
