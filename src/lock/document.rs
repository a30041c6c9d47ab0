use std::collections::BTreeMap;

use super::entry::{LockEntry, LockName};
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
    /// that of the name `default`.
    ///
    /// # Errors
    /// [`LockProblem::NotLocked`], [`LockProblem::Several`].
    pub fn choose(&self, context: &Context, asked: Option<&VersionRequest>) -> Result<&LockEntry, LockProblem> {
        let of_context: Vec<_> = self.entries.iter().filter(|(_, entry)| entry.context == *context).collect();
        let requirements = || of_context.iter().map(|(_, entry)| entry.requirement.clone()).collect();
        let chosen = match (asked, of_context.as_slice()) {
            (Some(asked), _) => of_context.iter().find(|(_, entry)| entry.requirement == *asked),
            (None, [only]) => Some(only),
            (None, []) => None,
            (None, _) => match of_context.iter().find(|(name, _)| name.is_default()) {
                Some(default) => Some(default),
                None => return Err(LockProblem::Several { context: context.clone(), requirements: requirements() }),
            },
        };
        chosen.map(|(_, entry)| *entry).ok_or_else(|| LockProblem::NotLocked {
            context: context.clone(),
            asked: asked.cloned(),
            requirements: requirements(),
        })
    }
}
