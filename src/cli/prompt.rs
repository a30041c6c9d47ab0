//! Questions to the person at the terminal. Where nobody sits there, nothing waits: the default counts, or the run
//! fails with the name of the flag that answers.

use std::io::{self, BufRead as _};

use super::failure::Failure;
use super::session::Session;
use super::type_ahead::forget_type_ahead;
use super::unanswered::PromptError;
use crate::error::Error;

/// A question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    /// What is asked for, such as "Context", or what is to be agreed to, such as "Delete 3 files?".
    pub(super) text: &'a str,
    /// What answers it beforehand, such as `--context NAME`.
    pub(super) flag: &'a str,
}

impl Session {
    /// Asks for a text until it is one that can be used. An empty answer is the default, which may be empty itself.
    ///
    /// # Errors
    /// No answer, and no default in its place.
    pub(super) async fn ask<T>(
        &self,
        question: Question<'_>,
        default: Option<&str>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        let Question { text, flag } = question;
        if !self.terminal.can_ask() {
            let default = default.ok_or_else(|| question.unanswered("an answer"))?;
            let unusable = |why| PromptError::Unusable { question: text.to_owned(), why, flag: flag.to_owned() };
            return Ok(read(default).map_err(unusable)?);
        }
        let shown = default.filter(|default| !default.is_empty()).map(|default| format!(" [{default}]"));
        loop {
            let answer = self.line(question, &format!("{text}{}: ", shown.as_deref().unwrap_or_default())).await?;
            let answer = if answer.is_empty() { default.unwrap_or_default() } else { answer.as_str() };
            match read(answer) {
                Ok(answer) => return Ok(answer),
                Err(why) => self.terminal.hint(&why),
            }
        }
    }

    /// Asks for yes or no. `--yes` is a yes; where nobody can be asked and there is no default, the run fails.
    ///
    /// # Errors
    /// No answer, and no default in its place.
    pub(super) async fn confirm(&self, question: Question<'_>, default: Option<bool>) -> Result<bool, Failure> {
        if self.terminal.says_yes() {
            return Ok(true);
        }
        if !self.terminal.can_ask() {
            return Ok(default.ok_or_else(|| question.unanswered("confirmation"))?);
        }
        let choice = match default {
            Some(true) => "Y/n",
            Some(false) => "y/N",
            None => "y/n",
        };
        loop {
            let answer = self.line(question, &format!("{} [{choice}] ", question.text)).await?;
            match (answer.to_lowercase().as_str(), default) {
                ("y" | "yes", _) => return Ok(true),
                ("n" | "no", _) => return Ok(false),
                ("", Some(default)) => return Ok(default),
                _ => self.terminal.hint("Answer y or n."),
            }
        }
    }

    /// Has a person type what is to be removed for good, exactly. `--yes` agrees, too; where nobody can be asked, the
    /// run fails.
    ///
    /// # Errors
    /// No answer.
    pub(super) async fn confirm_by_typing(&self, question: Question<'_>, expected: &str) -> Result<bool, Failure> {
        self.require_confirmation(question)?;
        Ok(self.terminal.says_yes() || self.line(question, &format!("{} ", question.text)).await? == expected)
    }

    /// Fails where nothing can confirm: before work that would be for nothing.
    ///
    /// # Errors
    /// [`PromptError::NoAnswer`].
    pub(super) fn require_confirmation(&self, question: Question<'_>) -> Result<(), Failure> {
        if self.terminal.says_yes() || self.terminal.can_ask() {
            return Ok(());
        }
        Err(question.unanswered("confirmation").into())
    }

    /// One line of what is typed, without blanks around it.
    async fn line(&self, question: Question<'_>, prompt: &str) -> Result<String, Failure> {
        Ok(String::from_utf8_lossy(&self.bytes(question, prompt).await?).trim().to_owned())
    }

    /// One line as it is typed after the question is shown. The terminal stays as it is: it is what edits the line, and
    /// whoever interrupts the run finds it so.
    pub(super) async fn bytes(&self, question: Question<'_>, prompt: &str) -> Result<Vec<u8>, Failure> {
        forget_type_ahead();
        self.terminal.prompt(prompt);
        // A thread that waits for a line cannot be interrupted, and is left behind when the process ends.
        let line = tokio::task::spawn_blocking(|| {
            let mut line = Vec::new();
            io::stdin().lock().read_until(b'\n', &mut line).map(|_| line)
        });
        let line = tokio::select! {
            biased;
            signal = self.cancellation.requested() => {
                self.terminal.end_line();
                return Err(Error::Cancelled(signal).into());
            }
            line = line => line.map_err(io::Error::other).and_then(|line| line).map_err(PromptError::Unreadable)?,
        };
        if line.is_empty() {
            self.terminal.end_line();
            let Question { text, flag } = question;
            return Err(PromptError::Ended { question: text.to_owned(), flag: flag.to_owned() }.into());
        }
        Ok(line)
    }
}

impl Question<'_> {
    pub(super) fn unanswered(&self, needed: &'static str) -> PromptError {
        PromptError::NoAnswer { question: self.text.to_owned(), needed, flag: self.flag.to_owned() }
    }
}
