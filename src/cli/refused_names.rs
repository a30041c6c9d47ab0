//! New config keys that no program gets as variables.

use std::collections::BTreeSet;

use crate::command::{FileChange, Pushed};
use crate::message::list;
use crate::name::environment_name::refusal_unless_allowed;

/// What is worth knowing of the keys that a push adds; nothing where every program gets them.
pub(super) fn note(pushed: &Pushed) -> Option<String> {
    let of_changes = |file: &FileChange| file.keys.as_ref().map(|keys| keys.added.clone()).unwrap_or_default();
    let added: BTreeSet<String> = match &pushed.changes {
        Some(changes) => changes.files.iter().flat_map(of_changes).collect(),
        None if pushed.changed => pushed.files.iter().flat_map(|file| file.keys.clone().unwrap_or_default()).collect(),
        None => BTreeSet::new(),
    };
    let refused: Vec<_> = added.into_iter().filter(|key| refusal_unless_allowed::<&str>(key, &[]).is_some()).collect();
    (!refused.is_empty()).then(|| {
        format!(
            "`exec` and `export` refuse variables of these names, which could take over a program: {}. They then need \
             `--keys '!NAME'` or `--allow-env NAME`.",
            list(&refused)
        )
    })
}
