//! How a run is told to end before it is done.

use std::fmt;
use std::time::Duration;

use tokio::sync::watch;

/// How long a run may take to end once it is told to, at most: GitHub's runner kills 2.5 s after its last signal.
pub const GRACE: Duration = Duration::from_secs(2);

/// What told a run to end; on Windows, what comes nearest to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, which GitHub's runner sends first, and a terminal.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP: the terminal has gone.
    HangUp,
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
            Self::HangUp => "SIGHUP",
        })
    }
}

/// Whether a run has been told to end. Clones share it.
#[derive(Debug, Clone)]
pub struct Cancellation(watch::Receiver<Option<Signal>>);

/// Tells a run to end.
#[derive(Debug)]
pub struct Canceller(watch::Sender<Option<Signal>>);

impl Cancellation {
    /// Of a run that has not been told to end, and what does so. Without that, it never will be.
    #[must_use]
    pub fn new() -> (Canceller, Self) {
        let (sender, receiver) = watch::channel(None);
        (Canceller(sender), Self(receiver))
    }

    /// Whether the run has been told to end.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until the run is told to end; at once where it has been.
    pub async fn requested(&self) -> Signal {
        let mut receiver = self.0.clone();
        let signal = receiver.wait_for(Option::is_some).await.ok().and_then(|signal| *signal);
        match signal {
            Some(signal) => signal,
            // Nobody is left who could tell.
            None => std::future::pending().await,
        }
    }
}

impl Canceller {
    /// Tells the run to end.
    pub fn cancel(&self, signal: Signal) {
        self.0.send_replace(Some(signal));
    }
}
