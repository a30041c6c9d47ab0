//! Lists within a sentence.

/// How many items of a list an error names.
pub(super) const SHOWN: usize = 10;

/// The first twenty of a list, and how many more there are.
#[must_use]
pub fn list<T: ToString>(items: &[T]) -> String {
    first_of(items, 20)
}

/// The first of a list that an error names, and how many more there are.
pub(super) fn some_of<T: ToString>(items: &[T]) -> String {
    first_of(items, SHOWN)
}

fn first_of<T: ToString>(items: &[T], shown: usize) -> String {
    let first: Vec<_> = items.iter().take(shown).map(ToString::to_string).collect();
    match items.len().saturating_sub(shown) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
