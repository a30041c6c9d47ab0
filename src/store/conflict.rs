//! What a push is refused for because of what is there.

use super::{BaseEntry, Difference, FileEntry, Keys, Move, PushSource};
use crate::name::{ChannelName, ConfigPath, Digest, VersionName};
use crate::s3::Key;

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
        /// The move that it stands at; none where there is no such channel.
        present: Option<Box<Move>>,
    },
    /// Channels point at versions that are to be purged. Nothing of these was removed.
    PointedAt {
        /// At least one channel, each with the version that it points at.
        channels: Vec<(ChannelName, VersionName)>,
    },
    /// Others kept changing the object, longer than is sensible to wait.
    KeepsChanging {
        /// The object's key.
        key: Key,
    },
}

impl Conflict {
    /// Whether a purge that meets it has lost its claim: another has taken over, and goes on or has ended by now.
    #[must_use]
    pub fn is_of_another_purge(&self) -> bool {
        match self {
            Self::Purging { .. } => true,
            Self::KeepsChanging { key } => Keys::is_claim(key),
            _ => false,
        }
    }
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
    /// By its own account a push of the same version that broke off, or runs: with other content or another key, or in
    /// an archive.
    OtherPush(String),
    /// Another tool's.
    OtherTool,
    /// What says that it is the head's or another version's, and no manifest lists it.
    Unlisted,
}
