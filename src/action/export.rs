//! Decides which of the published values are set in the job's environment.

use super::annotation::{Annotation, Level};
use super::delivery::Export;
use super::environment_size::Room;
use crate::command::is_refused;
use crate::config::Setting;
use crate::environment::LARGEST_VARIABLE;
use crate::message::list;
use crate::name::environment_name::refusal;

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
        if is_refused(setting, &export.allow) {
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

/// What is said of names that would take over later steps.
pub(super) fn about_export(refused: &[String]) -> Vec<Annotation> {
    let mut annotations = Vec::new();
    if !refused.is_empty() {
        annotations.push(Annotation::new(Level::Warning, "Not exported", not_exported(refused)));
    }
    annotations
}

/// What is said of values for which there is no room.
pub(super) fn about_size(too_large: &[String]) -> Option<Annotation> {
    let message = format!(
        "These values are too large for the job's environment and were not exported: {}. A variable may have {} KiB, and \
         all together 1 MiB; with more, no later step could start a program (\"Argument list too long\"). They are \
         still outputs, and are in the restored files.",
        list(too_large),
        LARGEST_VARIABLE / 1024
    );
    (!too_large.is_empty()).then(|| Annotation::new(Level::Warning, "Not exported", message))
}

/// What each name that is refused needs: `allow-env` lifts neither the runner's own rule nor that of a region's value.
fn not_exported(refused: &[String]) -> String {
    let (by_table, misleading): (Vec<_>, Vec<_>) = refused.iter().partition(|name| refusal(name).is_some());
    let (liftable, by_runner): (Vec<_>, Vec<_>) =
        by_table.into_iter().partition(|name| refusal(name).is_some_and(|rule| rule.can_be_allowed));
    let mut clauses =
        vec![format!("These names could take over later steps and were not exported: {}.", list(refused))];
    if !liftable.is_empty() {
        clauses.push("If one is meant, name it in `allow-env`.".to_owned());
    }
    if !by_runner.is_empty() {
        clauses.push(format!(
            "GitHub's runner itself refuses {}, whatever `allow-env` says; set it in the `env:` of the step that needs it.",
            list(&by_runner)
        ));
    }
    if !misleading.is_empty() {
        clauses.push(format!("The value is not a region's name, so `allow-env` does not help: {}.", list(&misleading)));
    }
    clauses.push("All of them are outputs.".to_owned());
    clauses.join(" ")
}

/// What is said where the config files alone decide on the names.
pub(super) fn about_open_names() -> Annotation {
    Annotation::new(
        Level::Notice,
        "Exported names",
        "`keys` does not name them one by one, so anyone who can change the config files chooses which variables later steps get. \
         Name in `keys` those that are needed.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Value;

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
