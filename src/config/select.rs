//! Selects the keys that are published, and names them.

use std::collections::HashMap;
use std::collections::hash_map;

use super::key_pattern::{Pattern, pattern_lines, sign_and_pattern};
use super::output_name::is_reserved_name;
use super::{FileType, Merged, OnDuplicate, OutputCase, Provenance, Setting};
use crate::excerpt::excerpt;
use crate::name::is_output_name;

/// Which keys to publish and how to name them: the options `keys`, `output-case` and `output-prefix`.
#[derive(Debug, Clone, Default)]
pub struct KeySelection {
    rules: Vec<Rule>,
    /// The rules that name one key, by that key, in order.
    exact: HashMap<String, Vec<usize>>,
    /// The others, in order.
    with_wildcard: Vec<usize>,
    case: OutputCase,
    prefix: String,
    /// Whether keys that are named may be missing.
    is_lenient: bool,
}

#[derive(Debug, Clone)]
struct Rule {
    includes: bool,
    pattern: Pattern,
    new_name: Option<String>,
}

/// The values to publish, and what of the selection had no effect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selected {
    /// The values under their names, in the order of the merged set; no name twice.
    pub settings: Vec<Setting>,
    /// The key in its file of each setting, in the same order.
    pub keys: Vec<String>,
    /// Keys of nested documents that give no name and were left out.
    pub left_out: Vec<String>,
    /// Lines of `keys` that match no key.
    pub unmatched: Vec<String>,
}

/// Why a selection cannot be read, or cannot be applied to the keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySelectionError {
    /// `!` with nothing after it.
    #[error("line {line}: there is no pattern after `!`")]
    NoPattern {
        /// The line in `keys`, from 1.
        line: usize,
    },
    /// `OLD | NEW` whose left side is not one key.
    #[error("line {line}: what is renamed must be one key, without `!`, `*` and `?`")]
    RenameOfPattern {
        /// The line in `keys`, from 1.
        line: usize,
    },
    /// `OLD | NEW` whose right side is no name.
    #[error("line {line}: the new name, with the prefix, must be made of letters, digits, `_` and `-`")]
    RenameToNoName {
        /// The line in `keys`, from 1.
        line: usize,
    },
    /// A prefix that no name can begin with.
    #[error("the prefix must begin with a letter or `_` and hold only letters, digits, `_` and `-`")]
    Prefix,
    /// `OLD | NEW` of a key that is not there.
    #[error("the key {key:?} is to be renamed but is not there")]
    RenameOfMissing {
        /// The key.
        key: String,
    },
    /// A name that belongs to the action's own outputs.
    #[error("the key {key:?} gives the name {name:?}, but names that begin with `config-` are the action's own")]
    Reserved {
        /// The key.
        key: String,
        /// The name, with case and prefix.
        name: String,
    },
    /// Keys of dotenv files that give no name.
    #[error(
        "the key {key:?} of {origin} gives no name of letters, digits, `_` and `-`{}",
        if *more == 0 { String::new() } else { format!(" (and {more} more)") }
    )]
    NoName {
        /// The first such key.
        key: String,
        /// Its file, or `defaults`.
        origin: String,
        /// How many others there are.
        more: usize,
    },
    /// Two keys with different values that give one name.
    #[error("the keys {first:?} and {second:?} both give the name {name:?}, with different values")]
    SameName {
        /// The name.
        name: String,
        /// The one key.
        first: String,
        /// The other one.
        second: String,
    },
}

impl KeySelection {
    /// Reads the options. `keys` has one rule per line, as [`KeyPatterns`](super::KeyPatterns) has them. Besides, a
    /// line `OLD | NEW` includes the key `OLD` and publishes it as `NEW`, with the prefix, but without the change of
    /// case. A later line can exclude the key again; one that includes it does not change its new name.
    ///
    /// # Errors
    /// A line that is no rule, or a prefix that no name can begin with.
    pub fn new(keys: &str, case: OutputCase, prefix: &str) -> Result<Self, KeySelectionError> {
        if !prefix.is_empty() && !is_output_name(prefix) {
            return Err(KeySelectionError::Prefix);
        }
        let mut selection = Self { case, prefix: prefix.to_owned(), ..Self::default() };
        for (line, text) in pattern_lines(keys) {
            let (text, new_name) = match text.split_once('|') {
                Some((text, name)) => (text.trim_end(), Some(name.trim())),
                None => (text, None),
            };
            let (includes, pattern) = sign_and_pattern(text).ok_or(KeySelectionError::NoPattern { line })?;
            let pattern = Pattern::new(pattern);
            if let Some(name) = new_name {
                if !includes || pattern.has_wildcard() {
                    return Err(KeySelectionError::RenameOfPattern { line });
                }
                if name.is_empty() || !is_output_name(&format!("{prefix}{name}")) {
                    return Err(KeySelectionError::RenameToNoName { line });
                }
            }
            selection.add(Rule { includes, pattern, new_name: new_name.map(str::to_owned) });
        }
        Ok(selection)
    }

    /// Whether `keys` leaves it to the config files which keys are published, under whatever name: it includes none, or
    /// all.
    #[must_use]
    pub fn leaves_names_open(&self) -> bool {
        let is_all = |rule: &Rule| rule.pattern.as_str().chars().all(|c| matches!(c, '*' | '?'));
        let mut including = self.rules.iter().filter(|rule| rule.includes).peekable();
        including.peek().is_none() || including.any(is_all)
    }

    /// The same, for values of which some may be missing: a line that names a key which is not there is one that matches
    /// nothing, and no error.
    #[must_use]
    pub fn where_keys_may_be_missing(self) -> Self {
        Self { is_lenient: true, ..self }
    }

    fn add(&mut self, rule: Rule) {
        let index = self.rules.len();
        if rule.pattern.has_wildcard() {
            self.with_wildcard.push(index);
        } else {
            self.exact.entry(rule.pattern.as_str().to_owned()).or_default().push(index);
        }
        self.rules.push(rule);
    }

    /// Selects and names the merged values.
    ///
    /// Two keys may come to one name if their values are equal. If they differ and come from different files, the later
    /// file's value counts where `on_duplicate` is [`OnDuplicate::Last`].
    ///
    /// # Errors
    /// A rename of a key that is not there; a reserved name; a dotenv key that gives no name; two keys with different
    /// values that give one name.
    pub fn select(&self, merged: &[Merged], on_duplicate: OnDuplicate) -> Result<Selected, KeySelectionError> {
        let mut is_matched = vec![false; self.rules.len()];
        let named: Vec<(&Merged, String)> =
            merged.iter().filter_map(|m| self.name_of(&m.entry.key, &mut is_matched).map(|name| (m, name))).collect();
        let unmatched = self.unmatched(&is_matched)?;
        check_reserved(&named)?;
        check_dotenv_names(&named)?;

        let mut selected = Selected { unmatched, ..Selected::default() };
        let mut positions: HashMap<String, usize> = HashMap::new();
        // The merged values behind the settings, in their order.
        let mut chosen: Vec<&Merged> = Vec::new();
        for (candidate, name) in named {
            if !is_output_name(&name) {
                selected.left_out.push(candidate.entry.key.clone());
                continue;
            }
            match positions.entry(name) {
                hash_map::Entry::Vacant(vacant) => {
                    vacant.insert(chosen.len());
                    chosen.push(candidate);
                }
                hash_map::Entry::Occupied(occupied) => {
                    let first = &mut chosen[*occupied.get()];
                    *first = settle(occupied.key(), first, candidate, on_duplicate)?;
                }
            }
        }
        let mut names: Vec<(usize, String)> = positions.into_iter().map(|(name, position)| (position, name)).collect();
        names.sort_unstable();
        for ((_, name), merged) in names.into_iter().zip(chosen) {
            selected.keys.push(merged.entry.key.clone());
            selected.settings.push(Setting { name, value: merged.entry.value.clone() });
        }
        Ok(selected)
    }

    /// The name that a key is published by; none when it is not.
    fn name_of(&self, key: &str, is_matched: &mut [bool]) -> Option<String> {
        let exact = self.exact.get(key).map_or(&[][..], Vec::as_slice);
        let mut last = exact.last().copied();
        for &index in exact {
            is_matched[index] = true;
        }
        for &index in self.with_wildcard.iter().rev() {
            let cannot_decide = last > Some(index);
            if cannot_decide && is_matched[index] {
                continue;
            }
            if self.rules[index].pattern.matches(key) {
                is_matched[index] = true;
                last = last.max(Some(index));
            }
        }
        let is_included = match last {
            Some(index) => self.rules[index].includes,
            None => self.rules.iter().all(|rule| !rule.includes),
        };
        if !is_included {
            return None;
        }
        let new_name = exact.iter().rev().find_map(|index| self.rules[*index].new_name.as_deref());
        let prefix = &self.prefix;
        Some(new_name.map_or_else(|| format!("{prefix}{}", self.case.apply(key)), |name| format!("{prefix}{name}")))
    }

    fn unmatched(&self, is_matched: &[bool]) -> Result<Vec<String>, KeySelectionError> {
        let mut unmatched = Vec::new();
        for (rule, _) in self.rules.iter().zip(is_matched).filter(|(_, is_matched)| !**is_matched) {
            let pattern = rule.pattern.as_str();
            if rule.new_name.is_some() && !self.is_lenient {
                return Err(KeySelectionError::RenameOfMissing { key: excerpt(pattern) });
            }
            unmatched.push(format!("{}{pattern}", if rule.includes { "" } else { "!" }));
        }
        Ok(unmatched)
    }
}

/// Refuses names that are reserved for the action's own outputs. This comes before any key is left out, so that none of
/// them passes unnoticed.
fn check_reserved(named: &[(&Merged, String)]) -> Result<(), KeySelectionError> {
    match named.iter().find(|(_, name)| is_reserved_name(name)) {
        Some((m, name)) => Err(KeySelectionError::Reserved { key: excerpt(&m.entry.key), name: excerpt(name) }),
        None => Ok(()),
    }
}

/// Refuses keys of dotenv files that give no name. They are meant to be variables, so leaving them out would go
/// unnoticed.
fn check_dotenv_names(named: &[(&Merged, String)]) -> Result<(), KeySelectionError> {
    let mut refused = named.iter().filter(|(m, name)| !is_nested(&m.source) && !is_output_name(name));
    match refused.next() {
        Some((m, _)) => Err(KeySelectionError::NoName {
            key: excerpt(&m.entry.key),
            origin: m.source.to_string(),
            more: refused.count(),
        }),
        None => Ok(()),
    }
}

fn is_nested(source: &Provenance) -> bool {
    matches!(source, Provenance::File { file_type, .. } if FileType::is_nested(*file_type))
}

/// Decides which of two values a name gets.
fn settle<'m>(
    name: &str,
    first: &'m Merged,
    second: &'m Merged,
    on_duplicate: OnDuplicate,
) -> Result<&'m Merged, KeySelectionError> {
    if first.entry.value.text == second.entry.value.text {
        return Ok(first);
    }
    // The defaults, which have no position among the files, come before them.
    let position = |m: &Merged| match m.source {
        Provenance::File { position, .. } => Some(position),
        Provenance::Defaults => None,
    };
    let (first_position, second_position) = (position(first), position(second));
    let is_settled = on_duplicate == OnDuplicate::Last || first_position.is_none() || second_position.is_none();
    if first_position == second_position || !is_settled {
        return Err(KeySelectionError::SameName {
            name: excerpt(name),
            first: excerpt(&first.entry.key),
            second: excerpt(&second.entry.key),
        });
    }
    Ok(if second_position > first_position { second } else { first })
}

#[cfg(test)]
mod tests;
