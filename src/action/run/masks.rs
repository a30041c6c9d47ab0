//! Which of a pull's values are masked.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use crate::action::annotation::{Annotation, Level};
use crate::action::delivery::Mask;
use crate::action::failure::Failure;
use crate::action::mask::masks;
use crate::action::step::Step;
use crate::command::Pulled;
use crate::config::Unmatched;
use crate::message::list;
use crate::option::{MASK, OptionError, OptionProblem};

/// Sends the masks; gives the keys whose values stay readable.
pub(super) fn send<W: Write>(step: &Step<W>, mask: &Mask, pulled: &Pulled) -> Result<Vec<String>, Failure> {
    let entries = || pulled.read.iter().map(|entry| (entry.key.as_str(), &entry.value));
    let selected = pulled.selected.origins.iter().zip(&pulled.selected.settings);
    let names: HashMap<_, _> = selected.map(|(origin, setting)| (origin.key.as_str(), setting.name.as_str())).collect();
    // A key that is published under another name may be meant by either.
    let is_selected = |key: &str| match mask {
        Mask::All => true,
        Mask::None => false,
        Mask::Keys(patterns) => patterns.matches(key) || names.get(key).is_some_and(|name| patterns.matches(name)),
    };
    let (mut unmatched, mut absent) = (Vec::new(), Vec::new());
    if let Mask::Keys(patterns) = mask {
        let known: HashSet<_> =
            names.iter().flat_map(|(key, name)| [*key, *name]).chain(entries().map(|(key, _)| key)).collect();
        // A misspelled name must not leave a value readable. That of a key which is not to be masked only hides one.
        let is_wrong = |line: &Unmatched| line.names_one && pulled.missing.is_empty() || line.key.has_known;
        let (wrong, odd): (Vec<_>, Vec<_>) = patterns.unmatched(known).into_iter().partition(is_wrong);
        if !wrong.is_empty() {
            let keys = wrong.into_iter().map(|line| line.key).collect();
            return Err(OptionError::new(&MASK, OptionProblem::NoSuchKeys(keys)).into());
        }
        for Unmatched { key, names_one } in odd {
            let names = if names_one { &mut absent } else { &mut unmatched };
            names.push(key.name.trim_start_matches('!').to_owned());
        }
    }
    // What has no key cannot be named, and so not be excluded.
    let unkeyed: &[_] = if matches!(mask, Mask::None) { &[] } else { &pulled.unkeyed };
    let masks = masks(entries(), unkeyed, is_selected)?;
    // A value that cannot be masked is not to be delivered.
    step.log.masks(&masks.commands).map_err(Failure::Masks)?;
    if !absent.is_empty() {
        let names = list(&absent);
        step.annotate(vec![Annotation::new(
            Level::Warning,
            "Input mask",
            format!("The input `mask` names keys that the files which were found do not have: {names}."),
        )]);
    }
    if !unmatched.is_empty() {
        let names = list(&unmatched);
        step.annotate(vec![Annotation::new(
            Level::Warning,
            "Input mask",
            format!("The input `mask` excludes keys that these files do not have: {names}."),
        )]);
    }
    if matches!(mask, Mask::Keys(_)) && entries().next().is_some() && !entries().any(|(key, _)| is_selected(key)) {
        step.annotate(vec![Annotation::new(
            Level::Warning,
            "Nothing is masked",
            "The input `mask` matches no key, so no value is hidden in the log. Write `none` if that is meant.",
        )]);
    }
    let mut unmasked = masks.unmasked;
    unmasked.sort_unstable();
    unmasked.dedup();
    Ok(unmasked)
}
