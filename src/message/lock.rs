//! The words for lock files that cannot be used, and for what is not as it was locked.

use super::speaker::Speaker;
use super::{Message, some_of};
use crate::lock::{LockEntry, LockFailure, LockProblem};
use crate::name::VersionName;

/// What is wrong with a lock file, or with what it locks.
pub(super) fn condition(failure: &LockFailure, speaker: impl Speaker) -> Message {
    let LockFailure { path, problem } = failure;
    let file = speaker.path(path.as_str());
    match problem {
        LockProblem::NoFile { .. } => Message::new("Lock file", format!("There is no lock file {file}.")),
        LockProblem::NoRegularFile => {
            Message::new("Lock file", format!("{file} is a folder, or something else that is not a file."))
        }
        LockProblem::NoEntry { name, .. } => {
            Message::new("Lock file", format!("The lock file {file} has no entry {name}."))
        }
        LockProblem::Unreadable(error) => {
            Message::new("Lock file", format!("The lock file {file} cannot be used: {error}.")).at(path, error.line())
        }
        LockProblem::Several { context, requirements } => {
            let requirements = some_of(requirements);
            Message::new("Lock file", format!("{file} locks several requirements of {context}: {requirements}."))
        }
        LockProblem::SameRequirement { name, other } => Message::new(
            "Lock file",
            format!("In {file} the entry {name} would have the same requirement as {other}, of the same context."),
        ),
        LockProblem::NotLocked { context, asked: Some(asked), requirements, .. } if !requirements.is_empty() => {
            let requirements = some_of(requirements);
            Message::new("Not as locked", format!("{file} locks {requirements} of {context}, and not {asked}."))
        }
        LockProblem::NotLocked { context, .. } => {
            Message::new("Not as locked", format!("{file} locks nothing of {context}."))
        }
        LockProblem::Gone { entry, .. } => Message::new(
            "Not as locked",
            format!(
                "{} of {}, which {file} locks, is not there, so every pull with this lock fails.",
                subject(entry),
                entry.context
            ),
        ),
        LockProblem::Changed { entry, found, .. } => {
            let locked = entry.content;
            let what = if locked.digest == found.digest {
                "it has the same bytes, and other types or tags of files".to_owned()
            } else {
                format!("it is {}, and {} is locked", found.digest.pin(), locked.digest.pin())
            };
            Message::new(
                "Not as locked",
                format!("{} of {} is not as {file} locks it: {what}.", subject(entry), entry.context),
            )
        }
    }
}

fn subject(entry: &LockEntry) -> &str {
    entry.version.as_ref().map_or("The head", VersionName::as_str)
}
