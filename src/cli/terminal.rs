//! What is printed where.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::failure::Failure;
use crate::message::{Level, Message, Notice};
use crate::name::is_deceptive;
use crate::option::{NO_COLOR, OptionError, QUIET, RawOptions};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Standard input, output and error.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terminal {
    /// Whether only errors and data are printed.
    is_quiet: bool,
}

impl Terminal {
    /// Finds out what is to be printed, and how.
    ///
    /// # Errors
    /// A flag that is neither true nor false.
    pub(super) fn new(raw: &RawOptions) -> Result<Self, OptionError> {
        if raw.flag(&NO_COLOR)? {
            ColorChoice::Never.write_global();
        }
        Ok(Self { is_quiet: raw.flag(&QUIET)? })
    }

    /// Whether somebody looks on who wants to see what goes on.
    pub(super) fn shows_progress(self) -> bool {
        !self.is_quiet && io::stderr().is_terminal()
    }

    /// Prints an error.
    pub(super) fn error(self, message: &Message) {
        let Message { what, untouched, next, .. } = message;
        let place = place(message.file.as_deref(), message.line);
        say(ERROR, "error", &format!("{place}{what}{}{untouched}", if untouched.is_empty() { "" } else { " " }));
        if !next.is_empty() {
            say(NOTE, "next", next);
        }
    }

    /// Prints what is worth knowing of a run that succeeded.
    pub(super) fn notice(self, notice: &Notice) {
        if self.is_quiet {
            return;
        }
        let text = format!("{}{}", place(notice.file.as_deref(), notice.line), notice.text);
        match notice.level {
            Level::Warning => say(WARNING, "warning", &text),
            Level::Notice => say(NOTE, "note", &text),
        }
    }

    /// Prints something worth knowing of this run, which is no part of its result.
    pub(super) fn note(self, text: &str) {
        if !self.is_quiet {
            say(NOTE, "note", text);
        }
    }

    /// Prints a warning.
    pub(super) fn warning(self, text: &str) {
        if !self.is_quiet {
            say(WARNING, "warning", text);
        }
    }

    /// Prints a line of a result that is for people.
    pub(super) fn line(self, text: &str) {
        if !self.is_quiet {
            // Nobody is left to tell when this cannot be written.
            let _ = writeln!(AutoStream::auto(io::stderr()), "{}", shown(text));
        }
    }

    /// Prints data to standard output, as it is. Whoever has read enough of it has had what he wanted.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn data(self, data: &[u8]) -> Result<(), Failure> {
        let mut output = io::stdout().lock();
        match output.write_all(data).and_then(|()| output.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok(()),
        }
    }
}

fn place(file: Option<&str>, line: Option<usize>) -> String {
    match (file, line) {
        (Some(file), Some(line)) => format!("{file}:{line}: "),
        (Some(file), None) => format!("{file}: "),
        (None, _) => String::new(),
    }
}

fn say(style: Style, label: &str, text: &str) {
    // Nobody is left to tell when this cannot be written.
    let _ = writeln!(AutoStream::auto(io::stderr()), "{style}{label}:{style:#} {}", shown(text));
}

/// A text as a terminal may show it: what would move its cursor, or reorder or hide text, is replaced.
pub(super) fn shown(text: &str) -> String {
    text.chars().map(|c| if is_deceptive(c) && c != '\n' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
