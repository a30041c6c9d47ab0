//! The words for what to do about a rollback.

use crate::message::some_of;
use crate::message::speaker::{Speaker, sentence};
use crate::name::VersionName;
use crate::option::{BUCKET, CONTEXT};

pub(super) fn name_version_to_restore(published: Option<&[VersionName]>, speaker: impl Speaker) -> String {
    let newest = VersionName::newest_first(published.unwrap_or_default());
    let flags = speaker.flags(&[&CONTEXT, &BUCKET]);
    match (newest.as_slice(), published) {
        ([], Some(_)) => {
            "No version is published either. If you still have the files as they were, push them.".to_owned()
        }
        ([], None) => speaker.pick(
            "Set `from` to the version to roll back to; `command: list` with `list: versions` names those that there are."
                .to_owned(),
            format!("Name the version to roll back to. To see those that there are, run: cstore list versions{flags}"),
        ),
        ([first, ..], _) => format!(
            "Published versions: {}. {}",
            some_of(&newest),
            speaker.pick(
                "Set `from` to the one to roll back to.".to_owned(),
                format!("Name the one to roll back to, as in: cstore rollback {first}{flags}")
            )
        ),
    }
}

/// What to do first about a head that another tool has written over.
pub(super) fn push_first(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        ["Push the files first, which replaces it, or pull the head and push that, which records it."
            | "To keep it, `cstore pull` and then `cstore push`, which records it. To replace it: `cstore push --overwrite`."]
        " Then roll back to a version by its name: without one, the rollback would undo that push."
    )
}

pub(super) fn name_target(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Name a version, such as v1.2.3 or ^1.2, or "
        ["leave `from` empty" | "leave REF out"]
        " to go back to what the head was before its last push."
    )
}

const UNDOES_LAST_PUSH: &str = "Without a version a rollback undoes the last push, whichever that is.";

pub(super) fn review_target(has_version: bool, speaker: impl Speaker) -> String {
    let look = sentence!(
        speaker,
        "See what it would restore, with " ["`dry-run: true` and no `expect`" | "`--dry-run` and no `--expect`"]
        ". If that is right, give its digest as " ["`expect`" | "`--expect`"] "."
    );
    if has_version { look.to_owned() } else { format!("{UNDOES_LAST_PUSH} {look}") }
}

pub(super) fn review_again(has_version: bool, speaker: impl Speaker) -> String {
    if has_version {
        return sentence!(speaker, "Run this again: it " ["replaces" | "shows"] " what is there now.").to_owned();
    }
    let what = UNDOES_LAST_PUSH;
    speaker.pick(
        format!("{what} Look at it with `command: show`, and run this again only if it is to be undone."),
        format!(
            "{what} To look at it, run: cstore show head{}\nRun this again only if it is to be undone.",
            speaker.flags(&[&CONTEXT, &BUCKET])
        ),
    )
}

/// What to do before a rollback is run again of which it is not known, or known too well, that it took effect.
pub(in crate::message) fn look_first(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Look at the head first, with "
        ["`command: show`" | "`cstore show head`"]
        ": the same rollback again would undo this one."
    )
}

/// What is to be allowed, where one of these rights is missing.
pub(in crate::message) fn rights(has_version: bool) -> &'static str {
    if has_version {
        "A rollback reads S3 versions of files, which needs s3:GetObjectVersion."
    } else {
        "What the head was before its last push is found only with both s3:ListBucketVersions, on the bucket, and \
         s3:GetObjectVersion; a rollback to a named version does without s3:ListBucketVersions."
    }
}
