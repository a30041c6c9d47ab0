//! Ctrl-Z, which stops a run until it is continued: of a terminal that does not show what is typed, not before it does
//! so again.

#[cfg(unix)]
use std::io;

#[cfg(unix)]
use super::ignored_signals::IgnoredSignals;

/// What is heard of a suspension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suspended {
    /// The run is to stop.
    AskedFor,
    /// It was stopped, and goes on.
    Over,
}

/// Hears SIGTSTP and SIGCONT from the time when this is made.
#[cfg(unix)]
pub(super) struct Suspension {
    /// None where Ctrl-Z stops nothing.
    stop: Option<tokio::signal::unix::Signal>,
    go_on: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Suspension {
    /// Begins to hear them.
    ///
    /// # Errors
    /// The operating system refuses.
    pub(super) fn start() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let stop = SignalKind::from_raw(signal_hook::consts::SIGTSTP);
        let go_on = SignalKind::from_raw(signal_hook::consts::SIGCONT);
        let is_ignored = IgnoredSignals::read().contain(signal_hook::consts::SIGTSTP);
        let stop = (can_be_continued() && !is_ignored).then(|| signal(stop)).transpose()?;
        Ok(Self { stop, go_on: signal(go_on)? })
    }

    /// Waits for one of them.
    pub(super) async fn heard(&mut self) -> Suspended {
        let Self { stop, go_on } = self;
        let asked_for = async {
            match stop {
                Some(stop) => stop.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _ = asked_for => Suspended::AskedFor,
            _ = go_on.recv() => Suspended::Over,
        }
    }

    /// Has Ctrl-Z stop the run at once again.
    pub(super) fn leave_to_system(mut self) {
        if self.stop.is_some() {
            tokio::spawn(async move {
                loop {
                    if self.heard().await == Suspended::AskedFor {
                        stop();
                    }
                }
            });
        }
    }
}

/// Stops this process, and goes on with it.
#[cfg(unix)]
pub(super) fn stop() {
    // A process is always allowed to stop itself.
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

/// Whether a shell looks after this process, and can continue it. The group of the session's first process has none:
/// for it, the system takes SIGTSTP for nothing, too.
#[cfg(unix)]
fn can_be_continued() -> bool {
    rustix::process::getsid(None).is_ok_and(|session| session != rustix::process::getpgrp())
}

/// There are no such signals.
#[cfg(not(unix))]
pub(super) type Suspension = super::unheard::Unheard;

/// Nothing stops.
#[cfg(not(unix))]
pub(super) fn stop() {}
