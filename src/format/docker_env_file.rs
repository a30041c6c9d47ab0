//! The form `docker-env-file`: what `docker run --env-file` reads.
//!
//! The rules are those of package `kvfile` in github.com/docker/cli. There are no quotes and no escapes: a value is
//! the rest of its line. A value that would be read differently is refused, by its key.

use super::escape::Escape;
use super::form::{Form, Keeps, Refusal, name_held};
use crate::config::Setting;

pub(super) const FORM: Form = Form {
    name: "docker-env-file",
    go_name: "",
    extension: "env",
    description: "for `docker run --env-file`; values with line breaks cannot be written so, and are an error",
    keeps: Keeps::Anything,
    name_of: |key| name_held(key, broken_name_rule(key).is_none()),
    render,
    escapes: &[Escape::VERBATIM],
};

/// Bytes of a line without its line feed that the client still reads: one less than Go's `bufio.MaxScanTokenSize`.
const LONGEST_LINE: usize = 64 * 1024 - 1;

/// Names are any text without white space, control characters and `=` that does not begin with `#`. A value may be
/// any text without NUL and line feeds that does not end with a carriage return and fits in its line.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    let mut out = String::new();
    for setting in settings {
        let value = setting.value.text.expose();
        if let Some(rule) = broken_rule(&setting.name, value) {
            return Err(Refusal::from_setting(setting, rule));
        }
        out.push_str(&setting.name);
        out.push('=');
        out.push_str(value);
        out.push('\n');
    }
    Ok(out)
}

fn broken_name_rule(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("a name must not be empty")
    } else if name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '=') {
        Some("a name must not contain white space, control characters or =")
    } else if name.starts_with(['#', '\u{FEFF}']) {
        // A byte order mark is dropped where it begins the file.
        Some("a name must not begin with # or a byte order mark")
    } else {
        None
    }
}

fn broken_rule(name: &str, value: &str) -> Option<&'static str> {
    if let Some(rule) = broken_name_rule(name) {
        Some(rule)
    } else if value.contains('\0') {
        Some("its value contains a NUL character")
    } else if value.contains('\n') {
        Some("a value must be on one line")
    } else if value.ends_with('\r') {
        Some("its value ends with a carriage return")
    } else if name.len() + 1 + value.len() > LONGEST_LINE {
        Some("its line is longer than the 65,535 bytes that Docker reads")
    } else {
        None
    }
}
