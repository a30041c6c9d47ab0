//! What every binary of this tool does around its work: one thread, signals, a panic that says nothing.

use std::io::{self, Write as _};
use std::pin::pin;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use crate::cancellation::{Cancellation, Canceller, GRACE, Signal};
use crate::error::ExitCode;

/// How long work that was told to end is waited for: longer than any takes, and shorter than GitHub's runner waits.
const LONGEST_END: Duration = GRACE.saturating_add(Duration::from_millis(300));

/// How much longer a thread is waited for that should have ended its work by now.
const LAST_MOMENT: Duration = Duration::from_millis(100);

/// The stack of the thread that hears signals, which waits and does little else.
const SIGNAL_STACK: usize = 256 * 1024;

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

    /// Works until the work is done. Where the process is told to end, the work is told, and ends by itself: only it
    /// knows what has been done. What then goes on for too long is dropped, and the exit code is the signal's. Work that
    /// holds the thread, so that it is not told, ends with the process.
    ///
    /// # Errors
    /// When signals cannot be heard. Then nothing of the work has been done.
    pub fn run<F: Future<Output = u8>>(self, work: impl FnOnce(Cancellation) -> F) -> io::Result<u8> {
        let (canceller, cancellation) = Cancellation::new();
        hear_signals(canceller)?;
        let code = self.runtime.block_on(async {
            let told = cancellation.clone();
            let mut work = pin!(work(cancellation));
            let signal = tokio::select! {
                biased; // so that signals are heard before anything is done
                signal = told.requested() => signal,
                code = &mut work => return code,
            };
            tokio::time::timeout(LONGEST_END, work).await.unwrap_or(ExitCode::from(signal).into())
        });
        // A look-up of a host name cannot be interrupted; its thread is left behind, not waited for.
        self.runtime.shutdown_background();
        Ok(code)
    }
}

/// A UUID of version 4. The crate's own would panic where there are no random numbers.
pub(crate) fn random_uuid() -> Result<Uuid, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// Hears signals on a thread of their own, which is not held up by whatever the work does.
fn hear_signals(canceller: Canceller) -> io::Result<()> {
    let (is_ready, ready) = mpsc::channel();
    let hear = move || {
        let heard = Builder::new_current_thread().enable_all().build().and_then(|runtime| {
            let told = {
                let _entered = runtime.enter();
                told_to_end()?
            };
            Ok((runtime, told))
        });
        let (runtime, told) = match heard {
            Ok(heard) => heard,
            Err(error) => return drop(is_ready.send(Err(error))),
        };
        // Whoever waits for it is there until this is sent.
        let _ = is_ready.send(Ok(()));
        let signal = runtime.block_on(told);
        canceller.cancel(signal);
        thread::sleep(LONGEST_END + LAST_MOMENT);
        // The work's thread has not come back: it is busy with what nothing can interrupt.
        std::process::exit(u8::from(ExitCode::from(signal)).into());
    };
    thread::Builder::new().name("signals".to_owned()).stack_size(SIGNAL_STACK).spawn(hear)?;
    ready.recv().unwrap_or_else(|gone| Err(io::Error::other(gone)))
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

/// Waits for the process to be told to end. Process 1 of a container has no default handlers: without
/// its own, a cancelled job would wait.
#[cfg(unix)]
fn told_to_end() -> io::Result<impl Future<Output = Signal>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        }
    })
}

/// As above, with what Windows sends.
#[cfg(windows)]
fn told_to_end() -> io::Result<impl Future<Output = Signal>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    let (mut interrupt, mut terminate) = (ctrl_c()?, ctrl_break()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        }
    })
}
