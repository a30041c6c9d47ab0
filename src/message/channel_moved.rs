//! The words for what a move of a channel has done, and for its history.

use serde_json::{Value, json};

use super::channel::who;
use crate::command::ChannelMoved;
use crate::name::VersionName;
use crate::store::{Channel, Move, Moved, Movement};

/// What was done, or would be: "Moved :prod of shop in s3://cstore-shop from v1.4.1 to v1.4.2", and a line for each label
/// that is another now.
#[must_use]
pub fn done(done: &ChannelMoved, dry_run: bool) -> Vec<String> {
    [headline(done, dry_run)].into_iter().chain(label_lines(&done.moved)).collect()
}

/// What the question before a move asks.
pub(crate) fn question(planned: &ChannelMoved) -> &'static str {
    if changes_labels_alone(&planned.moved) { "Change them?" } else { "Move it?" }
}

/// Whether a channel stays at what it points at, and has other labels.
fn changes_labels_alone(Moved { channel, what }: &Moved) -> bool {
    let Movement::Moved(Some(before)) = what else { return false };
    let now = channel.current();
    (&before.version, before.digest) == (&now.version, now.digest) && before.labels != now.labels
}

fn label_lines(Moved { channel, what }: &Moved) -> Vec<String> {
    let Movement::Moved(before) = what else { return Vec::new() };
    let now = channel.current().labels;
    let before = before.as_ref().map(|before| before.labels.clone()).unwrap_or_default();
    let old = |name: &str| before.iter().find(|(other, _)| *other == name).map(|(_, value)| value);
    let gone = before.iter().filter(|(name, _)| !now.iter().any(|(other, _)| other == *name));
    let gone = gone.map(|(name, value)| format!("- label {name}={value}"));
    let new = now.iter().filter_map(|(name, value)| match old(name) {
        None => Some(format!("+ label {name}={value}")),
        Some(old) if old != value => Some(format!("~ label {name}={value} (was {old})")),
        Some(_) => None,
    });
    new.chain(gone).collect()
}

fn headline(done: &ChannelMoved, dry_run: bool) -> String {
    let ChannelMoved { context, bucket, moved } = done;
    let name = moved.channel.name();
    let to = target(moved.channel.target().map(|(version, _)| version));
    let place = format!(":{name} of {context} in s3://{bucket}");
    match &moved.what {
        Movement::Moved(_) if changes_labels_alone(moved) => {
            let verb = if dry_run { "Would change" } else { "Changed" };
            format!("{verb} the labels of {place}, which stays at {to}")
        }
        Movement::Moved(before) => {
            let verb = if dry_run { "Would move" } else { "Moved" };
            let from = match before {
                Some(before) => format!(" from {}", target(before.version.as_ref())),
                None => String::new(),
            };
            format!("{verb} {place}{from} to {to}")
        }
        Movement::Unchanged => format!("{place} points at {to} already"),
        Movement::KeptLabels => {
            format!("{place} points at {to} already, and keeps its labels, which only `promote` changes")
        }
        Movement::LeftWhereItIs => {
            format!(
                "{place} still points at {to}: it pointed at the pushed version before, and only `promote` or `rollback` moves it back"
            )
        }
    }
}

/// The id of the channel's last move. One that a dry run only looks at is never made, so it counts as none.
#[must_use]
pub fn last_move(done: &ChannelMoved, dry_run: bool) -> Option<&str> {
    match &done.moved.what {
        Movement::Moved(before) if dry_run => before.as_ref().map(|before| before.push_id.as_str()),
        _ => Some(done.moved.channel.push_id()),
    }
}

fn target(version: Option<&VersionName>) -> &str {
    version.map_or("nothing", VersionName::as_str)
}

/// A move in a line: version, when, who, what it is beside a move, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveLine {
    /// The version, or `nothing`.
    pub version: String,
    /// RFC 3339.
    pub time: String,
    /// Who made it.
    pub who: String,
    /// The version that it was moved from; empty where none is known.
    pub from: String,
    /// The first line of its message, and what it restores, its labels.
    pub about: String,
    /// Its id.
    pub push_id: String,
}

/// The moves of a channel that it remembers, the newest first.
#[must_use]
pub fn lines(channel: &Channel) -> Vec<MoveLine> {
    let moves = moves(channel);
    let before = |at: usize| moves.get(at + 1).map(|made| target(made.version.as_ref()).to_owned()).unwrap_or_default();
    moves.iter().enumerate().map(|(at, made)| line(made, before(at))).collect()
}

fn moves(channel: &Channel) -> Vec<Move> {
    [channel.current()].into_iter().chain(channel.history().iter().cloned()).collect()
}

fn line(made: &Move, from: String) -> MoveLine {
    let rollback = made.restores.as_ref().map(|_| "rollback".to_owned());
    let message = made.message.as_ref().and_then(|message| message.lines().next()).map(ToOwned::to_owned);
    let labels = made.labels.iter().map(|(name, value)| format!("{name}={value}"));
    let about: Vec<_> = rollback.into_iter().chain(message).chain(labels).collect();
    MoveLine {
        version: target(made.version.as_ref()).to_owned(),
        time: made.moved_at.clone(),
        who: who(made),
        from,
        about: about.join(", "),
        push_id: made.push_id.clone(),
    }
}

/// The moves as JSON, the newest first.
#[must_use]
pub fn json(channel: &Channel) -> Vec<Value> {
    moves(channel).iter().map(json_of).collect()
}

/// A move as JSON.
#[must_use]
pub fn json_of(made: &Move) -> Value {
    let labels: serde_json::Map<_, _> =
        made.labels.iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    json!({
        "version": made.version,
        "digest": made.digest.map(|digest| digest.pin()),
        "move": made.push_id,
        "moved_at": made.moved_at,
        "source": made.source,
        "message": made.message,
        "labels": labels,
        "restores": made.restores,
    })
}

/// What a move has done, as JSON.
#[must_use]
pub fn document(done: &ChannelMoved, dry_run: bool) -> Value {
    let what = match &done.moved.what {
        Movement::Moved(_) => "moved",
        Movement::Unchanged | Movement::KeptLabels => "unchanged",
        Movement::LeftWhereItIs => "left",
    };
    let before = match &done.moved.what {
        Movement::Moved(Some(before)) => json_of(before),
        _ => Value::Null,
    };
    let mut now = json_of(&done.moved.channel.current());
    if dry_run && done.moved.would_move() {
        now["move"] = Value::Null;
    }
    json!({
        "schema": 1,
        "context": done.context.as_str(),
        "bucket": done.bucket,
        "channel": done.moved.channel.name().as_str(),
        "dry_run": dry_run,
        "what": what,
        "before": before,
        "now": now,
    })
}
