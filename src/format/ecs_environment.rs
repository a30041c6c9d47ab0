//! The form `ecs-environment`: the list `environment` of an ECS container definition, of `{name, value}`
//! (API type `KeyValuePair`).

use super::{Refusal, ecs};
use crate::config::Setting;

/// Names are those of environment variables. A value may be any text without NUL.
pub(super) fn render(settings: &[Setting]) -> Result<String, Refusal> {
    ecs::list(settings, "value", |value| value.contains('\0').then_some("its value contains a NUL character"))
}
