//! Which errors say no more than that something is not there.

use super::Error;
use crate::store;

impl Error {
    /// Whether it says that a version or file is not there: what `if-missing: ignore` turns into a notice.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        match self {
            Self::NoMatch { .. }
            | Self::NotHere { .. }
            | Self::NotStored { .. }
            | Self::WithoutManifest(_)
            | Self::NoTags => true,
            // A published file that is gone, or a push that was not finished, is damage and no absence.
            Self::Store(error) => match &**error {
                store::Error::Missing(missing) => match &**missing {
                    store::Missing::Version { .. }
                    | store::Missing::Requirement { .. }
                    | store::Missing::Channel { .. }
                    | store::Missing::Head { .. } => true,
                    store::Missing::Files { manifest, .. } => manifest.is_none(),
                    store::Missing::EarlierHead { .. }
                    | store::Missing::Purged { .. }
                    | store::Missing::Unpublished { .. }
                    | store::Missing::NoTarget { .. }
                    | store::Missing::DeadTarget { .. }
                    | store::Missing::EarlierTarget { .. }
                    | store::Missing::BackTarget { .. }
                    | store::Missing::MovedTarget { .. } => false,
                },
                _ => false,
            },
            _ => false,
        }
    }
}
