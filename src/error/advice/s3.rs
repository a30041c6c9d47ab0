//! Which remedy there is for what S3 answered.

use crate::error::{Permission, Remedy};
use crate::s3::{Failure, Key, Operation, Reason};
use crate::store::Keys;

impl Failure {
    pub(super) fn remedy(&self) -> Remedy {
        match &self.reason {
            Reason::Denied => self.allow(),
            Reason::OtherOwner => Remedy::NameOwnerOrBucket,
            Reason::Identity(error) => error.remedy(),
            Reason::Credentials if self.is_clock() => Remedy::SetClock,
            Reason::Credentials if self.is_signature() => {
                Remedy::CheckSecretKey { is_aws: self.is_aws, has_role: self.has_role }
            }
            Reason::Credentials if self.has_expired() && self.has_role => Remedy::RunAgain,
            Reason::Credentials if self.has_expired() => Remedy::RenewCredentials,
            Reason::Credentials if self.has_role => Remedy::CheckRoleService,
            Reason::Credentials => Remedy::GetCredentials,
            Reason::KmsDenied => Remedy::AllowKms(Permission {
                action: self.kms_action(),
                resource: String::new(),
                principal: self.principal.clone(),
                replaces: false,
            }),
            Reason::KmsKey => Remedy::CheckKmsKey,
            Reason::NoBucket => self.check_bucket(),
            Reason::WrongRegion(region) => Remedy::SetRegion(region.clone()),
            Reason::OverBudget(_) => Remedy::TakeFewerFiles,
            Reason::ListTooLong(_) => Remedy::NameVersion,
            Reason::TooLarge(_) => Remedy::KeepLargeFilesElsewhere,
            Reason::Archived => Remedy::RestoreOrPushAgain,
            Reason::InTheClear => Remedy::UseHttps,
            Reason::Unreachable(fault) => Remedy::FixNetwork(*fault),
            Reason::Unavailable if self.is_aws => Remedy::RunAgainOrSeeAwsHealth,
            Reason::Unavailable => Remedy::RunAgainOrSeeService,
            Reason::NotImplemented if self.operation == Operation::Put => {
                Remedy::UseConditionalWrites { may_be_kms: true }
            }
            Reason::NotImplemented => Remedy::UseOtherService,
            Reason::NotS3 => Remedy::CheckEndpoint,
            Reason::Settings => Remedy::CheckSettings,
            Reason::Invalid => Remedy::CheckRequest,
        }
    }

    fn check_bucket(&self) -> Remedy {
        let default_of = self
            .bucket
            .strip_prefix("cstore-")
            .filter(|context| self.key.strip_prefix(context).is_some_and(|rest| rest.starts_with('/')));
        Remedy::CheckBucket {
            bucket: self.bucket.clone(),
            default_of: default_of.map(ToOwned::to_owned),
            is_aws: self.is_aws,
        }
    }

    fn allow(&self) -> Remedy {
        let Self { operation, bucket, key, principal, .. } = self;
        // Other services have roles with partitions of their own, and S3's resources in that of AWS.
        let partition = principal.as_deref().and_then(|arn| arn.split(':').nth(1));
        let partition = partition.filter(|name| name.starts_with("aws")).unwrap_or("aws");
        let resource = match operation {
            Operation::List | Operation::ListVersions => format!("arn:{partition}:s3:::{bucket}"),
            Operation::Get | Operation::GetVersion | Operation::Put | Operation::Delete | Operation::DeleteVersion => {
                format!("arn:{partition}:s3:::{bucket}/{key}")
            }
        };
        let is_published = Key::new(key.clone()).is_ok_and(|key| Keys::is_of_version(&key));
        let permission = Permission {
            action: operation.action(),
            resource,
            principal: principal.clone(),
            replaces: self.replaces && is_published,
        };
        if self.detail.as_deref().is_some_and(|words| words.contains("explicit deny")) {
            return Remedy::LiftDeny(permission);
        }
        match &self.owner {
            Some(owner) => Remedy::CheckOwnerThenAllow { owner: owner.clone(), permission },
            None => Remedy::Allow(permission),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awss_health_page_is_for_aws_only() {
        let failure = Failure::new(Operation::Get, "acme", "key", Reason::Unavailable);
        for (is_aws, remedy) in [(true, Remedy::RunAgainOrSeeAwsHealth), (false, Remedy::RunAgainOrSeeService)] {
            assert_eq!(Failure { is_aws, ..failure.clone() }.remedy(), remedy);
        }
    }
}
