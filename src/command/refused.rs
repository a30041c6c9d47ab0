//! Which values must not become variables of what runs next.

use crate::config::Setting;
use crate::name::environment_name::refusal_unless_allowed;
use crate::s3::is_region;

/// Whether a value is refused as a variable: by its name, unless that is `allowed`, or as it would mislead.
pub(crate) fn is_refused(setting: &Setting, allowed: &[String]) -> bool {
    refusal_unless_allowed(&setting.name, allowed).is_some()
        || is_misleading(&setting.name, setting.value.text.expose())
}

/// Whether a value must not be exported under a name that is otherwise free. The SDKs make host names of a region's
/// name, and send a job's token there: what is no region's name could be somebody else's host.
fn is_misleading(name: &str, value: &str) -> bool {
    let is_region_variable =
        ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().any(|region| region.eq_ignore_ascii_case(name));
    is_region_variable && !is_region(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_must_be_one() {
        for (name, value, misleads) in [
            ("AWS_REGION", "eu-central-1", false),
            ("AWS_REGION", "x@evil.example/", true),
            ("aws_default_region", "evil.example#", true),
            ("REGION", "evil.example#", false),
        ] {
            assert_eq!(is_misleading(name, value), misleads, "{name}={value}");
        }
    }
}
