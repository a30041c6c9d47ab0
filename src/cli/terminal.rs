//! What is printed where.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::failure::Failure;
use super::standard_output;
use crate::environment::Environment;
use crate::message::{Level, Message, Notice};
use crate::name::is_deceptive;
use crate::option::{NO_COLOR, NON_INTERACTIVE, OptionError, QUIET, RawOptions, YES};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const QUESTION: Style = AnsiColor::Green.on_default().bold();

/// Standard input, output and error.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terminal {
    /// Whether only errors and data are printed.
    is_quiet: bool,
    /// Whether somebody sits there.
    is_attended: bool,
    /// Whether somebody sits there who can answer.
    can_ask: bool,
    /// Whether every question that can be answered by yes has been.
    says_yes: bool,
}

impl Terminal {
    /// Finds out what is to be printed, and how.
    ///
    /// # Errors
    /// A flag that is neither true nor false.
    pub(super) fn new(raw: &RawOptions, environment: &Environment) -> Result<Self, OptionError> {
        if raw.flag(&NO_COLOR)? {
            ColorChoice::Never.write_global();
        }
        let (says_yes, is_silent) = (raw.flag(&YES)?, raw.flag(&NON_INTERACTIVE)?);
        // As other tools read what nearly all CI systems set.
        let is_ci =
            environment.is_set("CI") && !matches!(environment.text("CI").as_deref(), None | Some("false" | "0"));
        let is_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        let is_attended = is_terminal && !is_silent && !is_ci;
        Ok(Self { is_quiet: raw.flag(&QUIET)?, is_attended, can_ask: is_attended && !says_yes, says_yes })
    }

    /// Whether somebody sits there, whether or not all questions have been answered.
    pub(super) const fn is_attended(self) -> bool {
        self.is_attended
    }

    /// Whether only errors and data are printed.
    pub(super) const fn is_quiet(self) -> bool {
        self.is_quiet
    }

    /// Whether somebody sits there who can be asked.
    pub(super) const fn can_ask(self) -> bool {
        self.can_ask
    }

    /// Whether questions that can be answered by yes have been.
    pub(super) const fn says_yes(self) -> bool {
        self.says_yes
    }

    /// The same for what a question is about, which is shown whether or not all else is.
    pub(super) const fn of_question(self) -> Self {
        Self { is_quiet: false, ..self }
    }

    /// Prints a question, and leaves the line open for the answer.
    pub(super) fn prompt(self, text: &str) {
        let mut stderr = AutoStream::auto(io::stderr());
        // Nobody is left to tell when this cannot be written.
        let _ = write!(stderr, "{QUESTION}?{QUESTION:#} {}", shown(text)).and_then(|()| stderr.flush());
    }

    /// Prints a line that belongs to a question.
    pub(super) fn hint(self, text: &str) {
        let _ = writeln!(AutoStream::auto(io::stderr()), "{}", shown(text));
    }

    /// Ends a line that was left open.
    pub(super) fn end_line(self) {
        let _ = writeln!(io::stderr());
    }

    /// Whether somebody looks on who wants to see what goes on.
    pub(super) fn shows_progress(self) -> bool {
        !self.is_quiet && io::stderr().is_terminal()
    }

    /// Prints an error.
    pub(super) fn error(self, message: &Message) {
        let Message { what, items, untouched, next, .. } = message;
        let place = place(message.file.as_deref(), message.line);
        say(ERROR, "error", &format!("{place}{what}{}{untouched}", if untouched.is_empty() { "" } else { " " }));
        items.iter().for_each(|item| self.hint(&format!("- {item}")));
        if !next.is_empty() {
            // Lines that are to be copied into a file.
            next.split('\n').enumerate().for_each(|(at, line)| match at {
                0 => say(NOTE, "next", line),
                _ => self.hint(line),
            });
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

    /// Prints a command line that may come next.
    pub(super) fn next(self, command: &str) {
        if !self.is_quiet {
            say(NOTE, "next", command);
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

    /// Prints a JSON document to standard output: on one line for a program, indented for a person at a terminal, where
    /// nothing in it moves the cursor.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn document(self, document: &Value) -> Result<(), Failure> {
        if !io::stdout().is_terminal() {
            return self.data(format!("{document}\n").as_bytes());
        }
        let escaped = |c: char| match c {
            // Such a character can stand only in a string.
            c if is_deceptive(c) && c != '\n' => {
                c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
            }
            c => String::from(c),
        };
        let text: String = format!("{document:#}\n").chars().map(escaped).collect();
        self.data(text.as_bytes())
    }

    /// Prints config values to standard output: as they are for a program, and for a person at a terminal without what
    /// would move its cursor, change its settings, or reorder or hide text. The person is told so.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn values(self, text: &str) -> Result<(), Failure> {
        let is_obeyed = |c: char| is_deceptive(c) && !matches!(c, '\n' | '\t');
        if !io::stdout().is_terminal() || !text.contains(is_obeyed) {
            return self.data(text.as_bytes());
        }
        self.data(text.replace(is_obeyed, "\u{FFFD}").as_bytes())?;
        self.warning(
            "Control characters and invisible ones are shown as \u{FFFD} here. A file or a pipe gets the values as they are.",
        );
        Ok(())
    }

    /// Prints data to standard output, as it is. Whoever has read enough of it has had what he wanted.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn data(self, data: &[u8]) -> Result<(), Failure> {
        standard_output::write(data).map_err(Failure::Output)
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

/// A text as one line that a terminal may show: what would move its cursor, or reorder or hide text, is replaced. A
/// name with a line break in it could pretend to be a line of ours.
pub(super) fn shown(text: &str) -> String {
    text.chars().map(|c| if is_deceptive(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
