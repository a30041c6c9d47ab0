//! What is started for credentials. It is not to use the terminal, where it could ask for something or be told of
//! Ctrl-C, and not to outlive the answer.

/// The programs that this process starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Helpers {
    /// Whether they are in a group of processes of their own, with this one.
    #[cfg_attr(not(unix), allow(dead_code, reason = "there are no groups"))]
    have_group: bool,
}

impl Helpers {
    /// Leaves the terminal, and with it the shell's group of processes.
    #[cfg(unix)]
    pub(super) fn new() -> Self {
        use std::sync::Arc;
        use std::sync::atomic::AtomicBool;
        // This process is to survive what ends the others of its group. It is the first of a group already where it was
        // not started by a shell's completion.
        let survives = signal_hook::flag::register(signal_hook::consts::SIGTERM, Arc::new(AtomicBool::new(false)));
        Self { have_group: survives.is_ok() && rustix::process::setsid().is_ok() }
    }

    /// There is no terminal to leave.
    #[cfg(not(unix))]
    pub(super) const fn new() -> Self {
        Self { have_group: false }
    }

    /// Ends those that still go on.
    pub(super) fn end(self) {
        #[cfg(unix)]
        if self.have_group {
            use rustix::process::{Signal, getpid, kill_process_group};
            // None is left where it fails.
            let _ = kill_process_group(getpid(), Signal::TERM);
        }
    }
}
