//! What a run's summary says of a pull and of a push.

use super::delivery::Delivery;
use super::summary::{Changes, FileRow, Summary};
use crate::command::{Location, Pulled, Pushed};
use crate::secret::Secret;

/// Of a pull.
pub(super) fn summary_of_pull(pulled: &Pulled, delivery: &Delivery) -> Summary {
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
            restored_at: delivery.restore_files.then(|| file.destination.path.to_string()),
        })
        .collect();
    let mut facts = facts(&pulled.location, &pulled.digest.pin());
    facts.push(("Integrity", if pulled.verified { "verified" } else { "unmanaged" }.to_owned()));
    let subject = subject(&pulled.location);
    let title = if delivery.dry_run { "Would pull" } else { "Pulled" };
    Summary { title, subject, facts, files: rows, ..Summary::default() }
}

/// Of a push; the title says whether it changed anything.
pub(super) fn summary_of_push(title: &'static str, pushed: &Pushed) -> Summary {
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
        title,
        subject: subject(&pushed.location),
        facts: facts(&pushed.location, &pushed.digest.pin()),
        files: rows,
        changes,
        ..Summary::default()
    }
}

/// What a heading names.
fn subject(location: &Location) -> Vec<String> {
    vec![location.context.to_string(), location.version.clone()]
}

fn facts(location: &Location, digest: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Context", location.context.to_string()),
        ("Version", location.version.clone()),
        ("Bucket", location.bucket.clone()),
        ("Digest", digest.to_owned()),
    ]
}

fn size(content: &Secret<bytes::Bytes>) -> u64 {
    content.expose().len() as u64
}
