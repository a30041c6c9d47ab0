//! What a run tells its front end while it goes on.

use std::fmt;

use crate::secret::Secret;

/// A front end, as far as a run that is not yet done has something to tell it.
pub trait Observer: fmt::Debug + Send + Sync {
    /// A credential has come up that no log may show from now on.
    fn credential(&self, text: &Secret<String>);

    /// A request is sent again.
    fn retry(&self, retry: &Retry);
}

/// A request that is sent again. Its texts are a service's or the network's, not yet cleaned for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// What is asked, such as `GetObject`.
    pub operation: String,
    /// Which attempt comes now; the first was 1.
    pub attempt: u32,
    /// Why the one before it failed.
    pub reason: String,
}

/// A front end that does not listen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn credential(&self, _: &Secret<String>) {}

    fn retry(&self, _: &Retry) {}
}
