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

/// A config key as a list in a message shows it: as it is where it is a plain name, else in quotes and escaped, so that
/// none can be taken for two.
pub(crate) fn listed_key(key: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '[' | ']');
    let key = excerpt(key);
    if !key.is_empty() && key.chars().all(|c| is_plain(c) || c == '…') { key } else { format!("{key:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_list_is_one_key() {
        for (key, shown) in [
            ("DB_HOST", "DB_HOST"),
            ("db.hosts-0", "db.hosts-0"),
            ("", r#""""#),
            ("A, B and 3 more", r#""A, B and 3 more""#),
            ("A\n::error::\"", r#""A\n::error::\"""#),
        ] {
            assert_eq!(listed_key(key), shown);
        }
    }

    #[test]
    fn a_text_is_cut_between_characters_and_says_so() {
        for (text, expected) in [("", ""), ("abc", "abc"), ("üöä", "üöä"), ("abcd", "abc…"), ("üöäß", "üöä…")]
        {
            assert_eq!(excerpt_of(text, 3), expected);
        }
        assert_eq!(excerpt(&"k".repeat(1_000)), "k".repeat(200) + "…");
    }
}
