use std::io;

use crate::error::ExitCode;
use crate::message::Message;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum PromptError {
    /// Nobody can be asked, and there is no default.
    #[error("nobody can be asked: {question}")]
    NoAnswer {
        /// What would have been asked.
        question: String,
        /// What answers it beforehand.
        flag: String,
    },
    /// What answers beforehand, or the default, cannot be used.
    #[error("{question}: {why}")]
    Unusable {
        /// What was asked for.
        question: String,
        /// Why, as a sentence.
        why: String,
        /// What answers it beforehand.
        flag: String,
    },
    /// The input ended in an answer's place.
    #[error("the input ended")]
    Ended {
        /// What was asked.
        question: String,
        /// What answers it beforehand.
        flag: String,
    },
    /// The terminal cannot be read.
    #[error("the terminal cannot be read")]
    Unreadable(#[source] io::Error),
}

impl PromptError {
    pub(super) fn code(&self) -> ExitCode {
        match self {
            Self::NoAnswer { .. } | Self::Unusable { .. } | Self::Ended { .. } => ExitCode::BadInput,
            Self::Unreadable(_) => ExitCode::Other,
        }
    }

    pub(super) fn message(&self) -> Message {
        let (what, next) = match self {
            Self::NoAnswer { question, flag } => {
                (format!("There is nobody to ask: {question}"), format!("Say it beforehand, with {flag}."))
            }
            Self::Unusable { question, why, flag } => {
                (format!("There is nobody to ask for another answer. {question}: {why}"), format!("Add {flag}."))
            }
            Self::Ended { question, flag } => (
                format!("The input ended before this was answered: {question}"),
                format!("Answer it, or say it beforehand, with {flag}."),
            ),
            Self::Unreadable(reason) => (
                format!("The terminal cannot be read: {reason}."),
                "Say the answers beforehand, with flags.".to_owned(),
            ),
        };
        Message { next, ..Message::new("No answer", what) }
    }
}
