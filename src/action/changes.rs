//! What a push changes, in the summary and as an output.

use super::summary;
use crate::command::{Changes, Pushed};
use crate::message::changes::{compared_with, key_names, kinds_of, not_compared};
use crate::message::diff;

/// What the summary shows.
pub(super) fn of_summary(pushed: &Pushed, changes: &Changes) -> summary::Changes {
    let kinds = ["added", "changed", "removed"].into_iter().zip(kinds_of(changes));
    let files = kinds.flat_map(|(kind, files)| files.into_iter().map(move |file| (kind, file.path.to_string())));
    let [added, changed, removed] = key_names(pushed, changes, str::to_owned);
    let are_keys_known = changes.files.iter().all(|file| file.keys.is_ok());
    summary::Changes { files: files.collect(), added, changed, removed, are_keys_known }
}

/// Rows of the summary's first table.
pub(super) fn facts(pushed: &Pushed) -> Vec<(&'static str, String)> {
    let compared = pushed.changes.as_ref().map(|changes| ("Compared with", compared_with(changes)));
    compared.into_iter().chain(pushed.not_compared.as_ref().map(|what| ("Not compared", not_compared(what)))).collect()
}

/// The output `config-changes`; none where nothing is known.
pub(super) fn output(pushed: &Pushed) -> Option<String> {
    if !pushed.changed {
        return Some("{}".to_owned());
    }
    Some(diff::changes(&pushed.changes.as_ref()?.files).to_string())
}
