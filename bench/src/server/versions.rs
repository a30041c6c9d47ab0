//! Listings of versions and delete markers.

use std::fmt::Write as _;

use percent_encoding::utf8_percent_encode;

use super::bucket::Bucket;
use super::http::{Answer, Asked, escape};
use super::list::{ENCODED, MAX_KEYS};

pub(super) fn answer(bucket: &Bucket, name: &str, asked: &Asked) -> Answer {
    let prefix = asked.query("prefix").unwrap_or_default();
    let limit =
        asked.query("max-keys").and_then(|number| number.parse().ok()).map_or(MAX_KEYS, |n: usize| n.min(MAX_KEYS));
    // The last row of the page before: with a version the rest of its key follows, without one the next key.
    let (key_marker, version_marker) =
        (asked.query("key-marker").unwrap_or_default(), asked.query("version-id-marker"));

    let of_prefix = bucket.objects.iter().filter(|(key, _)| key.starts_with(prefix));
    let rows = of_prefix.flat_map(|(key, versions)| {
        let newest_first = versions.iter().rev().enumerate();
        newest_first.map(move |(index, version)| (key.as_str(), version, index == 0))
    });
    let mut is_after = key_marker.is_empty();
    let mut rest = rows.filter(|(key, version, _)| {
        let is_of_page_before = !is_after;
        is_after = is_after
            || *key > key_marker
            || *key == key_marker && version_marker.is_some_and(|marker| marker == version.id);
        !(is_of_page_before && *key <= key_marker)
    });
    let page: Vec<_> = rest.by_ref().take(limit).collect();
    let is_truncated = rest.next().is_some();

    let is_encoded = asked.query("encoding-type") == Some("url");
    let shown = |text: &str| if is_encoded { utf8_percent_encode(text, ENCODED).to_string() } else { escape(text) };
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    let _ = write!(
        xml,
        "<Name>{name}</Name><Prefix>{}</Prefix><KeyMarker>{}</KeyMarker><MaxKeys>{limit}</MaxKeys>\
         <IsTruncated>{is_truncated}</IsTruncated>",
        shown(prefix),
        shown(key_marker)
    );
    if is_encoded {
        xml.push_str("<EncodingType>url</EncodingType>");
    }
    if let Some((key, version, _)) = page.last().filter(|_| is_truncated) {
        let _ = write!(
            xml,
            "<NextKeyMarker>{}</NextKeyMarker><NextVersionIdMarker>{}</NextVersionIdMarker>",
            shown(key),
            version.id
        );
    }
    for (key, version, is_latest) in page {
        let element = if version.is_delete_marker { "DeleteMarker" } else { "Version" };
        let _ = write!(
            xml,
            "<{element}><Key>{}</Key><VersionId>{}</VersionId><IsLatest>{is_latest}</IsLatest>\
             <LastModified>{}</LastModified>",
            shown(key),
            version.id,
            version.modified.iso
        );
        if !version.is_delete_marker {
            let _ = write!(
                xml,
                "<ETag>{}</ETag><Size>{}</Size><StorageClass>STANDARD</StorageClass>",
                version.etag,
                version.body.len()
            );
        }
        let _ = write!(xml, "</{element}>");
    }
    xml.push_str("</ListVersionsResult>");
    Answer::xml(xml)
}
