//! Ctrl-\\, which ends a run at once: of a terminal that does not show what is typed, not before it does so again.

use std::io;

/// Hears SIGQUIT from the time when this is made.
#[cfg(unix)]
pub(super) struct Quit(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Quit {
    /// Begins to hear it.
    ///
    /// # Errors
    /// The operating system refuses.
    pub(super) fn start() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::quit())?))
    }

    /// Waits for it.
    pub(super) async fn heard(&mut self) {
        self.0.recv().await;
    }

    /// Has it end the run at once again.
    pub(super) fn leave_to_system(mut self) {
        tokio::spawn(async move {
            self.heard().await;
            // It ends the process.
            let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGQUIT);
        });
    }
}

#[cfg(not(unix))]
pub(super) struct Quit;

#[cfg(not(unix))]
impl Quit {
    /// There is no such signal.
    ///
    /// # Errors
    /// Never.
    pub(super) fn start() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for ever.
    pub(super) async fn heard(&mut self) {
        std::future::pending().await
    }

    /// Nothing has to be left.
    pub(super) fn leave_to_system(self) {}
}
