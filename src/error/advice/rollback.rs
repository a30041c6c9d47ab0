//! Which remedy there is for which failure of a rollback.

use crate::error::{Remedy, RollbackFailure};
use crate::store::{self, Conflict, Missing};

impl RollbackFailure {
    /// What to do about it: the same as of a push, unless that would not bring back what the head was.
    pub(in crate::error) fn remedy(&self) -> Remedy {
        let has_version = self.has_version;
        match self.cause.of_store() {
            Some(store::Error::Conflict(conflict)) if matches!(**conflict, Conflict::HeadMoved { .. }) => {
                Remedy::ReviewAndRollBackAgain { has_version }
            }
            Some(store::Error::Integrity(integrity)) if matches!(**integrity, store::Integrity::Unexpected { .. }) => {
                Remedy::ReviewRollbackTarget { has_version }
            }
            Some(store::Error::Integrity(integrity)) if matches!(**integrity, store::Integrity::Foreign { .. }) => {
                Remedy::PushBeforeRollback
            }
            Some(store::Error::Missing(missing)) if !self.has_version && matches!(**missing, Missing::Files { .. }) => {
                Remedy::NameVersionToRestore(None)
            }
            _ => self.cause.remedy(),
        }
    }
}
