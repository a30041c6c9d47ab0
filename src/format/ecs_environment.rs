//! The form `ecs-environment`: the list `environment` of an ECS container definition, of `{name, value}`
//! (API type `KeyValuePair`).

use super::ecs;
use super::form::{Form, Keeps, Platform, Refusal, name_held};
use crate::config::Setting;

pub(super) const FORM: Form = Form {
    name: "ecs-environment",
    go_name: "task-def-env",
    extension: "json",
    description: "the list of `name` and `value` of a task definition's `environment`",
    keeps: Keeps::ClearText(Platform::Ecs),
    name_of: |key| name_held(key, ecs::is_name(key)),
    render,
    escapes: ecs::ESCAPES,
};

/// Names are those of environment variables. A value may be any text without NUL.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    ecs::list(settings, "value", |value| value.contains('\0').then_some("its value contains a NUL character"))
}
