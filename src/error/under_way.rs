//! What was under way when something failed, where the error by itself would leave open what is published or was read.

use super::{DamagedTarget, Error, PurgeFailure, PushFailure, RollbackFailure};
use crate::command::Location;
use crate::config::UnreadFile;
use crate::name::{ChannelName, VersionName};
use crate::store::{self, Conflict, Integrity, Missing, Stage};

impl Error {
    /// The same, saying what is published, where the error by itself would leave that open.
    pub(crate) fn in_push(self, stage: Stage, location: Location, replaces: bool) -> Self {
        let says_so_itself = match &self {
            Self::Store(error) => match &**error {
                store::Error::S3(_) => false,
                store::Error::Conflict(conflict) => !matches!(**conflict, Conflict::KeepsChanging { .. }),
                store::Error::TooLarge { .. }
                | store::Error::TooMuch { .. }
                | store::Error::TooManyFiles
                | store::Error::RefusesIfMatch { .. }
                | store::Error::RefusesCreate { .. } => false,
                _ => true,
            },
            Self::ChangedByOthers(_) => true,
            _ => false,
        };
        let is_cut_off = matches!(self, Self::Deadline { .. } | Self::Cancelled(_));
        if says_so_itself || stage == Stage::Untouched && !is_cut_off {
            return self;
        }
        Self::Push(Box::new(PushFailure { stage, location, replaces, cause: self }))
    }

    /// The error of a push that has not come to its first request for the files.
    pub(crate) fn before_push(self) -> Self {
        match self {
            Self::Workspace(error) => Self::Unsent(error),
            error => error,
        }
    }

    /// The same, of a rollback.
    pub(crate) fn in_rollback(self, stage: Stage, location: Location, has_version: bool) -> Self {
        match self.in_push(stage, location.clone(), true) {
            // It says itself what it concerns.
            error @ Self::Option(_) => error,
            cause => Self::Rollback(Box::new(RollbackFailure { stage, location, has_version, cause })),
        }
    }

    /// The same, naming the channel that points at the version, where it is about damage of that version.
    pub(crate) fn of_target(self, channel: &ChannelName, version: &VersionName) -> Self {
        let is_damage = match &self {
            Self::Store(error) => match &**error {
                // It names both itself.
                store::Error::Integrity(integrity) => !matches!(**integrity, Integrity::ChannelTarget { .. }),
                store::Error::Missing(missing) => matches!(**missing, Missing::Files { manifest: Some(_), .. }),
                _ => false,
            },
            _ => false,
        };
        if !is_damage {
            return self;
        }
        let (channel, version) = (channel.clone(), version.clone());
        Self::ChannelTarget(Box::new(DamagedTarget { channel, version, cause: self }))
    }

    /// The store's error that it is made of, if it is.
    pub(crate) fn of_store(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            Self::Push(failure) => failure.cause.of_store(),
            Self::Rollback(failure) => failure.cause.of_store(),
            Self::ChannelTarget(damaged) => damaged.cause.of_store(),
            _ => None,
        }
    }

    /// The same, saying that keys of these pulled files are left out, and that this was not found, if there is any.
    pub(crate) fn without_keys_of(self, files: Vec<UnreadFile>, missing: Vec<Self>) -> Self {
        if files.is_empty() && missing.is_empty() {
            return self;
        }
        Self::WithoutKeys { files, missing, cause: Box::new(self) }
    }
}

impl PurgeFailure {
    /// Whether some of it may be gone.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.reached.has_begun()
    }

    /// Whether another purge has taken over, which goes on with what is left, or has ended by now.
    #[must_use]
    pub fn is_taken_over(&self) -> bool {
        let Error::Store(error) = &self.cause else { return false };
        let store::Error::Conflict(conflict) = &**error else { return false };
        conflict.is_of_another_purge()
    }

    /// Whether it ended before anything was removed, because something else was there by then.
    #[must_use]
    pub fn is_of_change(&self) -> bool {
        let Error::Store(error) = &self.cause else { return false };
        let store::Error::Conflict(conflict) = &**error else { return false };
        matches!(**conflict, Conflict::HeadMoved { .. } | Conflict::VersionMoved { .. })
    }
}
