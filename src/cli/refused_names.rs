//! Variables that no program gets, and the config keys that they come from.

use std::collections::BTreeSet;
use std::fmt;

use crate::command::{FileChange, Pushed};
use crate::config::{KeyPatterns, Selected};
use crate::excerpt::listed_key;
use crate::message::{in_shell, list};
use crate::name::environment_name::refusal_unless_allowed;
use crate::name::variable_name;

/// A variable that is refused for its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RefusedName {
    /// The variable's name, which `--allow-env` takes.
    pub(super) name: String,
    /// The config key, which `--keys` takes. It may have characters that no variable's name has.
    pub(super) key: String,
}

impl RefusedName {
    /// The variable of this name, of these values.
    pub(super) fn new(name: &str, selected: &Selected) -> Self {
        let mut all = selected.settings.iter().zip(&selected.origins);
        let origin = all.find(|(setting, _)| variable_name(&setting.name) == name).map(|(_, origin)| &origin.key);
        Self { name: name.to_owned(), key: origin.map_or(name, String::as_str).to_owned() }
    }
}

impl fmt::Display for RefusedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.key == self.name { Ok(()) } else { write!(f, " (key {})", listed_key(&self.key)) }
    }
}

/// What to do about variables that are refused.
pub(super) fn advice(names: &[RefusedName]) -> String {
    let (allow, leave_out) = flags(names);
    match names {
        [_] => format!("If it is meant, add {allow}; else leave it out with {leave_out}."),
        _ => format!("If one is meant, add {allow}; else leave it out with {leave_out}, by its key."),
    }
}

/// The flags that allow a variable, and that leave it out: as they are typed where there is one.
fn flags(names: &[RefusedName]) -> (String, String) {
    let (name, key) = match names {
        [RefusedName { name, key }] => (name.as_str(), key.as_str()),
        _ => ("NAME", "KEY"),
    };
    let leave_out = |key: &str| format!("!{key}");
    let is_left_out = KeyPatterns::new(&leave_out(key)).is_ok_and(|patterns| !patterns.matches(key));
    let key = if is_left_out { key } else { "KEY" };
    (format!("--allow-env {name}"), format!("--keys {}", in_shell(&leave_out(key))))
}

/// What is worth knowing of the keys that a push adds; nothing where every program gets them.
pub(super) fn note(pushed: &Pushed) -> Option<String> {
    let of_changes = |file: &FileChange| file.keys.as_ref().map(|keys| keys.added.clone()).unwrap_or_default();
    let added: BTreeSet<String> = match &pushed.changes {
        Some(changes) => changes.files.iter().flat_map(of_changes).collect(),
        None if pushed.changed => pushed.files.iter().flat_map(|file| file.keys.clone().unwrap_or_default()).collect(),
        None => BTreeSet::new(),
    };
    let refused: Vec<_> = added
        .into_iter()
        .map(|key| RefusedName { name: variable_name(&key).into_owned(), key })
        .filter(|refused| refusal_unless_allowed::<&str>(&refused.name, &[]).is_some())
        .collect();
    (!refused.is_empty()).then(|| {
        let (allow, leave_out) = flags(&refused);
        format!(
            "`exec` and `export` refuse variables of these names, which could take over a program: {}. They then need \
             `{leave_out}` or `{allow}`.",
            list(&refused)
        )
    })
}
