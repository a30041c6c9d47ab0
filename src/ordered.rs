//! Ordered sets and maps that are filled one item after the other.
//!
//! `collect` sorts the items first. That is quicker for many of them, but the code of a sort has 5 kB, and there is one
//! for each type of item. What is put in order by these are names: few of them, of many types.

use std::collections::{BTreeMap, BTreeSet};

/// Iterators whose items can be put in order.
pub(crate) trait Ordered: Iterator + Sized {
    /// The items in order, each once.
    fn ordered_set(self) -> BTreeSet<Self::Item>
    where
        Self::Item: Ord,
    {
        let mut set = BTreeSet::new();
        set.extend(self);
        set
    }

    /// The items by their keys, in the order of these. Of two with one key, the later counts.
    fn ordered_map<K: Ord, V>(self) -> BTreeMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = BTreeMap::new();
        map.extend(self);
        map
    }
}

impl<I: Iterator> Ordered for I {}
