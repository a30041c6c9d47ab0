//! What is remembered of a folder, and not of another one that takes its path: for each file what it was last pulled or
//! pushed as. That is how a change of one's own
//! is told from a change of others. Before a push changes the head, it writes what it
//! is about to make of it: should its process die, the next one finds out from the head whether that came about.
//!
//! No values, and no digests of single values: the digest of a file is in its manifest, too. Whatever is lost or
//! damaged here costs a merge its base, and nothing else.

mod consent;
mod document;
mod folder;
mod identity;
mod lock;
mod record;

pub(super) use self::consent::Consent;
pub(super) use self::document::Kept;
pub(super) use self::folder::{Remembered, StateFolder};
pub(super) use self::lock::NotAlone;
pub(super) use self::record::{IntendedHead, Record, SeenHead};

#[cfg(test)]
mod tests;
