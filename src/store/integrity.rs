//! What is there and cannot be trusted.

use crate::name::{ChannelName, ConfigPath, Digest, VersionName};
use crate::s3::{Etag, Key};

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
        /// The channel that was asked for, and the version that it points at, where one was.
        of_channel: Option<(ChannelName, String)>,
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
    /// What is to be promoted has other types, tags, alternate paths or another message than somebody saw who agreed to
    /// it.
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
        /// The nearest before that which it can still go back to, if one is found.
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
    /// Another tool has written files of the head, and a push that knows what it replaces would lose what it has
    /// written.
    Foreign {
        /// Their paths, relative to the catalog.
        paths: Vec<ConfigPath>,
        /// Whether the head's manifest lists any of them, as they were before.
        are_listed: bool,
    },
}
