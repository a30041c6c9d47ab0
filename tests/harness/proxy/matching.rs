//! Which of the requests that come are meant.

use super::Seen;

/// Which requests are meant.
#[derive(Debug, Clone)]
pub(crate) struct Matching {
    method: &'static str,
    key: String,
    pub(super) nth: usize,
    pub(super) times: usize,
}

/// All requests whose method begins so and whose key and query (`key?query`) have this in them, the first of them only.
pub(crate) fn request(method: &'static str, key: &str) -> Matching {
    Matching { method, key: key.to_owned(), nth: 1, times: 1 }
}

/// The first GET of a key and query that have this in them.
pub(crate) fn get(key: &str) -> Matching {
    request("GET", key)
}

/// The first PUT of a key that has this in it.
pub(crate) fn put(key: &str) -> Matching {
    request("PUT", key)
}

impl Matching {
    /// The one that comes as the nth, from 1.
    pub(crate) fn nth(self, nth: usize) -> Self {
        Self { nth, ..self }
    }

    /// So many of them, one after the other.
    pub(crate) fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// This one and all that come after it.
    pub(crate) fn for_ever(self) -> Self {
        self.times(usize::MAX)
    }

    /// Whether this many of them are all that were meant.
    pub(super) fn is_met_by(&self, done: usize) -> bool {
        if self.times == usize::MAX { done > 0 } else { done == self.times }
    }

    pub(super) fn is(&self, seen: &Seen) -> bool {
        seen.method.starts_with(self.method) && format!("{}?{}", seen.key, seen.query).contains(&self.key)
    }
}
