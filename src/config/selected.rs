//! The values that are published, and their names for each use.
//!
//! A form such as JSON holds any key; an output and a variable do not. So each use makes its own names of the names
//! that were selected, and two keys may meet in one use and not in another.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map;
use std::fmt;

use super::error::{ParseError, ParseProblem};
use super::output_name::is_reserved_name;
use super::{Entry, OnDuplicate, Provenance, Setting, Value};
use crate::excerpt::excerpt;
use crate::name::{is_output_name, output_name, variable_name};

/// The values to publish, under names of one use, and where each comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selected {
    /// The values under their names, in the order of the merged set; no name twice.
    pub settings: Vec<Setting>,
    /// The origin of each setting, in the same order.
    pub origins: Vec<Origin>,
    pub(super) on_duplicate: OnDuplicate,
    /// Whether no line of `keys` includes a key, so that all are.
    pub(super) starts_with_all: bool,
}

/// The key that a value is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The key in its file.
    pub key: String,
    /// The file, or the defaults.
    pub source: Provenance,
    /// The line in the file, from 1; 0 where that is unknown.
    pub line: usize,
    /// How many separators of nested keys' parts are in the name: as many as in the key, unless its name does not
    /// depend on them.
    pub joins: usize,
}

/// What a name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameUse {
    /// Any use: the name that the selection gives.
    Any,
    /// An output of the step.
    Output,
    /// A variable of the job.
    Variable,
    /// The form of this name.
    Form(&'static str),
}

/// Two keys with different values that give one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the keys {} and {} both give {}, with different values", .keys[0], .keys[1], whose(*.name_use, .name))]
pub struct SameName {
    /// What the name is for.
    pub name_use: NameUse,
    /// The name.
    pub name: String,
    /// The two keys, in the order of the merged set.
    pub keys: Box<[Origin; 2]>,
    /// Whether no line of `keys` includes a key, so that all are; with one that does, only those would be.
    pub starts_with_all: bool,
}

fn whose(name_use: NameUse, name: &str) -> String {
    let name = excerpt(name);
    match name_use {
        NameUse::Any => format!("the name {name:?}"),
        NameUse::Output => format!("the output {name:?}"),
        NameUse::Variable => format!("the variable {name:?}"),
        NameUse::Form(form) => format!("the name {name:?} in the format {form}"),
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = excerpt(&self.key);
        match self.line {
            0 => write!(f, "{key:?} ({})", self.source),
            line => write!(f, "{key:?} (line {line} of {})", self.source),
        }
    }
}

impl Provenance {
    /// Its place among the files; none for the defaults, which come before them.
    const fn position(&self) -> Option<usize> {
        match self {
            Self::File { position, .. } => Some(*position),
            Self::Defaults => None,
        }
    }
}

impl SameName {
    /// Whether the keys are of two files, so that one file can count.
    #[must_use]
    pub fn is_of_two_files(&self) -> bool {
        self.keys[0].source.position() != self.keys[1].source.position()
    }

    /// Whether another separator of the parts of nested keys keeps the two apart.
    #[must_use]
    pub fn is_of_separator(&self) -> bool {
        self.keys[0].joins != self.keys[1].joins
    }
}

impl Selected {
    /// The same under names that can be outputs, with `_` in place of every character that cannot stand there.
    ///
    /// # Errors
    /// Two keys that differ only in such characters, with different values.
    pub fn into_outputs(self) -> Result<Self, SameName> {
        let Some(names) = self.renamed(NameUse::Output, output_name)? else { return Ok(self) };
        let mut outputs =
            Self { on_duplicate: self.on_duplicate, starts_with_all: self.starts_with_all, ..Self::default() };
        let mut all: Vec<_> = self.settings.into_iter().zip(self.origins).map(Some).collect();
        for Renamed { name, index } in names {
            if let Some((setting, origin)) = all[index].take() {
                outputs.settings.push(Setting { name, ..setting });
                outputs.origins.push(origin);
            }
        }
        Ok(outputs)
    }

    /// The settings under names that variables can have, by the rule of [`into_outputs`](Self::into_outputs).
    ///
    /// # Errors
    /// Two keys that differ only in characters that variables cannot have, with different values.
    pub fn variables(&self) -> Result<Cow<'_, [Setting]>, SameName> {
        self.settings_for(NameUse::Variable, variable_name)
    }

    /// The settings under the names that `rename` makes of theirs. It borrows a name that may stay.
    ///
    /// # Errors
    /// Two keys that `rename` gives one name, with different values.
    pub fn settings_for(
        &self,
        name_use: NameUse,
        rename: impl Fn(&str) -> Cow<'_, str>,
    ) -> Result<Cow<'_, [Setting]>, SameName> {
        let Some(names) = self.renamed(name_use, rename)? else { return Ok(Cow::Borrowed(&self.settings)) };
        let setting = |Renamed { name, index }| Setting { name, value: self.settings[index].value.clone() };
        Ok(names.into_iter().map(setting).collect())
    }

    /// Where the first of the settings comes from that `rename` gives a name.
    pub fn source_of(&self, name: &str, rename: impl Fn(&str) -> Cow<'_, str>) -> Option<Provenance> {
        let position = self.settings.iter().position(|setting| rename(&setting.name) == name)?;
        self.origins.get(position).map(|origin| origin.source.clone())
    }

    /// Those whose names belong to the action's own outputs, by their keys.
    #[must_use]
    pub fn reserved(&self) -> Vec<&str> {
        let all = self.settings.iter().zip(&self.origins);
        all.filter(|(setting, _)| is_reserved_name(&setting.name)).map(|(_, origin)| origin.key.as_str()).collect()
    }

    /// Whether no line of `keys` includes a key, so that all are.
    #[must_use]
    pub const fn starts_with_all(&self) -> bool {
        self.starts_with_all
    }

    /// The new names, each with the setting that it is for; none where all names stay.
    fn renamed(
        &self,
        name_use: NameUse,
        rename: impl Fn(&str) -> Cow<'_, str>,
    ) -> Result<Option<Vec<Renamed>>, SameName> {
        let names: Vec<_> = self.settings.iter().map(|setting| rename(&setting.name)).collect();
        if names.iter().all(|name| matches!(name, Cow::Borrowed(_))) {
            return Ok(None);
        }
        let mut renamed: Vec<Renamed> = Vec::with_capacity(names.len());
        let mut positions: HashMap<String, usize> = HashMap::with_capacity(names.len());
        for (index, name) in names.into_iter().enumerate() {
            match positions.entry(name.into_owned()) {
                hash_map::Entry::Vacant(vacant) => {
                    renamed.push(Renamed { name: vacant.key().clone(), index });
                    vacant.insert(renamed.len() - 1);
                }
                hash_map::Entry::Occupied(occupied) => {
                    let first = &mut renamed[*occupied.get()];
                    let candidate = |index: usize| Candidate {
                        value: &self.settings[index].value,
                        origin: Cow::Borrowed(&self.origins[index]),
                    };
                    let candidates = [candidate(first.index), candidate(index)];
                    let counts = second_counts(&candidates, self.on_duplicate).map_err(|keys| SameName {
                        name_use,
                        name: first.name.clone(),
                        keys,
                        starts_with_all: self.starts_with_all,
                    })?;
                    if counts {
                        first.index = index;
                    }
                }
            }
        }
        Ok(Some(renamed))
    }
}

struct Renamed {
    name: String,
    /// Which setting it is for.
    index: usize,
}

/// One of two values for a name.
pub(super) struct Candidate<'a> {
    pub(super) value: &'a Value,
    pub(super) origin: Cow<'a, Origin>,
}

/// Decides which of two values a name gets: whether the second one. Of different values that is the later file's where
/// `on_duplicate` is [`OnDuplicate::Last`], and a file's before the defaults'.
///
/// # Errors
/// Both origins, where nothing decides between different values.
pub(super) fn second_counts(
    [first, second]: &[Candidate<'_>; 2],
    on_duplicate: OnDuplicate,
) -> Result<bool, Box<[Origin; 2]>> {
    if first.value.text == second.value.text {
        return Ok(false);
    }
    let (first_position, second_position) = (first.origin.source.position(), second.origin.source.position());
    let is_settled = on_duplicate == OnDuplicate::Last || first_position.is_none() || second_position.is_none();
    if first_position == second_position || !is_settled {
        return Err(Box::new([first.origin.clone().into_owned(), second.origin.clone().into_owned()]));
    }
    Ok(second_position > first_position)
}

/// Checks that a pull of one file alone can make outputs of its values.
///
/// # Errors
/// Two of its keys give one output different values.
pub(super) fn check_outputs(entries: &[Entry]) -> Result<(), ParseError> {
    if entries.iter().all(|entry| is_output_name(&entry.key)) {
        return Ok(());
    }
    let mut seen: HashMap<Cow<'_, str>, &Entry> = HashMap::with_capacity(entries.len());
    for entry in entries {
        let name = output_name(&entry.key);
        match seen.get(&name) {
            Some(first) if first.value.text != entry.value.text => {
                let problem = ParseProblem::SameOutput {
                    keys: Box::new([excerpt(&first.key), excerpt(&entry.key)]),
                    first_line: (first.line > 0).then_some(first.line),
                    name: excerpt(&name),
                    by_separator: first.joins != entry.joins,
                };
                return Err(problem.at_line(entry.line));
            }
            Some(_) => {}
            None => drop(seen.insert(name, entry)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
