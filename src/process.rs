//! What every binary of this tool does around its work: one thread, signals, a panic that says nothing.

use std::io::{self, Write as _};

use tokio::runtime::{Builder, Runtime};

/// A process that is set up.
#[derive(Debug)]
pub struct Process {
    runtime: Runtime,
}

impl Process {
    /// Sets the process up.
    ///
    /// # Errors
    /// When the operating system has nothing left to wait for events with.
    pub fn start() -> io::Result<Self> {
        // A panic's message could quote what it was about.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(io::stderr(), "internal error at {place}");
        }));
        #[cfg(unix)]
        allow_open_files();
        Ok(Self { runtime: Builder::new_current_thread().enable_all().build()? })
    }

    /// Works until the work is done, or the process is told to end: 130 by SIGINT, 143 by SIGTERM. Work that is broken
    /// off cleans up after itself when it is dropped.
    ///
    /// # Errors
    /// When signals cannot be heard. Then nothing of the work has been done.
    pub fn run(self, work: impl Future<Output = u8>) -> io::Result<u8> {
        let code = self.runtime.block_on(async {
            let cancelled = cancelled()?;
            Ok(tokio::select! {
                biased; // so that signals are heard before anything is done
                code = cancelled => code,
                code = work => code,
            })
        });
        // A look-up of a host name cannot be interrupted; its thread is left behind, not waited for.
        self.runtime.shutdown_background();
        code
    }
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

/// Waits for the process to be cancelled; gives the exit code. Process 1 of a container has no default handlers: without
/// its own, a cancelled job would wait.
#[cfg(unix)]
fn cancelled() -> io::Result<impl Future<Output = u8>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => 130,
            _ = terminate.recv() => 143,
        }
    })
}

/// As above, with what Windows sends.
#[cfg(windows)]
fn cancelled() -> io::Result<impl Future<Output = u8>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    let (mut interrupt, mut terminate) = (ctrl_c()?, ctrl_break()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => 130,
            _ = terminate.recv() => 143,
        }
    })
}
