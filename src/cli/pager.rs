use std::io::{self, IsTerminal as _, Write as _};
use std::process::{Child, Command, Stdio};

use super::failure::Failure;
use super::terminal::Terminal;
use crate::environment::Environment;

/// Lets whole pages through that fit, colours too, and leaves them on the screen.
const DEFAULT: &str = "less -FRX";

/// Prints a text that may be longer than a screen: on a terminal through a pager, else as it is. An empty name of a
/// pager, and `cat`, mean none.
pub(super) fn page(text: &str, environment: &Environment, terminal: Terminal) -> Result<(), Failure> {
    let named = ["CSTORE_PAGER", "PAGER"].into_iter().find_map(|name| environment.get(name));
    let pager = named.map_or(DEFAULT, |pager| pager.expose().trim());
    if !io::stdout().is_terminal() || matches!(pager, "" | "cat") {
        return terminal.data(text.as_bytes());
    }
    let Ok(mut child) = start(pager) else { return terminal.data(text.as_bytes()) };
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

fn start(pager: &str) -> io::Result<Child> {
    // It may have arguments, as in `less -S`.
    let mut command = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    command.args([if cfg!(windows) { "/C" } else { "-c" }, pager]).stdin(Stdio::piped()).spawn()
}
