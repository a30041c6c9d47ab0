//! The beginning of a text, for a message that must not be as long as the text.

/// The most characters of a key, path or name that a message shows. Hostile ones may be megabytes long.
const LONGEST_NAME: usize = 200;

/// A name as a message shows it: its first 200 characters, and `…` where there are more.
pub(crate) fn excerpt(name: &str) -> String {
    excerpt_of(name, LONGEST_NAME)
}

/// The first characters of a text, at most so many, and `…` where there are more.
pub(crate) fn excerpt_of(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_says_so() {
        for (text, expected) in [("", ""), ("abc", "abc"), ("üöä", "üöä"), ("abcd", "abc…"), ("üöäß", "üöä…")]
        {
            assert_eq!(excerpt_of(text, 3), expected);
        }
        assert_eq!(excerpt(&"k".repeat(1_000)), "k".repeat(200) + "…");
    }
}
