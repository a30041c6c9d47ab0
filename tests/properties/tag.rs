//! Tag expressions: an empty part is refused, and what is taken says what its definition says.

use cstore::catalog::TagExpression;

/// The expression, then tags that a file has, one a line.
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let (text, tags) = text.split_once('\n').unwrap_or((text, ""));
    let tags: Vec<_> = tags.lines().map(str::to_owned).collect();
    let parts: Vec<_> = text.split(['|', '&']).map(str::trim).collect();
    let Ok(expression) = TagExpression::new(text) else {
        assert!(parts.contains(&""), "{text:?} was refused");
        return vec!["refused"];
    };
    assert!(!parts.contains(&""), "{text:?} was taken");
    let has = |part: &&str| tags.iter().any(|tag| tag == part);
    let expected = if text.contains('|') { parts.iter().any(has) } else { parts.iter().all(has) };
    assert_eq!(expression.matches(&tags), expected, "{text:?} {tags:?}");
    vec![if expected { "matched" } else { "not matched" }]
}
