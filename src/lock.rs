//! The lock file: for each requirement the version that it was resolved to, and the digest of its content. A commit
//! that holds it takes one configuration, whatever is published later.
//!
//! Nothing in it is a secret. Its format is in docs/locking.md.

mod document;
mod entry;
mod error;
mod read;
mod write;

pub use self::document::Lock;
pub(crate) use self::entry::OF_LINKED;
pub use self::entry::{LockEntry, LockName, LockedContent, NewEntry};
pub use self::error::{LockError, LockFailure, LockProblem};

/// The name of the file where no option says another.
pub(crate) const FILE_NAME: &str = "cstore.lock";

/// The largest file, in bytes: a thousand entries have about 300 KiB.
pub(crate) const MAX_BYTES: u64 = 512 * 1024;

#[cfg(test)]
mod tests;
