//! A service that refuses a put although its condition holds. Some compare ETags without their quotes, so that no
//! `If-Match` ever holds; some take keys for paths of files, so that nothing can be created where there is a folder.
//! What they answer looks as if others changed the object all the time.

use super::{Error, Store};
use crate::s3::{Bucket, Key};

/// How often the same state must be seen again after a put over it was refused. Others may put the very same state anew
/// between two looks, or create an object and delete it, so once says nothing.
const REFUSALS: u32 = 3;

/// What stood at a key each time that a put over it was refused.
pub(super) struct Standstill<T> {
    /// What was seen last, which may be nothing; none before the first look.
    last: Option<Option<T>>,
    refusals: u32,
}

/// What a service refuses although nothing is in its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// To put an object where there is none.
    Create,
    /// To replace the state that `If-Match` names.
    Replace,
}

impl<T: PartialEq> Standstill<T> {
    /// Nothing was seen yet.
    pub(super) const fn new() -> Self {
        Self { last: None, refusals: 0 }
    }

    /// Notes what stands there now, over which the next put goes: an object's state, or none where there is no object.
    ///
    /// # Errors
    /// What the service refuses, when the same has stood there through as many refusals as only that explains.
    pub(super) fn note(&mut self, now: Option<T>) -> Result<(), Refused> {
        let refused = if now.is_some() { Refused::Replace } else { Refused::Create };
        let now = Some(now);
        self.refusals = if now == self.last { self.refusals + 1 } else { 0 };
        self.last = now;
        if self.refusals < REFUSALS { Ok(()) } else { Err(refused) }
    }
}

impl<B: Bucket> Store<B> {
    /// The error for what the service refuses at a key.
    pub(super) fn refuses(&self, refused: Refused, key: &Key) -> Error {
        let (endpoint, key) = (self.bucket.other_service().map(ToOwned::to_owned), key.clone());
        match refused {
            Refused::Create => Error::RefusesCreate { endpoint, key },
            Refused::Replace => Error::RefusesIfMatch { endpoint, key },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_and_the_same_state_is_a_standstill() {
        let reached_at = |states: &[Option<u8>]| {
            let mut standstill = Standstill::new();
            let mut noted = states.iter().map(|state| standstill.note(*state)).enumerate();
            noted.find_map(|(at, noted)| Some((at, noted.err()?)))
        };
        assert_eq!(reached_at(&[Some(1), Some(1), Some(1), Some(1)]), Some((3, Refused::Replace)));
        assert_eq!(reached_at(&[Some(1), Some(1), Some(2), Some(1), Some(1), Some(1)]), None);
        assert_eq!(reached_at(&[None, None, None, None, None]), Some((3, Refused::Create)));
        assert_eq!(reached_at(&[Some(1), None, None, None, None]), Some((4, Refused::Create)));
        assert_eq!(reached_at(&[None, None, None, Some(1), None, None, None]), None);
        assert_eq!(reached_at(&[Some(1), None, Some(1), None, Some(1), None, Some(1)]), None);
    }
}
