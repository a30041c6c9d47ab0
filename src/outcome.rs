//! What a run did, as data. The doors turn it into text.

use crate::config::{Entry, Setting};
use crate::error::Report;
use crate::format::Format;
use crate::name::{ConfigPath, Context, Digest};
use crate::secret::Secret;

use bytes::Bytes;

/// What a run did.
#[derive(Debug)]
pub enum Outcome {
    /// A pull, ready to be delivered.
    Pulled(Box<Pulled>),
    /// A pull that found nothing, where that is no error.
    NothingToPull {
        /// Where it looked.
        place: Location,
        /// What an error would have said.
        report: Box<Report>,
    },
    /// A push.
    Pushed(Box<Pushed>),
}

/// Which part of which bucket.
#[derive(Debug, Clone)]
pub struct Location {
    /// The context.
    pub context: Context,
    /// The bucket.
    pub bucket: String,
    /// `head`, or the version's name.
    pub version: String,
    /// The manifest's key; none in the Go cStore's layout.
    pub manifest: Option<String>,
}

/// A pull: complete, checked, and not yet delivered.
#[derive(Debug)]
pub struct Pulled {
    /// Where it came from.
    pub place: Location,
    /// The configuration's digest.
    pub digest: Digest,
    /// Whether a manifest vouches for every file.
    pub verified: bool,
    /// The files.
    pub files: Vec<PulledFile>,
    /// What is published.
    pub settings: Vec<Setting>,
    /// The key in its file of everything that is published, and the name that it is published under.
    pub names: Vec<(String, String)>,
    /// Every value that was read, published or not: what masks are made of.
    pub read: Vec<Entry>,
    /// The values in one file.
    pub formatted: Option<Formatted>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// A file that was pulled.
#[derive(Debug)]
pub struct PulledFile {
    /// Its path, relative to the catalog.
    pub path: ConfigPath,
    /// Where it is restored, in the workspace.
    pub restore_to: ConfigPath,
    /// Whether an input names it by this very path.
    pub named: bool,
    /// Its bytes.
    pub content: Secret<Bytes>,
    /// Their digest.
    pub digest: Digest,
    /// How many keys it has; none for files that have no keys.
    pub keys: Option<usize>,
}

/// The values in one file.
#[derive(Debug)]
pub struct Formatted {
    /// In which form.
    pub format: Format,
    /// Where in the workspace; else a private file outside of it.
    pub path: Option<ConfigPath>,
    /// The text.
    pub text: Secret<String>,
}

/// A push.
#[derive(Debug)]
pub struct Pushed {
    /// Where it went.
    pub place: Location,
    /// The configuration's digest.
    pub digest: Digest,
    /// The digest of the version that was replaced, as far as it could be read.
    pub replaced: Option<Digest>,
    /// Whether there was a difference.
    pub changed: bool,
    /// The files.
    pub files: Vec<PushedFile>,
    /// The keys that differ from what was there under the same name, when there was something.
    pub changes: Option<KeyChanges>,
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
}

/// The names of keys that differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyChanges {
    /// New.
    pub added: Vec<String>,
    /// With another value.
    pub changed: Vec<String>,
    /// No longer there.
    pub removed: Vec<String>,
}

/// Something that a person should know of a run that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// There is no manifest; the files were read in the Go cStore's layout.
    GoLayout,
    /// Head files that another tool wrote after the last push.
    Unmanaged(Vec<ConfigPath>),
    /// Keys of nested documents that give no output name.
    LeftOut(Vec<String>),
    /// Lines of `keys` that match no key.
    UnmatchedKeys(Vec<String>),
    /// Keys that the template does not know.
    NotInTemplate(ConfigPath, Vec<String>),
    /// Something odd in a file that is no error.
    Odd(ConfigPath, String),
    /// The bucket does not keep versions.
    Unversioned,
    /// Paths that another push took over while this one ran.
    Superseded(Vec<ConfigPath>),
    /// Files of a published version that were gone, and are there again.
    Repaired(Vec<ConfigPath>),
    /// Linked catalogs that a push leaves alone.
    LinksNotPushed(Vec<String>),
    /// Linked catalogs that a pull leaves alone, since an input names the context.
    LinksNotPulled(Vec<String>),
    /// Why a pull of these files will be refused, unless it chooses among their keys.
    NotPullable(String),
    /// The catalog was written.
    CatalogWritten(ConfigPath),
    /// A file that was replaced could not be removed from beside its successor, and why.
    BackupLeft(String),
}
