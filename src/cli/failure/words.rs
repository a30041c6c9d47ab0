//! The words for what can go wrong at the command line alone.

use std::time::Duration;

use super::Failure;
use crate::cli::editor::KeptFolder;
use crate::cli::refused_names::advice;
use crate::lock::OF_LINKED;
use crate::message::{CommandLine, Message, in_shell, list, message_about_file, messages};
use crate::name::VersionRequest;

impl Failure {
    /// What is to be said.
    pub(super) fn messages(&self, speaker: CommandLine<'_>) -> Vec<Message> {
        let own = |title: &str, what: String, next: &str| {
            vec![Message { next: next.to_owned(), ..Message::new(title, what) }]
        };
        match self {
            Self::Core(error) => messages(error, speaker),
            Self::Elsewhere(folder, error) => {
                vec![message_about_file(error, CommandLine { paths: Some(folder), ..speaker })]
            }
            Self::Place(error) => vec![error.message()],
            Self::Local(conflict) => vec![conflict.message()],
            Self::HeadMoved(moved) => vec![moved.message()],
            Self::PurgedInPart(purged) => purged.messages(speaker),
            Self::Unamended(error) => error.messages(speaker),
            // It is said without being an error.
            Self::Declined(_) | Self::NotPurged | Self::NotReplaced(_) => Vec::new(),
            Self::NotStored { cause, kept: KeptFolder { path, is_text } } => {
                let mut messages = cause.messages(speaker);
                if let Some(last) = messages.last_mut() {
                    let what =
                        if *is_text { "Your changes are kept in" } else { "What the editor has left is kept in" };
                    let kept = format!("{what} {}, which only you can read.", path.display());
                    last.next =
                        [&kept, "Delete it when you no longer need it.", &last.next].join(" ").trim_end().to_owned();
                }
                messages
            }
            Self::OfLinked { cause, what, next } => {
                let mut messages = cause.messages(speaker);
                if let Some(last) = messages.last_mut() {
                    last.what.clone_from(what);
                    last.next.clone_from(next);
                }
                messages
            }
            Self::Discarded(_) => own("Discarded", "Your changes were discarded.".to_owned(), ""),
            Self::Busy(waited) => own(
                "Busy",
                format!(
                    "Another cstore has been working on this folder for {}. Nothing was written.",
                    seconds(*waited)
                ),
                "Wait until it has ended, or end it.",
            ),
            Self::WaitCancelled { signal, leaves, next } => own(
                "Cancelled",
                format!(
                    "The command was cancelled by {signal} while it waited for another cstore that works on this folder. \
                     {leaves}"
                ),
                next,
            ),
            Self::Prompt(error) => vec![error.message()],
            Self::Differs => Vec::new(),
            Self::Found(findings) => findings.clone(),
            Self::ValuesElsewhere => own(
                "Values",
                "`--show-values` prints config values, and standard output is not a terminal. Nothing was read."
                    .to_owned(),
                "If they may go there, pass `--yes`.",
            ),
            Self::NotTrusted(error) => vec![error.message()],
            Self::Go(error) => vec![error.message()],
            Self::Output(reason) => own(
                "Output",
                format!("Standard output cannot be written: {reason}."),
                "Check that it is open, and that there is room where it leads.",
            ),
            Self::OutputFile(path, reason) => own(
                "Output",
                format!("{path} cannot be written: {reason}."),
                "Check the path, or write another file with -o FILE.",
            ),
            Self::Process(reason) => own(
                "Process",
                format!("The process cannot be set up: {reason}."),
                "Check its limits, such as `ulimit -n` and `ulimit -u`, and run this again.",
            ),
            Self::Random(reason) => own(
                "Random numbers",
                format!("The operating system gives no random numbers: {reason}."),
                "Check that a sandbox does not forbid getrandom, and run this again.",
            ),
            Self::CatalogExists(path) => own(
                "Catalog",
                format!("{path} is there already, and is left as it is."),
                "To store files with it, run: cstore push FILE. To start over, move it away first.",
            ),
            Self::CatalogAbove(path) => own(
                "Catalog",
                format!("Commands in this folder use {path}. No other catalog was made."),
                "To store files with it, run: cstore push FILE. To have another one here: cstore init --yes",
            ),
            Self::Contradiction(error) => vec![error.message()],
            Self::Empty(error) => vec![error.message()],
            Self::RefusedNames(names) => own(
                "Refused names",
                format!("These names could take over what a shell runs, so nothing was exported: {}.", list(names)),
                &advice(names),
            ),
            Self::Start(error) => vec![error.message()],
            Self::NoList { name, meant: Some(meant) } => own(
                "No such list",
                format!("There is no list of {name:?}. Did you mean {meant}?"),
                &format!("cstore list {meant}"),
            ),
            Self::NoList { name, meant: None } => own(
                "No such list",
                format!("There is no list of {name:?}."),
                "Write contexts, channels, versions, files, tags or keys.",
            ),
            Self::NoLockEntry { typed, why } => {
                const ENTRY: &str =
                    "NAME=VERSION or NAME=CONTEXT@VERSION, such as next=^2 or staging=shop-staging@^1.2.";
                let next = if typed.starts_with(OF_LINKED) {
                    "To lock it again with the others, run: cstore lock default. For a requirement of its own, write NAME=CONTEXT@VERSION, such as web=shop-web@^2."
                        .to_owned()
                } else if reads_as_version(typed) {
                    format!(
                        "For this project's own entry: `cstore lock -v {}`. For another one, write {ENTRY}",
                        in_shell(typed)
                    )
                } else {
                    format!("Write {ENTRY}")
                };
                own("Entry", format!("{typed:?} cannot be locked: {why}."), &next)
            }
            Self::LockOutOfDate(file) => own(
                "Out of date",
                format!("{file} is out of date."),
                "To bring it up to date, run the same without --check.",
            ),
            Self::NoShell(name) => own(
                "No such shell",
                format!("{name:?} is not a supported shell."),
                "Write bash, elvish, fish, powershell or zsh.",
            ),
        }
    }
}

/// Whether a text is rather a version than the name of an entry.
fn reads_as_version(typed: &str) -> bool {
    VersionRequest::new(typed).is_ok_and(|request| match request {
        VersionRequest::Exact(version) => version.is_release(),
        VersionRequest::Head | VersionRequest::Matching(_) | VersionRequest::Channel(_) => true,
    })
}

/// A time in words.
pub(in crate::cli) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        1 => "a second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}
