use crate::cli::complete::script;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::terminal::Terminal;

/// Prints the script that completes command lines in a shell.
pub(in crate::cli) fn completions(invocation: &Invocation, terminal: Terminal) -> Result<(), Failure> {
    invocation.refuse_flags()?;
    let shell = invocation.argument("SHELL").unwrap_or_default();
    terminal.data(&script(shell).ok_or_else(|| Failure::NoShell(shell.to_owned()))?)
}
