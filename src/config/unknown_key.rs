//! Names of keys that there are not, and what was probably meant by them.

use std::collections::HashSet;
use std::fmt;

use super::key_pattern::{KeyPatterns, Pattern};
use crate::excerpt::{excerpt, listed_key};
use crate::name::variable_name;
use crate::nearest::nearest;

/// For how many unknown names the nearest key is looked for: each is compared with every key.
const MOST_COMPARED: usize = 10;
/// How many names are looked for on one line.
const MOST_NAMES: usize = 20;

/// A line that names a key, or has a pattern of keys, and matches none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The name or pattern, with its `!`.
    pub name: String,
    /// What was probably meant.
    pub hint: Option<KeyHint>,
    /// Whether it is more than one name, and one of them is a key's.
    pub has_known: bool,
}

/// What was probably meant by a line that matches no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyHint {
    /// This key.
    Key(String),
    /// Several names, written on one line.
    List,
    /// A new name for a key, which `OLD | NEW` gives.
    Rename,
    /// All keys, which `*` matches.
    All,
    /// No key, which the option says by this word alone.
    None,
    /// Keys that a pattern matches, where only names are read.
    Pattern,
}

/// What the lines of an option are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyLines {
    /// Patterns and new names.
    Selection,
    /// Patterns; instead of all of them, one of the words `all` and `none`.
    Patterns,
    /// Names alone.
    Names,
}

impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |c: char| c.is_alphanumeric() || "_-.*?!/$".contains(c);
        if self.name.chars().all(is_plain) {
            f.write_str(&self.name)?
        } else {
            write!(f, "{:?}", self.name)?
        }
        match &self.hint {
            None => Ok(()),
            Some(KeyHint::Key(key)) => write!(f, " (did you mean {}?)", listed_key(key)),
            Some(KeyHint::List) => f.write_str(" (write one name a line)"),
            Some(KeyHint::Rename) => f.write_str(" (a new name is written `OLD | NEW`)"),
            Some(KeyHint::All) => f.write_str(" (write `*` for all keys)"),
            Some(KeyHint::None) => f.write_str(" (this word stands alone)"),
            Some(KeyHint::Pattern) => f.write_str(" (no pattern here: name each key)"),
        }
    }
}

/// A line of a list of patterns that matches no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The name or pattern.
    pub key: UnknownKey,
    /// Whether it includes one key by its name, which is then missing.
    pub names_one: bool,
}

impl KeyPatterns {
    /// The lines that name none of these keys, and those that are several names of them written as one.
    #[must_use]
    pub fn unmatched<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Vec<Unmatched> {
        let keys: Vec<_> = keys.into_iter().collect();
        let known: HashSet<_> = keys.iter().copied().collect();
        let is_unmatched = |pattern: &Pattern| match pattern.has_wildcard() {
            true => !names_on(pattern.as_str()).is_empty() && !keys.iter().any(|key| pattern.matches(key)),
            false => !known.contains(pattern.as_str()),
        };
        let lines: Vec<_> = self.lines().filter(|(_, pattern)| is_unmatched(pattern)).collect();
        unmatched_lines(&lines, &keys, KeyLines::Patterns)
    }
}

/// What is known of lines that match none of the keys: of each whether it includes keys, and its pattern.
pub(super) fn unmatched_lines(lines: &[(bool, &Pattern)], keys: &[&str], kind: KeyLines) -> Vec<Unmatched> {
    let unmatched = lines.iter().enumerate().map(|(index, (includes, pattern))| {
        let compared = if index < MOST_COMPARED { keys } else { &[] };
        let names_one = *includes && !pattern.has_wildcard();
        Unmatched { key: UnknownKey::new(*includes, pattern, compared, kind), names_one }
    });
    unmatched.collect()
}

impl UnknownKey {
    fn new(includes: bool, pattern: &Pattern, keys: &[&str], kind: KeyLines) -> Self {
        let text = pattern.as_str();
        let is_known = |name: &&str| {
            let pattern = Pattern::new(name.trim_start_matches('!'));
            keys.iter().any(|key| pattern.matches(key))
        };
        let has_known = names_on(text).iter().any(is_known);
        let renamed = renamed(text).filter(|_| kind == KeyLines::Selection && includes);
        let is_renamed_key = renamed.is_some_and(|rename| is_known(&rename.old));
        let is_word = |word: &str| includes && text.eq_ignore_ascii_case(word);
        let hint = if is_renamed_key || renamed.is_some_and(|rename| rename.is_surely_one) {
            Some(KeyHint::Rename)
        } else if has_known || is_list(text) {
            Some(KeyHint::List)
        } else if pattern.has_wildcard() {
            (kind == KeyLines::Names).then_some(KeyHint::Pattern)
        } else if let Some(key) = meant(text, keys, kind) {
            Some(KeyHint::Key(excerpt(key)))
        } else if kind != KeyLines::Names && is_word("all") {
            Some(KeyHint::All)
        } else {
            (kind == KeyLines::Patterns && is_word("none")).then_some(KeyHint::None)
        };
        let name = format!("{}{}", if includes { "" } else { "!" }, excerpt(text));
        Self { name, hint, has_known: has_known || is_renamed_key }
    }

    /// These names, of which there is no key.
    pub(super) fn from_names(names: &[&str], keys: &[&str]) -> Vec<Self> {
        let patterns: Vec<_> = names.iter().map(|name| Pattern::new(name)).collect();
        let lines: Vec<_> = patterns.iter().map(|pattern| (true, pattern)).collect();
        unmatched_lines(&lines, keys, KeyLines::Names).into_iter().map(|line| line.key).collect()
    }

    /// Whether it looks like several names on one line.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.hint == Some(KeyHint::List)
    }
}

/// A line that gives a key a new name in another way than `OLD | NEW`.
#[derive(Clone, Copy)]
struct Rename<'a> {
    old: &'a str,
    /// Whether it can hardly be anything else, whatever keys there are.
    is_surely_one: bool,
}

/// What a line such as `OLD = NEW`, `OLD -> NEW` or `OLD: NEW` renames.
fn renamed(line: &str) -> Option<Rename<'_>> {
    const SIGNS: [(&str, bool); 9] = [
        ("->", true),
        ("=>", true),
        ("→", true),
        (":=", true),
        ("=", true),
        (" as ", true),
        (" AS ", true),
        (">", true),
        // A key may hold it.
        (":", false),
    ];
    let is_usual = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let is_name = |text: &str| !text.is_empty() && text.chars().all(is_usual);
    SIGNS.iter().find_map(|(sign, is_surely_one)| {
        let (old, new) = line.split_once(sign)?;
        let (old, new) = (old.trim(), new.trim());
        let is_surely_one = *is_surely_one && is_name(old) && is_name(new);
        (!old.is_empty() && !new.is_empty() && !old.contains(['*', '?'])).then_some(Rename { old, is_surely_one })
    })
}

/// Whether a line looks as if somebody had written several names on it.
pub(crate) fn is_list(line: &str) -> bool {
    let is_usual = |c: char| c.is_ascii_alphanumeric() || "_.-*?!".contains(c);
    let names = names_on(line);
    names.len() > 1 && names.iter().all(|name| name.chars().all(is_usual))
}

/// The names on a line that is a list: `A, B`, `A;B`, `A B`, `["A", "B"]`, `- A`. None where the line is one name.
fn names_on(line: &str) -> Vec<&str> {
    let parts = line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let names =
        parts.map(|part| part.trim_matches(['[', ']', '"', '\'', '`'])).filter(|part| !matches!(*part, "" | "-"));
    let names: Vec<_> = names.take(MOST_NAMES).collect();
    if names == [line] { Vec::new() } else { names }
}

/// The key that differs only in case and in what cannot stand in a variable's name, else the most similar one.
///
/// A name of [`KeyLines::Names`] may well be that of a key which is yet to be added, so only what differs by one slip
/// of the finger is taken for it.
fn meant<'k>(name: &str, keys: &[&'k str], kind: KeyLines) -> Option<&'k str> {
    let plain = |text: &str| variable_name(text).to_ascii_lowercase();
    let wanted = plain(name);
    let same = keys.iter().find(|key| plain(key) == wanted).copied();
    same.or_else(|| {
        let plain: Vec<_> = keys.iter().map(|key| plain(key)).collect();
        let nearest = nearest(&wanted, plain.iter().map(String::as_str))?;
        if kind == KeyLines::Names && strsim::osa_distance(&wanted, nearest) > 1 {
            return None;
        }
        plain.iter().position(|key| key == nearest).map(|index| keys[index])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["DB_PASSWORD", "DB_HOST", "discovery.type", "two words"];

    fn told(line: &str) -> (String, bool) {
        let [unmatched] = &KeyPatterns::new(line).unwrap().unmatched(KEYS)[..] else { panic!("{line}") };
        (unmatched.key.to_string(), unmatched.key.has_known)
    }

    #[test]
    fn a_misspelt_key_leads_to_the_one_that_is_meant() {
        for (line, expected) in [
            ("DB_PASSWRD", "DB_PASSWRD (did you mean DB_PASSWORD?)"),
            ("db_password", "db_password (did you mean DB_PASSWORD?)"),
            ("discovery_type", "discovery_type (did you mean discovery.type?)"),
            ("QUEUE", "QUEUE"),
        ] {
            assert_eq!(told(line), (expected.to_owned(), false), "{line}");
        }
    }

    #[test]
    fn another_way_to_rename_a_key_leads_to_the_right_one() {
        let told = |line: &str, kind| {
            let unmatched = unmatched_lines(&[(true, &Pattern::new(line))], &KEYS, kind);
            let [Unmatched { key, .. }] = &unmatched[..] else { panic!("{line}") };
            (key.hint.clone(), key.has_known)
        };
        for sign in [" = ", "=", " -> ", "->", " => ", ": ", ":", " as ", " AS ", " := ", " > ", " → "] {
            let line = format!("DB_HOST{sign}X");
            assert_eq!(told(&line, KeyLines::Selection), (Some(KeyHint::Rename), true), "{line}");
        }
        assert_eq!(told("two words = X", KeyLines::Selection), (Some(KeyHint::Rename), true));
        assert_eq!(told("NOPE -> X", KeyLines::Selection), (Some(KeyHint::Rename), false));
        for line in ["NOPE:X", "=X", "DB_HOST=", "a = b = c"] {
            assert_ne!(told(line, KeyLines::Selection).0, Some(KeyHint::Rename), "{line}");
        }
        assert_eq!(told("DB_HOST=X", KeyLines::Patterns).0, Some(KeyHint::Key("DB_HOST".to_owned())));
    }

    #[test]
    fn several_names_on_one_line_are_known_for_a_list() {
        for line in [
            "DB_PASSWORD, DB_HOST",
            "DB_PASSWORD,DB_HOST",
            "DB_PASSWORD DB_HOST",
            "DB_PASSWORD;DB_HOST",
            "DB_*, API_*",
            r#"["DB_PASSWORD", "DB_HOST"]"#,
            "- DB_HOST",
            r#""DB_HOST""#,
            "!DB_HOST, X",
            "NOPE, DB_HOST",
        ] {
            let (words, has_known) = told(line);
            assert!(words.ends_with(" (write one name a line)") && has_known, "{line}: {words}");
        }
        assert_eq!(told("API_KEY, API_URL"), (r#""API_KEY, API_URL" (write one name a line)"#.to_owned(), false));
        for line in ["API_KEY", "a/b:c", "a{b, c}"] {
            assert!(!is_list(line), "{line}");
        }
    }

    #[test]
    fn a_line_that_names_a_key_is_told_from_one_that_may_match_none() {
        let unmatched = KeyPatterns::new("DB_HOST\nNOPE\n!NOPE\nNOPE_*\n!DB_HOST, X").unwrap().unmatched(KEYS);
        let told: Vec<_> = unmatched.iter().map(|line| (&*line.key.name, line.names_one, line.key.has_known)).collect();
        assert_eq!(told, [("NOPE", true, false), ("!NOPE", false, false), ("!DB_HOST, X", false, true)]);
    }

    #[test]
    fn only_some_of_many_unknown_names_are_compared_with_all_keys() {
        let unmatched = KeyPatterns::new(&"DB_HOSTS\n".repeat(1_000)).unwrap().unmatched(KEYS);
        assert_eq!(unmatched.iter().filter(|line| line.key.hint.is_some()).count(), MOST_COMPARED);
    }
}
