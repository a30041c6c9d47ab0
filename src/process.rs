//! What every binary of this tool does around its work: one thread, signals, a panic that says nothing.

use std::io::{self, Write as _};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
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
    ignored: Ignored,
    #[cfg(unix)]
    open_files: OpenFiles,
}

/// Which of the signals that end a run are left as they are: those that are ignored, by the wish of whoever started the
/// process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ignored {
    /// SIGINT, as in what a shell without job control runs in the background.
    pub interrupt: bool,
    /// SIGTERM.
    pub terminate: bool,
    /// SIGHUP, as in what `nohup` starts.
    pub hang_up: bool,
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
        withhold_from_core_dumps();
        Ok(Self {
            // GitHub's runner never sends it.
            ignored: Ignored { hang_up: true, ..Ignored::default() },
            #[cfg(unix)]
            open_files: OpenFiles::raise(),
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }

    /// The same, which hears all signals but these.
    #[must_use]
    pub fn ignoring(self, ignored: Ignored) -> Self {
        Self { ignored, ..self }
    }

    /// What [`start`](Self::start) has changed for the sake of the work.
    #[cfg(unix)]
    pub(crate) const fn open_files(&self) -> OpenFiles {
        self.open_files
    }

    /// Works until the work is done. Where the process is told to end, the work is told, and ends by itself: only it
    /// knows what has been done. What then goes on for too long is dropped, and the exit code is the signal's. Work
    /// that holds the thread, so that it is not told, ends with the process.
    ///
    /// # Errors
    /// When signal handlers cannot be set up. Then nothing of the work has been done.
    pub fn run<F: Future<Output = u8>>(self, work: impl FnOnce(Cancellation) -> F) -> io::Result<u8> {
        let (canceller, cancellation) = Cancellation::new();
        let is_over = Arc::new(AtomicBool::new(false));
        hear_signals(canceller, self.ignored, Arc::clone(&is_over))?;
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
        is_over.store(true, Ordering::SeqCst);
        // A look-up of a host name cannot be interrupted; its thread is left behind, not waited for.
        self.runtime.shutdown_background();
        Ok(code)
    }
}

/// Keeps config values and credentials out of core dumps, and out of reach of the user's other processes. A program
/// that this process becomes or starts has both again, as `execve` gives it.
fn withhold_from_core_dumps() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // It only fails for what is no behaviour. There would be nothing else to do about it.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// A UUID of version 4. The crate's own would panic where there are no random numbers.
pub(crate) fn random_uuid() -> Result<Uuid, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// Hears signals on a thread of their own, which is not held up by whatever the work does.
fn hear_signals(canceller: Canceller, ignored: Ignored, is_over: Arc<AtomicBool>) -> io::Result<()> {
    let (is_ready, ready) = mpsc::channel();
    let hear = move || {
        let heard = Builder::new_current_thread().enable_all().build().and_then(|runtime| {
            let told = {
                let _entered = runtime.enter();
                told_to_end(ignored)?
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
        if is_over.load(Ordering::SeqCst) {
            return;
        }
        // The work's thread has not come back: it is busy with what nothing can interrupt.
        std::process::exit(u8::from(ExitCode::from(signal)).into());
    };
    thread::Builder::new().name("signals".to_owned()).stack_size(SIGNAL_STACK).spawn(hear)?;
    ready.recv().unwrap_or_else(|gone| Err(io::Error::other(gone)))
}

/// The limit of open files, as it was.
#[cfg(unix)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenFiles(Option<rustix::process::Rlimit>);

#[cfg(unix)]
impl OpenFiles {
    /// Allows as many as may be asked for without asking for more than a run has use for: some systems start with 256,
    /// and connections alone may be that many.
    fn raise() -> Self {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        const ENOUGH: u64 = 4096;
        let before = getrlimit(Resource::Nofile);
        let most = before.maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
        if before.current.is_none_or(|current| current >= most) {
            return Self(None);
        }
        // What there is may well be enough.
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: before.maximum });
        Self(raised.ok().map(|()| before))
    }

    /// Puts the limit back, for a program that takes this process over: one that uses `select` must not get descriptors
    /// that it cannot hold.
    pub(crate) fn restore(self) {
        if let Some(before) = self.0 {
            // To lower what may be raised again is never refused.
            let _ = rustix::process::setrlimit(rustix::process::Resource::Nofile, before);
        }
    }
}

/// Waits for the process to be told to end. Process 1 of a container has no default handlers: without
/// its own, a cancelled job would wait.
#[cfg(unix)]
fn told_to_end(ignored: Ignored) -> io::Result<impl Future<Output = Signal>> {
    use tokio::signal::unix::{SignalKind, signal};
    let heard = |kind, is_ignored: bool| if is_ignored { Ok(None) } else { signal(kind).map(Some) };
    let mut interrupt = heard(SignalKind::interrupt(), ignored.interrupt)?;
    let mut terminate = heard(SignalKind::terminate(), ignored.terminate)?;
    let mut hang_up = heard(SignalKind::hangup(), ignored.hang_up)?;
    Ok(async move {
        tokio::select! {
            Some(_) = async { interrupt.as_mut()?.recv().await } => Signal::Interrupt,
            Some(_) = async { terminate.as_mut()?.recv().await } => Signal::Terminate,
            Some(_) = async { hang_up.as_mut()?.recv().await } => Signal::HangUp,
            else => std::future::pending().await,
        }
    })
}

/// As above, with what Windows sends.
#[cfg(windows)]
fn told_to_end(_: Ignored) -> io::Result<impl Future<Output = Signal>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    let (mut interrupt, mut terminate) = (ctrl_c()?, ctrl_break()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        }
    })
}
