use std::collections::BTreeMap;

use super::entry::{LockEntry, LockName, NewEntry};
use super::error::LockProblem;
use crate::name::{Context, VersionRequest};

/// What a lock file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    entries: BTreeMap<LockName, LockEntry>,
}

impl Lock {
    /// The entries, sorted by name.
    pub fn entries(&self) -> impl Iterator<Item = (&LockName, &LockEntry)> {
        self.entries.iter()
    }

    /// The entry of a name.
    #[must_use]
    pub fn get(&self, name: &LockName) -> Option<&LockEntry> {
        self.entries.get(name)
    }

    /// Sets an entry.
    ///
    /// # Errors
    /// The name of another entry for the same requirement of the same context, of which a pull could take either.
    pub fn insert(&mut self, name: LockName, entry: LockEntry) -> Result<(), LockName> {
        let same = |other: &LockEntry| other.context == entry.context && other.requirement == entry.requirement;
        if let Some((other, _)) = self.entries.iter().find(|(other, found)| **other != name && same(found)) {
            return Err(other.clone());
        }
        self.entries.insert(name, entry);
        Ok(())
    }

    /// The entry that a pull of a context takes: of the requirement that is asked for; where none is, the only one, or
    /// that of the name `default` or `default/CONTEXT`.
    ///
    /// # Errors
    /// [`LockProblem::NotLocked`], [`LockProblem::Several`].
    pub fn choose(
        &self,
        context: &Context,
        asked: Option<&VersionRequest>,
    ) -> Result<(&LockName, &LockEntry), LockProblem> {
        let of_context: Vec<_> = self.entries.iter().filter(|(_, entry)| entry.context == *context).collect();
        let requirements = || of_context.iter().map(|(_, entry)| entry.requirement.clone()).collect();
        let chosen = match (asked, of_context.as_slice()) {
            (Some(asked), _) => of_context.iter().find(|(_, entry)| entry.requirement == *asked),
            (None, [only]) => Some(only),
            (None, []) => None,
            (None, _) => match of_context.iter().find(|(name, _)| name.is_default() || name.is_of_linked()) {
                Some(default) => Some(default),
                None => return Err(LockProblem::Several { context: context.clone(), requirements: requirements() }),
            },
        };
        chosen.copied().ok_or_else(|| LockProblem::NotLocked {
            context: context.clone(),
            asked: asked.cloned(),
            requirements: requirements(),
            new: Box::new(self.new_entry(context)),
        })
    }

    /// An entry for a context, beside those that there are.
    fn new_entry(&self, context: &Context) -> NewEntry {
        let default = self.get(&LockName::default_entry());
        let beside_default = default.map(|entry| entry.context == *context);
        // Another context's entry may have its name.
        let own = (beside_default != Some(true)).then(|| context.to_string());
        let numbered = (2..=self.entries.len() + 2).map(|number| format!("next-{number}"));
        let names = own.into_iter().chain(["next".to_owned()]).chain(numbered);
        let free = |name: &LockName| !name.is_default() && !self.entries.contains_key(name);
        let name = names.filter_map(|name| LockName::new(&name).ok()).find(free);
        let name = name.unwrap_or_else(LockName::default_entry);
        NewEntry { name, context: context.clone(), beside_default, comes_with_default: false }
    }
}
