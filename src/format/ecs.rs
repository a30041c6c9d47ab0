//! What the two forms for Amazon ECS have in common: a list of objects, pasted into a container definition.
//!
//! The shapes are `KeyValuePair` and `Secret` of the Amazon ECS API. A whole task definition may have 64 KiB.
//! How much of that is left is not known here, so ECS has to check it.

use super::escape::Escape;
use super::form::Refusal;
use super::json;
use crate::config::Setting;

/// How [`list`] writes a value.
pub(super) const ESCAPES: &[Escape] = &[Escape::Text(json::escape)];

/// Whether a text can be the name of an environment variable.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['=', '\0'])
}

/// Writes `[{"name": …, MEMBER: …}, …]` with one object per line. All values are strings, numbers too.
///
/// A name is one of an environment variable: not empty, without `=` and NUL. `broken_rule`, of a value, may refuse
/// more.
pub(super) fn list(
    settings: &[Setting],
    member: &str,
    broken_rule: impl Fn(&str) -> Option<&'static str>,
) -> Result<String, Refusal> {
    let mut objects = Vec::with_capacity(settings.len());
    for setting in settings {
        if !is_name(&setting.name) {
            return Err(Refusal::from_setting(setting, "a name must not be empty or contain = or NUL"));
        }
        let value = setting.value.text.expose();
        if let Some(rule) = broken_rule(value) {
            return Err(Refusal::from_setting(setting, rule));
        }
        objects.push(format!(r#"  {{"name": {}, "{member}": {}}}"#, json::string(&setting.name), json::string(value)));
    }
    Ok(if objects.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", objects.join(",\n")) })
}
