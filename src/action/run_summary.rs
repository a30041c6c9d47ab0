//! What a run's summary says of a pull and of a push.

use super::delivery::Delivery;
use super::summary::{Changes, FileRow, Summary};
use crate::command::{Location, Pulled, Pushed};
use crate::secret::Secret;

/// Of a pull.
pub(super) fn summary_of_pull(pulled: &Pulled, delivery: &Delivery) -> Summary {
    let is_restored = delivery.restore_files && !delivery.dry_run;
    let version = &pulled.location.version;
    let rows = pulled
        .files
        .iter()
        .map(|file| FileRow {
            path: file.path.to_string(),
            version: version.clone(),
            size: size(&file.content),
            keys: file.keys,
            digest: file.digest.short(),
            restored_at: is_restored.then(|| file.destination.path.to_string()),
        })
        .collect();
    let mut facts = facts(&pulled.location, &pulled.digest.pin());
    facts.push(("Integrity".to_owned(), if pulled.verified { "verified" } else { "unmanaged" }.to_owned()));
    let title = format!("Config pulled {} {version}", pulled.location.context);
    Summary { title, facts, files: rows, ..Summary::default() }
}

/// Of a push; `verb` says whether it changed anything.
pub(super) fn summary_of_push(verb: &str, pushed: &Pushed) -> Summary {
    let version = &pushed.location.version;
    let rows = pushed
        .files
        .iter()
        .map(|file| FileRow {
            path: file.path.to_string(),
            version: version.clone(),
            size: file.size,
            keys: file.keys.as_ref().map(Vec::len),
            digest: file.digest.short(),
            restored_at: None,
        })
        .collect();
    let changes = pushed.changes.clone().map(|changes| Changes {
        added: changes.added,
        changed: changes.changed,
        removed: changes.removed,
    });
    Summary {
        title: format!("{verb} {} {version}", pushed.location.context),
        facts: facts(&pushed.location, &pushed.digest.pin()),
        files: rows,
        changes,
        ..Summary::default()
    }
}

fn facts(location: &Location, digest: &str) -> Vec<(String, String)> {
    [
        ("Context", location.context.to_string()),
        ("Version", location.version.clone()),
        ("Bucket", location.bucket.clone()),
        ("Digest", digest.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn size(content: &Secret<bytes::Bytes>) -> u64 {
    content.expose().len() as u64
}
