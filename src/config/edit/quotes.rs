//! Text in double quotes, which TOML and YAML write alike.

/// A text in double quotes; characters that `is_escaped` names, none of them beyond U+FFFF, are written as `\uXXXX`.
pub(super) fn in_double_quotes(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            _ if is_escaped(c) => written.push_str(&format!("\\u{:04X}", u32::from(c))),
            _ => written.push(c),
        }
    }
    written.push('"');
    written
}
