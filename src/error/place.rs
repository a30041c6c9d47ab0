//! Where an error says that something is wrong: what follows is to be about the same place.

use super::Error;
use crate::name::{ChannelName, Context, StoredReference, VersionRequest};
use crate::s3::Key;
use crate::store::{self, Integrity, Missing};

impl Error {
    /// The context in which something was looked for and not found, or that a promotion failed at.
    pub(crate) fn context(&self) -> Option<&Context> {
        match self {
            Self::Promotion(failure) => Some(&failure.location.context),
            Self::NotStored { context, .. } => Some(context),
            Self::WithoutManifest(without) => Some(&without.context),
            _ => match self.of_store()? {
                store::Error::Missing(missing) => missing.context(),
                _ => None,
            },
        }
    }

    /// Whether it is about the context that a reference names, as far as it says.
    pub(crate) fn is_about(&self, reference: &StoredReference) -> bool {
        let Some(named) = &reference.context else { return false };
        if let Some(context) = self.context() {
            return context == named;
        }
        let of_key = |key: &Key| key.as_str().strip_prefix(named.as_str()).is_some_and(|rest| rest.starts_with('/'));
        let of_channel =
            |channel: &ChannelName| matches!(&reference.version, VersionRequest::Channel(asked) if asked == channel);
        match self.of_store() {
            Some(store::Error::Integrity(integrity)) => match &**integrity {
                Integrity::Damaged { key, .. }
                | Integrity::Mismatch { key, .. }
                | Integrity::Replaced { key, .. }
                | Integrity::Unmanaged { key } => of_key(key),
                Integrity::ChannelTarget { channel, .. } => of_channel(channel),
                _ => false,
            },
            Some(store::Error::Missing(missing)) => match &**missing {
                Missing::Files { keys, .. } => keys.first().is_some_and(of_key),
                Missing::Unpublished { key, .. } => of_key(key),
                Missing::NoTarget { channel, .. } | Missing::DeadTarget { channel, .. } => of_channel(channel),
                _ => false,
            },
            _ => false,
        }
    }
}

impl Missing {
    const fn context(&self) -> Option<&Context> {
        match self {
            Self::Version { context, .. }
            | Self::Requirement { context, .. }
            | Self::Head { context, .. }
            | Self::EarlierHead { context, .. }
            | Self::Channel { context, .. } => Some(context),
            _ => None,
        }
    }
}
