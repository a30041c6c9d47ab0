//! How much of what S3 sends is held in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

/// The bytes of bodies that may be held at the same time, shared by every request that reads into it. Clones share
/// one count.
///
/// A body counts with its whole length as soon as an answer says it, otherwise with each chunk that arrives. It counts
/// until the last copy of its bytes is dropped, so a body that breaks off gives its bytes back by itself.
#[derive(Debug, Clone)]
pub struct Budget(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    most: u64,
    held: AtomicU64,
}

impl Budget {
    /// A budget of so many bytes, none of which is used.
    #[must_use]
    pub fn new(most: u64) -> Self {
        Self(Arc::new(Counted { most, held: AtomicU64::new(0) }))
    }

    /// The bytes that are held now.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.0.held.load(Ordering::Relaxed)
    }

    fn take(&self, bytes: u64) -> Result<(), Overrun> {
        let most = self.0.most;
        let more = |held: u64| held.checked_add(bytes).filter(|held| *held <= most);
        let taken = self.0.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        taken.map(|_| ()).map_err(|_| Overrun::Budget(most))
    }

    fn give_back(&self, bytes: u64) {
        self.0.held.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What a body is held to while it is read: a limit of its own, and a budget that it may share with others.
#[derive(Debug, Clone)]
pub struct BodyLimit {
    bytes: u64,
    budget: Budget,
}

impl BodyLimit {
    /// At most so many bytes, and no more than the budget has left.
    #[must_use]
    pub fn within(bytes: u64, budget: &Budget) -> Self {
        Self { bytes, budget: budget.clone() }
    }
}

/// A limit in bytes, shared with no other body.
impl From<u64> for BodyLimit {
    fn from(bytes: u64) -> Self {
        Self::within(bytes, &Budget::new(bytes))
    }
}

/// Which bound a body exceeds, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overrun {
    /// The limit of one body.
    Body(u64),
    /// The budget of all bodies.
    Budget(u64),
}

/// A body that is being read. An adapter reads every body into one of these.
#[derive(Debug)]
pub struct BodyBuffer {
    bytes: Vec<u8>,
    /// The bytes that are taken from the budget: those that have come, and those that the answer announced.
    taken: u64,
    limit: BodyLimit,
}

impl BodyBuffer {
    /// The least that an unannounced body grows by.
    const LEAST_GROWTH: usize = 64 * 1024;

    /// Room for a body of the length that its answer announced, if it announced one.
    ///
    /// # Errors
    /// An announced length for which the limit or the budget has no room. Nothing has been allocated then.
    pub fn new(announced: Option<u64>, limit: &BodyLimit) -> Result<Self, Overrun> {
        let mut buffer = Self { bytes: Vec::new(), taken: 0, limit: limit.clone() };
        let announced = announced.unwrap_or_default();
        buffer.take(announced)?;
        // What was taken fits in memory. A body that grew into its room would be held twice.
        buffer.bytes.reserve_exact(usize::try_from(announced).unwrap_or_default());
        Ok(buffer)
    }

    /// Adds what has arrived.
    ///
    /// # Errors
    /// The limit or the budget has no room for it.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Overrun> {
        let length = self.bytes.len() + chunk.len();
        self.take((length as u64).saturating_sub(self.taken))?;
        if length > self.bytes.capacity() {
            // By an eighth, not by doubling: what is allocated is to stay close to what is counted.
            let growth = chunk.len().max(length / 8).max(Self::LEAST_GROWTH);
            self.bytes.reserve_exact(growth);
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// The whole body. It counts against the budget until its last copy is dropped.
    #[must_use]
    pub fn finish(self) -> Bytes {
        Bytes::from_owner(self)
    }

    fn take(&mut self, more: u64) -> Result<(), Overrun> {
        let taken = self.taken.saturating_add(more);
        if taken > self.limit.bytes {
            return Err(Overrun::Body(self.limit.bytes));
        }
        self.limit.budget.take(more)?;
        self.taken = taken;
        Ok(())
    }
}

impl AsRef<[u8]> for BodyBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for BodyBuffer {
    fn drop(&mut self) {
        self.limit.budget.give_back(self.taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(announced: Option<u64>, chunks: &[&str], limit: &BodyLimit) -> Result<Bytes, Overrun> {
        let mut buffer = BodyBuffer::new(announced, limit)?;
        for chunk in chunks {
            buffer.push(chunk.as_bytes())?;
        }
        Ok(buffer.finish())
    }

    #[test]
    fn bodies_share_a_budget_whether_their_length_was_announced_or_not() {
        let budget = Budget::new(10);
        let limit = BodyLimit::within(8, &budget);
        let announced = body(Some(6), &["abc", "def"], &limit).unwrap();
        assert_eq!(body(Some(5), &[], &limit), Err(Overrun::Budget(10)));
        assert_eq!(body(None, &["abc", "de"], &limit), Err(Overrun::Budget(10)));
        let unannounced = body(None, &["ab", "cd"], &limit).unwrap();
        assert_eq!((&announced[..], &unannounced[..], budget.held()), (&b"abcdef"[..], &b"abcd"[..], 10));
    }

    #[test]
    fn a_body_has_a_limit_of_its_own() {
        let budget = Budget::new(100);
        let limit = BodyLimit::within(8, &budget);
        assert_eq!(body(Some(9), &[], &limit), Err(Overrun::Body(8)));
        assert_eq!(body(None, &["12345678", "9"], &limit), Err(Overrun::Body(8)));
        assert_eq!(body(Some(u64::MAX), &[], &BodyLimit::from(8)), Err(Overrun::Body(8)));
        assert_eq!(budget.held(), 0, "what is refused is not held");
    }

    #[test]
    fn more_than_was_announced_counts_as_well() {
        let budget = Budget::new(8);
        let limit = BodyLimit::within(8, &budget);
        let mut buffer = BodyBuffer::new(Some(2), &limit).unwrap();
        buffer.push(b"12345").unwrap();
        assert_eq!(budget.held(), 5);
        assert_eq!(buffer.push(b"6789"), Err(Overrun::Body(8)));
    }

    #[test]
    fn bytes_are_given_back_when_a_body_breaks_off_and_when_its_last_copy_goes() {
        let budget = Budget::new(10);
        let limit = BodyLimit::within(10, &budget);
        let mut broken_off = BodyBuffer::new(Some(10), &limit).unwrap();
        broken_off.push(b"123").unwrap();
        drop(broken_off);
        let whole = body(Some(10), &["1234567890"], &limit).unwrap();
        let copy = whole.slice(2..4);
        drop(whole);
        assert_eq!(budget.held(), 10);
        drop(copy);
        assert_eq!(budget.held(), 0);
    }

    #[test]
    fn room_is_close_to_what_is_counted() {
        let budget = Budget::new(1 << 24);
        let mut buffer = BodyBuffer::new(None, &BodyLimit::within(1 << 24, &budget)).unwrap();
        for _ in 0..1 << 14 {
            buffer.push(&[0; 1 << 10]).unwrap();
            let slack = buffer.bytes.capacity() - buffer.bytes.len();
            assert!(slack <= BodyBuffer::LEAST_GROWTH.max(buffer.bytes.len() / 7), "{slack}");
        }
    }
}
