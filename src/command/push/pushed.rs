//! The result of a push.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;

use crate::command::{Changes, Location, Note, Obstacle, StoredObject};
use crate::name::{ConfigPath, Digest, VersionName};
use crate::secret::Secret;
use crate::store::{Base, BaseEntry, Error, Flaw, LastPush};

/// The result of a push.
#[derive(Debug)]
pub struct Pushed {
    /// Where it went.
    pub location: Location,
    /// The configuration's digest.
    pub digest: Digest,
    /// The digest of the version that the swap of the manifest replaced, or that a dry run would replace; none where
    /// there was none that could be read.
    pub replaced: Option<Digest>,
    /// Whether there was a difference.
    pub changed: bool,
    /// The files.
    pub files: Vec<PushedFile>,
    /// What differs from what was replaced under the same name, or of a new version from the one before it; none where
    /// there is neither, or it could not be read.
    pub changes: Option<Changes>,
    /// What differs from the version before, where that is wanted and `changes` does not say it: of a version that was
    /// there already or was replaced.
    pub since_before: Option<Changes>,
    /// Whether it is the first of its kind, so that there is nothing that it could be compared with.
    pub is_first: bool,
    /// Of a version that was to be compared with the one before it: why it is not, or not key by key.
    pub not_compared: Option<NotCompared>,
    /// What each file replaces of the head, as far as that is known.
    pub bases: HashMap<ConfigPath, Base>,
    /// The files that were merged with what others had pushed since; in `files`, too, as they were sent.
    pub merged: Vec<MergedPath>,
    /// The files of which the push changes the tags, the type, the KMS key or where they are restored, and nothing
    /// else. Of a dry run that replaces a version they are not known.
    pub settings_changed: Vec<ConfigPath>,
    /// The push that this one follows: the head's last one, or that of the version that an overwrite replaces.
    pub push_before: Option<LastPush>,
    /// Of a push of the head: files that it has, and that neither the push nor the catalog names. They stay as they
    /// are.
    pub only_in_head: Vec<ConfigPath>,
    /// The KMS keys that the files are encrypted with, as far as keys were ever named. None of a dry run.
    pub kms_keys: BTreeSet<String>,
    /// The manifest of the version as it stands in the bucket, where it is wanted and could be read.
    pub manifest: Option<Bytes>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A file that was pushed.
#[derive(Debug)]
pub struct PushedFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// In bytes.
    pub size: u64,
    /// Of its bytes.
    pub digest: Digest,
    /// Its keys; none for files that have no keys.
    pub keys: Option<Vec<String>>,
    /// Whether the local file is to be deleted.
    pub deletes_local: bool,
    /// Why it is kept all the same. Known where the request says that it would be deleted.
    pub keeps_local: Option<KeepsLocal>,
    /// As it stands in the bucket: the base of the next push. None of a dry run, and where another push has taken it
    /// over.
    pub stored: Option<BaseEntry>,
    /// The ARN of the object at its key.
    pub arn: String,
}

impl Pushed {
    /// Where the bytes are of the files that are stored.
    #[must_use]
    pub fn objects(&self) -> Vec<StoredObject> {
        let object = |file: &PushedFile| {
            let BaseEntry { sha256, version_id, .. } = file.stored.clone()?;
            Some(StoredObject { path: file.path.clone(), arn: file.arn.clone(), version_id, sha256 })
        };
        self.files.iter().filter_map(object).collect()
    }
}

/// What was seen in the bucket in place of a file that was pushed.
#[derive(Debug, Clone)]
pub enum KeepsLocal {
    /// The manifest does not list the file as it was pushed.
    NotListed,
    /// Its object is not as it was pushed.
    Flaw(Flaw),
    /// Nothing: it could not be looked at.
    Unknown(Error),
}

/// A file that was merged with what others had pushed to the head since its push last saw it.
#[derive(Debug, Clone)]
pub struct MergedPath {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// The digest of the local file, as it was read.
    pub own: Digest,
    /// What was pushed, for the local file.
    pub content: Secret<Bytes>,
    /// As it stands in the bucket: the base of the next push. None of a dry run.
    pub stored: Option<BaseEntry>,
    /// The config keys that others had changed.
    pub from_others: Vec<String>,
    /// Whether it is what others had pushed, as it is: nothing was changed here.
    pub is_theirs: bool,
    /// Whether others had changed what has no key, such as comments, as was done here, so that theirs is lost.
    pub loses_rest: bool,
}

/// What a new version is not compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCompared {
    /// The version before it, if it was found.
    pub version_before: Option<VersionName>,
    /// Whether only keys are not compared; the files are.
    pub only_keys: bool,
    /// Why.
    pub why: Obstacle,
}
