//! Selects the keys that are published, and names them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map;
use std::iter::repeat_n;

use super::key_pattern::{Pattern, pattern_lines, sign_and_pattern};
use super::output_name::is_reserved_name;
use super::selected::{Candidate, second_counts};
use super::unknown_key::{KeyLines, Unmatched, unmatched_lines};
use super::{Merged, NameUse, OnDuplicate, Origin, OutputCase, SameName, Selected, Setting};
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
}

#[derive(Debug, Clone)]
struct Rule {
    includes: bool,
    pattern: Pattern,
    new_name: Option<String>,
}

/// Why a selection cannot be read.
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
    /// `OLD | NEW` whose right side gives a name of the action's own outputs.
    #[error("line {line}: names that begin with `config-` are the action's own outputs")]
    RenameToReserved {
        /// The line in `keys`, from 1.
        line: usize,
    },
    /// A prefix that gives names of the action's own outputs.
    #[error("names that begin with `config-` are the action's own outputs")]
    ReservedPrefix,
}

/// What a selection makes of merged values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The values to publish.
    pub selected: Selected,
    /// Lines of `keys` that match no key.
    pub unmatched: Vec<Unmatched>,
}

impl KeySelection {
    /// Reads the options. `keys` has one rule per line, as [`KeyPatterns`](super::KeyPatterns) has them. Besides, a
    /// line `OLD | NEW` includes the key `OLD` and publishes it as `NEW`, with the prefix, but without the change of
    /// case. Several such lines give a key several names. A later line can exclude the key again; one that includes it
    /// does not change its new names.
    ///
    /// # Errors
    /// A line that is no rule, or a prefix that no name can begin with.
    pub fn new(keys: &str, case: OutputCase, prefix: &str) -> Result<Self, KeySelectionError> {
        if !prefix.is_empty() && !is_output_name(prefix) {
            return Err(KeySelectionError::Prefix);
        }
        if is_reserved_name(prefix) {
            return Err(KeySelectionError::ReservedPrefix);
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
                if is_reserved_name(&format!("{prefix}{name}")) {
                    return Err(KeySelectionError::RenameToReserved { line });
                }
            }
            selection.add(Rule { includes, pattern, new_name: new_name.map(str::to_owned) });
        }
        Ok(selection)
    }

    /// Whether `keys` leaves it to the config files which keys are published, under whatever name: it includes none, or
    /// includes some by a pattern.
    #[must_use]
    pub fn leaves_names_open(&self) -> bool {
        let mut including = self.rules.iter().filter(|rule| rule.includes).peekable();
        including.peek().is_none() || including.any(|rule| rule.pattern.has_wildcard())
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

    /// Selects and names the merged values. A name is the key as its file has it, in the case and with the prefix that
    /// are asked for; what cannot stand in the name of an output is still in it.
    ///
    /// Two keys may come to one name if their values are equal. If they differ and come from different files, the later
    /// file's value counts where `on_duplicate` is [`OnDuplicate::Last`].
    ///
    /// # Errors
    /// Two keys with different values that give one name.
    pub fn select(&self, merged: Vec<Merged>, on_duplicate: OnDuplicate) -> Result<Selection, SameName> {
        let mut is_matched = vec![false; self.rules.len()];
        let names: Vec<_> = merged.iter().map(|m| self.names_of(&m.entry.key, &mut is_matched)).collect();
        let unmatched = self.unmatched(&is_matched, &merged);

        let most = names.iter().map(Vec::len).sum();
        let mut positions: HashMap<String, usize> = HashMap::with_capacity(most);
        // The merged values behind the settings, in their order.
        let mut chosen: Vec<Merged> = Vec::with_capacity(most);
        let named = |(merged, names): (Merged, Vec<String>)| repeat_n(merged, names.len()).zip(names);
        for (candidate, name) in merged.into_iter().zip(names).flat_map(named) {
            match positions.entry(name) {
                hash_map::Entry::Vacant(vacant) => {
                    vacant.insert(chosen.len());
                    chosen.push(candidate);
                }
                hash_map::Entry::Occupied(occupied) => {
                    let first = &mut chosen[*occupied.get()];
                    let candidates = [&*first, &candidate].map(|merged| Candidate {
                        value: &merged.entry.value,
                        origin: Cow::Owned(self.origin(merged)),
                    });
                    let counts = second_counts(&candidates, on_duplicate).map_err(|keys| SameName {
                        name_use: NameUse::Any,
                        name: occupied.key().clone(),
                        keys,
                        starts_with_all: self.includes_none(),
                    })?;
                    if counts {
                        *first = candidate;
                    }
                }
            }
        }
        let mut names: Vec<(usize, String)> = positions.into_iter().map(|(name, position)| (position, name)).collect();
        names.sort_unstable();
        let mut selected = Selected {
            settings: Vec::with_capacity(chosen.len()),
            origins: Vec::with_capacity(chosen.len()),
            on_duplicate,
            starts_with_all: self.includes_none(),
        };
        for ((_, name), merged) in names.into_iter().zip(chosen) {
            selected.origins.push(self.origin(&merged));
            selected.settings.push(Setting { name, value: merged.entry.value });
        }
        Ok(Selection { selected, unmatched })
    }

    /// Where a value comes from.
    fn origin(&self, Merged { entry, source }: &Merged) -> Origin {
        // In these cases whatever joins the words is replaced.
        let is_joined_anew = matches!(self.case, OutputCase::Snake | OutputCase::Kebab);
        let joins = if is_joined_anew || !self.new_names(&entry.key).is_empty() { 0 } else { entry.joins };
        Origin { key: entry.key.clone(), source: source.clone(), line: entry.line, joins }
    }

    /// Whether no line includes a key, so that all are.
    fn includes_none(&self) -> bool {
        self.rules.iter().all(|rule| !rule.includes)
    }

    /// The new names of a key, each once.
    fn new_names(&self, key: &str) -> Vec<&str> {
        let mut names = Vec::new();
        for index in self.exact.get(key).into_iter().flatten() {
            let name = self.rules[*index].new_name.as_deref();
            names.extend(name.filter(|name| !names.contains(name)));
        }
        names
    }

    /// The names that a key is published by; none when it is not.
    fn names_of(&self, key: &str, is_matched: &mut [bool]) -> Vec<String> {
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
            None => self.includes_none(),
        };
        if !is_included {
            return Vec::new();
        }
        let prefix = &self.prefix;
        match self.new_names(key) {
            names if names.is_empty() => vec![format!("{prefix}{}", self.case.apply(key))],
            names => names.into_iter().map(|name| format!("{prefix}{name}")).collect(),
        }
    }

    fn unmatched(&self, is_matched: &[bool], merged: &[Merged]) -> Vec<Unmatched> {
        let unmatched = self.rules.iter().zip(is_matched).filter(|(_, is_matched)| !**is_matched);
        let lines: Vec<_> = unmatched.map(|(rule, _)| (rule.includes, &rule.pattern)).collect();
        if lines.is_empty() {
            return Vec::new();
        }
        let keys: Vec<_> = merged.iter().map(|m| m.entry.key.as_str()).collect();
        unmatched_lines(&lines, &keys, KeyLines::Selection)
    }
}

#[cfg(test)]
mod tests;
