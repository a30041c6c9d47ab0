//! The words for what is wrong with a channel, and for where it points.

use super::{Message, Speaker, UNDELIVERED, some_of};
use crate::error::{ChannelFailure, DamagedTarget};
use crate::name::{ChannelName, Context, Digest, VersionName};
use crate::store::{Move, PushSource};

const UNMOVED: &str = "The channel was not moved.";

pub(super) fn moved(channel: &ChannelName, expected: Option<&str>, present: Option<&Move>) -> Message {
    let what = match (expected, present) {
        (Some(expected), Some(present)) => format!("The channel {channel} is not at {expected}. {}", stands(present)),
        (Some(expected), None) => format!("The channel {channel} does not exist, so it is not at {expected}."),
        (None, Some(present)) => format!("Others have moved the channel {channel} meanwhile. {}", stands(present)),
        (None, None) => format!("Others have removed the channel {channel} meanwhile."),
    };
    Message::new("Channel has moved", what).leaving(UNMOVED)
}

pub(super) fn pointed_at(channels: &[(ChannelName, VersionName)]) -> Message {
    let what = match channels {
        [(channel, version)] => format!("The channel {channel} points at version {version}."),
        [(_, version), others @ ..] if others.iter().all(|(_, other)| other == version) => {
            let names: Vec<_> = channels.iter().map(|(channel, _)| channel).collect();
            format!("These channels point at version {version}: {}.", some_of(&names))
        }
        _ => format!("Channels point at versions that would go: {}.", pointers(channels)),
    };
    Message::new("Version in use", what).leaving("Nothing was removed.")
}

/// "prod at v1.0.0, staging at v1.1.0": all of them, since each has to be moved.
pub(super) fn pointers(channels: &[(ChannelName, VersionName)]) -> String {
    channels.iter().map(|(channel, version)| format!("{channel} at {version}")).collect::<Vec<_>>().join(", ")
}

pub(super) fn overwritten(
    channel: &ChannelName,
    version: &VersionName,
    (expected, found): (Digest, Digest),
) -> Message {
    Message::new(
        "Channel's version was overwritten",
        format!(
            "The channel {channel} points at version {version} with {}, and somebody has overwritten that version since: it has \
             {} now.",
            expected.pin(),
            found.pin()
        ),
    )
    .leaving(UNDELIVERED)
}

pub(super) fn overwritten_back_target(
    channel: &ChannelName,
    version: &VersionName,
    older: Option<&VersionName>,
    (expected, found): (Digest, Digest),
) -> Message {
    let before = older.map(|older| format!(" Before that it pointed at {older}.")).unwrap_or_default();
    Message::new(
        "Earlier target was overwritten",
        format!(
            "The channel {channel} would go back to version {version}, which had {} when the channel pointed at it. Somebody has \
             overwritten that version since: it has {} now.{before}",
            expected.pin(),
            found.pin()
        ),
    )
    .leaving(UNMOVED)
}

pub(super) fn moved_to_overwritten(
    channel: &ChannelName,
    version: &VersionName,
    (expected, found): (Digest, Digest),
) -> Message {
    Message::new(
        "Channel's version was overwritten",
        format!(
            "The channel {channel} was moved to version {version} with {}, but somebody has overwritten that version \
             meanwhile: it has {} now. Until the channel is moved again, pulls of it fail.",
            expected.pin(),
            found.pin()
        ),
    )
}

pub(super) fn moved_to_purged(channel: &ChannelName, version: &VersionName, is_purging: bool) -> Message {
    let why = if is_purging { "is being purged" } else { "was purged meanwhile" };
    Message::new(
        "Channel's version is gone",
        format!(
            "The channel {channel} was moved to version {version}, but that version {why}. Until the channel is moved again, \
             pulls of it fail."
        ),
    )
}

pub(super) fn not_found(context: &Context, channel: &ChannelName) -> Message {
    Message::new("Channel not found", format!("There is no channel {channel} in {context}."))
}

pub(super) fn points_at_nothing(channel: &ChannelName, current: &Move) -> Message {
    Message::new(
        "Channel points at nothing",
        format!(
            "The channel {channel} has pointed at nothing since {}, when it was moved{}.",
            current.moved_at,
            PushSource::by(current.source.as_ref())
        ),
    )
    .leaving(UNDELIVERED)
}

pub(super) fn dead_target(channel: &ChannelName, version: &VersionName) -> Message {
    Message::new(
        "Channel's version is gone",
        format!("The channel {channel} points at version {version}, which is not published any more."),
    )
    .leaving(UNDELIVERED)
}

/// `has_others`: whether it pointed at others than those before it: rollbacks have left these.
pub(super) fn no_earlier_target(channel: &ChannelName, wanted: Option<&VersionName>, has_others: bool) -> Message {
    let what = match wanted {
        None if has_others => format!("The channel {channel} points at the first version that it remembers."),
        None => format!("The channel {channel} remembers no version that it pointed at before."),
        Some(version) => format!("The channel {channel} does not remember that it ever pointed at version {version}."),
    };
    Message::new("No earlier target", what).leaving(UNMOVED)
}

pub(super) fn purged_back_target(channel: &ChannelName, version: &VersionName, older: Option<&VersionName>) -> Message {
    let before = older.map(|older| format!(" Before that it pointed at {older}.")).unwrap_or_default();
    Message::new(
        "Earlier target is gone",
        format!("The channel {channel} would go back to version {version}, which is not published any more.{before}"),
    )
    .leaving(UNMOVED)
}

/// "It has pointed at v1.4.2 since 2026-01-02T03:04:05Z, when it was moved by run 42 of acme/shop (move 1a2b…)."
fn stands(present: &Move) -> String {
    let target = present.version.as_ref().map_or("nothing", VersionName::as_str);
    let Move { moved_at, push_id, .. } = present;
    format!(
        "It has pointed at {target} since {moved_at}, when it was moved{} (move {push_id}).",
        PushSource::by(present.source.as_ref())
    )
}

/// The message for what failed when a channel was, or may have been, moved, from that of its cause.
pub(super) fn left_open(failure: &ChannelFailure, cause: Message, speaker: impl Speaker) -> Message {
    let ChannelFailure { channel, is_moved, goes_back, .. } = failure;
    let what = if *is_moved {
        format!("{} The channel {channel} was moved anyway.", cause.what)
    } else {
        format!("{} Whether the channel {channel} was moved is not known.", cause.what)
    };
    let again = match goes_back {
        true => speaker.pick("Running this again may go back further.", "the same rollback again may go back further"),
        false => {
            speaker.pick("Running this again does not move it twice.", "the same command again does not move it twice")
        }
    };
    let look = speaker.pick(again.to_owned(), format!("`cstore log :{channel}` shows where it points; {again}."));
    Message { what, untouched: "", next: format!("{} {look}", cause.next).trim_start().to_owned(), ..cause }
}

/// The message for damage of a version, from that of the damage itself.
pub(super) fn damaged_target(DamagedTarget { channel, version, .. }: &DamagedTarget, cause: Message) -> Message {
    of_target(channel, version.as_str(), cause)
}

/// What is wrong with a version, naming the channel that points at it.
pub(super) fn of_target(channel: &ChannelName, version: &str, cause: Message) -> Message {
    let what = format!("The channel {channel} points at version {version}. {}", cause.what);
    Message { what, ..cause }
}

/// Who has made a move; nothing where that is not recorded.
pub(crate) fn who(made: &Move) -> String {
    made.source.as_ref().map(ToString::to_string).unwrap_or_default()
}
