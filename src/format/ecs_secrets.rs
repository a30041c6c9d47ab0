//! The form `ecs-secrets`: the list `secrets` of an ECS container definition, of `{name, valueFrom}` (API type
//! `Secret`).
//!
//! The values are references that ECS resolves when a task starts: see [`ecs_reference`].

use super::form::{Form, Keeps, Platform, Refusal, name_held};
use super::{ecs, ecs_reference};
use crate::config::Setting;

pub(super) const FORM: Form = Form {
    name: "ecs-secrets",
    go_name: "task-def-secrets",
    extension: "json",
    description: "the list of `name` and `valueFrom` of its `secrets`: values are [ARNs, or names of parameters with levels](#secrets-for-amazon-ecs), anything else is an error",
    keeps: Keeps::Secrets(Platform::Ecs),
    name_of: |key| name_held(key, ecs::is_name(key)),
    render,
    escapes: ecs::ESCAPES,
};

/// Names are those of environment variables. A value is an ARN, or the name of a parameter that has levels.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    ecs::list(settings, "valueFrom", ecs_reference::broken_rule)
}
