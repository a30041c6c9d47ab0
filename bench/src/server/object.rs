//! Requests that name a key.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use md5::{Digest as _, Md5};

use super::bucket::{Bucket, Buckets, Modified, Version, Versioning, no_such_bucket};
use super::http::{Answer, Asked};

/// Headers of a put that its object keeps, besides those of metadata and of [`ANSWERED`].
const KEPT: [&str; 3] = ["content-type", "content-encoding", "cache-control"];

/// How the names of headers begin that the answer to a put repeats: what it was encrypted with and its checksums.
const ANSWERED: [&str; 2] = ["x-amz-checksum-", "x-amz-server-side-encryption"];

/// Answers a request to an object.
pub(super) fn answer(buckets: &Mutex<Buckets>, bucket: &str, key: &str, asked: &Asked) -> Answer {
    // Hashed before the lock is taken, so that one large body holds nobody up.
    let etag = if asked.method == "PUT" { md5(&asked.body) } else { String::new() };
    let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
    let next_id = buckets.next_id();
    let Some(bucket) = buckets.by_name.get_mut(bucket) else { return no_such_bucket() };
    match asked.method.as_str() {
        "GET" | "HEAD" => get(bucket, key, asked),
        "PUT" if asked.query("uploadId").is_some() => put_part(bucket, asked, &etag),
        "PUT" => put(bucket, key, asked, &etag, next_id),
        "POST" if asked.query("uploads").is_some() => {
            bucket.uploads.insert(next_id.clone(), std::collections::BTreeMap::new());
            Answer::xml(format!(
                "<InitiateMultipartUploadResult><Key>{key}</Key><UploadId>{next_id}</UploadId>\
                 </InitiateMultipartUploadResult>"
            ))
        }
        "POST" => complete(bucket, key, asked, next_id),
        "DELETE" => delete(bucket, key, asked, next_id),
        _ => method_not_allowed(),
    }
}

fn get(bucket: &Bucket, key: &str, asked: &Asked) -> Answer {
    let versions = bucket.objects.get(key).map(Vec::as_slice).unwrap_or_default();
    let found = match asked.query("versionId") {
        Some(id) => match versions.iter().find(|version| version.id == id) {
            Some(version) if version.is_delete_marker => {
                let answer = method_not_allowed().header("x-amz-delete-marker", "true");
                return bucket.names_version(answer, id);
            }
            None => return Answer::error(404, "NoSuchVersion", "The specified version does not exist."),
            found => found,
        },
        None => versions.last(),
    };
    // A HEAD's answer has no body.
    let no_such_key = Answer::error(404, "NoSuchKey", "The specified key does not exist.");
    let Some(version) = found else { return no_such_key };
    if version.is_delete_marker {
        return bucket.names_version(no_such_key.header("x-amz-delete-marker", "true"), &version.id);
    }
    if asked.header("if-match").is_some_and(|etag| !is_same(etag, &version.etag)) {
        return precondition_failed();
    }
    let length = version.body.len();
    let range = asked.header("range").and_then(|range| range_of(range, length));
    let mut answer = Answer::new(if range.is_some() { 206 } else { 200 })
        .header("ETag", &version.etag)
        .header("Last-Modified", &version.modified.http)
        .header("Accept-Ranges", "bytes");
    answer = bucket.names_version(answer, &version.id);
    let wants_checksum = asked.header("x-amz-checksum-mode") == Some("ENABLED") && range.is_none();
    for (name, value) in &version.headers {
        if wants_checksum || !name.starts_with("x-amz-checksum-") {
            answer = answer.header(name, value);
        }
    }
    if let Some(range) = &range {
        answer = answer.header("Content-Range", format!("bytes {}-{}/{length}", range.start, range.end - 1));
    }
    answer.part(&version.body, range.unwrap_or(0..length))
}

/// `bytes=a-b`, `bytes=a-` and `bytes=-n`.
fn range_of(header: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) => first..length,
        (Err(_), Ok(last)) => length.saturating_sub(last)..length,
        _ => return None,
    };
    (range.start < range.end).then_some(range)
}

fn put(bucket: &mut Bucket, key: &str, asked: &Asked, etag: &str, next_id: String) -> Answer {
    let current = bucket.current(key);
    if asked.header("if-none-match") == Some("*") && current.is_some() {
        return precondition_failed();
    }
    if let Some(expected) = asked.header("if-match") {
        match current {
            None => return Answer::error(404, "NoSuchKey", "The specified key does not exist."),
            Some(version) if !is_same(expected, &version.etag) => return precondition_failed(),
            Some(_) => {}
        }
    }
    let mut answer = Answer::new(200).header("ETag", etag);
    let is_answered = |name: &str| ANSWERED.iter().any(|start| name.starts_with(start));
    let kept = |name: &str| KEPT.contains(&name) || name.starts_with("x-amz-meta-") || is_answered(name);
    let mut headers: Vec<_> = asked.headers.iter().filter(|(name, _)| kept(name)).cloned().collect();
    if asked.header("content-type").is_none() {
        headers.push(("content-type".to_owned(), "binary/octet-stream".to_owned()));
    }
    for (name, value) in headers.iter().filter(|(name, _)| is_answered(name)) {
        answer = answer.header(name, value);
    }
    let id = bucket.id_of_next(next_id);
    answer = bucket.names_version(answer, &id);
    let body = Arc::new(asked.body.clone());
    add(bucket, key, Version { id, etag: etag.to_owned(), headers, body, is_delete_marker: false, modified: now() });
    answer
}

fn put_part(bucket: &mut Bucket, asked: &Asked, etag: &str) -> Answer {
    let number = asked.query("partNumber").and_then(|number| number.parse().ok());
    let upload = asked.query("uploadId").and_then(|id| bucket.uploads.get_mut(id));
    let (Some(number), Some(upload)) = (number, upload) else { return no_such_upload() };
    upload.insert(number, asked.body.clone());
    Answer::new(200).header("ETag", etag)
}

fn complete(bucket: &mut Bucket, key: &str, asked: &Asked, next_id: String) -> Answer {
    let Some(parts) = asked.query("uploadId").and_then(|id| bucket.uploads.remove(id)) else { return no_such_upload() };
    let count = parts.len();
    let body: Vec<u8> = parts.into_values().flatten().collect();
    let etag = format!("{}-{count}\"", md5(&body).trim_end_matches('"'));
    let id = bucket.id_of_next(next_id);
    let version = Version {
        id,
        etag: etag.clone(),
        headers: Vec::new(),
        body: Arc::new(body),
        is_delete_marker: false,
        modified: now(),
    };
    add(bucket, key, version);
    Answer::xml(format!(
        "<CompleteMultipartUploadResult><Key>{key}</Key><ETag>{etag}</ETag></CompleteMultipartUploadResult>"
    ))
}

fn delete(bucket: &mut Bucket, key: &str, asked: &Asked, next_id: String) -> Answer {
    let answer = Answer::new(204);
    let (removed, id) = match asked.query("versionId") {
        Some(id) => (remove(bucket, key, id), id.to_owned()),
        None if bucket.versioning == Versioning::Off => {
            bucket.objects.remove(key);
            return answer;
        }
        None => {
            let version = Version {
                id: bucket.id_of_next(next_id),
                etag: String::new(),
                headers: Vec::new(),
                body: Arc::default(),
                is_delete_marker: true,
                modified: now(),
            };
            let id = version.id.clone();
            add(bucket, key, version.clone());
            (Some(version), id)
        }
    };
    let answer = bucket.names_version(answer, &id);
    match removed {
        Some(version) if version.is_delete_marker => answer.header("x-amz-delete-marker", "true"),
        _ => answer,
    }
}

/// Takes a version of a key away, if it is there.
fn remove(bucket: &mut Bucket, key: &str, id: &str) -> Option<Version> {
    let versions = bucket.objects.get_mut(key)?;
    let index = versions.iter().position(|version| version.id == id)?;
    let removed = versions.remove(index);
    if versions.is_empty() {
        bucket.objects.remove(key);
    }
    Some(removed)
}

/// Puts an object of the benchmark's or a test's own.
pub(super) fn add_directly(buckets: &mut Buckets, bucket: &str, key: &str, body: &[u8]) {
    let id = buckets.next_id();
    let (etag, body) = (md5(body), Arc::new(body.to_vec()));
    let version = Version { id, etag, headers: Vec::new(), body, is_delete_marker: false, modified: now() };
    add(buckets.by_name.entry(bucket.to_owned()).or_default(), key, version);
}

/// Puts a version over the others of its key, and in the place of one that has its id.
fn add(bucket: &mut Bucket, key: &str, version: Version) {
    drop(remove(bucket, key, &version.id));
    bucket.objects.entry(key.to_owned()).or_default().push(version);
}

fn method_not_allowed() -> Answer {
    Answer::error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
}

fn precondition_failed() -> Answer {
    Answer::error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
}

fn no_such_upload() -> Answer {
    Answer::error(404, "NoSuchUpload", "The specified upload does not exist.")
}

/// Clients send ETags with and without their quotes.
fn is_same(sent: &str, etag: &str) -> bool {
    sent.trim_matches('"') == etag.trim_matches('"')
}

fn md5(body: &[u8]) -> String {
    let mut text = String::from("\"");
    for byte in Md5::digest(body) {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    text
}

fn now() -> Modified {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let (year, month, day) = civil(days);
    let name = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from(days % 7).unwrap_or(0)];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month_name = months[usize::try_from(month - 1).unwrap_or(0)];
    Modified {
        http: format!("{name}, {day:02} {month_name} {year} {hour:02}:{minute:02}:{second:02} GMT"),
        iso: format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z"),
    }
}

/// The date of a day that is so many after 1970-01-01: years that begin in March have their leap day at the end.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}
