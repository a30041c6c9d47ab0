//! The start of the program, as the last thing that a run does.
//!
//! While there is work, [`Process`] hears the signals that end it. Its thread is gone in the moment in which the
//! program takes the process over, and with it a signal that came right before. So the handler itself notes each
//! signal, and once the start is armed, it ends the process. Either the start sees the note or the handler sees that it
//! is armed: each writes before it reads.

#[cfg(unix)]
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
#[cfg(unix)]
use signal_hook::flag::{register_conditional_shutdown, register_usize};

use super::error::StartError;
use super::program::Program;
#[cfg(target_os = "linux")]
use crate::cli::ignored_signals::IgnoredSignals;
#[cfg(unix)]
use crate::error::ExitCode;
#[cfg(unix)]
use crate::process::OpenFiles;
use crate::process::{Ignored, Process};

/// What is known of a run that may end with the start of a program.
#[derive(Debug)]
pub(in crate::cli) struct Start {
    #[cfg(unix)]
    open_files: OpenFiles,
    /// The exit code of the last signal that came; 0 for none.
    #[cfg(unix)]
    code: Arc<AtomicUsize>,
    #[cfg(unix)]
    is_armed: Arc<AtomicBool>,
}

#[cfg(unix)]
impl Start {
    /// Notes signals that are not ignored, from now on.
    ///
    /// # Errors
    /// When the system takes no handler.
    pub(in crate::cli) fn new(process: &Process, ignored: Ignored) -> std::io::Result<Self> {
        let start = Self { open_files: process.open_files(), code: Arc::default(), is_armed: Arc::default() };
        let interrupt = (SIGINT, ignored.interrupt, ExitCode::Interrupted);
        let terminate = (SIGTERM, ignored.terminate, ExitCode::Terminated);
        let hang_up = (SIGHUP, ignored.hang_up, ExitCode::HungUp);
        for (signal, _, code) in [interrupt, terminate, hang_up].into_iter().filter(|(_, is_ignored, _)| !is_ignored) {
            let code = u8::from(code);
            // In this order.
            register_usize(signal, Arc::clone(&start.code), code.into())?;
            register_conditional_shutdown(signal, code.into(), Arc::clone(&start.is_armed))?;
        }
        Ok(start)
    }

    /// The exit code of the signal that has come, if one has.
    pub(in crate::cli) fn signal(&self) -> Option<u8> {
        u8::try_from(self.code.load(Ordering::SeqCst)).ok().filter(|code| *code != 0)
    }

    /// Starts the program, unless a signal has come. Whenever one comes from now on, the process ends.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub(in crate::cli) fn start(&self, program: Program) -> Result<u8, StartError> {
        self.open_files.restore();
        // Who waits for a program hands its signals on.
        self.is_armed.store(program.takes_over(), Ordering::SeqCst);
        self.signal().map_or_else(|| program.start(), Ok)
    }
}

#[cfg(windows)]
impl Start {
    pub(in crate::cli) fn new(_: &Process, _: Ignored) -> std::io::Result<Self> {
        Ok(Self {})
    }

    pub(in crate::cli) const fn signal(&self) -> Option<u8> {
        None
    }

    pub(in crate::cli) fn start(&self, program: Program) -> Result<u8, StartError> {
        program.start()
    }
}

/// Which signals the process was started with as ignored. Elsewhere than on Linux nothing says so.
pub(in crate::cli) fn ignored() -> Ignored {
    #[cfg(target_os = "linux")]
    {
        let ignored = IgnoredSignals::read();
        Ignored {
            interrupt: ignored.contain(SIGINT),
            terminate: ignored.contain(SIGTERM),
            hang_up: ignored.contain(SIGHUP),
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        use std::io::IsTerminal as _;
        // What `nohup` starts has none.
        let hang_up = !std::io::stderr().is_terminal();
        Ignored { hang_up, ..Ignored::default() }
    }
}
