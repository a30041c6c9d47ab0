//! What a run's summary says of a pull and of a push.

use super::changes;
use super::delivery::Delivery;
use super::summary::{FileRow, Summary, Table};
use crate::command::{
    ChannelLog, ChannelMoved, Diffed, Listed, Location, Log, Pulled, PurgedVersion, Pushed, Shown, Verified,
};
use crate::message::channel_moved::MoveLine;
use crate::message::diff::DiffLine;
use crate::message::history::{self, HistoryLine};
use crate::message::listing::ListLine;
use crate::message::{Action, channel_moved, checked, diff, message, purge};
use crate::secret::Secret;
use crate::store::Movement;

/// What a pull did, the beginning of a heading.
pub(super) fn pull_title(pulled: &Pulled, delivery: &Delivery) -> &'static str {
    match (pulled.is_nothing(), delivery.dry_run) {
        (true, _) => "Found nothing in",
        (false, true) => "Would pull",
        (false, false) => "Pulled",
    }
}

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
    facts.extend(pulled.channel.iter().map(|channel| ("Channel", channel.name().to_string())));
    facts.extend(pulled.locked.iter().map(|file| ("Locked", format!("as {file} says"))));
    if pulled.is_nothing() {
        facts.retain(|(name, _)| !matches!(*name, "Digest" | "Integrity"));
    }
    facts.extend(pulled.missing.iter().map(|error| ("Not found", message(error, Action).what)));
    facts.extend(delivery.dry_run.then(dry_run));
    let subject = subject(&pulled.location);
    let title = pull_title(pulled, delivery);
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
    let changes = pushed.changes.as_ref().map(|changes| changes::of_summary(pushed, changes));
    let mut facts = facts(&pushed.location, &pushed.digest.pin());
    facts.extend(changes::facts(pushed));
    Summary { title, subject: subject(&pushed.location), facts, files: rows, changes, ..Summary::default() }
}

/// Of a move of a channel.
pub(super) fn summary_of_channel(done: &ChannelMoved, dry_run: bool) -> Summary {
    let channel = &done.moved.channel;
    let current = channel.current();
    let title = match (&done.moved.what, dry_run) {
        (Movement::Moved(_), false) => "Moved",
        (Movement::Moved(_), true) => "Would move",
        (Movement::Unchanged | Movement::KeptLabels | Movement::LeftWhereItIs, _) => "Left",
    };
    let mut facts = vec![("Context", done.context.to_string()), ("Bucket", done.bucket.clone())];
    if let Movement::Moved(Some(before)) = &done.moved.what {
        facts.extend(before.version.iter().map(|version| ("From", version.to_string())));
    }
    let target = current.version.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
    facts.push(("Version", target));
    facts.extend(current.digest.map(|digest| ("Digest", digest.pin())));
    facts.extend(channel_moved::last_move(done, dry_run).map(|id| ("Move", id.to_owned())));
    facts.extend(dry_run.then(self::dry_run));
    Summary { title, subject: vec![format!(":{}", channel.name())], facts, ..Summary::default() }
}

/// Of a channel's history.
pub(super) fn summary_of_channel_log(log: &ChannelLog, lines: &[MoveLine]) -> Summary {
    let facts = vec![("Context", log.context.to_string()), ("Bucket", log.bucket.clone())];
    let row = |MoveLine { version, time, who, from, about, push_id }: &MoveLine| {
        [version, time, who, from, about, push_id].map(Clone::clone).into()
    };
    let head = &["version", "moved", "by", "from", "why", "move"];
    let table = Table { head, rows: lines.iter().map(row).collect() };
    Summary { title: "Log of", subject: vec![format!(":{}", log.channel.name())], facts, table, ..Summary::default() }
}

/// Of a purge.
pub(super) fn summary_of_purge(title: &'static str, purged: &PurgedVersion, dry_run: bool) -> Summary {
    let PurgedVersion { location, purged, .. } = purged;
    let mut facts = facts(location, "");
    facts.retain(|(name, _)| *name != "Digest");
    facts.push(("S3 versions", purged.removed.len().to_string()));
    facts.extend(dry_run.then(self::dry_run));
    let rows = purge::by_key(&purged.removed).into_iter().map(|line| vec![line]);
    let table = Table { head: &["removed"], rows: rows.collect() };
    Summary { title, subject: subject(location), facts, table, ..Summary::default() }
}

/// Of a diff.
pub(super) fn summary_of_diff(diffed: &Diffed) -> Summary {
    let sides = [("From", &diffed.from), ("To", &diffed.to)];
    let mut facts: Vec<_> = sides.map(|(name, side)| (name, diff::side(side))).into();
    facts.push(("Files that differ", diffed.files.len().to_string()));
    facts.extend(diff::lacking(diffed, &str::to_owned).into_iter().map(|keys| ("Keys", keys)));
    facts.extend(diffed.checked.as_ref().map(|files| ("Checks", checked::headline(files))));
    // What the comment has no room for is looked for here, all of it.
    let lines = |files| [checked::lines(files, Action), checked::beyond_template(files, Action)].concat();
    let rows = diffed.checked.iter().flat_map(lines).map(|line| vec![line]);
    let table = Table { head: &["what the checks found"], rows: rows.collect() };
    let lines = diff::lines(&diffed.files, diffed.by_key);
    let diff = lines.iter().map(DiffLine::in_a_block).collect();
    Summary { title: "Compared", facts, table, diff, ..Summary::default() }
}

/// Of a verification. What is wrong follows as that of a failure.
pub(super) fn summary_of_verification(verified: &Verified) -> Summary {
    let mut summary = Summary { title: "Verified", ..Summary::default() };
    if let Some(objects) = &verified.objects {
        summary.subject = subject(&objects.location);
        let digest = objects.digest.map(|digest| digest.pin()).unwrap_or_default();
        summary.facts = facts(&objects.location, &digest);
        summary.facts.push(("Files", objects.files.len().to_string()));
        summary.facts.push(("Findings", objects.findings.len().to_string()));
    }
    if let Some(files) = &verified.files {
        summary.facts.push(("Workspace", checked::headline(files)));
        summary.facts.extend(checked::notices(files, Action).into_iter().map(|notice| ("Not checked", notice.text)));
    }
    if let Some(diffed) = &verified.same_keys {
        summary.facts.push(("Same keys", format!("{} and {}", diff::side(&diffed.from), diff::side(&diffed.to))));
        summary.facts.extend(diff::lacking(diffed, &str::to_owned).into_iter().map(|keys| ("Keys", keys)));
    }
    summary
}

/// Of a list.
pub(super) fn summary_of_list(listed: &Listed, lines: &[ListLine]) -> Summary {
    let of_version = |location: &Location| {
        if listed.kind.is_of_version() { subject(location) } else { vec![location.context.to_string()] }
    };
    let subject = listed.location.as_ref().map_or_else(|| vec![listed.bucket.clone()], of_version);
    let rows = lines.iter().map(|line| vec![line.name.clone(), line.about.clone()]);
    Summary {
        title: "Listed",
        subject,
        table: Table { head: &["name", "about"], rows: rows.collect() },
        ..Summary::default()
    }
}

/// Of a log.
pub(super) fn summary_of_log(log: &Log, lines: &[HistoryLine]) -> Summary {
    let Location { context, bucket, .. } = &log.location;
    let facts = vec![
        ("Context", context.to_string()),
        ("Bucket", bucket.clone()),
        ("Published versions", log.published.to_string()),
    ];
    let row = |HistoryLine { name, time, who, commit, files, message }: &HistoryLine| {
        [name, time, who, commit, files, message].map(Clone::clone).into()
    };
    let head = &["version", "pushed", "by", "commit", "changes", "message"];
    let table = Table { head, rows: lines.iter().map(row).collect() };
    Summary { title: "Log of", subject: vec![context.to_string()], facts, table, ..Summary::default() }
}

/// Of a version that is shown.
pub(super) fn summary_of_show(shown: &Shown) -> Summary {
    let rows = shown.manifest.files.iter().map(|entry| {
        let row = [entry.path.to_string(), entry.file_type.clone(), entry.size.to_string(), entry.sha256.short()];
        row.into()
    });
    let table = Table { head: &["file", "type", "bytes", "digest"], rows: rows.collect() };
    let on_one_line = |(name, text): (_, String)| (name, text.lines().collect::<Vec<_>>().join(" "));
    let facts = history::facts(shown).into_iter().map(on_one_line).collect();
    let diff = history::changed(shown).iter().map(DiffLine::in_a_block).collect();
    Summary { title: "Version", subject: subject(&shown.location), facts, table, diff, ..Summary::default() }
}

/// What says that nothing was done.
pub(super) fn dry_run() -> (&'static str, String) {
    ("Dry run", "nothing was changed".to_owned())
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
