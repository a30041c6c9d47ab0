//! The form `json`, and the output `config-json`: one object of RFC 8259.
//!
//! Numbers are written with the digits that the file had: `1.10` does not become `1.1`, and long numbers keep all their
//! digits, since they never become floats.

use std::borrow::Cow;

use super::escape::Escape;
use super::form::{Form, Keeps, Refusal};
use crate::config::{Setting, Value, ValueKind, is_json_number};
use crate::secret::Secret;

/// All settings as one JSON object on one line, without a line feed at its end.
#[must_use]
pub fn object(settings: &[Setting]) -> Secret<String> {
    // Room for all of it where nothing has to be escaped.
    let members = settings.iter().map(|setting| setting.name.len() + setting.value.text.expose().len() + 6);
    let mut text = String::with_capacity(members.sum::<usize>() + 1);
    text.push('{');
    push_members(&mut text, settings, "", ":", ",");
    text.push('}');
    Secret::new(text)
}

/// Numbers, booleans and nulls stay what they are.
pub(super) const FORM: Form = Form {
    name: "json",
    go_name: "json-object",
    extension: "json",
    description: "one flat object",
    keeps: Keeps::Anything,
    name_of: |key| Cow::Borrowed(key),
    render,
    escapes: &[Escape::Text(escape)],
};

/// Accepts every name and every value. Writes one member per line, so that people can read it and `diff` can compare
/// it.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    if settings.is_empty() {
        return Ok("{}\n".to_owned());
    }
    let mut text = String::from("{\n");
    push_members(&mut text, settings, "  ", ": ", ",\n");
    text.push_str("\n}\n");
    Ok(text)
}

fn push_members(out: &mut String, settings: &[Setting], indent: &str, colon: &str, comma: &str) {
    for (index, setting) in settings.iter().enumerate() {
        if index > 0 {
            out.push_str(comma);
        }
        out.push_str(indent);
        push_string(out, &setting.name);
        out.push_str(colon);
        push_scalar(out, &setting.value);
    }
}

fn push_scalar(out: &mut String, value: &Value) {
    let text = value.text.expose();
    match value.kind {
        ValueKind::Null => out.push_str("null"),
        // What calls itself a number and is none would spoil the document.
        ValueKind::Number if is_json_number(text) => out.push_str(text),
        ValueKind::Bool if is_bool(text) => out.push_str(text),
        _ => push_string(out, text),
    }
}

/// A text as a JSON string.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

fn push_string(out: &mut String, text: &str) {
    out.push('"');
    out.push_str(&escape(text));
    out.push('"');
}

/// A text between the quotes of a JSON string. Only what must be is escaped (RFC 8259, section 7).
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        return Cow::Borrowed(text);
    }
    // Into a vector, which takes half the time of `Value`'s Display; a text cannot fail.
    let quoted = serde_json::to_string(text).unwrap_or_else(|_| serde_json::Value::from(text).to_string());
    Cow::Owned(quoted[1..quoted.len() - 1].to_owned())
}

/// Whether a text is one of JSON's booleans.
pub(super) fn is_bool(text: &str) -> bool {
    matches!(text, "true" | "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(name: &str, kind: ValueKind, text: &str) -> Setting {
        Setting { name: name.to_owned(), value: Value::new(text.to_owned(), kind) }
    }

    #[test]
    fn numbers_keep_their_text_and_impostors_become_strings() {
        let settings = [
            setting("a", ValueKind::Number, "1.10"),
            setting("b", ValueKind::Number, "123456789012345678901234567890"),
            setting("c", ValueKind::Number, "1E+400"),
            setting("d", ValueKind::Number, "0x10"),
            setting("e", ValueKind::Number, "1\n"),
            setting("f", ValueKind::Bool, "yes"),
            setting("g", ValueKind::Bool, "true"),
            setting("h", ValueKind::Null, ""),
            setting("i\"", ValueKind::Text, "1\n\u{7}"),
        ];
        assert_eq!(
            object(&settings).expose(),
            r#"{"a":1.10,"b":123456789012345678901234567890,"c":1E+400,"d":"0x10","e":"1\n","f":"yes","g":true,"h":null,"i\"":"1\n\u0007"}"#
        );
    }
}
