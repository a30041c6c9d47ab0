//! The words for what ends a run of the action alone, beside those for errors of the run itself.

use super::failure::Failure;
use super::mask::{MOST_NESTED, TooManyMasks};
use crate::excerpt::listed_key;
use crate::message::{Action, Message, after_push, capital, message, messages};

/// The messages for a failure, each an annotation of its own.
pub(super) fn failure_messages(failure: &Failure) -> Vec<Message> {
    match failure {
        Failure::Core(error) => messages(error, Action),
        Failure::Found(findings) | Failure::Source(findings) => findings.clone(),
        failure => vec![failure_message(failure)],
    }
}

/// The message for a failure of the action.
fn failure_message(failure: &Failure) -> Message {
    match failure {
        Failure::Core(error) => message(error, Action),
        Failure::AfterPush { location, replaces, noun, cause } => {
            after_push(location, *replaces, failure_message(cause), noun)
        }
        Failure::Found(findings) => {
            let what = findings.iter().map(|finding| finding.what.as_str()).collect::<Vec<_>>();
            Message::new("Verification", what.join(" "))
        }
        Failure::Source(sources) => {
            let what = sources.iter().map(|source| source.what.as_str()).collect::<Vec<_>>();
            Message::new("Source", what.join(" "))
        }
        Failure::NoCommandFile(name) => Message {
            next: "Run this in a GitHub Actions workflow, with runner 2.297 or later.".to_owned(),
            ..Message::new(
                "Not in a workflow",
                format!("The variable {name} is not set, so there is nowhere to write to."),
            )
        },
        Failure::NotText(name) => Message {
            next: "Give the folder a name in UTF-8.".to_owned(),
            ..Message::new(
                "Variable",
                format!("The variable {name} is not UTF-8 text, so what it names cannot be used."),
            )
            .leaving("Nothing was changed.")
        },
        Failure::CommandFile { name, reason } => Message {
            next: "Check the runner's disk.".to_owned(),
            ..Message::new("Output", format!("The file that {name} names cannot be written: {reason}."))
        },
        Failure::Masks(reason) => Message::new("Masks", format!("The masks cannot be written to the log: {reason}."))
            .leaving("Nothing was delivered, since values would be readable in the log."),
        Failure::TooManyMasks(at) => Message {
            next: match at {
                TooManyMasks::Key(_) => {
                    "If nobody needs it hidden, exclude that key with `mask`: a line `*`, and a line with `!` and the key."
                }
                TooManyMasks::File(_) => {
                    "If nobody needs it hidden, say with the input `types` that the file is raw: then it is not read."
                }
            }
            .to_owned(),
            ..Message::new(
                "Masks",
                format!(
                    "The values hold more than {MOST_NESTED} lines and fields, or 64 MiB of them, which is more than can \
                     be masked, {} among them.",
                    match at {
                        TooManyMasks::Key(key) => listed_key(key),
                        TooManyMasks::File(path) => format!("those of {path}"),
                    }
                ),
            )
            .leaving("Nothing was delivered, since values would be readable in the log.")
        },
        Failure::Output(problem) => Message {
            next: "Leave the key out with `keys`.".to_owned(),
            ..Message::new("Output", format!("{}.", capital(&problem.to_string())))
        },
        Failure::Random(reason) => Message {
            next: "Run this again.".to_owned(),
            ..Message::new("No random numbers", format!("The operating system gives no random numbers: {reason}."))
        },
        Failure::NoTemporaryFolder => Message {
            next: "Set `format-file` to a path below the workspace.".to_owned(),
            ..Message::new(
                "Input format-file",
                "The input `format-file` is empty, and this runner shares no RUNNER_TEMP with container actions.",
            )
        },
    }
}
