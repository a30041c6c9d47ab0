//! The result of a list.

use time::OffsetDateTime;

use crate::command::{Location, NoKeys, Note};
use crate::name::{ChannelName, ConfigPath, Context, Digest, VersionName};
use crate::option::ListKind;
use crate::store::{self, Channel, TargetNow};

/// What was found.
#[derive(Debug)]
pub struct Listed {
    /// The kind that was asked for.
    pub kind: ListKind,
    /// The bucket that was asked.
    pub bucket: String,
    /// Whose files or versions they are: that of the first catalog, where several link each other. None for contexts.
    pub location: Option<Location>,
    /// What there is of it.
    pub found: Found,
    /// What a person should know.
    pub notes: Vec<Note>,
}

/// What a list has.
#[derive(Debug)]
pub enum Found {
    /// By name.
    Contexts(Vec<FoundContext>),
    /// By name.
    Channels(Vec<FoundChannel>),
    /// The newest first: releases by precedence, then other names.
    Versions(Vec<FoundVersion>),
    /// For files, tags and keys, in the order of `files`, or of their paths.
    Files(Vec<FoundFile>),
}

/// A context of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundContext {
    /// Its name.
    pub name: Context,
    /// Whether something of this tool is there. Otherwise it is a folder that may be one of the Go cStore's.
    pub has_manifests: bool,
}

/// A channel.
#[derive(Debug, Clone)]
pub struct FoundChannel {
    /// Its name.
    pub name: ChannelName,
    /// The channel, or why it cannot be read.
    pub channel: Result<Channel, store::Error>,
    /// What has become of the version that it points at; none where it cannot be read or points at nothing.
    pub target: Option<TargetNow>,
    /// How many full releases are published that come after the one that it points at; none where it points at no
    /// release, or at one that is gone.
    pub behind: Option<usize>,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundVersion {
    /// Its name.
    pub name: VersionName,
    /// When S3 stored its manifest; none of one that only the catalog names.
    pub stored: Option<OffsetDateTime>,
}

/// A file of a version or of the head.
#[derive(Debug, Clone)]
pub struct FoundFile {
    /// Its path, relative to the first catalog.
    pub path: ConfigPath,
    /// Whose it is.
    pub context: Context,
    /// In bytes; none of one that only a catalog names.
    pub size: Option<u64>,
    /// What it is read as; none of one that only a catalog names.
    pub file_type: Option<String>,
    /// Of its bytes; none of one that only a catalog names.
    pub digest: Option<Digest>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its keys, if they were asked for, or why there are none to name.
    pub keys: Option<Result<Vec<String>, NoKeys>>,
}
