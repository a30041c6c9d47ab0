//! Buckets: what they hold, and the requests that name no key.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::http::{Answer, Asked};
use super::list;

#[derive(Default)]
pub(super) struct Buckets {
    pub(super) by_name: HashMap<String, Bucket>,
    /// For version ids and the ids of uploads in parts.
    count: u64,
}

#[derive(Default)]
pub(super) struct Bucket {
    pub(super) is_versioned: bool,
    /// The versions of each key, the newest last. Without versioning there is one.
    pub(super) objects: BTreeMap<String, Vec<Version>>,
    /// The parts of each upload, by number.
    pub(super) uploads: HashMap<String, BTreeMap<u32, Vec<u8>>>,
}

/// One version of an object.
#[derive(Clone)]
pub(super) struct Version {
    /// None where the bucket has no versioning.
    pub(super) id: Option<String>,
    pub(super) etag: String,
    /// What was sent along and is given back.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Arc<Vec<u8>>,
    pub(super) is_delete_marker: bool,
    pub(super) modified: Modified,
}

/// When: once as headers say it, once as documents do.
#[derive(Clone)]
pub(super) struct Modified {
    pub(super) http: String,
    pub(super) iso: String,
}

impl Buckets {
    /// An id that nothing else has, as long as S3's.
    pub(super) fn next_id(&mut self) -> String {
        self.count += 1;
        format!("{:032x}", self.count)
    }
}

impl Bucket {
    /// The newest version of a key, unless that is a delete marker.
    pub(super) fn current(&self, key: &str) -> Option<&Version> {
        self.objects.get(key)?.last().filter(|version| !version.is_delete_marker)
    }
}

/// Answers a request to a bucket.
pub(super) fn answer(buckets: &mut Buckets, name: &str, asked: &Asked) -> Answer {
    match asked.method.as_str() {
        "PUT" => {
            let bucket = buckets.by_name.entry(name.to_owned()).or_default();
            if asked.query("versioning").is_some() {
                bucket.is_versioned = String::from_utf8_lossy(&asked.body).contains("<Status>Enabled</Status>");
            }
            Answer::new(200)
        }
        "HEAD" if buckets.by_name.contains_key(name) => Answer::new(200).header("x-amz-bucket-region", "us-east-1"),
        "HEAD" => Answer::new(404),
        "GET" => {
            let Some(bucket) = buckets.by_name.get(name) else { return no_such_bucket() };
            if asked.query("location").is_some() {
                return Answer::xml(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                     <LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></LocationConstraint>"
                        .to_owned(),
                );
            }
            list::answer(bucket, name, asked)
        }
        _ => Answer::error(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    }
}

pub(super) fn no_such_bucket() -> Answer {
    Answer::error(404, "NoSuchBucket", "The specified bucket does not exist")
}
