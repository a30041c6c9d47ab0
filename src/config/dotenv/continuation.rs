//! Lines that look like assignments though they are surely the rest of a value whose quotes are missing: PEM and base64
//! end with `=`.
//!
//! Keys are shown everywhere, so a piece of a secret must not become one. None of the rules meets names that people
//! give (`DB_HOST=`, `clientId=`) unless the line above is no assignment.

use crate::config::parsed::MOST_NAMED;
use crate::name::dotenv_key_length;

/// The shortest name that may be a line of base64 by its characters alone.
const SHORTEST_PIECE: usize = 16;
/// The shortest value that may be the first line of wrapped base64.
const SHORTEST_LINE: usize = 40;

/// The line above an assignment.
#[derive(Debug, Clone, Copy)]
pub(super) enum Above<'t> {
    /// None that may belong to it.
    Other,
    /// A line that is a name without `=`, and nothing else.
    Alone(&'t str),
    /// An assignment of this value without quotes.
    Unquoted(&'t str),
}

/// A name on a line without `=`.
pub(super) struct NameAlone<'t> {
    pub(super) line: usize,
    pub(super) name: &'t str,
    pub(super) is_exported: bool,
}

/// Those that may be named, and how many others there are.
#[derive(Default)]
pub(super) struct NamesOfLines<'t> {
    pub(super) first: Vec<NameAlone<'t>>,
    pub(super) more: usize,
}

impl<'t> NamesOfLines<'t> {
    pub(super) fn add(&mut self, name: NameAlone<'t>) {
        if self.first.len() < MOST_NAMED {
            self.first.push(name);
        } else {
            self.more += 1;
        }
    }
}

/// Whether a value without quotes is the first line of a PEM block (RFC 7468, or RFC 4716 for SSH) that ends on
/// another.
pub(super) fn begins_pem(value: &str) -> bool {
    let value = value.trim_start_matches('`');
    ["-----BEGIN", "---- BEGIN"].into_iter().any(|begin| value.starts_with(begin))
        && !["-----END", "---- END"].into_iter().any(|end| value.contains(end))
}

/// Whether `NAME=` with this value, without blanks and quotes, is the end of base64 or base32 that begins further up.
pub(super) fn ends_encoded(name: &str, value: &str, above: Above<'_>) -> bool {
    if !value.bytes().all(|byte| byte == b'=') || !is_of_base64(name) {
        return false;
    }
    let is_whole = (name.len() + 1 + value.len()).is_multiple_of(4);
    let is_piece = is_mixed(name) && name.len() >= SHORTEST_PIECE;
    match above {
        // Nothing but padding has a value of `=`.
        _ if !value.is_empty() && is_piece => true,
        Above::Alone(_) if !value.is_empty() => true,
        Above::Alone(above) => {
            is_piece || is_whole && is_mixed(above) && above.len() >= SHORTEST_PIECE && !name.contains(['_', '-'])
        }
        Above::Unquoted(above) => is_whole && is_line_of_base64(above) && (!value.is_empty() || is_piece),
        Above::Other => false,
    }
}

/// Whether a line within a value looks like an assignment.
pub(super) fn is_like_an_assignment(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t']);
    let exported = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    let line = exported.map_or(line, |rest| rest.trim_start_matches([' ', '\t']));
    let (name, rest) = line.split_at(dotenv_key_length(line));
    let value = rest.trim_start_matches([' ', '\t']).strip_prefix('=');
    value.is_some_and(|value| {
        !name.is_empty() && !ends_encoded(name, value.trim_end_matches(['`', '\r']), Above::Alone(""))
    })
}

fn is_of_base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether a text has capitals and small letters, or digits, and is not made of words as names are: `DB_HOST_2`,
/// `Logging__Level`.
fn is_mixed(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    let is_of_two_cases = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    is_of_base64(text)
        && !text.contains("__")
        && (is_of_two_cases || has(u8::is_ascii_digit) && !text.contains(['_', '-']))
}

/// Whether a value is a whole line of wrapped base64.
fn is_line_of_base64(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
    value.len() >= SHORTEST_LINE
        && value.len().is_multiple_of(4)
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwABCDEFGH";

    #[test]
    fn the_end_of_base64_is_told_from_an_assignment() {
        let alone = Above::Alone("MIIBVgIBADANBgkqhkiG9w0BAQEF");
        for (name, value, above) in [
            ("QABAkAsecretpart9x", "=", Above::Other),
            ("QABAkAsecretpart9x", "=", alone),
            ("QABAkAsecretpart9x1", "", alone),
            ("QABAkAsecretpart9", "", Above::Alone("hunter")),
            ("Rg", "=", alone),
            ("abc", "", alone),
            ("MFRGGZDFMZTWQ", "==", Above::Alone("MFRGGZDFMZTWQZLK")),
            ("Rg", "=", Above::Unquoted(LINE)),
            ("QABAkAsecretpart9x1", "", Above::Unquoted(LINE)),
        ] {
            assert!(ends_encoded(name, value, above), "{name}={value} below {above:?}");
        }
        for (name, value, above) in [
            ("A", "", Above::Alone("B")),
            ("DB_HOST_OF_THE_REPLICA_2", "", Above::Alone("DB_HOST_OF_THE_REPLICA_1")),
            ("Logging__LogLevel__Default", "", Above::Alone("Logging__LogLevel")),
            ("clientSecret", "", Above::Alone("clientId")),
            ("discovery.type.of.node2", "", alone),
            ("applicationInsightsKey2", "", Above::Other),
            ("DELIMITER", "=", Above::Other),
            ("ABC", "=", Above::Unquoted("x")),
            ("apiKey1", "", Above::Unquoted(LINE)),
            ("QABAkAsecretpart9x", "x", alone),
        ] {
            assert!(!ends_encoded(name, value, above), "{name}={value} below {above:?}");
        }
    }

    #[test]
    fn lines_within_a_value_look_like_assignments_or_not() {
        for line in ["A=", "A=1", " export A = x", "B=tock`", "a.b='x'"] {
            assert!(is_like_an_assignment(line), "{line}");
        }
        for line in ["", "A", "a b=c", "\"a\"=1", "QABAkAsecretpart9x==", "Rg==", "-----END X-----", "=x", "A: b=c"] {
            assert!(!is_like_an_assignment(line), "{line}");
        }
    }
}
