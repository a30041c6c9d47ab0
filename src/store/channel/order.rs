use super::Labels;
use crate::name::{ChannelName, Digest, VersionName};
use crate::store::{Progress, PushInfo};

/// What a move of a channel is to do.
#[derive(Debug, Clone)]
pub struct ChannelMove {
    /// The channel.
    pub channel: ChannelName,
    /// Where it is to point.
    pub to: MoveTo,
    /// What belongs to the target besides.
    pub labels: Labels,
    /// What the channel must stand at: the id of a move, or the name of a version. None to move it from wherever it
    /// stands when the move begins.
    pub expect_current: Option<String>,
    /// Whether there must be no such channel yet.
    pub expect_new: bool,
    /// Whether it is moved once more from where others have moved it meanwhile, and whatever lies at its key.
    pub force: bool,
    /// Whether it is left where it is, with its labels, if it ever stood at the version: last month's release job, run
    /// again, is to move nothing back.
    pub only_to_what_is_new: bool,
    /// Whether it is only found out what would be done.
    pub dry_run: bool,
    /// Who moves it, when and why.
    pub info: PushInfo,
    /// How far it has come.
    pub progress: Progress,
}

/// Where a channel is to point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveTo {
    /// At this version, which must have the digest if one is named.
    Version {
        /// The version.
        version: VersionName,
        /// The digest that was reviewed.
        expect: Option<Digest>,
    },
    /// At this version, which is not published yet, and has this digest then. Whatever the order says, nothing is
    /// moved: only what that would do is found out.
    Planned {
        /// The version.
        version: VersionName,
        /// The digest that it will have.
        digest: Digest,
    },
    /// At nothing: pulls of it fail until it is moved again.
    Nothing,
}
