//! Decides which texts are worth a mask: those that are long enough and do not occur in every log.

use std::collections::HashSet;

/// Words that occur in every log. A value that is one of them, in upper or lower case, is not masked.
pub const COMMON_WORDS: [&str; 36] = [
    "true",
    "false",
    "null",
    "none",
    "yes",
    "off",
    "auto",
    "default",
    "enabled",
    "disabled",
    "trace",
    "debug",
    "info",
    "warn",
    "warning",
    "error",
    "dev",
    "develop",
    "development",
    "test",
    "testing",
    "stage",
    "staging",
    "prod",
    "production",
    "local",
    "localhost",
    "127.0.0.1",
    "0.0.0.0",
    "main",
    "master",
    "latest",
    "http",
    "https",
    "json",
    "utf-8",
];

/// The shortest text that is masked, in characters.
pub const SHORTEST: usize = 3;

/// The shortest line, in characters, of what may be a path.
const SHORTEST_OF_A_PATH: usize = 6;

/// Whether a value of one line is to be masked: it is long enough, no common word, and no small number.
pub(super) fn is_worth_it(text: &str) -> bool {
    let text = text.trim();
    // The runner masks the insides of a quoted text too.
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    text.chars().nth(SHORTEST - 1).is_some()
        && !COMMON_WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
        && !is_small_number(text)
}

/// Whether a line of a longer value is to be masked by itself: not lines such as `---`, `});` or `"""`, which occur in
/// any file.
pub(super) fn is_telling_line(line: &str) -> bool {
    let has_letters = || line.chars().filter(|c| c.is_alphanumeric()).nth(SHORTEST - 1).is_some();
    let is_varied = || line.chars().collect::<HashSet<_>>().len() > SHORTEST;
    // `true,` in a list is as common as `true`.
    is_worth_it(line.trim_end_matches([',', ';'])) && (has_letters() || is_varied())
}

/// As [`is_telling_line`], for what may be no line at all but a part of a Windows path: `ame` of `ACME\name` stands in
/// every log.
pub(super) fn is_telling_line_of_a_path(line: &str) -> bool {
    line.chars().nth(SHORTEST_OF_A_PATH - 1).is_some() && is_telling_line(line)
}

/// Whether a line is `services:` or `[database]`: keys are no secrets, and words such as these stand in every log.
pub(super) fn is_key_alone(line: &str) -> bool {
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let in_brackets = || line.strip_prefix('[')?.strip_suffix(']');
    line.strip_suffix(':').or_else(in_brackets).is_some_and(|key| key.chars().all(is_of_key))
}

/// Whether a text is a number whose absolute value is below 10000, by JSON's grammar: `0042` is a code, not a number.
fn is_small_number(text: &str) -> bool {
    text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && serde_json::from_str::<serde_json::Number>(text)
            .ok()
            .and_then(|number| number.as_f64())
            .is_some_and(|number| number.abs() < 10_000.0)
}
