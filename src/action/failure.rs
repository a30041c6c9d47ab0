use std::io;

use super::file_command::FileCommandError;
use super::mask::TooManyMasks;
use crate::command::Location;
use crate::error::{Error, ExitCode};
use crate::message::Message;

/// Why a run of the action failed: the run itself, or handing its results to the runner.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The run.
    #[error(transparent)]
    Core(Error),
    /// A push is published, and something failed after that.
    #[error("version {} of {} is published, and the step failed", .location.version, .location.context)]
    AfterPush {
        /// What was pushed to.
        location: Location,
        /// Whether the push replaced what was there.
        replaces: bool,
        /// What the push is called.
        noun: &'static str,
        /// What failed.
        #[source]
        cause: Box<Failure>,
    },
    /// The runner did not say where outputs or variables go.
    #[error("{0} is not set")]
    NoCommandFile(&'static str),
    /// A variable that names a place is not UTF-8 text.
    #[error("{0} is not UTF-8 text")]
    NotText(&'static str),
    /// A file that the runner reads cannot be written.
    #[error("the file that {name} names cannot be written")]
    CommandFile {
        /// Its variable.
        name: &'static str,
        /// What the operating system said.
        #[source]
        reason: io::Error,
    },
    /// The masks cannot be written.
    #[error("the masks cannot be written")]
    Masks(#[source] io::Error),
    /// Not all of the values can be masked.
    #[error(transparent)]
    TooManyMasks(#[from] TooManyMasks),
    /// A value cannot be handed to the runner.
    #[error("an output cannot be written")]
    Output(#[source] FileCommandError),
    /// No delimiter can be drawn.
    #[error("the operating system gives no random numbers")]
    Random(#[source] getrandom::Error),
    /// The command was to find whether something is so, and it is not.
    #[error("{} problems found", .0.len())]
    Found(Vec<Message>),
    /// Where a version was pushed from is not, or not known to be, as it was.
    #[error("the source of what was pulled is not verified")]
    Source(Vec<Message>),
    /// A file for later steps has no place to go.
    #[error("there is no place for the formatted file")]
    NoTemporaryFolder,
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Core(error.into())
    }
}

impl Failure {
    /// The same, saying that this was not found, whose keys are missing.
    pub(super) fn without_keys_of(self, missing: Vec<Error>) -> Self {
        match self {
            Self::Core(error) => error.without_keys_of(Vec::new(), missing).into(),
            failure => failure,
        }
    }

    /// The exit code of the step.
    pub(super) fn code(&self) -> ExitCode {
        match self {
            Self::Core(error) => error.code(),
            Self::AfterPush { cause, .. } => cause.code(),
            Self::Found(_) => ExitCode::Difference,
            Self::Source(_) => ExitCode::Integrity,
            Self::NoCommandFile(_) | Self::CommandFile { .. } | Self::Masks(_) | Self::Random(_) => ExitCode::Other,
            Self::Output(_) | Self::TooManyMasks(_) | Self::NoTemporaryFolder | Self::NotText(_) => ExitCode::BadInput,
        }
    }
}
