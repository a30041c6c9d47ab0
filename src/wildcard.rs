//! The one way in which a pattern with wildcards is matched: keys by their characters, paths by their parts and those
//! by their characters.

/// Whether a pattern matches the whole of a text. An element for which `is_any` is true stands for any number of items,
/// none too; every other for one item that `is_match` is true for.
///
/// Only the last element for any number is ever gone back to, so the time is at most the product of both lengths. That
/// is exact: the others take one item each, so what an earlier one could take in its place, the last one can take, too.
pub(crate) fn matches<P, T>(
    pattern: &[P],
    text: impl Iterator<Item = T> + Clone,
    is_any: impl Fn(&P) -> bool,
    is_match: impl Fn(&P, &T) -> bool,
) -> bool {
    let mut rest = text;
    let mut at = 0;
    // After the last element for any number: where the pattern goes on, and the text that it was tried on.
    let mut retry = None;
    loop {
        let element = pattern.get(at);
        if element.is_some_and(&is_any) {
            at += 1;
            retry = Some((at, rest.clone()));
            continue;
        }
        let Some(item) = rest.next() else { return at == pattern.len() };
        if element.is_some_and(|element| is_match(element, &item)) {
            at += 1;
            continue;
        }
        let Some((after, tried)) = &mut retry else { return false };
        tried.next();
        at = *after;
        rest = tried.clone();
    }
}
