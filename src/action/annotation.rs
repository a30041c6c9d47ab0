//! Annotations: messages on the run's page and in its log, as commands of the runner.

use super::escape::{clean, escape_data, needs_shield, property};
use crate::command::Note;
use crate::message::{self, Notice};

/// The level of an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Something failed.
    Error,
    /// Something deserves a look.
    Warning,
    /// Something is worth knowing.
    Notice,
    /// A line of the log that is shown only when debug logging is on. It is no annotation: title, file and line are
    /// not sent.
    Debug,
}

impl Level {
    const fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Debug => "debug",
        }
    }

    /// The word for several.
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Self::Error => "errors",
            Self::Warning => "warnings",
            Self::Notice => "notices",
            Self::Debug => "debug lines",
        }
    }
}

/// An annotation: a message on the run's page and in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Annotation {
    /// Its level.
    pub(crate) level: Level,
    /// A few words above the message; empty for none.
    pub(crate) title: String,
    /// The file at fault, relative to the workspace (or absolute, as this container names it).
    pub(crate) file: Option<String>,
    /// The line in `file`, from 1. Not sent without a file.
    pub(crate) line: Option<usize>,
    /// The message. It may have several lines.
    pub(crate) message: String,
}

impl Annotation {
    /// A message without a place.
    pub(crate) fn new(level: Level, title: impl Into<String>, message: impl Into<String>) -> Self {
        Self { level, title: title.into(), file: None, line: None, message: message.into() }
    }

    /// The workflow command: one line, without the line break at its end. Control characters and marks that reorder
    /// text come out as U+FFFD.
    #[must_use]
    pub(crate) fn command(&self) -> String {
        let mut properties = Vec::new();
        if self.level != Level::Debug {
            if let Some(file) = self.file.as_deref().filter(|file| !file.is_empty()) {
                properties.push(property("file", file));
                properties.extend(self.line.map(|line| format!("line={line}")));
            }
            if !self.title.is_empty() {
                properties.push(property("title", &self.title));
            }
        }
        let blank = if properties.is_empty() { "" } else { " " };
        let mut message = clean(&self.message, '\n');
        if needs_shield(&message) {
            message.insert(0, ' ');
        }
        format!("::{}{blank}{}::{}", self.level.command(), properties.join(","), escape_data(&message))
    }

    /// The message's first line, with the place before it.
    pub(super) fn in_short(&self) -> String {
        let message = self.message.lines().next().unwrap_or_default();
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: {message}"),
            (Some(file), None) => format!("{file}: {message}"),
            _ => message.to_owned(),
        }
    }
}

/// The annotations for notes.
pub(super) fn annotations_of<'a>(notes: impl IntoIterator<Item = &'a Note>) -> impl Iterator<Item = Annotation> {
    notes.into_iter().map(|note| message::notice(note, message::Action).into())
}

impl From<Notice> for Annotation {
    fn from(Notice { level, title, text, file, line }: Notice) -> Self {
        let level = match level {
            message::Level::Warning => Level::Warning,
            message::Level::Notice => Level::Notice,
        };
        Self { level, title, file, line, message: text }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::action::escape::tests::hostile;
    use crate::action::runner_rules::command_reader::read;

    pub(in crate::action) fn at(file: &str, line: usize) -> Annotation {
        Annotation {
            file: Some(file.to_owned()),
            line: Some(line),
            ..Annotation::new(Level::Error, "Bad catalog", "a: b, c\n100 %")
        }
    }

    #[test]
    fn a_command_is_one_escaped_line() {
        assert_eq!(
            at("a:b,c.yml", 3).command(),
            "::error file=a%3Ab%2Cc.yml,line=3,title=Bad catalog::a: b, c%0A100 %25"
        );
        assert_eq!(Annotation::new(Level::Notice, "", "x").command(), "::notice::x");
        let debug = Annotation { level: Level::Debug, ..at("x", 1) };
        assert_eq!(debug.command(), "::debug::a: b, c%0A100 %25");
        let no_file = Annotation { file: None, ..at("x", 1) };
        assert_eq!(no_file.command(), "::error title=Bad catalog::a: b, c%0A100 %25");
        assert_eq!(at("=x", 1).command(), at(" =x", 1).command());
    }

    #[test]
    fn a_message_may_begin_with_a_combining_mark() {
        let command = Annotation::new(Level::Warning, "t", "\u{301}x").command();
        assert_eq!(read(command.as_bytes()).log, ["##[warning] \u{301}x"]);
    }

    proptest! {
        #[test]
        fn a_command_says_what_it_was_given(title in hostile(), file in hostile(), message in hostile(), line in 1..99_usize) {
            let annotation = Annotation { level: Level::Error, title, file: Some(file), line: Some(line), message };
            let text = annotation.command();
            prop_assert_eq!(text.lines().count(), 1);
            let reading = read(text.as_bytes());
            prop_assert_eq!(reading.commands.len(), 1);
            let command = &reading.commands[0];
            prop_assert_eq!(&command.name, "error");
            let message = clean(&annotation.message, '\n');
            prop_assert_eq!(command.data.trim_start(), message.trim_start());
            for (name, given) in [("title", &annotation.title), ("file", annotation.file.as_ref().unwrap())] {
                let read = command.properties.get(name).map(|text| text.trim()).unwrap_or_default();
                let given = clean(given, ' ');
                prop_assert_eq!(read, given.trim());
            }
        }
    }
}
