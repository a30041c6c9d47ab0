//! The words of the action for what went wrong: what failed, why, and what to do next. Their tone is one because they are
//! made here and nowhere else. None of them ever holds a config value.

mod identity;
mod option;
mod push;
mod remedy;
mod run;
mod s3;
mod store;

use crate::name::ConfigPath;

pub(super) use self::run::failure_message;
pub use self::run::message;

/// What a person is told of a failure. Texts of services in it are not yet cleaned for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The short form.
    pub title: String,
    /// What failed, and why.
    pub what: String,
    /// What the failure left as it was, as a sentence; empty where that need not be said.
    pub untouched: &'static str,
    /// What to do next.
    pub next: String,
    /// The file at fault, in the workspace.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<usize>,
}

impl Message {
    fn new(title: &str, what: impl Into<String>) -> Self {
        let (title, what) = (title.to_owned(), what.into());
        Self { title, what, untouched: "", next: String::new(), file: None, line: None }
    }

    fn leaving(self, untouched: &'static str) -> Self {
        Self { untouched, ..self }
    }

    fn at(self, file: &ConfigPath, line: Option<usize>) -> Self {
        Self { file: Some(file.to_string()), line: line.filter(|line| *line > 0), ..self }
    }

    /// The whole message.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = [self.what.as_str(), self.untouched, self.next.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// How many items of a list a message names.
const SHOWN: usize = 10;

/// The first of a list, and how many more there are.
pub(super) fn some_of<T: ToString>(items: &[T]) -> String {
    let shown: Vec<_> = items.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = items.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
