use crate::name::{ChannelName, ConfigPath, Context, Digest, NameError, Requirement, VersionName};
use crate::s3::{Etag, Failure, Key, Reason};

use super::{BaseEntry, FileEntry, Move, Newer, PushSource};

/// What can go wrong in the store, as data.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A request failed in the end.
    #[error(transparent)]
    S3(#[from] Box<Failure>),
    /// A key would be too long.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Somebody else's content is in the way.
    #[error("conflict")]
    Conflict(Box<Conflict>),
    /// Content does not match its manifest.
    #[error("integrity")]
    Integrity(Box<Integrity>),
    /// Something is not there.
    #[error("not found")]
    Missing(Box<Missing>),
    /// A document of a later version of this tool.
    #[error("{} is of a later version", .0.key)]
    Newer(Box<Newer>),
    /// A service other than AWS's takes puts whose condition does not hold.
    #[error("{endpoint} ignores the conditions of puts")]
    IgnoresConditions {
        /// The service's URL.
        endpoint: String,
        /// The key of the object that it replaced all the same.
        key: Key,
    },
    /// A service refuses to replace a state of an object that it shows again afterwards.
    #[error("{key} cannot be replaced, whatever If-Match names")]
    RefusesIfMatch {
        /// The service's URL; none for AWS.
        endpoint: Option<String>,
        /// The key of the object.
        key: Key,
    },
    /// A service refuses to create an object at a key where it shows none afterwards.
    #[error("{key} cannot be created, though nothing is there")]
    RefusesCreate {
        /// The service's URL; none for AWS.
        endpoint: Option<String>,
        /// The key of the object.
        key: Key,
    },
    /// The manifest would be larger than 1 MiB.
    #[error("the manifest would be larger than 1 MiB")]
    TooManyFiles,
    /// A file of a push is larger than one may be, be it that somebody made it so or that a merge or an edit did.
    #[error("{path} has {bytes} bytes")]
    TooLarge {
        /// The file.
        path: ConfigPath,
        /// Its size, in bytes.
        bytes: u64,
    },
    /// The files of a pull or push are larger together than is sensible to hold in memory: by what the manifest or the
    /// push says. What only shows while bodies arrive is [`Reason::OverBudget`](crate::s3::Reason::OverBudget).
    #[error("the files have {bytes} bytes together")]
    TooMuch {
        /// Their size together, in bytes.
        bytes: u64,
    },
}

impl Error {
    /// Whether the bodies that have arrived are more than may be held.
    pub(super) fn is_over_budget(&self) -> bool {
        matches!(self, Self::S3(failure) if matches!(failure.reason, Reason::OverBudget(_)))
    }

    /// Whether a request was refused, so that it cannot have taken effect.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::S3(failure) => matches!(
                failure.reason,
                Reason::Denied
                    | Reason::OtherOwner
                    | Reason::Credentials
                    | Reason::Identity(_)
                    | Reason::KmsDenied
                    | Reason::KmsKey
                    | Reason::NoBucket
                    | Reason::InTheClear
                    | Reason::NotImplemented
                    | Reason::Settings
                    | Reason::Invalid
            ),
            _ => false,
        }
    }

    /// Whether nothing was ever published where it was looked for.
    pub(crate) fn is_nothing_published(&self) -> bool {
        let Self::Missing(missing) = self else { return false };
        matches!(**missing, Missing::Head { .. } | Missing::Version { .. })
    }

    /// The IAM action that a request was denied for, when that is what went wrong.
    pub(crate) fn denied_action(&self) -> Option<&'static str> {
        let Self::S3(failure) = self else { return None };
        match failure.reason {
            Reason::Denied => Some(failure.operation.action()),
            Reason::KmsDenied => Some(failure.kms_action()),
            _ => None,
        }
    }

    /// Whether a file is not there, and no manifest says that it should be.
    pub(super) fn is_unlisted_file(&self) -> bool {
        matches!(self, Self::Missing(missing) if matches!(**missing, Missing::Files { manifest: None, .. }))
    }

    /// The state of an object that is damaged, when that is what went wrong.
    pub(super) fn damaged_state(&self) -> Option<&Etag> {
        match self {
            Self::Integrity(integrity) => match &**integrity {
                Integrity::Damaged { etag, .. } => etag.as_ref(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same, naming the state of the object that is damaged.
    pub(super) fn in_state(self, state: &Etag) -> Self {
        match self {
            Self::Integrity(mut integrity) => {
                if let Integrity::Damaged { etag, .. } = &mut *integrity {
                    *etag = Some(state.clone());
                }
                Self::Integrity(integrity)
            }
            other => other,
        }
    }
}

/// A push that is refused because of what is there.
#[derive(Debug, Clone)]
pub enum Conflict {
    /// The version is published with other content or settings.
    Published {
        /// The version that the push names.
        version: VersionName,
        /// The digest that is published.
        published: Digest,
        /// The digest that was to be pushed.
        pushed: Digest,
        /// Each difference between the two.
        differences: Vec<Difference>,
        /// When it was published: RFC 3339, UTC.
        created_at: String,
        /// The run that did, as far as it said.
        source: Option<PushSource>,
    },
    /// Another push has claimed the version for other content.
    Claimed {
        /// The version that the push names.
        version: VersionName,
        /// When it was claimed: RFC 3339, UTC.
        created_at: String,
        /// The run that did, as far as it said.
        source: Option<PushSource>,
    },
    /// The version is being purged.
    Purging {
        /// The version that the push names.
        version: VersionName,
        /// When the purge began: RFC 3339, UTC.
        created_at: String,
        /// The run that did, as far as it said.
        source: Option<PushSource>,
    },
    /// A version of the same precedence is published: the names differ only in a leading `v` or in build metadata.
    Twin {
        /// The version that the push names.
        version: VersionName,
        /// The one that is published.
        published: VersionName,
    },
    /// Versions of one precedence are the highest that a requirement matches.
    SamePrecedence {
        /// Their names, two or more.
        names: Vec<VersionName>,
    },
    /// A file's key holds an object that this push may not touch.
    KeyTaken {
        /// The object's key.
        key: Key,
        /// Whose object it is.
        owner: Owner,
        /// The version that was pushed; none for the head.
        version: Option<VersionName>,
    },
    /// Files of the head are no longer what the pusher last saw of them. The manifest was not swapped.
    HeadMoved {
        /// These files, in the order of the push.
        moved: Vec<MovedFile>,
        /// The head's last push, which need not have changed these files; none where there is no manifest.
        last: Option<LastPush>,
    },
    /// A version is no longer what somebody saw who agreed to replace it. Its manifest was not swapped.
    VersionMoved {
        /// The version.
        version: VersionName,
    },
    /// A channel does not stand at what a mover expects, or others have moved it meanwhile. It was not moved.
    ChannelMoved {
        /// The channel.
        channel: ChannelName,
        /// What it was to stand at, if the mover says so: the id of a move, or the name of a version.
        expected: Option<String>,
        /// The move that it stands at; none where it is not there, or cannot be read.
        present: Option<Box<Move>>,
    },
    /// Channels point at a version that is to be purged. Nothing of it was removed.
    PointedAt {
        /// The version.
        version: VersionName,
        /// These channels, at least one.
        channels: Vec<ChannelName>,
    },
    /// Others kept changing the object, longer than is sensible to wait.
    KeepsChanging {
        /// The object's key.
        key: Key,
    },
}

/// A file of the head that was changed since a pusher last saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedFile {
    /// Its path.
    pub path: ConfigPath,
    /// As the pusher last saw it; none where there was no such file.
    pub base: Option<BaseEntry>,
    /// As the manifest has it now; none where it lists no such file.
    pub present: Option<FileEntry>,
}

/// Who pushed the head last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastPush {
    /// The push.
    pub push_id: String,
    /// When: RFC 3339, UTC.
    pub created_at: String,
    /// Where it came from, as far as it said.
    pub source: Option<PushSource>,
}

/// Whose object it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A head file whose path begins with the version's name.
    Head,
    /// A published version's, or one that is being pushed.
    Version(VersionName),
    /// By its own account a push of the same version that broke off, or runs: with other content or another key, or in an
    /// archive.
    OtherPush(String),
    /// Another tool's.
    OtherTool,
    /// What says that it is the head's or another version's, and no manifest lists it.
    Unlisted,
}

/// In what a file of a push differs from what is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file's path.
    pub path: ConfigPath,
    /// What differs.
    pub what: What,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The push has the file, the published version has not.
    Added,
    /// The published version has the file, the push has not.
    Removed,
    /// Other bytes.
    Content,
    /// Another KMS key was asked for.
    KmsKey,
    /// Other tags were asked for.
    Tags,
    /// Another place to restore it was asked for.
    AlternatePath,
    /// It was asked to be read as something else.
    FileType,
}

/// Content that cannot be trusted.
#[derive(Debug, Clone)]
pub enum Integrity {
    /// An object that cannot be read as what it is.
    Damaged {
        /// The object's key.
        key: Key,
        /// Why, as a clause. Not yet cleaned for a log.
        why: String,
        /// Its state, for whoever may replace it.
        etag: Option<Etag>,
    },
    /// A file is not what its manifest says.
    Mismatch {
        /// The object's key.
        key: Key,
        /// The version that it belongs to; none for the head.
        version: Option<VersionName>,
        /// The push that wrote what is there, when it says so.
        push_id: Option<String>,
    },
    /// A re-run of a push found a file of the published version replaced.
    Replaced {
        /// The object's key.
        key: Key,
        /// The version that it belongs to.
        version: VersionName,
    },
    /// Nothing has the digest that the `digest` input asks for.
    Pin {
        /// The digest that was asked for.
        expected: Digest,
        /// The digest of what is there.
        found: Digest,
    },
    /// What is to be promoted, or rolled back to, has another digest than it was reviewed with.
    Unexpected {
        /// The version that was to be taken, where it is one of the same context.
        version: Option<VersionName>,
        /// The digest that it is to have.
        expected: Digest,
        /// The digest that it has.
        found: Digest,
    },
    /// What is to be promoted has other types, tags, alternate paths or another message than somebody saw who agreed to it.
    OtherSettings,
    /// The version that a channel points at has been overwritten since the channel was moved to it.
    ChannelTarget {
        /// The channel.
        channel: ChannelName,
        /// The version.
        version: VersionName,
        /// The digest that it had then.
        expected: Digest,
        /// The digest that it has.
        found: Digest,
    },
    /// The version that a channel would go back to has been overwritten since the channel stood at it.
    BackTarget {
        /// The channel.
        channel: ChannelName,
        /// The version.
        version: VersionName,
        /// The one that the channel stood at before that, if it remembers one.
        older: Option<VersionName>,
        /// The digest that it had then.
        expected: Digest,
        /// The digest that it has.
        found: Digest,
    },
    /// A channel was moved to a version that was overwritten meanwhile.
    MovedTarget {
        /// The channel.
        channel: ChannelName,
        /// The version.
        version: VersionName,
        /// The digest that it had before.
        expected: Digest,
        /// The digest that it has.
        found: Digest,
    },
    /// A head file that no manifest vouches for, where the caller wants none such.
    Unmanaged {
        /// The object's key.
        key: Key,
    },
    /// Another tool has written files of the head, and a push that knows what it replaces would lose what it has written.
    Foreign {
        /// Their paths, relative to the catalog.
        paths: Vec<ConfigPath>,
        /// Whether the head's manifest lists any of them, as they were before.
        are_listed: bool,
    },
}

/// What is not there.
#[derive(Debug, Clone)]
pub enum Missing {
    /// No such version, published or in the Go cStore's layout.
    Version {
        /// The context that was looked in.
        context: Context,
        /// The version that was asked for.
        version: VersionName,
        /// The versions that are published; none where they may not be listed.
        published: Option<Vec<VersionName>>,
    },
    /// No published version matches.
    Requirement {
        /// The context that was looked in.
        context: Context,
        /// The requirement that was asked for.
        requirement: Requirement,
        /// The versions that are published.
        published: Vec<VersionName>,
    },
    /// Nothing was ever pushed to the head, and of the files that a catalog or `files` names there is none.
    Head {
        /// The context that was looked in.
        context: Context,
        /// The keys of the files that are named.
        keys: Vec<Key>,
        /// The versions that are published; none where they may not be listed.
        published: Option<Vec<VersionName>>,
    },
    /// What the head was before its last push.
    EarlierHead {
        /// The context that was looked in.
        context: Context,
        /// Whether only one push was ever made to it, so that it was nothing before; else it is not kept.
        is_first: bool,
        /// Whether the bucket kept versions when it was last pushed.
        is_versioned: bool,
        /// The versions that are published; none where they may not be listed.
        published: Option<Vec<VersionName>>,
    },
    /// Files that the head had before its last push, and that have been purged since.
    Purged {
        /// Their paths.
        paths: Vec<ConfigPath>,
    },
    /// No such channel.
    Channel {
        /// The context that was looked in.
        context: Context,
        /// The channel that was asked for.
        channel: ChannelName,
        /// The channels that there are; none where they may not be listed.
        channels: Option<Vec<ChannelName>>,
    },
    /// A channel that points at nothing.
    NoTarget {
        /// The channel.
        channel: ChannelName,
        /// The move that it stands at.
        current: Box<Move>,
    },
    /// The version that a channel points at, which was purged since.
    DeadTarget {
        /// The channel.
        channel: ChannelName,
        /// The version.
        version: VersionName,
    },
    /// What a channel is to go back to: it never stood at that, as far as it remembers.
    EarlierTarget {
        /// The channel.
        channel: ChannelName,
        /// The version that it was to go back to; none for whatever it stood at before.
        wanted: Option<VersionName>,
        /// The versions that it stood at before, the last one first.
        earlier: Vec<VersionName>,
    },
    /// The version that a channel would go back to.
    BackTarget {
        /// The channel.
        channel: ChannelName,
        /// The version, which was purged.
        version: VersionName,
        /// The one that the channel stood at before that, if it remembers one.
        older: Option<VersionName>,
    },
    /// A version that a channel was moved to, and that is gone, or going, since the mover has looked.
    MovedTarget {
        /// The channel, which was moved.
        channel: ChannelName,
        /// The version.
        version: VersionName,
        /// Whether somebody purges it now.
        is_purging: bool,
    },
    /// Files that were asked for.
    Files {
        /// The version that it belongs to; none for the head.
        version: Option<VersionName>,
        /// The keys without an object.
        keys: Vec<Key>,
        /// The manifest that names them, when one does.
        manifest: Option<Key>,
    },
    /// A push that was never finished.
    Unpublished {
        /// The version that it belongs to; none for the head.
        version: Option<VersionName>,
        /// An object of it.
        key: Key,
        /// The push.
        push_id: Option<String>,
        /// Where it came from, when its claim says so.
        source: Option<Box<PushSource>>,
    },
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(Box::new(conflict))
    }
}

impl From<Newer> for Error {
    fn from(newer: Newer) -> Self {
        Self::Newer(Box::new(newer))
    }
}

impl From<Integrity> for Error {
    fn from(integrity: Integrity) -> Self {
        Self::Integrity(Box::new(integrity))
    }
}

impl From<Missing> for Error {
    fn from(missing: Missing) -> Self {
        Self::Missing(Box::new(missing))
    }
}
