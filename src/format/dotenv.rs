//! The form `dotenv`: `NAME=value` lines.
//!
//! There is no standard, so each value gets the quoting on which readers differ least. All of it is read back by this
//! crate's own dialect (`config::dotenv`). What python-dotenv (with `interpolate=False`; without it, it replaces
//! `${NAME}` even in single quotes), the package dotenv for Node.js and Node.js itself make of it:
//!
//! | quoting | for | read back by |
//! | --- | --- | --- |
//! | none | letters, digits and `_ - . / : @ % + , =` | all |
//! | single | other text on one line | all |
//! | double with `\n` | several lines, such as PEM, or `'`; without `"`, `\`, `$` | all, but for `\r` by Node.js itself
//!   |
//! | single over several lines | other lines, such as pretty-printed JSON | all |
//! | double with escapes | `'` with one of `"`, `\`, `$`; `\\`, or `\` at the end | Python, where there is no `$` |

use std::borrow::Cow;

use super::escape::Escape;
use super::form::{Form, Keeps, Refusal, name_held};
use crate::config::Setting;
use crate::name::is_dotenv_key;

pub(super) const FORM: Form = Form {
    name: "dotenv",
    go_name: "",
    extension: "env",
    description: "the dialect above",
    keeps: Keeps::Anything,
    name_of: |key| name_held(key, is_dotenv_key(key)),
    render,
    // The second is what others write who put a value in double quotes whatever it holds.
    escapes: &[Escape::Text(|value| quoted(value).1), Escape::Text(in_double_quotes)],
};

/// Names are `[A-Za-z0-9_.][A-Za-z0-9_.-]*`. A value may be any text without NUL.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    let mut out = String::new();
    for setting in settings {
        if !is_dotenv_key(&setting.name) {
            return Err(Refusal::from_setting(
                setting,
                "a name must hold only letters, digits and the characters _ . -, and must not begin with -",
            ));
        }
        let value = setting.value.text.expose();
        if value.contains('\0') {
            return Err(Refusal::from_setting(setting, "its value contains a NUL character"));
        }
        out.push_str(&setting.name);
        out.push('=');
        let (quote, text) = quoted(value);
        out.extend([quote, &text, quote]);
        out.push('\n');
    }
    Ok(out)
}

/// The quotes that a value gets, and its text between them.
fn quoted(value: &str) -> (&'static str, Cow<'_, str>) {
    let is_plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:@%+,=".contains(&b));
    // Below base64, `=` alone may be the end of it.
    let is_padding = value.starts_with('=') && value.trim_matches('=').is_empty();
    if is_plain && !is_padding {
        return ("", Cow::Borrowed(value));
    }
    let is_one_line = !value.contains(['\n', '\r']);
    let is_plain_in_double = !value.contains(['"', '\\', '$', '`']);
    // Readers agree on what stands in single quotes as long as no backslash could be taken for an escape
    // (python-dotenv reads `\\` and `\'`), and no CR for the end of a line of the file.
    let is_plain_in_single = !value.contains(['\'', '\r']) && !value.contains("\\\\") && !value.ends_with('\\');

    if is_plain_in_single && (is_one_line || !is_plain_in_double) {
        return ("'", Cow::Borrowed(value));
    }
    ("\"", in_double_quotes(value))
}

fn in_double_quotes(value: &str) -> Cow<'_, str> {
    if !value.contains(['\n', '\r', '\\', '"', '$']) {
        return Cow::Borrowed(value);
    }
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' | '"' | '$' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_gets_the_plainest_quoting_that_holds_it() {
        for (value, written) in [
            ("", ""),
            ("postgres://u:p@db/app", "postgres://u:p@db/app"),
            ("a b", "'a b'"),
            ("#1", "'#1'"),
            ("$HOME `id` \"x\"", "'$HOME `id` \"x\"'"),
            (r"C:\new", r"'C:\new'"),
            (r"C:\new\", r#""C:\\new\\""#),
            (r"\\host", r#""\\\\host""#),
            ("it's $5", r#""it's \$5""#),
            ("a\nb\n", r#""a\nb\n""#),
            ("a\r\nb\t", "\"a\\r\\nb\t\""),
            ("{\n \"a\": 1\n}", "'{\n \"a\": 1\n}'"),
            ("ü", "'ü'"),
            ("`a`", "'`a`'"),
            ("`", "'`'"),
            ("`it's`", r#""`it's`""#),
            ("`a`\nb", "'`a`\nb'"),
        ] {
            let (quote, text) = quoted(value);
            assert_eq!([quote, &text, quote].concat(), written, "{value:?}");
        }
    }
}
