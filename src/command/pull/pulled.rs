//! The result of a pull.

use std::rc::Rc;

use bytes::Bytes;

use super::destination::Destination;
use super::reserved::Reserved;
use crate::command::{Location, Note, StoredObject};
use crate::config::{Entry, FileType, Selected, Unkeyed};
use crate::error::Error;
use crate::format::Written;
use crate::name::{ConfigPath, Context, Digest, VersionName};
use crate::s3::S3Version;
use crate::secret::Secret;
use crate::store::{Channel, Manifest, PushSource};

/// The result of a pull, complete and checked, before it is delivered.
#[derive(Debug)]
pub struct Pulled {
    /// Where it came from.
    pub location: Location,
    /// The channel that it was pulled by, if it was.
    pub channel: Option<Channel>,
    /// The configuration's digest.
    pub digest: Digest,
    /// The lock file that said all of it, if one did.
    pub locked: Option<ConfigPath>,
    /// Whether a manifest vouches for every file.
    pub verified: bool,
    /// The files.
    pub files: Vec<PulledFile>,
    /// The values to publish, under the names of outputs where the request makes outputs, with the key in its file
    /// of each. Some of these names may be the action's own ([`Selected::reserved`]).
    pub selected: Selected,
    /// Every value that was read, published or not: what masks are made of.
    pub read: Vec<Entry>,
    /// What the files hold besides, each with its file: it is masked as well.
    pub unkeyed: Vec<(ConfigPath, Unkeyed)>,
    /// The values in one file.
    pub formatted: Option<Formatted>,
    /// Where what was pulled was pushed from, as far as manifests say it: one of each catalog and bucket.
    pub sources: Vec<PulledSource>,
    /// What was not found, where that is no error: each as the error that it would have been.
    pub missing: Vec<Error>,
    /// Notes for whoever reads the log.
    pub notes: Vec<Note>,
    /// What is written only when it is named one by one, whatever its name.
    pub(super) reserved: Reserved,
    /// Whether `files` is empty, and so means all files.
    pub(super) means_all: bool,
}

impl Pulled {
    /// Whether none of the files was found, where that is no error.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.files.is_empty() && !self.missing.is_empty()
    }

    /// Where the files are from: the first catalog's own place, if any is of that, and those of linked catalogs and other
    /// buckets.
    #[must_use]
    pub fn locations(&self) -> Vec<Location> {
        let mut all = vec![self.location.clone()];
        for file in &self.files {
            let location = file.stored.location();
            let is_known = |known: &Location| {
                (&known.context, &known.bucket, &known.version)
                    == (&location.context, &location.bucket, &location.version)
            };
            if !all.iter().any(is_known) {
                all.push(location);
            }
        }
        let is_own = |file: &PulledFile| {
            (&file.stored.context, &file.stored.bucket) == (&self.location.context, &self.location.bucket)
        };
        if !self.files.is_empty() && !self.files.iter().any(is_own) {
            all.remove(0);
        }
        all
    }

    /// Where the files' bytes are.
    #[must_use]
    pub fn objects(&self) -> Vec<StoredObject> {
        let object = |file: &PulledFile| StoredObject {
            path: file.path.clone(),
            arn: file.stored.arn.clone(),
            version_id: file.stored.pin.clone(),
            sha256: file.digest,
        };
        self.files.iter().map(object).collect()
    }
}

/// What a manifest says of where its version, or the head, was pushed from.
#[derive(Debug, Clone)]
pub struct PulledSource {
    /// The context.
    pub context: Context,
    /// The version; none for the head.
    pub version: Option<VersionName>,
    /// What the push says of itself; none where there is no manifest, or it says nothing.
    pub source: Option<PushSource>,
}

/// A file that was pulled.
#[derive(Debug)]
pub struct PulledFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// Where it is restored.
    pub destination: Destination,
    /// Its bytes.
    pub content: Secret<Bytes>,
    /// Their digest.
    pub digest: Digest,
    /// How many keys it has; none for files that have no keys.
    pub keys: Option<usize>,
    /// Where it lies in its bucket.
    pub stored: StoredFile,
}

/// Where a file lies in its bucket, and in which catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// The catalog that it belongs to, relative to the workspace.
    pub catalog: ConfigPath,
    /// The bucket.
    pub bucket: String,
    /// The context.
    pub context: Context,
    /// The version; none for the head.
    pub version: Option<VersionName>,
    /// Its path, relative to its catalog.
    pub path: ConfigPath,
    /// The S3 version that holds its bytes, where a manifest says so.
    pub pin: Option<S3Version>,
    /// The ARN of the object at its key.
    pub arn: String,
    /// Whether its bytes are those of the pinned S3 version, since what lies at its key is something else, or cannot be
    /// read.
    pub by_pin: bool,
    /// What it is read as.
    pub file_type: FileType,
    /// The head's manifest, of a file of the head; of a version's, [`add_heads`](crate::command::add_heads) reads it.
    pub head: Option<Rc<Manifest>>,
}

impl StoredFile {
    /// The version, or the head, that it is of.
    #[must_use]
    pub fn location(&self) -> Location {
        let version = self.version.as_ref().map_or("head", VersionName::as_str);
        Location::new(&self.context, &self.bucket, version, None)
    }
}

/// The values in one file.
#[derive(Debug)]
pub struct Formatted {
    /// What was asked for.
    pub written: Written,
    /// The text.
    pub text: Secret<String>,
}
