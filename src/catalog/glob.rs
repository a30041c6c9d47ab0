//! Patterns for paths, in bounded time.
//!
//! Not a crate's, since `globset` and `fast-glob` compare bytes: in them, neither `?` nor `[é]` matches an `é`.

use std::iter::Peekable;
use std::str::Chars;

use crate::name::is_deceptive;
use crate::wildcard;

/// A pattern: `*` (within a path's part), `**` (whole parts, any number of them), `?` (one character), `[a-z]`,
/// `[!a-z]`, `{a,b}`, and `\` before a character that is meant as it is.
///
/// A name that begins with a dot is matched like any other, as most config files have such names: `**/*` matches
/// `.env`. The time to match a path is at most proportional to the path's length times the pattern's, with braces
/// written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    /// What the pattern stands for without its braces.
    alternatives: Vec<Vec<Part>>,
}

/// Why a text is not a pattern.
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

    /// Checks a pattern.
    pub fn new(text: &str) -> Result<Self, GlobError> {
        let refuse = |rule| GlobError { pattern: crate::excerpt::excerpt(text), rule };
        if text.is_empty() {
            return Err(refuse("is empty"));
        }
        if text.len() > Self::LONGEST {
            return Err(refuse("is longer than 1,000 bytes"));
        }
        if text.chars().any(is_deceptive) {
            return Err(refuse("contains a control or formatting character"));
        }
        let alternatives = Parser { rest: text.chars().peekable() }.sequence(0).map_err(refuse)?;
        let alternatives = alternatives.letters.iter().map(|letters| parts(letters)).collect();
        Ok(Self { text: text.to_owned(), alternatives })
    }

    /// Whether a text has a character that makes it a pattern: one of `* ? [ {`.
    #[must_use]
    pub fn is_glob(text: &str) -> bool {
        text.contains(['*', '?', '[', '{'])
    }

    /// Whether the pattern matches the whole of a name.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.alternatives.iter().any(|parts| wildcard::matches(parts, name.split('/'), Part::is_any, Part::is_match))
    }

    /// The pattern as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A part of a pattern, between two `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// `**`: any number of parts.
    Any,
    /// One part.
    One(Vec<Letter>),
}

impl Part {
    fn is_any(&self) -> bool {
        *self == Self::Any
    }

    fn is_match(&self, part: &&str) -> bool {
        match self {
            Self::Any => true,
            Self::One(letters) => wildcard::matches(letters, part.chars(), Letter::is_any, Letter::is_match),
        }
    }
}

/// An element of a pattern: it matches characters within a part, or the `/` between two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Letter {
    /// `*`: any number of characters.
    Any,
    /// `?`: one character.
    One,
    /// This character.
    This(char),
    /// `[…]` or, negated, `[!…]`: one character of these ranges, ends included.
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Letter {
    fn is_any(&self) -> bool {
        *self == Self::Any
    }

    fn is_match(&self, c: &char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::This(wanted) => wanted == c,
            Self::Class { negated, ranges } => ranges.iter().any(|(low, high)| (low..=high).contains(&c)) != *negated,
        }
    }
}

/// The parts of a pattern without braces. A `**` at its end matches at least one part, since a folder is not a file.
fn parts(letters: &[Letter]) -> Vec<Part> {
    let mut parts: Vec<Part> = letters
        .split(|letter| *letter == Letter::This('/'))
        .map(|part| if part == [Letter::Any, Letter::Any] { Part::Any } else { Part::One(part.to_vec()) })
        .collect();
    if parts.last() == Some(&Part::Any) {
        parts.push(Part::One(vec![Letter::Any]));
    }
    parts
}

/// The patterns that result when the braces of a pattern are written out.
struct Alternatives {
    letters: Vec<Vec<Letter>>,
}

impl Alternatives {
    /// How many letters they may have together, with one for each of them.
    const MOST_LETTERS: usize = 10_000;

    fn push(&mut self, letter: &Letter) -> Result<(), &'static str> {
        Self::check(self.size() + self.letters.len())?;
        self.letters.iter_mut().for_each(|letters| letters.push(letter.clone()));
        Ok(())
    }

    /// Each of these, followed by each of those.
    fn followed_by(&self, next: &Self) -> Result<Self, &'static str> {
        Self::check(self.size().saturating_mul(next.letters.len()) + next.size().saturating_mul(self.letters.len()))?;
        let after =
            |letters: &Vec<Letter>| next.letters.iter().map(|next| [&letters[..], next].concat()).collect::<Vec<_>>();
        Ok(Self { letters: self.letters.iter().flat_map(after).collect() })
    }

    fn size(&self) -> usize {
        self.letters.iter().map(|letters| letters.len() + 1).sum()
    }

    const fn check(size: usize) -> Result<(), &'static str> {
        if size > Self::MOST_LETTERS {
            return Err("stands for more than 10,000 characters, once its braces are written out");
        }
        Ok(())
    }
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Parser<'_> {
    const DEEPEST: usize = 10;

    /// Reads to the end; within braces, to the `,` or `}` that ends a branch.
    fn sequence(&mut self, depth: usize) -> Result<Alternatives, &'static str> {
        let mut read = Alternatives { letters: vec![Vec::new()] };
        while let Some(c) = self.rest.next_if(|c| depth == 0 || !matches!(c, ',' | '}')) {
            let letter = match c {
                '{' => {
                    read = read.followed_by(&self.branches(depth + 1)?)?;
                    continue;
                }
                '[' => self.class()?,
                '*' => Letter::Any,
                '?' => Letter::One,
                '\\' => Letter::This(self.escaped()?),
                c => Letter::This(c),
            };
            read.push(&letter)?;
        }
        Ok(read)
    }

    /// Reads what follows a `{`.
    fn branches(&mut self, depth: usize) -> Result<Alternatives, &'static str> {
        if depth > Self::DEEPEST {
            return Err("has braces in braces, more than 10 deep");
        }
        let mut read = Alternatives { letters: Vec::new() };
        loop {
            read.letters.append(&mut self.sequence(depth)?.letters);
            Alternatives::check(read.size())?;
            match self.rest.next() {
                Some(',') => {}
                Some(_) => return Ok(read),
                None => return Err("has a { that is not closed"),
            }
        }
    }

    /// Reads what follows a `[`. A `]` that comes first is one of the characters.
    fn class(&mut self) -> Result<Letter, &'static str> {
        const OPEN: &str = "has a [ that is not closed";
        let negated = self.rest.next_if(|c| matches!(c, '!' | '^')).is_some();
        let mut ranges = Vec::new();
        loop {
            let low = match self.rest.next().ok_or(OPEN)? {
                ']' if !ranges.is_empty() => return Ok(Letter::Class { negated, ranges }),
                '\\' => self.escaped()?,
                c => c,
            };
            let mut after = self.rest.clone();
            let is_range = after.next() == Some('-') && after.next().is_some_and(|c| c != ']');
            let high = if is_range { self.range_end()? } else { low };
            ranges.push((low, high));
        }
    }

    /// Reads a `-` and the character after it.
    fn range_end(&mut self) -> Result<char, &'static str> {
        self.rest.next();
        match self.rest.next() {
            Some('\\') => self.escaped(),
            Some(c) => Ok(c),
            None => Err("has a [ that is not closed"),
        }
    }

    fn escaped(&mut self) -> Result<char, &'static str> {
        self.rest.next().ok_or("ends with a backslash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tried::holds;

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
        assert!(!matches("a[!x]b", "a/b") && !matches("a[/]b", "a/b") && !matches("a[.-0]b", "a/b"));
        assert!(!matches("a/**", "a"), "the folder is no file");
        assert!(matches("a/**", "a/b") && matches("a/**/**", "a/b/c") && !matches("a/**/**", "a"));
        assert!(matches("a/**/b", "a/b") && matches("a/**/b", "a/x/y/b") && !matches("a/**/b", "a/x/yb"));
        assert!(matches("**/a/**/b", "a/x/a/y/b") && !matches("**/a/**/b", "b/a"));
        assert!(!matches("**.env", "a/.env"), "** is whole parts or it is *");
        assert!(matches("{a/b,c}/{d,e}", "a/b/e"));
        assert!(matches("{a/**,b}/c", "a/x/y/c") && matches("{**,b}/c", "c") && !matches("x{**,b}/c", "x/y/c"));
        assert!(matches("a{,b{c,d}}", "a") && matches("a{,b{c,d}}", "abd") && !matches("a{,b{c,d}}", "ab"));
        assert!(matches("{}a", "a") && matches("a,b}", "a,b}"), "what stands alone is itself");
        assert!(matches(r"a\*b", "a*b") && !matches(r"a\*b", "axb") && matches(r"\b{\,,\}}", "b}"));
        assert!(matches("[[]id]/*", "[id]/.env"));
        assert!(matches("[]a]", "]") && matches("[!]a]", "b") && !matches("[^]a]", "]") && matches(r"[\]-a]", "^"));
        assert!(matches("[a-]", "-") && matches("[a-c-e]", "-") && !matches("[c-a]", "b"));
        assert!(matches("!a", "!a"));
    }

    #[test]
    fn characters_count_and_not_their_bytes() {
        assert!(matches("?", "é") && matches("?.env", "日.env") && matches("??", "é🔑"));
        assert!(!matches("??", "é") && !matches("?", "e\u{301}"));
        assert!(matches("[é]", "é") && matches("[à-ü]x", "éx") && matches("[!x]", "é") && !matches("[!é]", "é"));
        assert!(matches("{é,ü}", "ü") && matches(r"\é*", "éa"));
    }

    #[test]
    fn malformed_and_explosive_patterns_are_refused() {
        let long = "a".repeat(1_001);
        let explosive = "{a,b,c}".repeat(9);
        let wide = format!("{}{}", "{a,b}".repeat(6), "x".repeat(200));
        let deep = "{".repeat(11) + &"}".repeat(11);
        let (deceptive, brace) = ("contains a control or formatting character", "has a { that is not closed");
        let (bracket, end) = ("has a [ that is not closed", "ends with a backslash");
        let many = "stands for more than 10,000 characters, once its braces are written out";
        for (bad, rule) in [
            ("", "is empty"),
            ("a{b", brace),
            ("a[b", bracket),
            ("a[", bracket),
            ("a[]", bracket),
            ("a[!]", bracket),
            ("a[b-", bracket),
            ("a\\", end),
            ("a[\\", end),
            ("a{b\\", end),
            ("a\nb", deceptive),
            ("a\u{202e}*", deceptive),
            ("{[},]", brace),
            (&long, "is longer than 1,000 bytes"),
            (&explosive, many),
            (&wide, many),
            (&deep, "has braces in braces, more than 10 deep"),
        ] {
            assert_eq!(Glob::new(bad).unwrap_err().rule, rule, "{bad:?}");
        }
        assert!(Glob::new(&"{a,b}".repeat(8)).is_ok() && Glob::new(&("{".repeat(10) + &"}".repeat(10))).is_ok());
    }

    #[test]
    fn a_pattern_that_explodes_elsewhere_is_harmless() {
        let name = format!("{}b", "a/".repeat(400));
        assert!(!matches(&format!("{}c", "**/*a*/".repeat(100)), &name));
        assert!(!matches(&format!("{}c", "*a".repeat(400)), &"a".repeat(900)));
    }

    /// What it should say is in `tests/properties/`, of short patterns.
    #[test]
    fn any_pattern_is_quick_or_refused() {
        let pattern = "[ab*?\\[\\]{},\\\\!/^é-]{0,80}|([ab*?/é]|\\*\\*/|\\{a,[*]b\\}|\\[!a\\]){20,80}";
        holds(256, &(pattern, "[abé/.]{0,80}"), &[("tried", 30), ("refused", 90)], |(pattern, name)| {
            let Ok(glob) = Glob::new(&pattern) else { return vec!["refused"] };
            // That it ends is what is to be seen.
            let _ = glob.matches(&name);
            vec!["tried"]
        });
    }
}
