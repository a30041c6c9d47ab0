use std::io;

use super::deliver::LocalConflict;
use super::place::PlaceError;
use super::unanswered::PromptError;
use crate::error::{Error, ExitCode};
use crate::message::{CommandLine, Message, messages};
use crate::option::{OptionError, RawOptions};
use crate::workspace::WorkspaceError;

/// Why a run of the command line failed: the run itself, or handing over its result.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The run.
    #[error(transparent)]
    Core(#[from] Error),
    /// Standard output cannot be written.
    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
    /// The process cannot be set up.
    #[error("the process cannot be set up")]
    Process(#[source] io::Error),
    /// A catalog is there already; its path.
    #[error("{0} is there already")]
    CatalogExists(String),
    /// A question has no answer.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// There is nowhere to work, or a path cannot be used.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Local changes are in the way.
    #[error(transparent)]
    Local(#[from] LocalConflict),
    /// Another run works on the same folder, and does not come to an end.
    #[error("another run works on this folder")]
    Busy,
    /// No id can be drawn.
    #[error("the operating system gives no random numbers")]
    Random(#[source] getrandom::Error),
    /// No key has this name.
    #[error("there is no config key {0:?}")]
    NoKey(String),
    /// There is a difference, which was to be told by the exit code. The result says all of it.
    #[error("there is a difference")]
    Differs,
    /// What a verification found.
    #[error("{} findings", .0.len())]
    Found(Vec<Message>),
    /// Values were to be printed elsewhere than on a terminal.
    #[error("values are printed on a terminal alone")]
    ValuesElsewhere,
    /// No shell has this name.
    #[error("there is no shell {0:?}")]
    NoShell(String),
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::Core(error.into())
    }
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        Self::Core(error.into())
    }
}

impl Failure {
    pub(super) fn code(&self) -> u8 {
        let code = match self {
            Self::Core(error) => error.code(),
            Self::Place(error) => error.code(),
            Self::Local(_) | Self::Busy => ExitCode::Conflict,
            Self::Prompt(error) => error.code(),
            Self::CatalogExists(_) => ExitCode::Conflict,
            Self::Found(_) => ExitCode::Difference,
            Self::NoKey(_) | Self::NoShell(_) | Self::ValuesElsewhere => ExitCode::BadInput,
            Self::Differs | Self::Output(_) | Self::Process(_) | Self::Random(_) => ExitCode::Other,
        };
        code.into()
    }

    /// What is to be said; `options`: those that are given, where they are known.
    pub(super) fn messages(&self, options: Option<&RawOptions>) -> Vec<Message> {
        let own = |title: &str, what: String, next: &str| {
            vec![Message { next: next.to_owned(), ..Message::new(title, what) }]
        };
        match self {
            Self::Core(error) => messages(error, CommandLine { options }),
            Self::Place(error) => vec![error.message()],
            Self::Local(conflict) => vec![conflict.message()],
            Self::Busy => own(
                "Busy",
                "Another cstore has been working on this folder for ten seconds. Nothing was written.".to_owned(),
                "Wait until it has ended, or end it.",
            ),
            Self::Prompt(error) => vec![error.message()],
            Self::Differs => Vec::new(),
            Self::Found(findings) => findings.clone(),
            Self::ValuesElsewhere => own(
                "Values",
                "`--show-values` prints config values, and standard output is no terminal. Nothing was read."
                    .to_owned(),
                "If they may go there, pass `--yes`.",
            ),
            Self::Output(reason) => own("Output", format!("Standard output cannot be written: {reason}."), ""),
            Self::Process(reason) => own("Process", format!("The process cannot be set up: {reason}."), ""),
            Self::Random(reason) => {
                own("Random numbers", format!("The operating system gives no random numbers: {reason}."), "")
            }
            Self::CatalogExists(path) => own(
                "Catalog",
                format!("{path} is there already, and is left as it is."),
                "To store files with it, run: cstore push FILE. To start anew, move it away first.",
            ),
            Self::NoKey(key) => own(
                "No such key",
                format!("These files have no config key {}.", crate::excerpt::listed_key(key)),
                "To see which keys there are, run: cstore list keys",
            ),
            Self::NoShell(name) => own(
                "No such shell",
                format!("{name:?} is no shell that command lines can be completed in."),
                "Write bash, elvish, fish, powershell or zsh.",
            ),
        }
    }
}
