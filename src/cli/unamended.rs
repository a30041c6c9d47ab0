//! Why `set`, `unset` and `edit` have not changed the head.

use std::io;

use super::fatal_signals::{signal_code, signal_name};
use crate::error::{Error, ExitCode, PushFailure};
use crate::excerpt::listed_key;
use crate::message::{CommandLine, Message, messages};
use crate::store::{self, Integrity, Stage};

/// Why the head is as it was; of a failed push, as that says.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unamended {
    /// The core, with words that are not those of a push of local files.
    #[error(transparent)]
    Core(Error),
    /// An argument that names no key, as it may be shown.
    #[error("{0} names no config key")]
    NoName(String),
    /// A value that was typed as a word of its own.
    #[error("a value belongs to its key")]
    ValueApart,
    /// Two values that would both be read from standard input.
    #[error("standard input can give one value")]
    OneInput,
    /// A value that cannot be used.
    #[error("the value of {} cannot be used: {why}", listed_key(.key))]
    Value {
        /// Its key.
        key: String,
        /// Why, as a clause.
        why: &'static str,
        /// What comes next.
        next: &'static str,
    },
    /// Standard input cannot be read.
    #[error("standard input cannot be read")]
    Input(#[source] io::Error),
    /// One of several files has to be named.
    #[error("several files could be meant")]
    Which {
        /// Why, as a sentence.
        what: String,
        /// What comes next.
        next: String,
    },
    /// Config keys cannot be changed in a file.
    #[error("{what}")]
    Text {
        /// Why, as a sentence.
        what: String,
        /// What comes next.
        next: String,
    },
    /// Nobody sits at a terminal.
    #[error("no terminal")]
    NoTerminal,
    /// The editor cannot be started; its command.
    #[error("the editor {0} cannot be started")]
    NoEditor(String),
    /// The editor did not end well; its command and how.
    #[error("the editor {0} {1}")]
    Editor(String, String),
    /// There is no place for the file.
    #[error("the file for the editor cannot be kept")]
    Kept(#[source] io::Error),
    /// The editor has removed its file.
    #[error("the editor has removed its file")]
    FileGone,
    /// The editor has left no file that can be stored.
    #[error("what the editor has left cannot be read")]
    NotReadBack(#[source] io::Error),
    /// A signal that ends a process at once has come; its number.
    #[error("ended by {}", signal_name(*.0))]
    Ended(i32),
}

impl Unamended {
    pub(super) fn code(&self) -> u8 {
        let code = match self {
            Self::Core(error) => error.code(),
            Self::NoName(_)
            | Self::ValueApart
            | Self::OneInput
            | Self::Value { .. }
            | Self::Which { .. }
            | Self::Text { .. }
            | Self::NoTerminal
            | Self::NoEditor(_) => ExitCode::BadInput,
            Self::Input(_) | Self::Editor(..) | Self::Kept(_) | Self::FileGone | Self::NotReadBack(_) => {
                ExitCode::Other
            }
            Self::Ended(number) => return signal_code(*number),
        };
        code.into()
    }

    pub(super) fn messages(&self, speaker: CommandLine<'_>) -> Vec<Message> {
        let own = |title: &str, what: String, next: &str| {
            vec![Message { next: next.to_owned(), ..Message::new(title, what).leaving("Nothing was changed.") }]
        };
        match self {
            Self::Core(error) => of_core(error, speaker),
            Self::NoName(shown) => {
                own("Config key", format!("{shown:?} names no config key."), "Write it as KEY, KEY=VALUE or KEY=-.")
            }
            Self::ValueApart => own(
                "Config key",
                "A value does not follow its key as a word of its own.".to_owned(),
                "Name the key alone, and type the value where it is asked for; or write KEY=VALUE. If each word is a key, \
                 add `--yes`.",
            ),
            Self::OneInput => own(
                "Standard input",
                "Standard input can give one value, and several keys have `=-`.".to_owned(),
                "Set them one after the other.",
            ),
            Self::Value { key, why, next } => {
                own("Value", format!("The value of {} cannot be used: {why}.", listed_key(key)), next)
            }
            Self::Input(reason) => own("Standard input", format!("Standard input cannot be read: {reason}."), ""),
            Self::Which { what, next } => own("Several files", what.clone(), next),
            Self::Text { what, next } => own("Config file", what.clone(), next),
            Self::NoTerminal => own(
                "No terminal",
                "`edit` needs a terminal.".to_owned(),
                "To change single values, run: cstore set KEY=-",
            ),
            Self::NoEditor(editor) => own(
                "Editor",
                format!("The editor {editor:?} cannot be started."),
                "Set CSTORE_EDITOR to one that is installed.",
            ),
            Self::Editor(editor, how) => own("Editor", format!("The editor {editor:?} {how}."), ""),
            Self::Kept(reason) => own(
                "Editor",
                format!("The temporary file for the editor cannot be written: {reason}."),
                "Set XDG_RUNTIME_DIR or TMPDIR to a folder that you can write to.",
            ),
            Self::FileGone => left_by_editor("The editor has removed its file.".to_owned()),
            Self::NotReadBack(reason) => {
                left_by_editor(format!("What the editor has left cannot be stored: {reason}."))
            }
            Self::Ended(number) => {
                own("Cancelled", format!("The command was cancelled by {}.", signal_name(*number)), "")
            }
        }
    }
}

/// That an editor has left nothing that can be stored.
fn left_by_editor(what: String) -> Vec<Message> {
    let next = "To begin again with the file as it is stored, run: cstore edit".to_owned();
    vec![Message { next, ..Message::new("Editor", what).leaving("Nothing was pushed.") }]
}

/// The messages of the core, with what comes next here.
fn of_core(error: &Error, speaker: CommandLine<'_>) -> Vec<Message> {
    const TAKE_IT: &str = "To change it as it is there, no matter who wrote it, add `--overwrite`.";
    const AGAIN: &str = "Run the same command again; if that ends with code 5, add `--overwrite`.";
    let mut all = messages(error, speaker);
    let next = match error {
        Error::Store(error) if is_mismatch(error) => TAKE_IT.to_owned(),
        Error::Push(failure) => match &**failure {
            PushFailure { cause: Error::Store(error), .. } if is_mismatch(error) => TAKE_IT.to_owned(),
            PushFailure { stage: Stage::Replacing | Stage::Publishing, cause, .. } => {
                let of_cause = messages(cause, speaker).pop().map(|message| message.next).unwrap_or_default();
                if of_cause.is_empty() { AGAIN.to_owned() } else { format!("{of_cause} {AGAIN}") }
            }
            _ => return all,
        },
        _ => return all,
    };
    if let Some(last) = all.last_mut() {
        last.next = next;
    }
    all
}

fn is_mismatch(error: &store::Error) -> bool {
    let store::Error::Integrity(integrity) = error else { return false };
    matches!(**integrity, Integrity::Mismatch { .. } | Integrity::Foreign { .. })
}
