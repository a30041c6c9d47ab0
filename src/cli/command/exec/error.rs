use std::ffi::{OsStr, OsString};
use std::io;

use crate::cli::refused_names::{RefusedName, advice};
use crate::environment::LARGEST_VARIABLE;
use crate::excerpt::excerpt;
use crate::message::{Message, list};
use crate::name::ConfigPath;

/// What is not the command's own to say.
const FAILED: u8 = 125;
/// The command is there, and cannot be run.
const CANNOT_RUN: u8 = 126;
/// The command is not there.
const NOT_FOUND: u8 = 127;

/// How many of the largest variables a message names.
const LARGEST: usize = 5;

/// Why a program that has all its values is not started. It names variables, never a value.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum StartError {
    /// Names that would take over the program.
    #[error("names that are refused: {0:?}")]
    Refused(Vec<RefusedName>),
    /// A file that is to be handed over is not among those that were pulled.
    #[error("{0} was not pulled")]
    NotPulled(ConfigPath),
    /// There is nothing to hand files over in.
    #[error("no file can be held: {0}")]
    NoFiles(#[source] io::Error),
    /// These variables are each larger than the system takes.
    #[error("variables that are too large: {0:?}")]
    TooLarge(Vec<String>),
    /// All together are more than the system takes: how many bytes, and the names of the largest.
    #[error("the environment is too large: {0} bytes")]
    TooMuch(usize, Vec<String>),
    /// There is no such program.
    #[error("{0:?} is not found")]
    NotFound(OsString),
    /// It is there, and what it says that runs it is not.
    #[error("the interpreter of {0:?} is not found")]
    NoInterpreter(OsString),
    /// It is there, and cannot be run.
    #[error("{0:?} cannot be run: {1}")]
    CannotRun(OsString, #[source] io::Error),
}

impl StartError {
    /// What a system says that does not take all these variables, made of what it was given.
    pub(super) fn too_large<'a>(
        variables: impl Iterator<Item = (&'a OsString, &'a OsString)>,
        arguments: impl Iterator<Item = &'a OsString>,
    ) -> Self {
        let mut sizes: Vec<_> =
            variables.map(|(name, value)| (name.len() + value.len() + "=\0".len(), shown(name))).collect();
        sizes.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        let too_large: Vec<_> =
            sizes.iter().filter(|(size, _)| *size > LARGEST_VARIABLE).map(|(_, name)| name.clone()).collect();
        if !too_large.is_empty() {
            return Self::TooLarge(too_large);
        }
        let all =
            sizes.iter().map(|(size, _)| size).sum::<usize>() + arguments.map(|text| text.len() + 1).sum::<usize>();
        Self::TooMuch(all, sizes.into_iter().take(LARGEST).map(|(_, name)| name).collect())
    }

    /// As env(1) has it.
    pub(in crate::cli) fn code(&self) -> u8 {
        match self {
            Self::CannotRun(..) => CANNOT_RUN,
            Self::NotFound(_) | Self::NoInterpreter(_) => NOT_FOUND,
            _ => FAILED,
        }
    }

    pub(in crate::cli) fn message(&self) -> Message {
        let (title, what, next) = match self {
            Self::Refused(names) => (
                "Refused names",
                format!("These names could take over the program, so it was not started: {}.", list(names)),
                advice(names),
            ),
            Self::NotPulled(path) => (
                "File not found",
                format!("`--file` names {path}, which is not among the files that were pulled."),
                "To see which there are, run: cstore list files".to_owned(),
            ),
            Self::NoFiles(reason) => (
                "No file in memory",
                format!("This system holds no file in memory for --file: {reason}."),
                "Write the file with `cstore pull` instead, or allow memfd_create and mount /proc.".to_owned(),
            ),
            Self::TooLarge(names) => (
                "Values too large",
                format!(
                    "A variable may have {} KiB, and these have more, so nothing was started: {}.",
                    LARGEST_VARIABLE / 1024,
                    list(names)
                ),
                "Leave them out by their keys with --keys '!KEY', and hand the file over with --file PATH=VAR."
                    .to_owned(),
            ),
            Self::TooMuch(bytes, largest) => (
                "Values too large",
                format!(
                    "Variables and arguments have {} KiB together, which is more than this system takes, so nothing was \
                     started. The largest variables are {}.",
                    bytes.div_ceil(1024),
                    list(largest)
                ),
                "Choose the keys that the program needs with --keys, and hand files over with --file PATH=VAR."
                    .to_owned(),
            ),
            Self::NotFound(name) => (
                "No such command",
                format!("There is no command {}.", shown(name)),
                "Check its name, and that a folder of PATH has it; or write its path, such as ./NAME.".to_owned(),
            ),
            Self::NoInterpreter(name) => (
                "No such command",
                format!("{} cannot be run: the interpreter or loader that it names is not there.", shown(name)),
                "Install it; or correct the script's first line, where it may end in a carriage return.".to_owned(),
            ),
            Self::CannotRun(name, reason) => (
                "Cannot be run",
                format!("{} cannot be run: {reason}.", shown(name)),
                "It must be a program for this system, or a script that begins with #!, and executable: chmod +x. A \
                 script can also be run by its interpreter: cstore exec -- sh FILE"
                    .to_owned(),
            ),
        };
        Message { next, ..Message::new(title, what) }
    }
}

fn shown(name: &OsStr) -> String {
    excerpt(&name.to_string_lossy())
}
