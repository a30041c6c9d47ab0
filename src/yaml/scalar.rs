//! Strings as scalars that every reader of YAML takes for strings.

use super::core_schema::{Meaning, meaning};

/// A string as a YAML scalar, for block and flow context: plain if YAML 1.1 and 1.2 both read that as a string, else in
/// single quotes.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Whether a text can be written without quotes.
pub(crate) fn is_plain(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_./@+=:-".contains(&b);
    let first = |b: &u8| b.is_ascii_alphanumeric() || b"_./".contains(b);
    let word = text.to_ascii_lowercase();
    text.as_bytes().first().is_some_and(first)
        && text.bytes().all(plain)
        && !text.ends_with(':')
        && !matches!(word.as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n")
        && !matches!(word.as_str(), ".inf" | ".nan" | "." | "..")
        // Numbers, dates, and YAML 1.1's numbers to the base 60.
        && word.replace('_', "").parse::<f64>().is_err()
        && !["0x", "0o", "0b"].iter().any(|prefix| word.starts_with(prefix))
        && !(word.contains(|c: char| c.is_ascii_digit())
            && word.bytes().all(|b| b.is_ascii_digit() || b"_.:+-tz".contains(&b)))
}

/// Whether a plain scalar is text in YAML 1.2, and a boolean, number or date to who reads YAML 1.1, as PyYAML and Ruby
/// do (<https://yaml.org/type/bool.html>, <https://yaml.org/type/int.html>, <https://yaml.org/type/timestamp.html>).
pub(crate) fn is_typed_in_yaml_1_1(text: &str) -> bool {
    const WORDS: &str = " y Y yes Yes YES n N no No NO on On ON off Off OFF ";
    let is_word = text.bytes().all(|b| b.is_ascii_alphabetic()) && WORDS.contains(&format!(" {text} "));
    let digits = text.trim_start_matches(['-', '+']);
    let is_of_digits = digits.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && digits.bytes().all(|b| b.is_ascii_digit() || b"_:.-+TtZz ".contains(&b));
    let is_date = || digits.as_bytes().get(4) == Some(&b'-');
    meaning(text) == Meaning::Text && (is_word || is_of_digits && (digits.contains(['_', ':']) || is_date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "service/dev/.env .env v1.2.3 cstore-shop arn:aws:kms:eu-west-1:1:key/a-b alias/my-key _x t a+b ../x \
        e9f5455a61edcd309ce5a697ef7187b9";
    const QUOTED: &str = "1.0 1 1e3 1_000 0x1f 2026-11-23 12:30:45 null ~ True no y -a a: #a ${ENV}/.env {a} [a] a,b *a &a !a \
        %a @a `a ü it's \"a\" .inf .NaN = | > ? infinity 12345678901234567890123456789012";

    #[test]
    fn some_texts_are_no_text_in_yaml_1_1() {
        for typed in "no Yes ON y 1_000 12:30 8080:80 -1:30.5 2026-11-23 2026-11-23T10:00:00Z".split(' ') {
            assert!(is_typed_in_yaml_1_1(typed), "{typed}");
        }
        for text in "nO yesterday x 1.2.3 v1 1 true 0x1f a:b 10-20 12:30pm".split(' ').chain(["", "no way"]) {
            assert!(!is_typed_in_yaml_1_1(text), "{text}");
        }
    }

    #[test]
    fn what_could_be_something_else_than_a_string_is_quoted() {
        for plain in PLAIN.split(' ').filter(|text| !text.is_empty()) {
            assert_eq!(scalar(plain), plain);
        }
        let spaced = ["", "- a", "a: b", "a #b", "a b"];
        for quoted in QUOTED.split(' ').filter(|text| !text.is_empty()).chain(spaced) {
            assert_eq!(scalar(quoted), format!("'{}'", quoted.replace('\'', "''")), "{quoted}");
        }
    }
}
