//! The form `yaml`: one block mapping that readers of YAML 1.1 and of YAML 1.2 read alike.
//!
//! The two disagree on which plain scalars are booleans, numbers and dates (`no`, `0o14`, `12:30:00`), so every string
//! is written in double quotes.

use std::borrow::Cow;

use super::escape::Escape;
use super::form::{Form, Keeps, Refusal};
use super::json;
use crate::config::{Setting, Value, ValueKind, is_json_number};

/// Numbers, booleans and nulls stay what they are.
pub(super) const FORM: Form = Form {
    name: "yaml",
    go_name: "",
    extension: "yaml",
    description: "one flat mapping",
    keeps: Keeps::Anything,
    name_of: |key| Cow::Borrowed(key),
    render,
    escapes: &[Escape::Text(escape), Escape::Text(number)],
};

/// Plain scalars that some reader takes for something else than a string, in lower case (yaml.org/type/bool.html,
/// yaml.org/type/null.html).
const RESERVED: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// The longest key, in characters, including quotes and escapes (YAML 1.2.2, section 7.4.2).
const LONGEST_KEY: usize = 1024;

/// Accepts every value, and every name that is not too long.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    if settings.is_empty() {
        return Ok("{}\n".to_owned());
    }
    let mut out = String::new();
    for setting in settings {
        let key = key(&setting.name);
        if key.chars().count() > LONGEST_KEY {
            return Err(Refusal::from_setting(setting, "a key is longer than the 1,024 characters that YAML allows"));
        }
        out.push_str(&key);
        out.push_str(": ");
        out.push_str(&scalar(&setting.value));
        out.push('\n');
    }
    Ok(out)
}

fn scalar(value: &Value) -> Cow<'_, str> {
    let text = value.text.expose();
    match value.kind {
        ValueKind::Null => Cow::Borrowed("null"),
        ValueKind::Number if is_json_number(text) => number(text),
        ValueKind::Bool if json::is_bool(text) => Cow::Borrowed(text),
        _ => Cow::Owned(string(text)),
    }
}

/// Writes a JSON number. One with an exponent gets a dot and a sign (`1.0e+5`), which YAML 1.1 requires: it reads `1e5`
/// as a string. A text that is not a number is written as it is.
fn number(text: &str) -> Cow<'_, str> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']).filter(|_| is_json_number(text)) else {
        return Cow::Borrowed(text);
    };
    let dot = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    Cow::Owned(format!("{mantissa}{dot}e{sign}{exponent}"))
}

/// A name as a key: as it is where no reader could take it for anything but this string.
pub(super) fn key(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
        && !RESERVED.contains(&name.to_ascii_lowercase().as_str());
    if is_plain { name.to_owned() } else { string(name) }
}

/// A text in double quotes, on one line.
pub(super) fn string(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

/// A text between double quotes.
///
/// Escapes every character that YAML does not consider printable (section 5.1), and also NEL, LS and PS, which are
/// printable, but which some readers take for line ends.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let stays = |c: char| {
        !c.is_control() && !matches!(c, '"' | '\\' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if stays(c) => out.push(c),
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_spelt_so_that_yaml_1_1_knows_them() {
        for (json, yaml) in [
            ("0", "0"),
            ("-1.10", "-1.10"),
            ("1e5", "1.0e+5"),
            ("1E-5", "1.0e-5"),
            ("-1.5e+300", "-1.5e+300"),
            ("2.5E3", "2.5e+3"),
        ] {
            assert_eq!(number(json), yaml);
        }
    }

    #[test]
    fn keys_are_quoted_where_a_reader_could_misunderstand_them() {
        for plain in ["DB_HOST", "_", "a.b-c", "nope"] {
            assert_eq!(key(plain), plain);
        }
        for quoted in ["", "NO", "y", "Null", "1", "1e3", ".inf", "-", "~", "<<", "=", "a b", "ü", "a:", "a #b"] {
            assert_eq!(key(quoted), format!("\"{quoted}\""));
        }
    }

    #[test]
    fn what_could_end_a_line_is_escaped() {
        assert_eq!(string("\0\u{7f}\u{85}\u{2028}\u{feff}é😀"), r#""\u0000\u007f\u0085\u2028\ufeffé😀""#);
    }

    #[test]
    fn a_key_too_long_for_yaml_is_refused() {
        let setting = |name: String| [Setting { name, value: Value::text("") }];
        assert!(render(&setting("k".repeat(1024)), "").is_ok());
        assert!(render(&setting("k".repeat(1025)), "").is_err());
        assert!(render(&setting("\n".repeat(512)), "").is_err(), "escapes count");
    }
}
