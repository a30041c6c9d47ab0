//! What can go wrong in the store: the conditions, and what the protocol asks of them.

use super::{Conflict, Integrity, Missing, Newer};
use crate::name::{ConfigPath, NameError};
use crate::s3::{Etag, Failure, Key, Reason};

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
