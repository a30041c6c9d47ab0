//! What the fields of a document may hold that only people read. Whoever may write config writes them, and they end up
//! in logs and summaries.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::name::is_deceptive;

/// The most characters of a message.
const LONGEST_MESSAGE: usize = 1000;

/// The most characters of a person's name.
const LONGEST_NAME: usize = 100;

/// Whether a field's text is what the field holds.
pub(super) type Grammar = fn(&str) -> bool;

/// A push's id and the like: 1 to 64 of `[A-Za-z0-9._-]`.
pub(super) fn is_id(text: &str) -> bool {
    is_of(text, 1..=64, |byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// One of GitHub's numbers: 1 to 20 digits.
pub(super) fn is_number(text: &str) -> bool {
    is_of(text, 1..=20, |byte| byte.is_ascii_digit())
}

/// A commit, by SHA-1 or SHA-256, perhaps shortened: 7 to 64 hexadecimal digits.
pub(super) fn is_commit(text: &str) -> bool {
    is_of(text, 7..=64, |byte| byte.is_ascii_hexdigit())
}

/// An event of GitHub's, such as `workflow_dispatch`.
pub(super) fn is_event(text: &str) -> bool {
    is_of(text, 1..=64, |byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// `OWNER/NAME`, each an id of at most 100 characters.
pub(super) fn is_repository(text: &str) -> bool {
    let is_name = |text: &str| is_of(text, 1..=100, |byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// The name of what a reader must understand: 1 to 64 of `[a-z0-9.-]`.
pub(super) fn is_feature(text: &str) -> bool {
    is_of(text, 1..=64, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
}

/// A moment, as [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) has it.
pub(super) fn is_time(text: &str) -> bool {
    text.len() <= 64 && OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

/// A text of one line, such as a ref or a KMS key, of at most 2,048 bytes, without characters that disturb or deceive.
pub(super) fn is_line(text: &str) -> bool {
    (1..=2048).contains(&text.len()) && !text.contains(is_deceptive)
}

/// A ref of git in full, as `git check-ref-format` takes it, such as `refs/tags/v1.2.3`: without what would mean another
/// place in a path.
pub(super) fn is_git_ref(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    is_line(text)
        && text.contains('/')
        && text.split('/').all(is_part)
        && !text.ends_with('.')
        && !["..", "@{"].iter().any(|pair| text.contains(pair))
        && !text.contains([' ', '~', '^', ':', '?', '*', '[', '\\'])
}

/// What a person says of a push: 1 to 1,000 characters, in one or more lines, without other characters that disturb or
/// deceive.
pub(super) fn is_message(text: &str) -> bool {
    text.chars().count() <= LONGEST_MESSAGE && !text.trim().is_empty() && odd_character(text).is_none()
}

/// The first character of a message that disturbs or deceives.
pub(crate) fn odd_character(text: &str) -> Option<char> {
    text.chars().find(|c| *c != '\n' && is_deceptive(*c))
}

/// A text as a message: without blanks at its ends, and with line breaks that are one character. None where it cannot
/// be one.
pub(crate) fn message_of(text: &str) -> Option<String> {
    let text = text.trim().replace("\r\n", "\n");
    is_message(&text).then_some(text)
}

/// A person's name, of at most 100 characters on one line. It is no address of theirs, and holds none.
pub(super) fn is_person(text: &str) -> bool {
    author_name(text).as_deref() == Some(text)
}

/// The name in what git or a person gives as one: without addresses, be they in `<…>` or a word of their own. None
/// where nothing is left of it, or what is left is no name.
#[must_use]
pub fn author_name(text: &str) -> Option<String> {
    let before = text.split('<').next().unwrap_or_default();
    let words: Vec<_> = before.split_whitespace().filter(|word| !word.contains('@')).collect();
    let name = words.join(" ");
    (is_line(&name) && name.chars().count() <= LONGEST_NAME).then_some(name)
}

fn is_of(text: &str, length: std::ops::RangeInclusive<usize>, is_allowed: impl Fn(u8) -> bool) -> bool {
    length.contains(&text.len()) && text.bytes().all(is_allowed)
}

/// The first of these fields that is not what it must be. What is absent is right.
pub(super) fn first_broken<'a>(
    fields: impl IntoIterator<Item = (&'static str, Option<&'a str>, Grammar)>,
) -> Option<&'static str> {
    let mut fields = fields.into_iter();
    fields.find(|(_, text, is_right)| text.is_some_and(|text| !is_right(text))).map(|(name, ..)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_takes_what_github_and_this_tool_write() {
        for (is_right, texts) in [
            (is_id as Grammar, &["00000000-0000-4000-8000-000000000001", "p"][..]),
            (is_number, &["1", "18446744073709551615"]),
            (is_commit, &["0123abc", "0123456789abcdef0123456789abcdef01234567"]),
            (is_event, &["push", "workflow_dispatch"]),
            (is_repository, &["acme/shop", "Acme-1/my.repo_x", "acme/.github"]),
            (is_time, &["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123+01:00"]),
            (is_git_ref, &["refs/tags/v1.2.3", "refs/heads/füx", "refs/pull/7/merge", "refs/heads/a.b/c@d"]),
            (is_line, &["acme/shop/.github/workflows/a b.yml@refs/tags/v1", "dependabot[bot]"]),
        ] {
            texts.iter().for_each(|text| assert!(is_right(text), "{text:?}"));
        }
    }

    #[test]
    fn a_message_has_lines_and_no_other_control_characters() {
        for text in ["Rotate the key", "Rotate the key\n\nIt was in a log.", &"ü".repeat(1000)] {
            assert!(is_message(text), "{text:?}");
        }
        assert_eq!(message_of(" a\r\nb\n").as_deref(), Some("a\nb"));
        for text in ["", " \n", &"ü".repeat(1001), "a\r\nb", "a\tb", "a\u{1b}[31m", "a\u{202e}b", "a\u{2028}b", "a\0"]
        {
            assert!(!is_message(text), "{text:?}");
        }
    }

    #[test]
    fn of_an_address_only_the_name_is_kept() {
        for (text, name) in [
            ("Mona Lisa", Some("Mona Lisa")),
            ("  Mona\t Lisa \n", Some("Mona Lisa")),
            ("Mona Lisa <mona@example.com>", Some("Mona Lisa")),
            ("Mona <mona", Some("Mona")),
            ("mona@example.com", None),
            ("Mona (mona@example.com) Lisa", Some("Mona Lisa")),
            ("<mona@example.com>", None),
            ("", None),
            ("a\u{1b}[31m", None),
            ("@mona", None),
            (&"x".repeat(101), None),
        ] {
            assert_eq!(author_name(text).as_deref(), name, "{text:?}");
            assert_eq!(is_person(text), name == Some(text), "{text:?}");
        }
    }

    #[test]
    fn no_field_takes_more_than_a_line_of_its_own() {
        let grammars =
            [is_id as Grammar, is_number, is_commit, is_event, is_repository, is_time, is_git_ref, is_line, is_person];
        let long = "1".repeat(2049);
        for text in ["", "1\n", "\n1", "1\r2", "a\u{1b}[31m", "a\u{202e}b", "1\u{2028}2", "1\0", &long] {
            for (at, is_right) in grammars.iter().enumerate() {
                assert!(!is_right(text), "{at}: {text:?}");
            }
        }
        for (is_right, text) in [
            (is_id as Grammar, "a b"),
            (is_number, "-1"),
            (is_commit, "main"),
            (is_event, "push <b>"),
            (is_repository, "acme"),
            (is_repository, "acme/shop/more"),
            (is_repository, "https://evil.example"),
            (is_time, "yesterday"),
            (is_git_ref, "main"),
            (is_git_ref, "refs/tags/"),
            (is_git_ref, "refs/tags/../../evil"),
            (is_git_ref, "refs/tags//v1"),
            (is_git_ref, "refs/tags/.v1"),
            (is_git_ref, "refs/tags/v1.lock"),
            (is_git_ref, "refs/tags/v1."),
            (is_git_ref, "refs/tags/v1?x"),
            (is_git_ref, "refs/tags/a b"),
            (is_git_ref, "refs/tags/a@{1}"),
        ] {
            assert!(!is_right(text), "{text:?}");
        }
    }
}
