//! The words for what a push that failed has published all the same.

use super::Message;
use crate::command::Location;
use crate::error::PushFailure;
use crate::store::Stage;

/// The message for a push that failed when requests of it had been sent, from that of its cause.
pub(super) fn message(failure: &PushFailure, cause: Message) -> Message {
    let manifest = match failure.location.version.as_str() {
        "head" => "manifest of the head".to_owned(),
        version => format!("manifest of {version}"),
    };
    let (what, next) = match failure.stage {
        Stage::Untouched => return cause,
        Stage::Begun => (
            format!("{} The {manifest} was not written, so nothing of this push is published.", cause.what),
            "The same push run again goes on from there.",
        ),
        Stage::Publishing => (
            format!("{} It is not known whether the {manifest} was written.", cause.what),
            "The same push run again finds out, and publishes what is not published.",
        ),
        Stage::Published => return after(&failure.location, cause),
    };
    then(cause, what, next)
}

/// The message for what failed when the push was published.
pub(super) fn after(location: &Location, cause: Message) -> Message {
    let Location { context, bucket, version, .. } = location;
    let subject = match version.as_str() {
        "head" => format!("The head of {context}"),
        version => format!("Version {version} of {context}"),
    };
    let what = format!("{subject} is published in s3://{bucket}; what failed came after that. {}", cause.what);
    then(cause, what, "The same push run again changes nothing that is published.")
}

fn then(cause: Message, what: String, next: &str) -> Message {
    let next = if cause.next.is_empty() { next.to_owned() } else { format!("{} {next}", cause.next) };
    Message { what, next, untouched: "", ..cause }
}
