//! The action: what GitHub's runner starts in the container.

use std::process::ExitCode;

use cstore::secret::Secret;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    // A panic's message could quote what it was about.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("internal error at {place}\n"));
    }));
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, Secret::new(value.into_string().ok()?))))
        .collect();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let code = runtime.block_on(async {
        // Process 1 of a container has no default handlers: without its own, a cancelled job would wait.
        let (mut interrupt, mut terminate) = match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
            (Ok(interrupt), Ok(terminate)) => (interrupt, terminate),
            _ => return 1,
        };
        tokio::select! {
            code = cstore::action::run(environment, std::io::stdout()) => code,
            _ = interrupt.recv() => 130,
            _ = terminate.recv() => 143,
        }
    });
    // A look-up of a host name cannot be interrupted; its thread is left behind, not waited for.
    runtime.shutdown_background();
    ExitCode::from(code)
}
