use std::io;

use crate::error::ExitCode;
use crate::message::Message;

/// Why nobody is asked, as a clause.
const UNASKED: &str = "there is no terminal (or CI or --non-interactive is set)";

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum PromptError {
    /// Nobody can be asked, and there is no default.
    #[error("nobody can be asked: {question}")]
    NoAnswer {
        /// What would have been asked.
        question: String,
        /// What is needed: "an answer", or "confirmation".
        needed: &'static str,
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
    /// The answer has more lines than the one that a terminal gives.
    #[error("several lines were typed")]
    SeveralLines {
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
            Self::NoAnswer { .. } | Self::Unusable { .. } | Self::Ended { .. } | Self::SeveralLines { .. } => {
                ExitCode::BadInput
            }
            Self::Unreadable(_) => ExitCode::Other,
        }
    }

    pub(super) fn message(&self) -> Message {
        let (what, next) = match self {
            Self::NoAnswer { question, needed, flag } => {
                (format!("This needs {needed}, and {UNASKED}: {question}"), format!("Pass {flag}."))
            }
            Self::Unusable { question, why, flag } => {
                (format!("{question}: {why} This needs another answer, and {UNASKED}."), format!("Pass {flag}."))
            }
            Self::Ended { question, flag } => {
                (format!("The input ended before this was answered: {question}"), format!("Answer it, or pass {flag}."))
            }
            Self::SeveralLines { question, flag } => (
                format!(
                    "This takes one line, and more than one line was typed or pasted: {question}. Nothing was changed."
                ),
                format!("Pass {flag}."),
            ),
            Self::Unreadable(reason) => {
                (format!("The terminal cannot be read: {reason}."), "Pass the answers as flags.".to_owned())
            }
        };
        Message { next, ..Message::new("No answer", what) }
    }
}
