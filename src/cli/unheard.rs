//! Signals of a system that has none of them.

use std::io;

/// What is never heard.
pub(super) struct Unheard;

impl Unheard {
    /// Nothing has to be begun.
    ///
    /// # Errors
    /// Never.
    pub(super) fn start() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for ever.
    pub(super) async fn heard<T>(&mut self) -> T {
        std::future::pending().await
    }

    /// Nothing has to be left.
    pub(super) fn leave_to_system(self) {}
}
