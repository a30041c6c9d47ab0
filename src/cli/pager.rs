//! Pages: on a terminal they go through the pager that a person has chosen.

use std::cell::OnceCell;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::{Child, Command, Stdio};

use super::failure::Failure;
use super::terminal::Terminal;
use crate::environment::Environment;

/// The pager that a person has chosen, and what it is to show.
#[derive(Debug)]
pub(super) struct Pager {
    /// None for the default.
    named: Option<String>,
    text: OnceCell<String>,
}

impl Pager {
    pub(super) fn new(environment: &Environment) -> Self {
        let named = ["CSTORE_PAGER", "PAGER"].into_iter().find_map(|name| environment.get(name));
        Self { named: named.map(|pager| pager.expose().trim().to_owned()), text: OnceCell::new() }
    }

    /// Prints a text that may be longer than a screen. On a terminal it is kept for [`show`](Self::show), unless there
    /// is no pager: an empty name and `cat` mean none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn print(&self, text: &str, terminal: Terminal) -> Result<(), Failure> {
        if !io::stdout().is_terminal() || matches!(self.named.as_deref(), Some("" | "cat")) {
            return terminal.data(text.as_bytes());
        }
        match self.text.set(text.to_owned()) {
            Ok(()) => Ok(()),
            Err(second) => terminal.data(second.as_bytes()),
        }
    }

    /// Shows what was kept, until the person leaves the pager; or as it is, if the pager is not there. The work must
    /// have ended: Ctrl-C is the pager's, and a run that is told to end ends soon.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn show(&self, terminal: Terminal) -> Result<(), Failure> {
        let Some(text) = self.text.get() else { return Ok(()) };
        let Ok(mut child) = self.start() else { return terminal.data(text.as_bytes()) };
        if let Some(mut input) = child.stdin.take() {
            // Whoever leaves the pager before the end has read enough.
            let _ = input.write_all(text.as_bytes());
        }
        match child.wait() {
            // What a shell says of a program that is not there.
            Ok(status) if matches!(status.code(), Some(126 | 127)) => terminal.data(text.as_bytes()),
            _ => Ok(()),
        }
    }

    fn start(&self) -> io::Result<Child> {
        let mut command = match &self.named {
            // It may have arguments, as in `less -S`.
            Some(named) => {
                let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
                shell.args([if cfg!(windows) { "/C" } else { "-c" }, named.as_str()]);
                shell
            }
            // It lets whole pages through that fit, colours too, and leaves them on the screen. No shell complains of
            // it where nobody has asked for it.
            None => {
                let mut less = Command::new("less");
                less.arg("-FRX");
                less
            }
        };
        command.stdin(Stdio::piped()).spawn()
    }
}
