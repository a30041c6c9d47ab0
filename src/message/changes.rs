//! The words for what a push changes.

use super::diff::obstacle;
use super::list;
use super::notice::{Level, Notice};
use crate::command::{Change, Changes, FileChange, KeyChanges, NotCompared, Pushed};
use crate::excerpt::listed_key;

/// What is said of a file with the bytes of the stored one, of which a push changes tags, type, KMS key or where it is
/// restored.
pub const SETTINGS_CHANGED: &str = "settings changed here";

/// What a push changes, a sentence a line.
#[must_use]
pub fn lines(pushed: &Pushed) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(changes) = &pushed.changes {
        let with = compared_with(changes);
        let files = clauses(["new", "changed", "gone"], kinds_of(changes).map(|files| names_of(&files)));
        let files = if files.is_empty() { "no file differs".to_owned() } else { format!("files: {files}") };
        lines.push(format!("Compared with {with}: {files}"));
        let keys = clauses(["new", "changed", "gone"], key_names(pushed, changes, listed_key));
        if !keys.is_empty() {
            lines.push(format!("Compared with {with}: keys: {keys}"));
        }
    }
    lines.extend(pushed.not_compared.as_ref().map(not_compared));
    lines
}

/// A notice of the files that a version no longer has: a new one, of the version before it; one that is replaced, of
/// what it was.
#[must_use]
pub fn about_gone(pushed: &Pushed) -> Option<Notice> {
    let changes = pushed.changes.as_ref()?;
    let [_, _, gone] = kinds_of(changes);
    let message = || {
        let gone = list(&names_of(&gone));
        if pushed.location.is_head() {
            return format!("The head no longer has these files, which it had before: {gone}.");
        }
        let version = &pushed.location.version;
        match &changes.version_before {
            Some(before) => format!("{version} does not have these files of {before}, the version before it: {gone}."),
            None => format!("{version} does not have these files, which it had before this push replaced it: {gone}."),
        }
    };
    (!gone.is_empty()).then(|| Notice::new(Level::Notice, "Files gone", message()))
}

/// What the files are compared with.
pub(crate) fn compared_with(changes: &Changes) -> String {
    changes.version_before.as_ref().map_or_else(|| "what was there".to_owned(), ToString::to_string)
}

/// The files that are new, changed and gone.
pub(crate) fn kinds_of(changes: &Changes) -> [Vec<&FileChange>; 3] {
    [Change::Added, Change::Changed, Change::Removed]
        .map(|change| changes.files.iter().filter(|file| file.change == change).collect())
}

fn names_of(files: &[&FileChange]) -> Vec<String> {
    files.iter().map(|file| file.path.to_string()).collect()
}

/// The keys that are new, changed and gone, as they are shown, with their files where there are or were several.
pub(crate) fn key_names(pushed: &Pushed, changes: &Changes, shown: fn(&str) -> String) -> [Vec<String>; 3] {
    let [_, _, gone] = kinds_of(changes);
    let is_one = pushed.files.len() + gone.len() == 1;
    let of_kind = |keys: fn(&KeyChanges) -> &Vec<String>| {
        let named = |file: &FileChange| {
            let path = file.path.clone();
            let name = move |key: &String| if is_one { shown(key) } else { format!("{path}: {}", shown(key)) };
            file.keys.as_ref().map(keys).into_iter().flatten().map(name).collect::<Vec<_>>()
        };
        changes.files.iter().flat_map(named).collect::<Vec<_>>()
    };
    [of_kind(|keys| &keys.added), of_kind(|keys| &keys.changed), of_kind(|keys| &keys.removed)]
}

/// "1 new (A), 2 gone (B, C)".
fn clauses(words: [&str; 3], names: [Vec<String>; 3]) -> String {
    let clauses = words.into_iter().zip(names).filter(|(_, names)| !names.is_empty());
    let clauses = clauses.map(|(word, names)| format!("{} {word} ({})", names.len(), list(&names)));
    clauses.collect::<Vec<_>>().join(", ")
}

/// What was not compared with what is published, and why.
pub(crate) fn not_compared(NotCompared { version_before, only_keys, why }: &NotCompared) -> String {
    let what = if *only_keys { "The keys are" } else { "This version is" };
    let with = version_before.as_ref().map_or_else(|| "the version before it".to_owned(), ToString::to_string);
    format!("{what} not compared with {with}: {}", obstacle(*why))
}
