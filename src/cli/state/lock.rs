//! The lock of a catalog's state: one run at a time changes the files of a folder, and what is remembered of them.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::cancellation::{Cancellation, Signal};
use crate::workspace::open_private;

/// How long another run is waited for. It holds the lock while it writes files, not while it waits for a network.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the lock was not had. Another run has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum NotAlone {
    /// It has held the lock for longer than is waited: for so long.
    Busy(Duration),
    /// This run was told to end while it waited.
    Cancelled(Signal),
}

/// Waits for a lock, which the file holds until it is closed. A command that may take `at_most` waits for no longer.
pub(super) async fn lock(
    path: &Path,
    at_most: Duration,
    cancellation: &Cancellation,
) -> io::Result<Result<File, NotAlone>> {
    let file = open_private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Ok(file)),
        Err(TryLockError::WouldBlock) => wait(file, PATIENCE.min(at_most), cancellation).await,
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A wait for a lock of a file has no limit of its own and cannot be interrupted, so that a thread waits, which ends
/// with the process at the latest. If it gets the lock when nobody waits for it any more, it gives it back.
async fn wait(file: File, patience: Duration, cancellation: &Cancellation) -> io::Result<Result<File, NotAlone>> {
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new().spawn(move || {
        let locked = file.lock().map(|()| file);
        // Nobody may be there to take it.
        let _ = sender.send(locked);
    })?;
    tokio::select! {
        biased;
        signal = cancellation.requested() => Ok(Err(NotAlone::Cancelled(signal))),
        Ok(locked) = receiver => locked.map(Ok),
        () = tokio::time::sleep(patience) => Ok(Err(NotAlone::Busy(patience))),
    }
}
