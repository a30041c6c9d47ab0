//! Patterns of keys, as the inputs `keys` and `mask` take them.
//!
//! `*` matches any number of characters and `?` matches one. Every other character matches itself; case counts. (Globs
//! for paths do not fit, since keys of nested documents may contain `/`, braces and brackets.)

use crate::wildcard;

/// One pattern of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    text: String,
    chars: Vec<char>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), chars: text.chars().collect() }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it can match more than one key.
    pub(super) fn has_wildcard(&self) -> bool {
        self.text.contains(['*', '?'])
    }

    /// Whether it matches the whole of a key, in time at most the product of both lengths.
    pub(super) fn matches(&self, key: &str) -> bool {
        wildcard::matches(&self.chars, key.chars(), |c| *c == '*', |wanted, c| *wanted == '?' || wanted == c)
    }
}

/// A list of patterns such as `DB_*`, `!DB_DEBUG`: of those that match a key, the last decides. A list that only
/// excludes (`!…`) starts from all keys, every other from none; an empty list matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyPatterns {
    rules: Vec<(bool, Pattern)>,
}

/// A line with `!` and no pattern after it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: there is no pattern after `!`")]
pub struct PatternError {
    /// Its line in the input, from 1.
    pub line: usize,
}

impl KeyPatterns {
    /// Reads patterns, one per line. Blanks around a pattern, empty lines, and lines that begin with `#` are ignored.
    ///
    /// # Errors
    /// A line with nothing after its `!`.
    pub fn new(lines: &str) -> Result<Self, PatternError> {
        let mut rules = Vec::new();
        for (line, text) in pattern_lines(lines) {
            let (includes, pattern) = sign_and_pattern(text).ok_or(PatternError { line })?;
            rules.push((includes, Pattern::new(pattern)));
        }
        Ok(Self { rules })
    }

    /// Of each line whether it includes keys, and its pattern.
    pub(super) fn lines(&self) -> impl Iterator<Item = (bool, &Pattern)> {
        self.rules.iter().map(|(includes, pattern)| (*includes, pattern))
    }

    /// Whether the patterns select a key.
    #[must_use]
    pub fn matches(&self, key: &str) -> bool {
        let last = self.rules.iter().rev().find(|(_, pattern)| pattern.matches(key));
        last.map_or_else(|| self.rules.iter().all(|(includes, _)| !includes), |(includes, _)| *includes)
    }
}

/// The lines of an input, trimmed, with their numbers from 1; without empty lines and comments.
pub(super) fn pattern_lines(lines: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = lines.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a line includes keys (it has no `!`), and its pattern; `None` when there is no pattern.
pub(super) fn sign_and_pattern(line: &str) -> Option<(bool, &str)> {
    let (includes, pattern) = match line.strip_prefix('!') {
        Some(pattern) => (false, pattern.trim_start()),
        None => (true, line),
    };
    (!pattern.is_empty()).then_some((includes, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wildcards_match_as_a_shell_does() {
        for (pattern, key, expected) in [
            ("", "", true),
            ("", "A", false),
            ("DB_*", "DB_HOST", true),
            ("DB_*", "DB_", true),
            ("DB_*", "XDB_HOST", false),
            ("*_URL", "A_URL_URL", true),
            ("*_URL", "A_URL_X", false),
            ("a*b*c", "aXbXbc", true),
            ("a*b*c", "acb", false),
            ("??", "ab", true),
            ("??", "a", false),
            ("?", "ü", true),
            ("*?", "", false),
            ("**", "", true),
            ("a/*", "a/b/c", true),
            ("{a,b}[c]", "{a,b}[c]", true),
            ("{a,b}", "a", false),
            ("db", "DB", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(key), expected, "{pattern} {key}");
        }
    }

    #[test]
    fn a_pattern_that_explodes_elsewhere_is_harmless() {
        let pattern = Pattern::new(&format!("{}b", "*a".repeat(200)));
        assert!(!pattern.matches(&"a".repeat(1024)));
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        let patterns = KeyPatterns::new("DB_*\n!DB_DEBUG*\n\n  # why\n  DB_DEBUG_PORT \n").unwrap();
        let matched = |key| patterns.matches(key);
        assert!(matched("DB_HOST") && matched("DB_DEBUG_PORT"));
        assert!(!matched("DB_DEBUG") && !matched("X"));
    }

    #[test]
    fn exclusions_alone_and_nothing_at_all_start_from_all() {
        let all_but = KeyPatterns::new("!LOG_LEVEL").unwrap();
        assert!(all_but.matches("X") && !all_but.matches("LOG_LEVEL"));
        assert!(KeyPatterns::new("").unwrap().matches("X"));
        assert_eq!(KeyPatterns::new("A\n! "), Err(PatternError { line: 2 }));
    }

    /// What [`Pattern::matches`] should say, in the simplest way.
    fn reference(pattern: &[char], key: &[char]) -> bool {
        match pattern.split_first() {
            None => key.is_empty(),
            Some(('*', rest)) => (0..=key.len()).any(|skipped| reference(rest, &key[skipped..])),
            Some((c, rest)) => {
                key.split_first().is_some_and(|(k, keys)| (*c == '?' || c == k) && reference(rest, keys))
            }
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_its_definition(pattern in "[ab*?ü]{0,8}", key in "[abü]{0,10}") {
            let chars: Vec<char> = pattern.chars().collect();
            let expected = reference(&chars, &key.chars().collect::<Vec<_>>());
            prop_assert_eq!(Pattern::new(&pattern).matches(&key), expected);
        }
    }
}
