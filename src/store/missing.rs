//! What was asked for and is not there.

use super::{Move, PushSource};
use crate::name::{ChannelName, ConfigPath, Context, Requirement, VersionName};
use crate::s3::Key;

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
        /// The channel that has the name of the version, where there is one and it may be read.
        channel: Option<ChannelName>,
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
        /// The nearest before that which it can still go back to, if one is found.
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
