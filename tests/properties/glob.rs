//! Patterns of paths: each is refused, or matches what its definition says; braces stand for each of their branches.

use cstore::catalog::Glob;

/// A path, then patterns, one a line.
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let mut met = Vec::new();
    let Ok(text) = std::str::from_utf8(bytes) else { return met };
    let (path, patterns) = text.split_once('\n').unwrap_or((text, ""));
    for pattern in patterns.lines() {
        let Ok(glob) = Glob::new(pattern) else { continue };
        let matched = glob.matches(path);
        if !pattern.contains(['[', '{', '\\']) {
            assert_eq!(matched, is_match(pattern, path), "{pattern:?} {path:?}");
            met.push(if matched { "matched" } else { "not matched" });
        }
        let either = [pattern, path].map(|branch| branch.replace(['\\', '[', ']', '{', '}', ',', '*', '?'], "x"));
        if let Ok(braces) = Glob::new(&format!("{{{},{}}}", either[0], either[1])) {
            assert!(either.iter().all(|branch| braces.matches(branch)), "{either:?}");
            met.push("braces");
        }
    }
    met
}

/// By the table of which parts of the pattern, from the first on, match which parts of the path.
fn is_match(pattern: &str, path: &str) -> bool {
    let wanted: Vec<_> = pattern.split('/').collect();
    let parts: Vec<_> = path.split('/').collect();
    let mut matched = vec![false; parts.len() + 1];
    matched[0] = true;
    for (at, part) in wanted.iter().enumerate() {
        let mut next = vec![false; parts.len() + 1];
        let is_last = at + 1 == wanted.len();
        for end in 0..=parts.len() {
            next[end] = match *part {
                "**" => !is_last && matched[end] || end > 0 && (next[end - 1] || matched[end - 1]),
                part => end > 0 && matched[end - 1] && is_part_match(part, parts[end - 1]),
            };
        }
        matched = next;
    }
    matched[parts.len()]
}

/// The same for the characters of a part.
fn is_part_match(pattern: &str, part: &str) -> bool {
    let part: Vec<_> = part.chars().collect();
    let mut matched = vec![false; part.len() + 1];
    matched[0] = true;
    for wanted in pattern.chars() {
        let mut next = vec![false; part.len() + 1];
        for end in 0..=part.len() {
            next[end] = match wanted {
                '*' => matched[end] || end > 0 && next[end - 1],
                _ => end > 0 && matched[end - 1] && (wanted == '?' || wanted == part[end - 1]),
            };
        }
        matched = next;
    }
    matched[part.len()]
}
