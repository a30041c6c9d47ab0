//! What can go wrong at the command line, with its exit codes.

mod words;

use std::io;
use std::time::Duration;

use super::command::StartError;
use super::contradiction::Contradiction;
use super::deliver::LocalConflict;
use super::distrust::NotTrusted;
use super::editor::KeptFolder;
use super::empty::Empty;
use super::go::GoError;
use super::head_moved::HeadMoved;
use super::place::{PlaceError, TypedFolder};
use super::purged_in_part::PurgedInPart;
use super::refused_names::RefusedName;
use super::state::NotAlone;
use super::unamended::Unamended;
use super::unanswered::PromptError;
use crate::cancellation::Signal;
use crate::error::{Error, ExitCode};
use crate::message::{CommandLine, Message, UNDELIVERED};
use crate::option::{Command, EXIT_CODE};
use crate::store;
use crate::workspace::WorkspaceError;

pub(super) use self::words::seconds;

/// Why a run of the command line failed: the run itself, or handing over its result.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The run.
    #[error(transparent)]
    Core(Error),
    /// A file below another folder than the catalog's: the folder, and what is wrong with the file.
    #[error("{1}")]
    Elsewhere(TypedFolder, #[source] WorkspaceError),
    /// Standard output cannot be written.
    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
    /// The file that was named for the output cannot be written; its path, as it was typed.
    #[error("{0} cannot be written")]
    OutputFile(String, #[source] Box<Error>),
    /// The process cannot be set up.
    #[error("the process cannot be set up")]
    Process(#[source] io::Error),
    /// A catalog is there already; its path.
    #[error("{0} is there already")]
    CatalogExists(String),
    /// A question has no answer.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The catalog leads to what nobody has agreed to.
    #[error(transparent)]
    NotTrusted(#[from] Box<NotTrusted>),
    /// The Go tool would do it, and this one does not.
    #[error(transparent)]
    Go(#[from] GoError),
    /// There is nowhere to work, or a path cannot be used.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Local changes are in the way.
    #[error(transparent)]
    Local(#[from] LocalConflict),
    /// Others have changed what a push changes, too.
    #[error(transparent)]
    HeadMoved(#[from] HeadMoved),
    /// A purge has not removed all versions that hold a value.
    #[error("the purge was interrupted")]
    PurgedInPart(PurgedInPart),
    /// The head is not changed by key or in an editor.
    #[error(transparent)]
    Unamended(#[from] Unamended),
    /// The person at the terminal did not agree; with the exit code for what was not done.
    #[error("not agreed")]
    Declined(ExitCode),
    /// The person at the terminal has not typed what is to be removed.
    #[error("not agreed")]
    NotPurged,
    /// The person at the terminal gives up a text that could not be stored, of which all else was said; with the exit code.
    #[error("discarded")]
    Discarded(u8),
    /// What somebody has written, or an editor has left, is not stored, and is kept in this folder.
    #[error("{cause}")]
    NotStored { cause: Box<Failure>, kept: KeptFolder },
    /// The person at the terminal keeps a file, by its path as it was typed, that an output was to replace.
    #[error("{0} is kept")]
    NotReplaced(String),
    /// What was not found is a linked catalog's: where it is, and what comes next.
    #[error("{cause}")]
    OfLinked { cause: Box<Failure>, what: String, next: String },
    /// Another run works on the same folder, and has not come to an end in this time.
    #[error("another run works on this folder")]
    Busy(Duration),
    /// A signal came while another run was waited for that works on the same folder: what that leaves, as a sentence, and
    /// what comes next.
    #[error("{signal} came while another run was waited for")]
    WaitCancelled { signal: Signal, leaves: String, next: String },
    /// No id can be drawn.
    #[error("the operating system gives no random numbers")]
    Random(#[source] getrandom::Error),
    /// There is a difference, which was to be told by the exit code. The result says all of it.
    #[error("there is a difference")]
    Differs,
    /// What a verification found.
    #[error("{} problems found", .0.len())]
    Found(Vec<Message>),
    /// Values were to be printed elsewhere than on a terminal.
    #[error("values are printed on a terminal alone")]
    ValuesElsewhere,
    /// A catalog in a folder above counts here, and no other one was to be made.
    #[error("the catalog {0} counts here")]
    CatalogAbove(String),
    /// Two different answers to one question.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// A flag or an argument with nothing in it.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// Names by which values would take over what a shell runs.
    #[error("names that are refused: {0:?}")]
    RefusedNames(Vec<RefusedName>),
    /// The program is not started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// No list has this name.
    #[error("there is no list of {name:?}")]
    NoList {
        /// As it was typed.
        name: String,
        /// The list that was probably meant.
        meant: Option<&'static str>,
    },
    /// An argument names no entry of a lock file.
    #[error("{typed:?} is not an entry: {why}")]
    NoLockEntry {
        /// As it was typed.
        typed: String,
        /// Why, as a clause.
        why: String,
    },
    /// The lock file, by its path, is not as it would be written now.
    #[error("{0} is out of date")]
    LockOutOfDate(String),
    /// No shell has this name.
    #[error("there is no shell {0:?}")]
    NoShell(String),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Core(error.into())
    }
}

impl From<NotAlone> for Failure {
    fn from(error: NotAlone) -> Self {
        match error {
            NotAlone::Busy(waited) => Self::Busy(waited),
            NotAlone::Cancelled(signal) => {
                Self::WaitCancelled { signal, leaves: "Nothing was written.".to_owned(), next: String::new() }
            }
        }
    }
}

impl Failure {
    /// What is to be said, and the exit code that this command ends with.
    pub(super) fn ending(&self, command: Command, speaker: CommandLine<'_>) -> (Vec<Message>, u8) {
        let mut messages = self.messages(speaker);
        let mut code = self.code();
        let tells_difference = speaker.options.is_some_and(|options| options.flag(&EXIT_CODE).unwrap_or_default());
        if tells_difference && code == u8::from(ExitCode::Other) && !matches!(self, Self::Differs) {
            // Where 1 says that there is a difference, nothing else is to say so.
            code = UNNAMED;
        }
        messages.iter_mut().for_each(|message| message.untouched = self.left_undone(command, message.untouched));
        if command != Command::Exec || self.is_the_programs() || is_of_a_signal(code) {
            return (messages, code);
        }
        // The program's own codes are its own.
        if let Some(last) = messages.last_mut() {
            last.what.push_str(&format!(" Nothing was started (code {code}: {}).", meaning(code)));
            // What is not started is delivered nothing.
            last.untouched = "";
        }
        (messages, UNNAMED)
    }

    /// What is said to be left undone, as far as the command would have done it: what only prints changes nothing anyway.
    fn left_undone(&self, command: Command, untouched: &'static str) -> &'static str {
        let is_of_bucket = || {
            let Self::Core(error) = self else { return false };
            matches!(error.of_store(), Some(store::Error::Integrity(_)))
        };
        match command {
            _ if untouched.is_empty() => "",
            Command::Export | Command::Exec | Command::Get => UNDELIVERED,
            Command::Pull if is_of_bucket() => UNDELIVERED,
            Command::List | Command::Log | Command::Show | Command::Diff | Command::Verify | Command::Status => "",
            Command::Pull => untouched,
            _ if untouched == UNDELIVERED => "",
            _ => untouched,
        }
    }

    /// What is to be said where this is no error, but what a person has decided.
    pub(super) fn decision(&self, command: Command) -> Option<String> {
        let decision = match (self, command) {
            (Self::Declined(_), Command::Promote) => "Not promoted.",
            (Self::Declined(_), Command::Push) => "Not published.",
            (Self::Declined(_), Command::Rollback) => "Not rolled back.",
            (Self::Declined(_), _) => "Nothing was pushed.",
            (Self::NotPurged, _) => "Nothing was removed.",
            (Self::NotReplaced(path), _) => return Some(format!("{path} is kept. Nothing was written.")),
            _ => return None,
        };
        Some(decision.to_owned())
    }

    /// Whether the exit code is one that env(1) has for this.
    const fn is_the_programs(&self) -> bool {
        matches!(self, Self::Start(_))
    }

    /// The exit code, as far as it does not depend on the command.
    pub(super) fn code(&self) -> u8 {
        let code = match self {
            Self::Core(error) => error.code(),
            Self::OutputFile(_, error) => error.code(),
            Self::Elsewhere(_, error) => error.code(),
            Self::Place(error) => error.code(),
            Self::Declined(code) => *code,
            Self::Local(_) | Self::HeadMoved(_) | Self::Busy(_) => ExitCode::Conflict,
            Self::WaitCancelled { signal, .. } => (*signal).into(),
            Self::Prompt(error) => error.code(),
            Self::NotTrusted(_) => ExitCode::BadInput,
            Self::Go(_) => GoError::code(),
            Self::CatalogExists(_) | Self::CatalogAbove(_) => ExitCode::Conflict,
            Self::Found(_) | Self::LockOutOfDate(_) => ExitCode::Difference,
            Self::Contradiction(_)
            | Self::Empty(_)
            | Self::NoShell(_)
            | Self::NoList { .. }
            | Self::NoLockEntry { .. }
            | Self::RefusedNames(_)
            | Self::ValuesElsewhere => ExitCode::BadInput,
            Self::Start(error) => return error.code(),
            Self::PurgedInPart(purged) => purged.code(),
            Self::Unamended(error) => return error.code(),
            Self::Discarded(code) => return *code,
            Self::NotStored { cause, .. } | Self::OfLinked { cause, .. } => return cause.code(),
            Self::Differs
            | Self::NotPurged
            | Self::NotReplaced(_)
            | Self::Output(_)
            | Self::Process(_)
            | Self::Random(_) => ExitCode::Other,
        };
        code.into()
    }
}

/// What `exec` ends with when it does not come to start the program, as env(1) does, and `diff` where 1 is a difference.
pub(super) const UNNAMED: u8 = 125;

fn is_of_a_signal(code: u8) -> bool {
    [ExitCode::Interrupted, ExitCode::Terminated, ExitCode::HungUp]
        .into_iter()
        .any(|of_signal| u8::from(of_signal) == code)
}

/// What an exit code means, in the words of docs/errors.md.
fn meaning(code: u8) -> &'static str {
    const MEANINGS: [(ExitCode, &str); 8] = [
        (ExitCode::Other, "another error"),
        (ExitCode::BadInput, "an option, catalog or config file cannot be used"),
        (ExitCode::NotAllowed, "not allowed, or no credentials"),
        (ExitCode::Conflict, "other content is in the way"),
        (ExitCode::Integrity, "content is not what its manifest, the lock file or --digest says"),
        (ExitCode::NotFound, "not found"),
        (ExitCode::Unreachable, "unreachable, or too slow"),
        (ExitCode::Difference, "values are not what they must be"),
    ];
    MEANINGS.iter().find(|(known, _)| u8::from(*known) == code).map_or("another error", |(_, meaning)| meaning)
}
