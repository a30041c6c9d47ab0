//! The word that was probably meant by one that is not known.

/// The most similar word, if one is similar enough. One that differs only in case and in the characters between letters
/// and digits is the same in another spelling. Two neighbouring letters that have changed places are so in a word of
/// any length.
pub(crate) fn nearest<'w>(text: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    words
        .into_iter()
        .map(|word| (if is_alike(text, word) { 1.0 } else { strsim::jaro_winkler(text, word) }, word))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

fn is_alike(one: &str, other: &str) -> bool {
    let letters =
        |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    is_swapped(one, other) || (!letters(one).is_empty() && letters(one) == letters(other))
}

/// Whether two words differ in two neighbouring letters that have changed places.
fn is_swapped(one: &str, other: &str) -> bool {
    let mut differing = one.chars().zip(other.chars()).enumerate().filter(|(_, (one, other))| one != other);
    one.len() == other.len()
        && matches!(
            (differing.next(), differing.next(), differing.next()),
            (Some((at, (a, b))), Some((next, (c, d))), None) if next == at + 1 && a == d && b == c
        )
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn letters_that_have_changed_places_are_recognized_in_short_words_too() {
        for (typed, meant) in [("dve", Some("dev")), ("ved", None), ("porf", Some("prof")), ("xyz", None)] {
            assert_eq!(nearest(typed, ["dev", "prof", "staging"]), meant, "{typed}");
        }
        for (typed, meant) in [("o.p.q", "o_p_q"), ("K_L", "K.L"), ("db_password", "DB_PASSWORD")] {
            assert_eq!(nearest(typed, ["other", meant]), Some(meant));
        }
        assert_eq!(nearest("_", ["."]), None);
        assert_eq!(nearest("staging-eu", ["dev", "stagign-eu", "staging"]), Some("stagign-eu"));
    }
}
