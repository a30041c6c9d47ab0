use clap_complete::aot::{Shell, generate};

use crate::cli::arguments::grammar;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::terminal::Terminal;

/// Prints the script that completes command lines in a shell.
pub(in crate::cli) fn completions(invocation: &Invocation, terminal: Terminal) -> Result<(), Failure> {
    let name = invocation.argument("SHELL").unwrap_or_default();
    let shell: Shell = name.parse().map_err(|_| Failure::NoShell(name.to_owned()))?;
    let mut script = Vec::new();
    generate(shell, &mut grammar(), "cstore", &mut script);
    terminal.data(&script)
}
