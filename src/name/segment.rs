//! Names of one segment: those of contexts and of versions.

/// The most bytes that such a name has.
const LONGEST: usize = 128;

/// The characters that a name may have besides letters and digits, and the rule that says so.
pub(super) struct Others {
    pub(super) characters: &'static str,
    pub(super) rule: &'static str,
}

/// The rule that a text breaks as one plain segment: a letter or a digit, then letters, digits and these others; ASCII
/// only, at most 128 bytes.
pub(super) fn broken_segment_rule(text: &str, others: &Others) -> Option<&'static str> {
    if text.is_empty() {
        Some("it is empty")
    } else if text.len() > LONGEST {
        Some("it is longer than 128 bytes")
    } else if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        Some("it must begin with a letter or a digit")
    } else if !text.chars().all(|c| c.is_ascii_alphanumeric() || others.characters.contains(c)) {
        Some(others.rule)
    } else {
        None
    }
}
