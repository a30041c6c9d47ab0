//! Patterns of keys: each matches what its definition says, and the last that matches decides.

use cstore::config::{KeyPatterns, KeySelection, OutputCase};

/// A key, then patterns, one a line.
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let (key, lines) = text.split_once('\n').unwrap_or((text, ""));
    let _ = KeySelection::new(lines, OutputCase::Keep, "");
    let Ok(patterns) = KeyPatterns::new(lines) else {
        assert!(lines.contains('!'), "only a pattern that is missing after `!` is refused");
        return vec!["refused"];
    };
    let rules: Vec<_> = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.strip_prefix('!').map_or((true, line), |pattern| (false, pattern.trim_start())))
        .collect();
    let last = rules.iter().rev().find(|(_, pattern)| is_match(pattern, key));
    let expected = last.map_or_else(|| rules.iter().all(|(includes, _)| !includes), |(includes, _)| *includes);
    assert_eq!(patterns.matches(key), expected, "{rules:?} {key:?}");
    vec![match (last, expected) {
        (None, _) => "matched by none",
        (Some(_), true) => "included",
        (Some(_), false) => "excluded",
    }]
}

/// By the table of which beginnings of the pattern match which beginnings of the key.
fn is_match(pattern: &str, key: &str) -> bool {
    let key: Vec<_> = key.chars().collect();
    let mut matched = vec![false; key.len() + 1];
    matched[0] = true;
    for wanted in pattern.chars() {
        let mut next = vec![false; key.len() + 1];
        for end in 0..=key.len() {
            next[end] = match wanted {
                '*' => matched[end] || end > 0 && next[end - 1],
                _ => end > 0 && matched[end - 1] && (wanted == '?' || wanted == key[end - 1]),
            };
        }
        matched = next;
    }
    matched[key.len()]
}
