//! A service that refuses to replace a state which stands there all the same. Some compare ETags without their quotes,
//! so that no `If-Match` ever holds: what they answer looks as if others changed the object all the time.

use super::{Error, Store};
use crate::s3::{Bucket, Key};

/// How often the same state must be seen again after a put over it was refused. Others may put the very same state anew
/// between two looks, so once says nothing.
const REFUSALS: u32 = 3;

/// What stood at a key each time that a put over it was refused.
pub(super) struct Standstill<T> {
    last: Option<T>,
    refusals: u32,
}

impl<T: PartialEq> Standstill<T> {
    /// Nothing was seen yet.
    pub(super) const fn new() -> Self {
        Self { last: None, refusals: 0 }
    }

    /// Notes what stands there now, over which the next put goes. Whether it has stood there through as many refusals as
    /// only a service explains that does not honour `If-Match`.
    pub(super) fn is_reached(&mut self, now: Option<T>) -> bool {
        self.refusals = if now.is_some() && now == self.last { self.refusals + 1 } else { 0 };
        self.last = now;
        self.refusals >= REFUSALS
    }
}

impl<B: Bucket> Store<B> {
    pub(super) fn refuses_if_match(&self, key: &Key) -> Error {
        Error::RefusesIfMatch { endpoint: self.bucket.other_service().map(ToOwned::to_owned), key: key.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_and_the_same_state_is_a_standstill() {
        let reached_at = |states: &[Option<u8>]| {
            let mut standstill = Standstill::new();
            states.iter().position(|state| standstill.is_reached(*state))
        };
        assert_eq!(reached_at(&[Some(1), Some(1), Some(1), Some(1)]), Some(3));
        assert_eq!(reached_at(&[Some(1), Some(1), Some(2), Some(1), Some(1), Some(1)]), None);
        assert_eq!(reached_at(&[None, None, None, None, None]), None);
        assert_eq!(reached_at(&[Some(1), None, Some(1), None, Some(1), None, Some(1)]), None);
    }
}
