//! The lock of a catalog's state: one run at a time changes the files of a folder, and what is remembered of them.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long another run is waited for. It holds the lock while it writes files, not while it waits for a network.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often is looked whether the lock is free.
const PAUSE: Duration = Duration::from_millis(10);

/// Another run has held the lock for longer than is waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Busy;

/// Waits for a lock, which the file holds until it is closed.
pub(super) fn lock(path: &Path) -> io::Result<Result<File, Busy>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Ok(file)),
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Ok(Err(Busy)),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}
