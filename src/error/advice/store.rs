//! Which remedy there is for what is wrong in the store.

use crate::error::Remedy;
use crate::name::VersionRequest;
use crate::store::{self, Conflict, Integrity, Missing};

impl store::Error {
    pub(super) fn remedy(&self) -> Remedy {
        match self {
            Self::S3(failure) => failure.remedy(),
            Self::Name(_) => Remedy::ShortenNames,
            Self::Conflict(conflict) => conflict.remedy(),
            Self::Integrity(integrity) => integrity.remedy(),
            Self::Missing(missing) => missing.remedy(),
            Self::Newer(_) => Remedy::UpdateTool,
            Self::IgnoresConditions { .. } | Self::RefusesIfMatch { .. } => {
                Remedy::UseConditionalWrites { may_be_kms: false }
            }
            Self::RefusesCreate { key, .. } => Remedy::FreePath(key.clone()),
            Self::TooLarge { .. } => Remedy::KeepLargeFilesElsewhere,
            Self::TooMuch { .. } => Remedy::TakeFewerFiles,
            Self::TooManyFiles => Remedy::SplitFiles,
        }
    }
}

impl Conflict {
    fn remedy(&self) -> Remedy {
        match self {
            Self::Published { .. } => Remedy::NewVersionOrOverwrite,
            Self::Claimed { .. } => Remedy::WaitForClaim,
            Self::Purging { version, .. } => Remedy::WaitForPurge(version.clone()),
            Self::Twin { .. } => Remedy::NewVersion,
            Self::SamePrecedence { names } => Remedy::NameOneOf(names.clone()),
            Self::KeyTaken { owner, version, .. } => Remedy::FreeKey(owner.clone(), version.clone()),
            Self::HeadMoved { .. } => Remedy::PullAndPushAgain,
            Self::ChannelMoved { expected, present: None, .. } => {
                Remedy::CreateChannel { is_named: expected.is_some() }
            }
            Self::ChannelMoved { channel, .. } => Remedy::ReviewChannel(channel.clone()),
            Self::PointedAt { channels } => {
                Remedy::MoveChannels(channels.iter().map(|(channel, _)| channel.clone()).collect())
            }
            Self::VersionMoved { .. } | Self::KeepsChanging { .. } => Remedy::RunWhenOthersAreDone,
        }
    }
}

impl Integrity {
    fn remedy(&self) -> Remedy {
        match self {
            Self::Damaged { key, .. } if store::Keys::is_of_version(key) => Remedy::OverwriteDamaged,
            Self::Damaged { key, .. } if store::Keys::is_channel(key) => Remedy::ReplaceDamagedChannel,
            Self::ChannelTarget { channel, .. } | Self::MovedTarget { channel, .. } => {
                Remedy::MoveChannel(channel.clone())
            }
            Self::Damaged { key, .. } if store::Keys::is_document(key.as_str()) => Remedy::RemoveDamagedDocument,
            Self::Damaged { .. } => Remedy::PushDamagedFile,
            Self::Mismatch { version: Some(version), .. } => Remedy::PushAgain(Some(version.clone())),
            Self::Mismatch { version: None, .. } => Remedy::PushOver,
            Self::Replaced { version, .. } => Remedy::PushAgain(Some(version.clone())),
            Self::Pin { of_channel, .. } => {
                Remedy::CheckDigest(of_channel.as_ref().map(|(channel, _)| channel.clone()))
            }
            Self::BackTarget { channel, older, .. } => {
                Remedy::NameOlderTarget { channel: channel.clone(), older: older.clone() }
            }
            Self::Unexpected { version, .. } => Remedy::ReviewSource(version.as_ref().map(ToString::to_string)),
            Self::OtherSettings => Remedy::ReviewSource(None),
            Self::Unmanaged { .. } => Remedy::RecordFile,
            Self::Foreign { paths, are_listed } => {
                Remedy::TakeOrPushOver { paths: paths.clone(), can_be_compared: !are_listed }
            }
        }
    }
}

impl Missing {
    fn remedy(&self) -> Remedy {
        match self {
            Self::Version { channel: Some(channel), .. } => Remedy::NameAsChannel(channel.clone()),
            Self::Version { published: None, .. } => Remedy::CheckVersion,
            Self::Version { version, published: Some(published), .. } => {
                Remedy::TakePublished { asked: VersionRequest::Exact(version.clone()), published: published.clone() }
            }
            Self::Requirement { requirement, published, .. } => Remedy::TakePublished {
                asked: VersionRequest::Matching(requirement.clone()),
                published: published.clone(),
            },
            Self::Head { published: Some(published), .. } if !published.is_empty() => {
                Remedy::TakePublished { asked: VersionRequest::Head, published: published.clone() }
            }
            Self::Head { context, keys, .. } => {
                let own = format!("{context}/");
                let paths = keys.iter().filter_map(|key| key.as_str().strip_prefix(&own).map(ToOwned::to_owned));
                Remedy::PushFirst { paths: paths.collect() }
            }
            Self::EarlierHead { published, .. } => Remedy::NameVersionToRestore(published.clone()),
            Self::Purged { .. } => Remedy::NameVersionToRestore(None),
            Self::Channel { channels, .. } => Remedy::NameChannel(channels.clone()),
            Self::NoTarget { channel, .. } | Self::DeadTarget { channel, .. } | Self::MovedTarget { channel, .. } => {
                Remedy::MoveChannel(channel.clone())
            }
            Self::EarlierTarget { channel, wanted, earlier } => {
                Remedy::NameTarget { channel: channel.clone(), wanted: wanted.clone(), earlier: earlier.clone() }
            }
            Self::BackTarget { channel, older, .. } => {
                Remedy::NameOlderTarget { channel: channel.clone(), older: older.clone() }
            }
            Self::Files { version, manifest: Some(_), .. } => Remedy::PushAgain(version.clone()),
            Self::Files { version, manifest: None, .. } => Remedy::CheckWhere { is_head: version.is_none() },
            Self::Unpublished { .. } => Remedy::FinishPush,
        }
    }
}
