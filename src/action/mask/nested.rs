//! The texts inside a value that a later step may print by themselves: the fields of JSON, what `printf '%b'` and
//! `echo -e` make of escapes, what base64 stands for, and the values of lines such as `token: …`.

mod line;

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use self::line::{assigned, of_connection_string, of_urls};
use super::unescape::variants;
use super::worth::is_key_alone;
use crate::config::is_json_number;

/// How often one text may stand inside another: JSON in a field of JSON, in base64, in base64.
const DEEPEST: usize = 6;

/// The most bytes of texts inside values that are looked at. A value is at most 16 MiB, and base64 and escapes only
/// make a text longer, so that a value that nobody made for the purpose stays far below.
pub(super) const MOST_BYTES: usize = 64 * 1024 * 1024;

/// What each text costs of these besides its own bytes: to look at an empty one takes time as well.
const COST: usize = 16;

/// The shortest text, in characters, that base64 is decoded to. Shorter ones come about by chance.
const SHORTEST_DECODED: usize = 8;

/// The shortest value, in characters, that is taken out of a line of a value: words such as `Config` stand in every
/// log.
pub(super) const SHORTEST_OF_LINES: usize = 8;

/// Base64 with or without padding, whose last character may hold bits that stand for nothing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The texts inside values are more than are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuch;

/// A text inside a value.
pub(super) struct Nested<'t> {
    pub(super) text: &'t str,
    /// Whether its lines may be no lines: a Windows path, `C:\new`, has what looks like an escape.
    pub(super) may_be_path: bool,
}

/// Looks into values.
pub(super) struct Nest<F> {
    /// How many bytes may still be looked at.
    pub(super) bytes_left: usize,
    /// The shortest value, in characters, that is taken out of a line.
    pub(super) shortest: usize,
    /// Is told each text.
    pub(super) found: F,
}

/// How a text came about, and so what it can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Value,
    Field,
    Unescaped,
    Decoded,
}

impl<F: FnMut(Nested<'_>) -> Result<(), TooMuch>> Nest<F> {
    /// Tells all texts inside a value, which itself is not one of them.
    pub(super) fn look_into(&mut self, value: &str) -> Result<(), TooMuch> {
        self.look(value, Origin::Value, 0)
    }

    /// As [`look_into`](Self::look_into), for a value of letters, digits, `_` and `-` alone: it can be base64, and
    /// nothing else.
    pub(super) fn look_into_word(&mut self, value: &str) -> Result<(), TooMuch> {
        decoded(value).map_or(Ok(()), |decoded| self.take(&decoded, Origin::Decoded, 0, false))
    }

    fn look(&mut self, text: &str, origin: Origin, level: usize) -> Result<(), TooMuch> {
        if level == DEEPEST {
            return Ok(());
        }
        let kind = kind_of(text);
        if kind != Json::No {
            for field in Fields::new(text) {
                self.take(&field, Origin::Field, level, false)?;
                if let Some(respelled) = respelled(&field) {
                    self.take(&respelled, Origin::Field, level, false)?;
                }
            }
        }
        // In JSON the escapes are those of its strings, which the fields have been without.
        if kind != Json::Valid && origin != Origin::Unescaped && text.contains('\\') {
            let may_be_path = is_like_a_path(text);
            for unescaped in variants(text) {
                self.take(&unescaped, Origin::Unescaped, level, may_be_path)?;
            }
        }
        if let Some(decoded) = decoded(text) {
            self.take(&decoded, Origin::Decoded, level, false)?;
        }
        if kind == Json::Valid {
            return Ok(());
        }
        if text.contains(['\r', '\n']) {
            for line in text.split(['\r', '\n']) {
                self.charge(line)?;
                // The line itself is masked with the text, and its escapes are the text's.
                self.look(line, Origin::Unescaped, level)?;
            }
            return Ok(());
        }
        self.line(text, level)
    }

    /// Tells the values in a line.
    fn line(&mut self, line: &str, level: usize) -> Result<(), TooMuch> {
        // Of a file's text, `[database]` is the name of a section.
        let is_section = || self.shortest < SHORTEST_OF_LINES && is_key_alone(line.trim());
        if !line.contains(['=', ':', '-', '{', '[']) || is_section() {
            return Ok(());
        }
        for value in assigned(line) {
            if value.len() < line.len() && value.chars().nth(self.shortest - 1).is_some() {
                self.take(value, Origin::Field, level, false)?;
                // A single quote between such quotes.
                if value.contains("''") {
                    self.take(&value.replace("''", "'"), Origin::Field, level, false)?;
                }
            }
        }
        for password in of_urls(line) {
            self.take(&password, Origin::Field, level, false)?;
        }
        for value in of_connection_string(line) {
            self.take(value, Origin::Field, level, false)?;
        }
        if let Some((_, data)) = line.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
            self.look(data, Origin::Field, level)?;
        }
        Ok(())
    }

    fn take(&mut self, text: &str, origin: Origin, level: usize, may_be_path: bool) -> Result<(), TooMuch> {
        self.charge(text)?;
        (self.found)(Nested { text, may_be_path })?;
        self.look(text, origin, level + 1)
    }

    fn charge(&mut self, text: &str) -> Result<(), TooMuch> {
        self.bytes_left = self.bytes_left.checked_sub(text.len() + COST).ok_or(TooMuch)?;
        Ok(())
    }
}

/// Whether a text is to be read as JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Json {
    No,
    /// It begins like a document, and may have comments, raw line ends, or escaped quotes.
    Nearly,
    Valid,
}

fn kind_of(text: &str) -> Json {
    let is_valid = || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    match text.trim_start().bytes().next() {
        Some(b'{' | b'[') if is_valid() => Json::Valid,
        Some(b'{' | b'[') => Json::Nearly,
        Some(b'"') if is_valid() => Json::Valid,
        _ => Json::No,
    }
}

/// A valid JSON document without the white space between its parts.
pub(super) fn compact(text: &str) -> Option<String> {
    if kind_of(text) != Json::Valid {
        return None;
    }
    let (mut compact, mut is_string, mut is_escaped) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        if is_string {
            (is_string, is_escaped) = (is_escaped || c != '"', !is_escaped && c == '\\');
        } else if c.is_ascii_whitespace() {
            continue;
        } else {
            is_string = c == '"';
        }
        compact.push(c);
    }
    Some(compact)
}

/// The strings (but for keys) and numbers of a JSON document, found without reading it as a whole: however deep it is,
/// and also where comments, line ends in strings or a missing end would make a parser refuse it.
struct Fields<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Fields<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes past a string that begins here; gives it with its quotes, or what there is of it.
    fn string(&mut self) -> &'t str {
        let (begin, bytes) = (self.at, self.text.as_bytes());
        let mut end = begin + 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        self.at = (end + 1).min(bytes.len());
        &self.text[begin..self.at]
    }

    fn is_key(&self) -> bool {
        self.text[self.at..].trim_start().starts_with(':')
    }

    fn skip_past(&mut self, end: &str) {
        self.at = self.text[self.at..].find(end).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    /// Goes past a word that begins here; gives it if it is a number.
    fn word(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | ',' | ':' | '[' | ']' | '{' | '}');
        let length = rest.find(is_end).unwrap_or(rest.len());
        self.at += length;
        Some(&rest[..length]).filter(|word| is_json_number(word))
    }
}

impl<'t> Iterator for Fields<'t> {
    type Item = Cow<'t, str>;

    fn next(&mut self) -> Option<Cow<'t, str>> {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            match rest.as_bytes()[0] {
                b'"' => {
                    let string = self.string();
                    if !self.is_key() {
                        return Some(unquoted(string));
                    }
                }
                b'/' if rest.starts_with("//") => self.skip_past("\n"),
                b'/' if rest.starts_with("/*") => self.skip_past("*/"),
                b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                    if let Some(number) = self.word() {
                        return Some(Cow::Borrowed(number));
                    }
                }
                _ => self.at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        None
    }
}

/// A number with an exponent as a JSON file's values have it.
fn respelled(field: &str) -> Option<String> {
    let number: serde_json::Number = field.contains(['e', 'E']).then(|| field.parse().ok())??;
    Some(number.to_string()).filter(|respelled| respelled != field)
}

/// What a JSON string stands for. Of one that breaks JSON's rules, the text between the quotes, whose escapes are tried
/// as those of any text.
fn unquoted(string: &str) -> Cow<'_, str> {
    let inside = string.strip_prefix('"').unwrap_or(string);
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    serde_json::from_str(string).map_or(Cow::Borrowed(inside), Cow::Owned)
}

/// The text that base64 stands for (RFC 4648, either alphabet, with or without padding and white space), if all of the
/// value is that and the text can be read.
fn decoded(text: &str) -> Option<String> {
    let trimmed = text.trim().trim_end_matches('=');
    let is_of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let may_be = |byte: u8| is_of_base64(byte) || byte.is_ascii_whitespace();
    // Most texts are not base64 at their beginning, or stand for bytes that are no text there.
    if trimmed.len() < SHORTEST_DECODED * 4 / 3 || !begins_as_text(trimmed) || !trimmed.bytes().all(may_be) {
        return None;
    }
    let length = trimmed.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    // No bytes are as long as this in base64.
    if length % 4 == 1 {
        return None;
    }
    let base64: Vec<_> = characters(trimmed).collect();
    let decoded = String::from_utf8(BASE64.decode(base64).ok()?).ok()?;
    let is_long = decoded.chars().nth(SHORTEST_DECODED - 1).is_some();
    (is_long && decoded.chars().all(is_printable)).then_some(decoded)
}

/// The characters of base64 in the alphabet that is decoded.
fn characters(base64: &str) -> impl Iterator<Item = u8> {
    base64.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    })
}

fn is_printable(c: char) -> bool {
    !c.is_control() || matches!(c, '\n' | '\r' | '\t')
}

/// Whether the first bytes that base64 stands for are text, as far as they go.
fn begins_as_text(base64: &str) -> bool {
    let (mut beginning, mut length) = ([0; 32], 0);
    for (place, byte) in beginning.iter_mut().zip(characters(base64)) {
        *place = byte;
        length += 1;
    }
    let mut bytes = [0; 24];
    let Ok(decoded) = BASE64.decode_slice(&beginning[..length / 4 * 4], &mut bytes) else { return false };
    let valid = match std::str::from_utf8(&bytes[..decoded]) {
        Ok(text) => text,
        // A character that goes on behind the beginning.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    valid.chars().all(is_printable)
}

/// Whether a backslash in a text may well be that of a Windows path or user, as in `C:\new`, `\\host\names` and
/// `ACME\nina`.
fn is_like_a_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1..].starts_with(b":\\");
    let is_user = || text.matches('\\').count() == 1 && !text.contains(char::is_whitespace);
    has_drive || text.starts_with("\\\\") || is_user()
}

#[cfg(test)]
mod tests;
