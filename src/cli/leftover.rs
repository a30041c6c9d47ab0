//! Temporary files of runs that were killed.

use std::collections::HashSet;
use std::time::SystemTime;

use super::session::Session;
use crate::name::{ConfigPath, Digest};
use crate::workspace::Workspace;

/// Removes what runs have left beside these files that were killed. The folder's lock is held. `stored`: the digests of
/// bytes that are in the bucket. Gives warnings, as sentences, of files that are left because they may be nowhere else.
pub(super) fn sweep<'p>(
    session: &Session,
    workspace: &Workspace,
    beside: impl IntoIterator<Item = &'p ConfigPath>,
    stored: &HashSet<Digest>,
) -> Vec<String> {
    let left = workspace.sweep(beside, SystemTime::now(), |digest| stored.contains(&digest));
    let warning = |path: &String| {
        format!(
            "{} is a file that a cstore was about to replace or remove when it was killed, and that may be stored nowhere \
             else. Compare it with the file that is there now, and delete it.",
            session.shown(path)
        )
    };
    left.iter().map(warning).collect()
}
