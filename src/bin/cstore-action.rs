//! The action: what GitHub's runner starts in the container.

use std::process::ExitCode;

use cstore::secret::Secret;

/// In the released binaries for Linux.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Whoever asks for help is not to start a pull. In setup/ the runner names a script, as to any shell: it says nothing.
    let option = std::env::args_os().nth(1).filter(|argument| argument.as_encoded_bytes().starts_with(b"-"));
    if let Some(argument) = option {
        let is_version = argument == "--version" || argument == "-V";
        let text = if is_version {
            concat!("cstore-action ", env!("CARGO_PKG_VERSION"), "\n")
        } else {
            "cstore-action takes no arguments but --version: its inputs come as INPUT_… variables, as GitHub hands them \
             over. See docs/inputs.md.\n"
        };
        let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
        return if is_version { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    // A panic's message could quote what it was about.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("internal error at {place}\n"));
    }));
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, Secret::new(value.into_string().ok()?))))
        .collect();
    #[cfg(unix)]
    allow_open_files();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let code = runtime.block_on(async {
        tokio::select! {
            biased; // so that signals are heard before anything is done
            code = cancelled() => code,
            code = cstore::action::run(environment, std::io::stdout()) => code,
        }
    });
    // A look-up of a host name cannot be interrupted; its thread is left behind, not waited for.
    runtime.shutdown_background();
    ExitCode::from(code)
}

/// As many open files as may be asked for without asking for more than a run has use for: some systems start with 256,
/// and connections alone may be that many.
#[cfg(unix)]
fn allow_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    const ENOUGH: u64 = 4096;
    let mut limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if limit.current.is_some_and(|current| current < most) {
        limit.current = Some(most);
        // What there is may well be enough.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

/// Waits for the job to be cancelled; gives the exit code. Process 1 of a container has no default handlers: without its
/// own, a cancelled job would wait.
#[cfg(unix)]
async fn cancelled() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return 1;
    };
    tokio::select! {
        _ = interrupt.recv() => 130,
        _ = terminate.recv() => 143,
    }
}

/// As above, with what Windows sends.
#[cfg(windows)]
async fn cancelled() -> u8 {
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    let (Ok(mut interrupt), Ok(mut terminate)) = (ctrl_c(), ctrl_break()) else { return 1 };
    tokio::select! {
        _ = interrupt.recv() => 130,
        _ = terminate.recv() => 143,
    }
}
