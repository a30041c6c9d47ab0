/// What is wrong with variables that hold credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableProblem {
    /// It is empty or not set, and the other one, which needs it, is set.
    Lacking {
        /// Whether it is set, to nothing.
        is_empty: bool,
        /// The other one.
        beside: &'static str,
    },
    /// It begins or ends with white space, has in it what no credential has, such as a line break, or is not text. The
    /// clause says which, and follows the credential's name.
    Unusable(&'static str),
    /// It is empty, as are all that could give credentials in its place and were meant to.
    Empty,
}

/// Which blanks or line breaks a text has that no credential has, as a clause that follows the credential's name. A
/// blank between two words is none of them.
pub(super) fn blanks(text: &str) -> Option<&'static str> {
    let has_line_end = |text: &str| text.contains(['\n', '\r']);
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Some(if text.is_empty() { "is empty" } else { "holds nothing but blanks" });
    }
    let (begin, end) = (&text[..text.len() - text.trim_start().len()], &text[text.trim_end().len()..]);
    if !end.is_empty() {
        return Some(if has_line_end(end) { "ends with a line break" } else { "ends with a blank" });
    }
    if !begin.is_empty() {
        return Some(if has_line_end(begin) { "begins with a line break" } else { "begins with a blank" });
    }
    if has_line_end(text) {
        return Some("has a line break in it");
    }
    text.chars().any(char::is_control).then_some("has a control character in it")
}

/// What of a text cannot stand in a header, as such a clause.
pub(super) fn not_for_a_header(text: &str) -> Option<&'static str> {
    blanks(text).or_else(|| {
        if text.contains(' ') {
            return Some("has a blank in it");
        }
        (!text.is_ascii()).then_some("has a character that is not ASCII in it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_that_cannot_be_used_is_told_why() {
        for (text, clause) in [
            ("", Some("is empty")),
            (" \n", Some("holds nothing but blanks")),
            ("a ", Some("ends with a blank")),
            (" a\r\n", Some("ends with a line break")),
            ("\ta", Some("begins with a blank")),
            ("\na", Some("begins with a line break")),
            ("a\nb", Some("has a line break in it")),
            ("a\u{7f}b", Some("has a control character in it")),
            ("a b", Some("has a blank in it")),
            ("aé", Some("has a character that is not ASCII in it")),
            ("AKIA/+=", None),
        ] {
            assert_eq!(not_for_a_header(text), clause, "{text:?}");
        }
        assert_eq!(blanks("a b"), None);
    }
}
