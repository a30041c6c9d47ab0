//! Buckets: what they hold, and the requests that name no key.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::http::{Answer, Asked};
use super::{list, versions};

#[derive(Default)]
pub(super) struct Buckets {
    pub(super) by_name: HashMap<String, Bucket>,
    /// For version ids and the ids of uploads in parts.
    count: u64,
}

/// As a bucket's settings have it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Versioning {
    /// Never switched on.
    #[default]
    Off,
    Enabled,
    Suspended,
}

/// The id of a version that was written while the bucket had no versioning, or a suspended one.
pub(super) const NULL: &str = "null";

#[derive(Default)]
pub(super) struct Bucket {
    pub(super) versioning: Versioning,
    /// The versions of each key, the newest last. No key has none, and at most one of a key's is [`NULL`].
    pub(super) objects: BTreeMap<String, Vec<Version>>,
    /// The parts of each upload, by number.
    pub(super) uploads: HashMap<String, BTreeMap<u32, Vec<u8>>>,
}

/// One version of an object.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) id: String,
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

    /// The id of what is written next: one of its own with versioning only.
    pub(super) fn id_of_next(&self, next_id: String) -> String {
        if self.versioning == Versioning::Enabled { next_id } else { NULL.to_owned() }
    }

    /// The header that names a version; none in a bucket that never had versioning.
    pub(super) fn names_version(&self, answer: Answer, id: &str) -> Answer {
        if self.versioning == Versioning::Off { answer } else { answer.header("x-amz-version-id", id) }
    }
}

/// Answers a request to a bucket.
pub(super) fn answer(buckets: &mut Buckets, name: &str, asked: &Asked) -> Answer {
    match asked.method.as_str() {
        // Of the other settings this server knows nothing, and what they change it would not do.
        "PUT" if !asked.asks_for_nothing_but("versioning") => {
            Answer::error(501, "NotImplemented", "A header you provided implies functionality that is not implemented.")
        }
        "PUT" => {
            let bucket = buckets.by_name.entry(name.to_owned()).or_default();
            if asked.query("versioning").is_some() {
                bucket.versioning = match String::from_utf8_lossy(&asked.body) {
                    body if body.contains("<Status>Enabled</Status>") => Versioning::Enabled,
                    _ => Versioning::Suspended,
                };
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
            if asked.query("versions").is_some() {
                return versions::answer(bucket, name, asked);
            }
            list::answer(bucket, name, asked)
        }
        _ => Answer::error(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    }
}

pub(super) fn no_such_bucket() -> Answer {
    Answer::error(404, "NoSuchBucket", "The specified bucket does not exist")
}
