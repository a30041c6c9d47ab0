//! Merges two versions of a config file that were made of a third.
//!
//! Bytes come first: where two of the three are equal, the other one is the result. Else the file is merged key by key,
//! and the changes of one side are made to the text of the other as [`edit`](super::edit()) makes them. Comments, order
//! and whatever else has no key cannot be merged: they are those of the side that changed them, and the own ones where
//! both did. A list is one thing: its items have numbers for names, and where both sides changed it nobody can say which
//! item is which.

use std::collections::{HashMap, HashSet};

use super::FileType;
use super::edit::{self, EditError, Known, Part, Step};
use super::parse::text_of;
use crate::excerpt::excerpt;
use crate::secret::Secret;

/// The result of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedFile {
    /// The file's bytes.
    pub bytes: Secret<Vec<u8>>,
    /// The keys that were changed by the other side alone, and so differ from the own version: set, then removed. Empty
    /// if the own bytes were taken whole, or the other side's where these have no keys.
    pub from_theirs: Vec<String>,
    /// Whether both sides changed what has no key, such as comments and the order, so that the other side's changes of
    /// it are not among the result.
    pub loses_rest: bool,
}

/// Why two versions cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeConflict {
    /// Both sides changed the file, and it is not one that is merged key by key: it is raw, one of the three versions
    /// cannot be read or has no keys, or what differs has no key.
    #[error("both sides changed the file, which cannot be merged key by key")]
    WholeFile,
    /// Both sides changed these keys, in different ways.
    #[error("both sides changed {}", .0.iter().map(|key| format!("{key:?}")).collect::<Vec<_>>().join(", "))]
    Keys(Vec<String>),
    /// No key was changed on both sides, but the change of a key of the other side cannot be made to the own text.
    #[error("the other side's change cannot be made here: {0}")]
    Placement(EditError),
}

impl MergeConflict {
    /// The keys that conflict, cut after 200 characters; none where the whole file does.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        match self {
            Self::Keys(keys) => keys,
            Self::Placement(EditError::Key { key, .. }) => std::slice::from_ref(key),
            Self::WholeFile | Self::Placement(EditError::Unreadable(_)) => &[],
        }
    }
}

/// Merges `theirs` into `ours`. `base` is what both were made of, where that is known; without it, a key that both
/// sides have must be equal and none may be on one side only. `separator` joins the parts of nested keys, as for
/// [`parse`](super::parse()): it must be one that all versions can be read with.
///
/// # Errors
/// A conflict, which names keys and no values.
pub fn merge3(
    file_type: FileType,
    base: Option<&[u8]>,
    ours: &[u8],
    theirs: &[u8],
    separator: &str,
) -> Result<MergedFile, MergeConflict> {
    merge(file_type, base, ours, theirs, separator, OnConflict::Refuse)
}

/// As [`merge3`], but a key that both sides changed in different ways stays as `ours` has it, as do all keys of a list
/// that both changed.
///
/// # Errors
/// A file that is not merged key by key, and a change of the other side that cannot be made here.
pub fn merge3_keeping_ours(
    file_type: FileType,
    base: Option<&[u8]>,
    ours: &[u8],
    theirs: &[u8],
    separator: &str,
) -> Result<MergedFile, MergeConflict> {
    merge(file_type, base, ours, theirs, separator, OnConflict::KeepOurs)
}

/// What becomes of a key that both sides changed in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnConflict {
    Refuse,
    KeepOurs,
}

fn merge(
    file_type: FileType,
    base: Option<&[u8]>,
    ours: &[u8],
    theirs: &[u8],
    separator: &str,
    on_conflict: OnConflict,
) -> Result<MergedFile, MergeConflict> {
    let whole =
        |bytes: &[u8]| MergedFile { bytes: Secret::new(bytes.to_vec()), from_theirs: Vec::new(), loses_rest: false };
    if ours == theirs || base == Some(theirs) {
        return Ok(whole(ours));
    }
    let read = |bytes: &[u8]| Side::read(file_type, bytes, separator).ok_or(MergeConflict::WholeFile);
    let keys = |steps: Vec<Step>| steps.into_iter().map(|step| step.key).collect();
    if base == Some(ours) {
        let differing = || steps(Some(&read(ours)?), &read(ours)?, &read(theirs)?, on_conflict);
        return Ok(MergedFile { from_theirs: differing().map(keys).unwrap_or_default(), ..whole(theirs) });
    }
    let before = base.map(|text| Ok(Version { text, side: read(text)? })).transpose()?;
    let ours = Version { text: ours, side: read(ours)? };
    let theirs = Version { text: theirs, side: read(theirs)? };
    let steps = steps(before.as_ref().map(|before| &before.side), &ours.side, &theirs.side, on_conflict)?;
    let editing = Editing { file_type, separator };
    let merged = editing.apply(&ours, &steps).map_err(MergeConflict::Placement)?;
    // Without a base nobody knows who changed what has no key.
    let (text, loses_rest) = match &before {
        Some(before) => editing.with_rest(before, &ours, &theirs, merged),
        None => (merged, false),
    };
    let bytes = Secret::new(text.into_exposed().into_bytes());
    Ok(MergedFile { bytes, from_theirs: keys(steps), loses_rest })
}

/// A version's text, and what it holds.
struct Version<'a> {
    text: &'a [u8],
    side: Side,
}

/// How texts are read and changed.
#[derive(Clone, Copy)]
struct Editing<'a> {
    file_type: FileType,
    separator: &'a str,
}

impl Editing<'_> {
    fn apply(self, version: &Version<'_>, steps: &[Step]) -> Result<Secret<String>, EditError> {
        edit::apply(self.file_type, version.text, steps, self.separator)
    }

    /// What was merged into the own text, or the same in the other side's text, where that side alone has changed what
    /// has no key. And whether such changes of the other side are lost.
    fn with_rest(
        self,
        base: &Version<'_>,
        ours: &Version<'_>,
        theirs: &Version<'_>,
        merged: Secret<String>,
    ) -> (Secret<String>, bool) {
        if self.is_rest_same(base, theirs) {
            return (merged, false);
        }
        let in_theirs = || {
            let side = Side::read(self.file_type, merged.expose().as_bytes(), self.separator)?;
            self.apply(theirs, &changes(&theirs.side, &side)).ok()
        };
        match self.is_rest_same(base, ours).then(in_theirs).flatten() {
            Some(text) => (text, false),
            None => {
                let loses_rest = !self.is_rest_same(ours, theirs);
                (merged, loses_rest)
            }
        }
    }

    /// Whether two versions differ in keys alone. One whose keys cannot be changed counts as different.
    fn is_rest_same(self, one: &Version<'_>, other: &Version<'_>) -> bool {
        // A new value may be written in one way only, such as in quotes, where the old one could be in several.
        self.becomes(one, other) || self.becomes(other, one)
    }

    /// Whether a text becomes the other with its values, as far as the keys are in both.
    fn becomes(self, from: &Version<'_>, to: &Version<'_>) -> bool {
        let of_from: Vec<_> =
            changes(&from.side, &to.side).into_iter().filter(|step| from.side.get(&step.key).is_some()).collect();
        let only_in_to: Vec<_> =
            changes(&to.side, &from.side).into_iter().filter(|step| from.side.get(&step.key).is_none()).collect();
        match (self.apply(from, &of_from), self.apply(to, &only_in_to)) {
            // Whoever adds a last line may have to end the one before it.
            (Ok(from), Ok(to)) => from.expose().trim_end() == to.expose().trim_end(),
            _ => false,
        }
    }
}

/// What makes one version hold what another does.
fn changes(from: &Side, to: &Side) -> Vec<Step> {
    // Where one side has changed nothing, nothing conflicts.
    steps(Some(from), from, to, OnConflict::KeepOurs).unwrap_or_default()
}

/// One of the three versions.
struct Side {
    known: Vec<Known>,
    /// Where each key stands among them.
    positions: HashMap<String, usize>,
}

impl Side {
    /// None if the file cannot be read or has no keys.
    fn read(file_type: FileType, bytes: &[u8], separator: &str) -> Option<Self> {
        let known = edit::read(file_type, text_of(bytes).ok()?, separator).ok()??;
        let positions: HashMap<_, _> =
            known.iter().enumerate().map(|(position, known)| (known.key.clone(), position)).collect();
        // An empty map or list has the name of another key.
        (positions.len() == known.len()).then_some(Self { known, positions })
    }

    fn get(&self, key: &str) -> Option<&Known> {
        self.positions.get(key).and_then(|position| self.known.get(*position))
    }
}

/// What `theirs` changed and `ours` is to take.
fn steps(base: Option<&Side>, ours: &Side, theirs: &Side, on_conflict: OnConflict) -> Result<Vec<Step>, MergeConflict> {
    let are_same = |one: Option<&Known>, other: Option<&Known>| match (one, other) {
        (Some(one), Some(other)) => one.held.means(&other.held),
        (None, None) => true,
        _ => false,
    };
    let mut keys = Vec::new();
    let mut seen = HashSet::new();
    let sides = [Some(theirs), Some(ours), base];
    for known in sides.into_iter().flatten().flat_map(|side| &side.known) {
        if seen.insert(known.key.as_str()) {
            keys.push(known.key.as_str());
        }
    }
    let mut conflicts = Vec::new();
    let mut taken: Vec<&str> = Vec::new();
    let mut lists: HashMap<&[Part], Changed> = HashMap::new();
    for key in keys {
        let (in_ours, in_theirs) = (ours.get(key), theirs.get(key));
        let in_base = base.map(|base| base.get(key));
        let is_same = are_same(in_ours, in_theirs);
        let by_ours = in_base.is_none_or(|in_base| !are_same(in_base, in_ours));
        let by_theirs = in_base.is_none_or(|in_base| !are_same(in_base, in_theirs));
        if !is_same && by_ours && by_theirs {
            conflicts.push(key);
        } else if !is_same && by_theirs {
            taken.push(key);
        }
        for list in [in_ours, in_theirs, in_base.flatten()].into_iter().flatten().filter_map(Known::list) {
            let changed = lists.entry(list).or_default();
            changed.keys.extend((!is_same && changed.keys.last() != Some(&key)).then_some(key));
            changed.by_ours |= by_ours;
            changed.by_theirs |= by_theirs;
        }
    }
    for changed in lists.into_values().filter(|changed| changed.by_ours && changed.by_theirs) {
        conflicts.extend(changed.keys);
    }
    let conflicts: HashSet<&str> = conflicts.into_iter().collect();
    if on_conflict == OnConflict::KeepOurs {
        taken.retain(|key| !conflicts.contains(key));
    } else if !conflicts.is_empty() {
        // In the order of the files, each once.
        let named = |side: &Side| side.known.iter().map(|known| known.key.clone()).collect::<Vec<_>>();
        let mut all: Vec<_> = named(ours);
        all.extend(named(theirs).into_iter().filter(|key| ours.get(key).is_none()));
        return Err(MergeConflict::Keys(
            all.into_iter().filter(|key| conflicts.contains(key.as_str())).map(|key| excerpt(&key)).collect(),
        ));
    }
    let step = |key: &str, known: Option<&Known>| Step {
        key: key.to_owned(),
        parts: known.and_then(|known| known.parts.clone()),
        to: theirs.get(key).map(|known| known.held.clone()),
        prunes: true,
    };
    Ok(taken.into_iter().map(|key| step(key, theirs.get(key))).collect())
}

/// Who changed a list, and its keys that differ.
#[derive(Default)]
struct Changed<'k> {
    keys: Vec<&'k str>,
    by_ours: bool,
    by_theirs: bool,
}

#[cfg(test)]
mod tests;
