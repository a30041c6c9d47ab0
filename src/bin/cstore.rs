//! The command line: what a person types, and what a task starts with.

use std::process::ExitCode;

use cstore::environment::Environment;

/// In the released binaries for Linux.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Before `main`, as what it looks at is gone in it.
#[cfg(unix)]
#[ctor::ctor]
fn note_standard_output() {
    cstore::cli::note_standard_output();
}

fn main() -> ExitCode {
    ExitCode::from(cstore::cli::main(std::env::args_os(), Environment::new(std::env::vars_os())))
}
