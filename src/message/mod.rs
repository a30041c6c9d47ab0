//! The words for errors, and for what is to be said of a run that succeeded, the same for every front end: what failed,
//! why, and what to do next. All are made here, so that they read alike. None contains a config value.

pub mod changes;
pub(crate) mod channel;
pub mod channel_moved;
pub mod checked;
mod config_files;
mod deadline;
pub mod diff;
mod headline;
pub mod history;
mod identity;
mod keys;
mod list;
pub mod listing;
mod local_files;
mod lock;
mod note;
mod notice;
pub mod objects;
mod option;
mod promise;
pub mod purge;
mod push;
mod remedy;
mod restored;
pub(crate) mod rollback;
mod run;
mod s3;
mod speaker;
mod store;
#[cfg(test)]
mod tests;
mod unknown_files;
pub mod verify;

use crate::name::ConfigPath;

pub(crate) use self::headline::{counted, headline, place, promotion_verb, push_verb};
pub use self::list::list;
use self::list::{SHOWN, some_of};
pub(crate) use self::local_files::{about_file, message_about_file};
pub use self::note::{about_missing, notice};
pub use self::notice::{Level, Notice};
pub(crate) use self::push::after as after_push;
pub(crate) use self::remedy::reach_github;
pub use self::restored::about_taken_along;
pub use self::run::{message, messages};
pub use self::speaker::{Action, CommandLine, PathsFromHere, Speaker};
pub(crate) use self::speaker::{in_shell, typed_flag, with_value};

/// The message for a failure. It may quote services, and is not yet cleaned for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// A few words, for a title and docs/errors.md.
    pub title: String,
    /// What failed, and why.
    pub what: String,
    /// The single things that it failed at, each with why; shown a line each.
    pub items: Vec<String>,
    /// A sentence that says what the failure did not change; empty where that is clear.
    pub untouched: &'static str,
    /// What to do next.
    pub next: String,
    /// The path of the file at fault, in the workspace.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<usize>,
}

impl Message {
    pub(crate) fn new(title: &str, what: impl Into<String>) -> Self {
        let (title, what) = (title.to_owned(), what.into());
        Self { title, what, items: Vec::new(), untouched: "", next: String::new(), file: None, line: None }
    }

    pub(crate) fn leaving(self, untouched: &'static str) -> Self {
        Self { untouched, ..self }
    }

    /// Names the first of many things, and how many more there are. Each is one line, whatever its name holds.
    fn listing(self, mut items: Vec<String>) -> Self {
        let more = items.len().saturating_sub(SHOWN);
        items.truncate(SHOWN);
        items.iter_mut().for_each(|item| *item = item.replace(char::is_control, "\u{FFFD}"));
        items.extend((more > 0).then(|| format!("and {more} more")));
        Self { items, ..self }
    }

    fn at(self, file: &ConfigPath, line: Option<usize>) -> Self {
        Self { file: Some(file.to_string()), line: line.filter(|line| *line > 0), ..self }
    }

    /// The whole message.
    #[must_use]
    pub fn text(&self) -> String {
        let joined =
            |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        if self.items.is_empty() {
            return joined(&[&self.what, self.untouched, &self.next]);
        }
        let items = self.items.iter().map(|item| format!("- {item}"));
        let lines = [joined(&[&self.what, self.untouched])].into_iter().chain(items);
        let next = (!self.next.is_empty()).then(|| self.next.clone());
        lines.chain(next).collect::<Vec<_>>().join("\n")
    }
}

/// What a failure did not do of a command that delivers files or values.
pub(crate) const UNDELIVERED: &str = "Nothing was delivered.";

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What the core says of an error, as a sentence.
fn ended(error: &impl std::fmt::Display, speaker: impl Speaker) -> String {
    format!("{}.", capital(&speaker.clause(error)))
}
