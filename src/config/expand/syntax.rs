//! What a dollar sign begins: the grammar of Docker Compose (package `template` of github.com/compose-spec/compose-go).

/// What stands at a dollar sign that expansion may replace.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dollar<'t> {
    /// `$$`: a dollar sign.
    Escaped,
    /// `$NAME`, `${NAME}`, or the beginning `${NAME:-` of a longer reference.
    Reference(Reference<'t>),
    /// `${` and then anything else.
    Malformed,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    pub(super) name: &'t str,
    pub(super) operator: Option<Operator>,
    /// How many bytes there are up to the word that follows the operator, or up to the end.
    pub(super) length: usize,
}

/// What is done with the word that follows: `${NAME:-word}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) kind: OperatorKind,
    /// With a colon: an empty value counts as none.
    pub(super) empty_is_none: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OperatorKind {
    /// `-`: the word, where the name has no value.
    Default,
    /// `+`: the word, where the name has a value, and else nothing.
    Alternative,
    /// `?`: an error, where the name has no value.
    Required,
}

/// Whether a dollar sign means something to expansion, by the character that follows it.
pub(in crate::config) fn is_dollar_of_a_reference(next: Option<u8>) -> bool {
    next.is_some_and(|next| matches!(next, b'$' | b'{' | b'_') || next.is_ascii_alphabetic())
}

impl<'t> Dollar<'t> {
    /// Reads what a text that begins with a dollar sign begins with.
    ///
    /// A name is that of a variable. In braces it may also hold dots, which Compose refuses: keys have them.
    pub(super) fn read(text: &'t str) -> Self {
        let rest = text.get(1..).unwrap_or_default();
        if rest.starts_with('$') {
            return Self::Escaped;
        }
        let Some(braced) = rest.strip_prefix('{') else {
            let name = name(rest, "");
            let length = 1 + name.len();
            return Self::Reference(Reference { name, operator: None, length });
        };
        let name = name(braced, ".");
        let rest = &braced[name.len()..];
        let before = 2 + name.len();
        let (is_colon, after) = rest.strip_prefix(':').map_or((false, rest), |after| (true, after));
        let kind = match after.as_bytes().first() {
            _ if name.is_empty() => return Self::Malformed,
            Some(b'}') if !is_colon => {
                return Self::Reference(Reference { name, operator: None, length: before + 1 });
            }
            Some(b'-') => OperatorKind::Default,
            Some(b'+') => OperatorKind::Alternative,
            Some(b'?') => OperatorKind::Required,
            _ => return Self::Malformed,
        };
        let operator = Some(Operator { kind, empty_is_none: is_colon });
        Self::Reference(Reference { name, operator, length: before + usize::from(is_colon) + 1 })
    }
}

/// The name that a text begins with; empty where it begins with none.
fn name<'t>(text: &'t str, others: &str) -> &'t str {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return "";
    }
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_' || others.contains(c);
    &text[..text.find(|c| !goes_on(c)).unwrap_or(text.len())]
}

/// The length of a word up to its closing brace. Braces in a word come in pairs.
pub(super) fn word_length(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_sign_begins_what_compose_says() {
        let reference = |name, operator, length| Dollar::Reference(Reference { name, operator, length });
        let with = |kind, empty_is_none| Some(Operator { kind, empty_is_none });
        for (text, expected) in [
            ("$$A", Dollar::Escaped),
            ("$A-b", reference("A", None, 2)),
            ("$a_1.b", reference("a_1", None, 4)),
            ("${A}b", reference("A", None, 4)),
            ("${a.b}", reference("a.b", None, 6)),
            ("${A-b}", reference("A", with(OperatorKind::Default, false), 4)),
            ("${A:-b}", reference("A", with(OperatorKind::Default, true), 5)),
            ("${A+", reference("A", with(OperatorKind::Alternative, false), 4)),
            ("${A:+b}", reference("A", with(OperatorKind::Alternative, true), 5)),
            ("${A?}", reference("A", with(OperatorKind::Required, false), 4)),
            ("${A:?b}", reference("A", with(OperatorKind::Required, true), 5)),
        ] {
            assert_eq!(Dollar::read(text), expected, "{text}");
        }
        for text in ["${}", "${1}", "${A", "${A:}", "${A:b}", "${A=b}", "${A:=b}", "${#A}", "${ A}", "${A }", "${A%b}"]
        {
            assert_eq!(Dollar::read(text), Dollar::Malformed, "{text}");
        }
    }

    #[test]
    fn braces_in_a_word_come_in_pairs() {
        for (text, length) in
            [("a}b}", Some(1)), ("{\"a\":{}}}", Some(8)), ("${B:-c}}", Some(7)), ("{a}", None), ("", None)]
        {
            assert_eq!(word_length(text), length, "{text}");
        }
    }
}
