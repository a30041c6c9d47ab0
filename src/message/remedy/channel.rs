//! The words for what to do about a channel.

use crate::message::some_of;
use crate::message::speaker::{Speaker, sentence};
use crate::name::{ChannelName, VersionName};
use crate::option::{BUCKET, CONTEXT, FORCE};

pub(super) fn review(channel: &ChannelName, speaker: impl Speaker) -> String {
    speaker.pick(
        format!("Look at its history with `command: log` and `channel: {channel}`, and run this again if it is still wanted."),
        format!(
            "To see its history: `cstore log :{channel}{}`. Run this again if it is still wanted.",
            speaker.flags(&[&CONTEXT, &BUCKET])
        ),
    )
}

pub(super) fn move_it(channel: &ChannelName, speaker: impl Speaker) -> String {
    speaker.pick(
        format!("Move the channel {channel} to a version that is published, with `command: promote` or `rollback`."),
        format!(
            "To move it to a version that is published: `{}`, or `cstore rollback :{channel} VERSION{}`",
            promotion("VERSION", channel, speaker),
            speaker.flags(&[&CONTEXT, &BUCKET])
        ),
    )
}

pub(super) fn move_all(channels: &[ChannelName], speaker: impl Speaker) -> String {
    let (it, target) = match channels {
        [channel] => (format!("the channel {channel}"), "the version"),
        _ => ("these channels".to_owned(), "what they point at"),
    };
    format!(
        "Move {it} to another version first. With {} {target} is purged anyway, and pulls of {it} fail then.",
        speaker.with(&FORCE, "true")
    )
}

pub(super) fn name_as_one(channel: &ChannelName, speaker: impl Speaker) -> String {
    speaker.pick(
        format!(
            "There is a channel of that name. To take the version that it points at, set `version: \":{channel}\"`."
        ),
        format!("Did you mean :{channel}? There is a channel of that name, and a channel is written with a colon."),
    )
}

pub(super) fn name_one_of(channels: Option<&[ChannelName]>, speaker: impl Speaker) -> String {
    match channels {
        Some([]) => sentence!(
            speaker,
            "There are no channels; " ["`command: promote` makes one" | "`cstore promote VERSION --to :NAME` creates one"] "."
        )
        .to_owned(),
        Some(channels) => format!("Channels there: {}.", some_of(channels)),
        None => speaker.say("Check the name, `context` and `bucket`."),
    }
}

pub(super) fn add_colon(channel: &ChannelName, speaker: impl Speaker) -> String {
    speaker.pick(format!("Write :{channel}."), format!("Did you mean --to :{channel}?"))
}

pub(super) fn log(channel: &ChannelName, speaker: impl Speaker) -> String {
    speaker.pick(
        format!("There is a channel of that name. For its history, set `channel: {channel}` in place of `key`."),
        format!(
            "There is a channel of that name. To see its history, run: cstore log :{channel}{}",
            speaker.flags(&[&CONTEXT, &BUCKET])
        ),
    )
}

pub(super) fn name_version(
    channel: &ChannelName,
    wanted: Option<&VersionName>,
    earlier: &[VersionName],
    speaker: impl Speaker,
) -> String {
    if earlier.is_empty() {
        let version = wanted.map_or("VERSION", VersionName::as_str);
        return speaker.pick(
            "Move it to a version with `command: promote`.".to_owned(),
            format!("To move it to a version, run: {}", promotion(version, channel, speaker)),
        );
    }
    let one = if earlier.len() == 1 { "it" } else { "one of these" };
    let listed = format!("It pointed at: {}.", some_of(earlier));
    speaker.pick(
        format!("{listed} Set `from` to {one}; what was purged since cannot be gone back to."),
        format!(
            "{listed} Name {one}. What was purged since cannot be gone back to; to see what is published: `cstore list \
             versions{}`",
            speaker.flags(&[&CONTEXT, &BUCKET])
        ),
    )
}

fn promotion(version: &str, channel: &ChannelName, speaker: impl Speaker) -> String {
    format!("cstore promote {version} --to :{channel}{}", speaker.flags(&[&CONTEXT, &BUCKET]))
}

pub(super) fn name_older(channel: &ChannelName, older: Option<&VersionName>, speaker: impl Speaker) -> String {
    match older {
        Some(older) => speaker.pick(
            format!("To go back further, set `from: {older}`."),
            format!(
                "To go back further, run: cstore rollback :{channel} {older}{}",
                speaker.flags(&[&CONTEXT, &BUCKET])
            ),
        ),
        None => speaker.pick(
            "Move it to a version that is published, with `command: promote`.".to_owned(),
            format!(
                "To see the versions that are published: `cstore list versions{}`. To move it to one: `{}`",
                speaker.flags(&[&CONTEXT, &BUCKET]),
                promotion("VERSION", channel, speaker)
            ),
        ),
    }
}

pub(super) fn replace_damaged(speaker: impl Speaker) -> String {
    format!(
        "Find out who wrote it. With {}, a promotion moves the channel anyway, and its history begins again; a purge of a version \
         goes on, whatever this channel pointed at.",
        speaker.with(&FORCE, "true")
    )
}

pub(super) fn create(is_named: bool, speaker: impl Speaker) -> &'static str {
    if is_named {
        sentence!(
            speaker,
            "Check the channel's name. To create it, leave "
            ["`expect-current`" | "`--expect-current`"]
            " out."
        )
    } else {
        "Run this again if it is still wanted: that creates it."
    }
}

pub(super) fn name_back_version(channel: &ChannelName, speaker: impl Speaker) -> String {
    speaker.pick(
        format!(
            "Set `from` to a version that it pointed at, such as v1.2.3; `command: log` with `channel: {channel}` names these."
        ),
        format!(
            "Name a version that it pointed at, such as v1.2.3. To see these, run: cstore log :{channel}{}",
            speaker.flags(&[&CONTEXT, &BUCKET])
        ),
    )
}

pub(super) fn name_back_target(channel: &str, speaker: impl Speaker) -> String {
    let flags = speaker.flags(&[&CONTEXT, &BUCKET]);
    speaker.pick(
        "Set `from` to the version to go back to, or `expect-current` to the move that is undone.".to_owned(),
        format!(
            "To see what it pointed at: `cstore log {channel}{flags}`. Then name the version to go back to, \
             `cstore rollback {channel} VERSION{flags}`, or with `--expect-current` the move that is undone."
        ),
    )
}

/// What to do where a channel points at a version that is not the one that was pinned.
pub(super) fn check_digest(channel: &ChannelName, speaker: impl Speaker) -> String {
    speaker.pick(
        format!(
            "Look at the channel's history with `command: log` and `channel: {channel}`. If it was to move, set the new digest."
        ),
        format!(
            "To see who moved it: `cstore log :{channel}{}`. If it was to move, pass the new `--digest`.",
            speaker.flags(&[&CONTEXT, &BUCKET])
        ),
    )
}
