//! The words for a push that others' changes have kept from its end, and for what a push that failed has published all
//! the same.

use super::speaker::{Speaker, sentence};
use super::{Message, some_of, store};
use crate::command::Location;
use crate::error::{ChangedFile, OthersChanges, PushFailure};
use crate::store::Stage;

/// That others have changed the same things of the head.
pub(super) fn changed_by_others(changes: &OthersChanges, speaker: impl Speaker) -> Message {
    let clause = |file: &ChangedFile| {
        let what = match file.conflict.as_ref().map(|conflict| conflict.keys().join(", ")) {
            None => "removed".to_owned(),
            Some(keys) if keys.is_empty() => "the whole file".to_owned(),
            Some(keys) => keys,
        };
        format!("{} ({what})", speaker.path(file.path.as_str()))
    };
    let files: Vec<_> = changes.files.iter().map(clause).collect();
    let what = format!(
        "Others have changed in the head what this push changes, too: {}. {}",
        some_of(&files),
        store::last_push(changes.last.as_ref())
    );
    Message::new("Head has changed", what)
}

/// The message for a push that failed when requests of it had been sent, from that of its cause. `noun`: what it is
/// called.
pub(super) fn message(failure: &PushFailure, cause: Message, noun: &str, speaker: impl Speaker) -> Message {
    let PushFailure { stage, location, replaces, .. } = failure;
    let manifest = match location.version.as_str() {
        "head" => "manifest of the head".to_owned(),
        version => format!("manifest of {version}"),
    };
    let again = format!("Running the same {noun} again");
    let (what, next) = match stage {
        Stage::Untouched => (format!("{} This {noun} has published nothing.", cause.what), String::new()),
        Stage::Begun => (
            format!("{} The {manifest} was not written, so nothing of this {noun} is published.", cause.what),
            again
                + sentence!(
                    speaker,
                    " finishes it; another set of files under this version needs "
                    ["`overwrite: true`" | "`--overwrite`"]
                    "."
                ),
        ),
        Stage::Replacing => (
            format!(
                "{} The {manifest} was not written, but files of this {noun} may be in place already. Without \
                 S3 versioning, or where nothing was published before, a pull may fail or see these files.",
                cause.what
            ),
            again + " finishes it.",
        ),
        Stage::Repairing => (
            format!(
                "{} {} is published with this content, but files of it may be missing.",
                cause.what,
                subject(location)
            ),
            again + " puts them back.",
        ),
        Stage::Publishing => (
            format!("{} It is not known whether the {manifest} was written.", cause.what),
            again + " finds out, and publishes what is not published.",
        ),
        Stage::Published => return after(location, *replaces, cause, noun),
    };
    then(cause, what, &next)
}

/// The message for what failed when the push was published.
pub(crate) fn after(location: &Location, replaces: bool, cause: Message, noun: &str) -> Message {
    let what = format!(
        "{} is published in s3://{}; what failed came after that. {}",
        subject(location),
        location.bucket,
        cause.what
    );
    let next = if replaces {
        " again replaces it once more, and whatever was pushed since."
    } else {
        " again changes nothing that is published."
    };
    then(cause, what, &format!("Running the same {noun}{next}"))
}

fn subject(location: &Location) -> String {
    match location.version.as_str() {
        "head" => format!("The head of {}", location.context),
        version => format!("Version {version} of {}", location.context),
    }
}

fn then(cause: Message, what: String, next: &str) -> Message {
    let next = [cause.next.as_str(), next].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Message { what, next, untouched: "", ..cause }
}
