//! Variables that look like this tool's and that have no effect: it does not know them, and more often than not they
//! are misspelt, or the command does not read them. The run is another than the one that was meant.

use super::{complete, go};
use crate::environment::Environment;
use crate::nearest::nearest;
use crate::option::{CHANNEL, Command, OPTIONS, OptionSpec, RawOptions, VERSION};

/// What the names of this tool's variables begin with.
const PREFIX: &str = "CSTORE_";
/// Variables of no option: of the pager and the editor, and of the script that installs this tool.
const OTHERS: [&str; 4] = ["CSTORE_PAGER", "CSTORE_EDITOR", "CSTORE_RELEASES", "CSTORE_INSTALL"];

/// A sentence on each variable that is not known, with the one that was probably meant. Empty ones count as not set.
pub(super) fn unknown_variables(environment: &Environment) -> Vec<String> {
    let mut known: Vec<_> = OPTIONS.iter().filter_map(|option| option.variable()).collect();
    known.extend(OTHERS.map(ToOwned::to_owned));
    // Nobody who means this tool means a word of the Go tool, which may say the opposite.
    let words: Vec<_> = known.iter().map(|known| own(known)).collect();
    known.extend(
        go::VARIABLES.into_iter().chain([complete::VARIABLE, complete::TIMEOUT_VARIABLE]).map(ToOwned::to_owned),
    );
    let names = environment.iter().filter(|(_, value)| !value.expose().is_empty()).map(|(name, _)| name);
    let unknown = names
        .chain(environment.unreadable())
        .filter(|name| name.starts_with(PREFIX) && known.iter().all(|known| known != name));
    let sentence = |name: &str| {
        let name_here = own(name);
        // The opposite is not what was meant.
        let is_opposite = |word: &&str| word.starts_with("NO_") && !name_here.starts_with("NO");
        let meant = nearest(&name_here, words.iter().map(String::as_str).filter(|word| !is_opposite(word)));
        let meant = meant.map_or_else(String::new, |meant| format!(" Did you mean {PREFIX}{meant}?"));
        format!("The variable {name} means nothing to cstore and is ignored.{meant}")
    };
    unknown.map(sentence).collect()
}

/// A sentence on each variable that a command, in the action, would refuse: a file that is named is not promoted alone.
pub(super) fn idle_variables(command: Command, environment: &Environment) -> Vec<String> {
    let refused = OPTIONS.iter().filter(|option| option.refused_by.contains(&command));
    let set = refused.filter_map(|option| option.variable()).filter(|name| environment.text(name).is_some());
    set.map(|name| format!("The variable {name} has no effect on `cstore {}`.", command.name())).collect()
}

/// A version and a channel are two answers to one question: what is typed counts, and a sentence says what does not.
pub(super) fn overruled_variable(raw: &mut RawOptions) -> Option<String> {
    let pairs: [(&OptionSpec, &OptionSpec); 2] = [(&VERSION, &CHANNEL), (&CHANNEL, &VERSION)];
    for (typed, other) in pairs {
        if raw.text(typed).is_some()
            && raw.variable(typed).is_none()
            && let Some(variable) = raw.variable(other).map(ToOwned::to_owned)
        {
            raw.clear(other);
            return Some(format!("The variable {variable} is ignored, since --{} is typed.", typed.flag_name()));
        }
    }
    None
}

/// A variable's name without what all of them begin with.
fn own(name: &str) -> String {
    name.strip_prefix(PREFIX).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misspelt_is_told_with_what_was_meant() {
        let environment = |names: &[(&str, &str)]| {
            Environment::new(names.iter().map(|(name, value)| ((*name).into(), (*value).into())))
        };
        for (name, meant) in [
            ("CSTORE_VERISON", " Did you mean CSTORE_VERSION?"),
            ("CSTORE_VER", " Did you mean CSTORE_VERSION?"),
            ("CSTORE_BUKET", " Did you mean CSTORE_BUCKET?"),
            ("CSTORE_Q7", ""),
            ("CSTORE_OVERWRITE", ""),
        ] {
            let said = unknown_variables(&environment(&[(name, "swordfish")]));
            assert_eq!(said, [format!("The variable {name} means nothing to cstore and is ignored.{meant}")]);
        }
        let known = OPTIONS.iter().filter_map(|option| option.variable()).chain(go::VARIABLES.map(str::to_owned));
        let known: Vec<_> =
            known.chain(["CSTORE_PAGER", "CSTORE_EDITOR", "CSTORE_COMPLETE", "XCSTORE_A"].map(str::to_owned)).collect();
        let known: Vec<_> = known.iter().map(|name| (name.as_str(), "x")).chain([("CSTORE_EMPTY", "")]).collect();
        assert_eq!(unknown_variables(&environment(&known)), [""; 0]);
    }

    #[test]
    fn all_variables_of_the_go_tool_are_listed() {
        let source = include_str!("go.rs");
        for name in source.split('"').filter(|text| text.strip_prefix(PREFIX).is_some_and(|rest| !rest.contains(' '))) {
            let is_option = OPTIONS.iter().filter_map(|option| option.variable()).any(|variable| variable == name);
            assert!(is_option || go::VARIABLES.contains(&name), "{name}");
        }
    }
}
