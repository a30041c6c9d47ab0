//! Questions for what is not to be seen: the terminal does not show it as it is typed.

use std::pin::pin;

use super::failure::Failure;
use super::fatal_signals::FatalSignals;
use super::hidden::Hidden;
use super::prompt::Question;
use super::session::Session;
use super::suspension::{Suspended, Suspension, stop};
use super::unamended::Unamended;
use super::unanswered::PromptError;
use crate::secret::Secret;

/// The most bytes of a line that a terminal on Linux gives, its end included (termios(3), canonical mode).
const LONGEST_LINE: usize = 4095;

/// Asks for one secret after the other. Between the first question and [`finish`](Self::finish) no signal leaves the
/// terminal silent.
pub(super) struct SecretPrompt<'a> {
    session: &'a Session,
    /// None as long as nothing was asked: they are heard from then on.
    signals: Option<(FatalSignals, Suspension)>,
}

impl<'a> SecretPrompt<'a> {
    pub(super) const fn new(session: &'a Session) -> Self {
        Self { session, signals: None }
    }

    /// Asks for a secret.
    ///
    /// # Errors
    /// No answer.
    pub(super) async fn ask(&mut self, question: Question<'_>) -> Result<Secret<String>, Failure> {
        let terminal = self.session.terminal;
        if !terminal.can_ask() {
            return Err(question.unanswered("an answer").into());
        }
        let heard = match self.signals.take() {
            Some(heard) => heard,
            None => (FatalSignals::start().map_err(Failure::Process)?, Suspension::start().map_err(Failure::Process)?),
        };
        let (fatal, suspension) = self.signals.insert(heard);
        let text = format!("{}: ", question.text);
        loop {
            let hidden = Hidden::start().map_err(PromptError::Unreadable)?;
            let line = tokio::select! {
                biased;
                signal = fatal.heard() => {
                    terminal.end_line();
                    return Err(Unamended::Ended(signal).into());
                }
                line = hidden_line(self.session, question, &text, &hidden, suspension) => line?,
            };
            let has_more = hidden.has_more().await.map_err(PromptError::Unreadable)?;
            drop(hidden);
            if has_more && line.len() < LONGEST_LINE {
                let Question { text, flag } = question;
                return Err(PromptError::SeveralLines { question: text.to_owned(), flag: flag.to_owned() }.into());
            }
            match String::from_utf8(line) {
                Ok(line) if line.len() >= LONGEST_LINE => {
                    terminal.hint("A terminal cuts off lines as long as this one. KEY=- reads it from standard input.");
                }
                Ok(line) if !line.trim_end_matches(['\n', '\r']).is_empty() => {
                    return Ok(Secret::from(line.trim_end_matches(['\n', '\r'])));
                }
                Ok(_) => terminal.hint("Nothing was typed. For an empty value, write KEY= with nothing after it."),
                Err(_) => terminal.hint("That is not UTF-8 text."),
            }
        }
    }

    /// Leaves the signals to the system again.
    pub(super) fn finish(self) {
        if let Some((fatal, suspension)) = self.signals {
            fatal.leave_to_system();
            suspension.leave_to_system();
        }
    }
}

/// One line of what is typed and not shown. Whoever stops the run has the terminal as it was; when it goes on, it asks
/// again, and what was typed of the answer is forgotten.
async fn hidden_line(
    session: &Session,
    question: Question<'_>,
    text: &str,
    hidden: &Hidden,
    suspension: &mut Suspension,
) -> Result<Vec<u8>, Failure> {
    let mut line = pin!(session.bytes(question, text));
    loop {
        tokio::select! {
            biased;
            heard = suspension.heard() => match heard {
                Suspended::AskedFor => {
                    hidden.show();
                    session.terminal.end_line();
                    stop();
                    hidden.hide().map_err(PromptError::Unreadable)?;
                }
                // Also after what cannot be heard, such as SIGSTOP: a shell takes the terminal back as it knows it.
                Suspended::Over => {
                    hidden.hide().map_err(PromptError::Unreadable)?;
                    session.terminal.prompt(text);
                }
            },
            line = &mut line => return line,
        }
    }
}
