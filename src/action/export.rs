//! Decides which of the published values are set in the job's environment.

use super::delivery::Export;
use super::environment_size::Room;
use crate::config::Setting;
use crate::name::environment_name::refusal_unless_allowed;
use crate::s3::is_region;

/// The values to set, and the names of those that are not set.
#[derive(Debug, Default)]
pub(super) struct Exported<'a> {
    pub(super) settings: Vec<&'a Setting>,
    /// Names that would take over later steps.
    pub(super) refused: Vec<String>,
    /// Names that the environment has already.
    pub(super) kept: Vec<String>,
    /// Names whose values would leave later steps unable to start a program.
    pub(super) too_large: Vec<String>,
}

/// Divides the settings, whose names variables can have, into those to set and those to leave out. `keep` tells which
/// names must keep their present values. Of those for which there is no `room`, the later ones are left out.
pub(super) fn exported<'a>(
    settings: &'a [Setting],
    export: &Export,
    mut room: Room,
    keep: impl Fn(&str) -> bool,
) -> Exported<'a> {
    let mut sorted = Exported::default();
    for setting in settings {
        let name = &setting.name;
        if refusal_unless_allowed(name, &export.allow).is_some() || is_misleading(name, setting.value.text.expose()) {
            sorted.refused.push(name.clone());
        } else if keep(name) {
            sorted.kept.push(name.clone());
        } else if !room.take(name, setting.value.text.expose()) {
            sorted.too_large.push(name.clone());
        } else {
            sorted.settings.push(setting);
        }
    }
    sorted
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
    use crate::config::Value;

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

    #[test]
    fn names_are_sorted() {
        let settings: Vec<_> = ["A", "PATH", "NODE_OPTIONS", "HOME", "SET", "AWS_REGION"]
            .map(|name| Setting { name: name.to_owned(), value: Value::text("x/") })
            .into();
        let export = Export { allow: vec!["PATH".to_owned(), "NODE_OPTIONS".to_owned()], no_overwrite: true };
        let sorted = exported(&settings, &export, Room::default(), |name| name == "SET");
        assert_eq!(sorted.settings.iter().map(|setting| setting.name.as_str()).collect::<Vec<_>>(), ["A", "PATH"]);
        assert_eq!(sorted.refused, ["NODE_OPTIONS", "HOME", "AWS_REGION"]);
        assert_eq!(sorted.kept, ["SET"]);
    }
}
