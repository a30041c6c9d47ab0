//! The action: what GitHub's runner starts in the container.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use cstore::environment::Environment;
use cstore::process::Process;

/// In the released binaries for Linux.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const VERSION: &str = concat!("cstore-action ", env!("CARGO_PKG_VERSION"), "\n");
const USAGE: &str = "cstore-action takes no arguments but --version: its inputs come as INPUT_… variables, as GitHub \
                     hands them over. See docs/inputs.md.\n";

fn main() -> ExitCode {
    // Whoever asks for help is not to start a pull. In setup/ the runner names a script, as to any shell: it says
    // nothing.
    let option = std::env::args_os().nth(1).filter(|argument| argument.as_encoded_bytes().starts_with(b"-"));
    let done = match option {
        Some(option) if option == "--version" || option == "-V" => print(VERSION, ExitCode::SUCCESS),
        Some(_) => print(USAGE, ExitCode::from(2)),
        None => run(),
    };
    done.unwrap_or_else(|error| {
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(io::stderr(), "cstore-action: {error:#}");
        ExitCode::FAILURE
    })
}

fn run() -> anyhow::Result<ExitCode> {
    let process = Process::start().context("the process cannot be set up")?;
    let environment = Environment::new(std::env::vars_os());
    let code = process
        .run(|cancellation| cstore::action::run(environment, io::stdout(), cancellation))
        .context("signal handlers cannot be set up")?;
    Ok(ExitCode::from(code))
}

fn print(text: &str, code: ExitCode) -> anyhow::Result<ExitCode> {
    io::stdout().write_all(text.as_bytes()).context("standard output cannot be written")?;
    Ok(code)
}
