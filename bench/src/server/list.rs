//! Listings, of both versions of the operation.

use std::fmt::Write as _;
use std::ops::Bound;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::bucket::Bucket;
use super::http::{Answer, Asked, escape};

/// As `encoding-type=url` encodes keys.
pub(super) const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

pub(super) const MAX_KEYS: usize = 1000;

/// What is in a page: a key, or what keys have in common up to the delimiter.
enum Row<'a> {
    Key(&'a str),
    Common(&'a str),
}

pub(super) fn answer(bucket: &Bucket, name: &str, asked: &Asked) -> Answer {
    let is_v2 = asked.query("list-type") == Some("2");
    let prefix = asked.query("prefix").unwrap_or_default();
    let delimiter = asked.query("delimiter").unwrap_or_default();
    let limit =
        asked.query("max-keys").and_then(|number| number.parse().ok()).map_or(MAX_KEYS, |n: usize| n.min(MAX_KEYS));
    // A continuation token is the last row of the page before.
    let after =
        if is_v2 { asked.query("continuation-token").or(asked.query("start-after")) } else { asked.query("marker") };

    let after = after.unwrap_or_default();
    let start = if after < prefix { Bound::Included(prefix) } else { Bound::Excluded(after) };
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut is_truncated = false;
    for key in bucket.objects.range::<str, _>((start, Bound::Unbounded)).map(|(key, _)| key.as_str()) {
        let Some(rest) = key.strip_prefix(prefix) else { break };
        if bucket.current(key).is_none() {
            continue;
        }
        let common = match rest.find(delimiter) {
            Some(at) if !delimiter.is_empty() => Some(&key[..prefix.len() + at + delimiter.len()]),
            _ => None,
        };
        if let Some(common) = common
            && (common == after || matches!(rows.last(), Some(Row::Common(last)) if *last == common))
        {
            continue;
        }
        if rows.len() == limit {
            is_truncated = true;
            break;
        }
        rows.push(common.map_or(Row::Key(key), Row::Common));
    }

    let is_encoded = asked.query("encoding-type") == Some("url");
    let shown = |text: &str| if is_encoded { utf8_percent_encode(text, ENCODED).to_string() } else { escape(text) };
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    let mut element = |name: &str, text: &str| {
        let _ = write!(xml, "<{name}>{text}</{name}>");
    };
    element("Name", name);
    element("Prefix", &shown(prefix));
    element("MaxKeys", &limit.to_string());
    if !delimiter.is_empty() {
        element("Delimiter", &shown(delimiter));
    }
    if is_encoded {
        element("EncodingType", "url");
    }
    element("IsTruncated", if is_truncated { "true" } else { "false" });
    let last = rows.last().map(|(Row::Key(text) | Row::Common(text))| *text).unwrap_or_default();
    if is_v2 {
        element("KeyCount", &rows.len().to_string());
    } else {
        element("Marker", &shown(after));
    }
    if is_truncated {
        element(
            if is_v2 { "NextContinuationToken" } else { "NextMarker" },
            &if is_v2 { escape(last) } else { shown(last) },
        );
    }
    for row in &rows {
        match row {
            Row::Common(common) => {
                element("CommonPrefixes", &format!("<Prefix>{}</Prefix>", shown(common)));
            }
            Row::Key(key) => {
                let Some(version) = bucket.current(key) else { continue };
                element(
                    "Contents",
                    &format!(
                        "<Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size>\
                         <StorageClass>STANDARD</StorageClass>",
                        shown(key),
                        version.modified.iso,
                        version.etag,
                        version.body.len()
                    ),
                );
            }
        }
    }
    xml.push_str("</ListBucketResult>");
    Answer::xml(xml)
}
