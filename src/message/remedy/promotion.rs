//! The words for what to do about a promotion.

use super::access;
use crate::error::Permission;
use crate::message::speaker::{Speaker, sentence};
use crate::message::{capital, in_shell, some_of};
use crate::name::VersionName;

pub(super) fn name_source(published: &[VersionName], speaker: impl Speaker) -> String {
    let newest = VersionName::newest_first(published);
    if newest.is_empty() {
        return "Check the source's context and bucket, or push it first.".to_owned();
    }
    format!(
        "Published versions there: {}. {} one of these, or push it first.",
        some_of(&newest),
        speaker.pick("Set `from` to", "Name")
    )
}

pub(super) fn read_as_its_account(permission: Option<&Permission>, speaker: impl Speaker) -> String {
    let role = sentence!(
        speaker,
        "what is promoted is read only from a bucket of the account whose credentials read it. If it belongs to another \
         account, name a role of that account with `from-role-to-assume`"
            ["." | ", or a profile with `--from-profile`."]
    );
    let role = speaker.say(role);
    match permission {
        None => capital(&role),
        Some(permission) => {
            format!(
                "First see whose bucket it is: {role} If it is the same account: {}",
                access::allow(permission, speaker)
            )
        }
    }
}

pub(super) fn review_source(reference: Option<&str>, speaker: impl Speaker) -> String {
    let look = match reference {
        Some(reference) => speaker.pick(
            format!("with `command: show` of {reference}"),
            format!("with `cstore show {}`", in_shell(reference)),
        ),
        None => speaker.say("with `command: show`"),
    };
    format!(
        "Review what it is now, {look}, and run this again{}.",
        speaker.pick(" with its digest as `expect`", "; with `--expect`, give its digest")
    )
}

pub(super) fn review_and_promote_again(speaker: impl Speaker) -> &'static str {
    sentence!(speaker, "Run this again: it " ["promotes over" | "shows"] " what is there now.")
}

pub(super) fn name_other_destination(may_overwrite: bool, speaker: impl Speaker) -> &'static str {
    if may_overwrite {
        sentence!(
            speaker,
            "Promote to another version, with "
            ["`to: CONTEXT@VERSION`" | "`--to CONTEXT@VERSION`"]
            "; or set `overwrite: true` if this one must be replaced."
        )
    } else {
        sentence!(
            speaker,
            "Promote to another version, with " ["`to: CONTEXT@VERSION`" | "`--to CONTEXT@VERSION`"] "."
        )
    }
}
