//! What is looked for, and whether a file holds it.

use std::collections::HashMap;

use bytes::Bytes;
use memchr::memmem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::config::{FileType, Unkeyed, Warning, parse};
use crate::name::Digest;
use crate::s3::ListedVersion;
use crate::secret::Secret;

/// A value of fewer bytes is looked for as a whole value only: as a part of others it would be found everywhere.
const LEAST_PART: usize = 8;

/// What a URL has as it is in whatever part of it (RFC 3986, 2.3); all else is percent-encoded.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What JavaScript's `encodeURIComponent` leaves besides.
const OF_JAVASCRIPT: AsciiSet = UNRESERVED.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');

/// What is looked for.
pub(super) enum Wanted<'a> {
    /// Files of these digests, with their sizes.
    Content(&'a HashMap<Digest, u64>),
    /// Files that hold a value.
    Value(WantedValue<'a>),
}

/// A value that is looked for.
pub(super) struct WantedValue<'a> {
    value: &'a Secret<String>,
    /// How it may be written as a part of something, if it is long enough to be looked for as one.
    parts: Vec<Secret<String>>,
    separator: &'a str,
}

/// Whether a file holds what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It does not hold the value as it is written there, and its values cannot be told apart.
    NotParsed,
}

impl<'a> Wanted<'a> {
    /// A value: as it is, as JSON and URLs write it within others.
    pub(super) fn value(value: &'a Secret<String>, separator: &'a str) -> Self {
        let parts = if value.expose().len() < LEAST_PART { Vec::new() } else { written(value.expose()) };
        Self::Value(WantedValue { value, parts, separator })
    }

    /// Whether an S3 version may hold it, as far as its size tells.
    pub(super) fn may_be(&self, listed: &ListedVersion) -> bool {
        match self {
            Self::Content(files) => {
                listed.content.as_ref().is_some_and(|content| files.values().any(|size| *size == content.size))
            }
            Self::Value(_) => true,
        }
    }

    /// Whether a file of this digest holds it.
    pub(super) fn look_at(&self, digest: Digest, file_type: FileType, body: &Secret<Bytes>) -> Holding {
        match self {
            Self::Content(files) if files.contains_key(&digest) => Holding::Yes,
            _ => self.look(file_type, body),
        }
    }

    /// Whether a file holds the value: as that of any key or, unless it is short, as a part of anything.
    pub(super) fn look(&self, file_type: FileType, body: &Secret<Bytes>) -> Holding {
        let Self::Value(wanted) = self else { return Holding::No };
        if wanted.is_part(body.expose()) {
            return Holding::Yes;
        }
        if file_type == FileType::Raw {
            return Holding::No;
        }
        let Ok(parsed) = parse(file_type, body.expose(), wanted.separator) else { return Holding::NotParsed };
        // Of a document that is a single value, the text is there as it is written, too.
        let is_parsed = parsed.warnings.contains(&Warning::NotAMap)
            || !parsed.unkeyed.iter().any(|unkeyed| matches!(unkeyed, Unkeyed::Text(_)));
        let of_keys = parsed.entries.iter().map(|entry| &entry.value.text);
        let others = parsed.unkeyed.iter().filter_map(|unkeyed| match unkeyed {
            Unkeyed::Value(value) => Some(&value.text),
            Unkeyed::Text(_) => None,
        });
        match of_keys.chain(others).any(|text| wanted.is_in(text.expose())) {
            true => Holding::Yes,
            false if is_parsed => Holding::No,
            false => Holding::NotParsed,
        }
    }
}

impl WantedValue<'_> {
    fn is_in(&self, text: &str) -> bool {
        text == self.value.expose() || self.is_part(text.as_bytes())
    }

    fn is_part(&self, text: &[u8]) -> bool {
        self.parts.iter().any(|part| memmem::find(text, part.expose().as_bytes()).is_some())
    }
}

/// How a text is written as a part of others: as it is, in a JSON string, in one of Go's, which escapes what has a
/// meaning in HTML, and in a URL.
fn written(text: &str) -> Vec<Secret<String>> {
    let json = serde_json::Value::from(text).to_string();
    let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(text).to_owned();
    let of_go = json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e");
    let urls = [&UNRESERVED, &OF_JAVASCRIPT].map(|set| utf8_percent_encode(text, set).to_string());
    let mut written = vec![text.to_owned(), json, of_go];
    written.extend(urls);
    written.sort_unstable();
    written.dedup();
    written.into_iter().map(Secret::new).collect()
}
