//! The words for how a purge is finished.

use crate::message::purge::same_again;
use crate::message::speaker::{Speaker, in_shell};
use crate::name::VersionName;
use crate::option::{BUCKET, CONTEXT};

pub(super) fn wait(version: &VersionName, speaker: impl Speaker) -> String {
    let again = speaker.pick(
        format!("with `command: purge` and `version: {version}`"),
        format!("with `cstore purge {}{}`", in_shell(version.as_str()), speaker.flags(&[&CONTEXT, &BUCKET])),
    );
    format!(
        "Push when the purge is done, or under a new version. If that purge was interrupted, purge again {again}: that finishes it."
    )
}

pub(super) fn finish(is_locked: bool, actions: &[&str], version: Option<&str>, speaker: impl Speaker) -> String {
    let mut sentences = Vec::new();
    if is_locked {
        sentences.push("What Object Lock keeps can be removed when its retention or legal hold has ended.".to_owned());
    }
    if !actions.is_empty() {
        sentences.push(format!("Allow {} on these objects.", actions.join(", ")));
    }
    let until = match version {
        None => "What is pushed to the head until then goes, too.",
        Some(_) => "Until then nobody can push that name.",
    };
    sentences.push(format!("Then run {}: it finishes this one. {until}", same_again(version, speaker)));
    sentences.join(" ")
}
