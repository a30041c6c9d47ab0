//! Patterns for names, bounded so that none can take for ever.

use crate::name::is_deceptive;

/// A pattern: `*` (within a path's part), `**` (whole parts, any number of them), `?` (one byte: two for `ü`), `[a-z]`,
/// `[!a-z]`, `{a,b}`, and `\` before a character that is meant as it is.
///
/// A name that begins with a dot is matched like any other, `**/*` takes `.env` too: most config files are named so. A
/// pattern is tried in time linear in its length and the name's, times its alternatives, of which there may be 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern {pattern:?} {rule}")]
pub struct GlobError {
    /// The pattern, at most 200 characters of it.
    pub pattern: String,
    /// The rule that it breaks, as a clause.
    pub rule: &'static str,
}

impl Glob {
    const LONGEST: usize = 1_000;
    const MOST_ALTERNATIVES: usize = 256;

    /// Checks a pattern.
    pub fn new(text: &str) -> Result<Self, GlobError> {
        use fast_glob::ErrorKind;
        let refuse = |rule| Err(GlobError { pattern: crate::excerpt::excerpt(text), rule });
        if text.is_empty() {
            return refuse("is empty");
        }
        if text.len() > Self::LONGEST {
            return refuse("is longer than 1,000 bytes");
        }
        if text.chars().any(is_deceptive) {
            return refuse("contains a control or formatting character");
        }
        if let Err(error) = fast_glob::validate(text) {
            return refuse(match error.kind {
                ErrorKind::UnclosedBrace => "has a { that is not closed",
                ErrorKind::UnclosedBracket => "has a [ that is not closed",
                ErrorKind::TrailingBackslash => "ends with a backslash",
                _ => "has too many braces",
            });
        }
        if alternatives(text) > Self::MOST_ALTERNATIVES {
            return refuse("stands for more than 256 alternatives");
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether a text has a character that makes it a pattern: one of `* ? [ {`.
    #[must_use]
    pub fn is_glob(text: &str) -> bool {
        text.contains(['*', '?', '[', '{'])
    }

    /// Whether the pattern matches the whole of a name.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        fast_glob::glob_match(&self.0, name)
    }

    /// The pattern as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many patterns without braces a valid pattern stands for. The matcher tries one after the other, so that
/// `{a,b}{a,b}{a,b}…` would cost exponential time.
fn alternatives(pattern: &str) -> usize {
    // For each open brace: the sum of its finished branches, and what multiplied up outside before it.
    let mut outer: Vec<(usize, usize)> = Vec::new();
    let mut product: usize = 1;
    let bytes = pattern.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => at = class_end(bytes, at),
            b'{' => {
                outer.push((0, product));
                product = 1;
            }
            b',' => {
                if let Some((sum, _)) = outer.last_mut() {
                    *sum = sum.saturating_add(product);
                    product = 1;
                }
            }
            b'}' => {
                if let Some((sum, before)) = outer.pop() {
                    product = sum.saturating_add(product).saturating_mul(before);
                }
            }
            _ => {}
        }
        at += 1;
    }
    product
}

/// The place of the `]` that closes the class opened at `open`; the first character of a class never closes it.
fn class_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    if matches!(bytes.get(at), Some(b'!' | b'^')) {
        at += 1;
    }
    let first = at;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b']' if at > first => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Glob::new(pattern).unwrap().matches(name)
    }

    #[test]
    fn dotfiles_are_matched_like_any_other() {
        for pattern in ["**/*", "**", "*", ".*", "*env", "?env", "**/.env", "{.env,x}", "[.]env"] {
            assert!(matches(pattern, ".env"), "{pattern}");
        }
        assert!(matches("**/*", "service/.hidden/.env"));
        assert!(matches("service/**", "service/dev/.env"));
    }

    #[test]
    fn what_the_signs_mean() {
        assert!(!matches("*", "a/b"));
        assert!(!matches("a?b", "a/b"));
        assert!(!matches("a[!x]b", "a/b"));
        assert!(!matches("a/**", "a"), "the folder is no file");
        assert!(matches("a/**/b", "a/b"));
        assert!(!matches("**.env", "a/.env"), "** is whole parts or it is *");
        assert!(matches("{a/b,c}/{d,e}", "a/b/e"));
        assert!(matches(r"a\*b", "a*b"));
        assert!(matches("[[]id]/*", "[id]/.env"));
        assert!(matches("?", "x") && !matches("?", "ü") && matches("??", "ü"));
    }

    #[test]
    fn malformed_and_explosive_patterns_are_refused() {
        let long = "a".repeat(1_001);
        let explosive = "{a,b,c}".repeat(9);
        let deep = "{".repeat(11) + &"}".repeat(11);
        for bad in ["", "a{b", "a[b", "a\\", "a\nb", "a\u{202e}*", &long, &explosive, &deep] {
            assert!(Glob::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn alternatives_are_counted_as_they_multiply() {
        for (pattern, count) in [
            ("a", 1),
            ("{a,b}", 2),
            ("{a,b}{c,d,e}", 6),
            ("{a,{b,c}{d,e}}x", 5),
            ("{a,[,],b}", 3),
            (r"{a\,b,c}", 2),
            ("a,b}", 1),
            ("{[]},],b}", 2),
        ] {
            assert_eq!(alternatives(pattern), count, "{pattern}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_pattern_is_quick_or_refused(pattern in "[ab*?\\[\\]{},\\\\!/^-]{0,80}", name in "[ab/.]{0,80}") {
            if let Ok(glob) = Glob::new(&pattern) {
                let _ = glob.matches(&name);
            }
        }
    }
}
