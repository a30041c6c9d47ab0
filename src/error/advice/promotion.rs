//! Which remedy there is for which failure of a promotion.

use crate::command::Location;
use crate::error::{PromotionFailure, Remedy, Side};
use crate::name::in_context;
use crate::s3::Reason;
use crate::store::{self, Conflict, Missing};

impl PromotionFailure {
    /// What to do about it: the same as without a promotion, unless that names options which mean the other side.
    pub(in crate::error) fn remedy(&self) -> Remedy {
        let of_cause = self.cause.remedy();
        match (self.side, self.cause.of_store()) {
            (Side::Source, Some(store::Error::Missing(missing))) => match &**missing {
                Missing::Version { channel: Some(_), .. } => of_cause,
                Missing::Version { published, .. } | Missing::Head { published, .. } => {
                    Remedy::NameSource(published.clone().unwrap_or_default())
                }
                Missing::Requirement { published, .. } => Remedy::NameSource(published.clone()),
                _ => of_cause,
            },
            (Side::Source, Some(store::Error::S3(failure))) => match (&failure.reason, of_cause) {
                (Reason::OtherOwner, _) => Remedy::ReadAsItsAccount(None),
                (Reason::Denied, Remedy::CheckOwnerThenAllow { permission, .. }) => {
                    Remedy::ReadAsItsAccount(Some(permission))
                }
                (_, remedy) => remedy,
            },
            (Side::Source, _) if matches!(of_cause, Remedy::ReviewSource(_)) => {
                let Location { bucket, context, version, .. } = &self.location;
                Remedy::ReviewSource(Some(format!("s3://{bucket}/{}", in_context(context, version))))
            }
            (Side::Destination, Some(store::Error::Conflict(conflict))) => match &**conflict {
                Conflict::HeadMoved { .. } | Conflict::VersionMoved { .. } => Remedy::ReviewAndPromoteAgain,
                Conflict::Published { .. } | Conflict::Claimed { .. } | Conflict::Twin { .. } => {
                    Remedy::NameOtherDestination { may_overwrite: !matches!(**conflict, Conflict::Twin { .. }) }
                }
                _ => of_cause,
            },
            (Side::Destination, _) if matches!(of_cause, Remedy::RaiseNumber { .. }) => {
                Remedy::RaiseNumber { promotes: true }
            }
            (Side::Source, _) if of_cause == Remedy::PushOver => Remedy::PushAgain(None),
            (Side::Destination, Some(store::Error::Integrity(_)))
                if matches!(of_cause, Remedy::PushOver | Remedy::TakeOrPushOver { .. } | Remedy::PushDamagedFile) =>
            {
                Remedy::ReplaceByPromotion
            }
            _ => of_cause,
        }
    }
}
