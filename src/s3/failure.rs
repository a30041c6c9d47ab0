use std::fmt;

use super::{Key, Overrun};
use crate::identity::IdentityError;
use crate::network::{Cause, NetworkFault, is_throttling};

/// A request of the adapter, under the name of the IAM action that allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `GetObject` and `HeadObject`.
    Get,
    /// The same with a version id.
    GetVersion,
    /// `PutObject`.
    Put,
    /// `DeleteObject`.
    Delete,
    /// The same with a version id.
    DeleteVersion,
    /// `ListObjectsV2`.
    List,
    /// `ListObjectVersions`.
    ListVersions,
}

impl Operation {
    /// The reading of an object, or of one S3 version of it.
    pub(super) const fn reading(is_of_version: bool) -> Self {
        if is_of_version { Self::GetVersion } else { Self::Get }
    }

    /// The IAM action
    /// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>).
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Get => "s3:GetObject",
            Self::GetVersion => "s3:GetObjectVersion",
            Self::Put => "s3:PutObject",
            Self::Delete => "s3:DeleteObject",
            Self::DeleteVersion => "s3:DeleteObjectVersion",
            Self::List => "s3:ListBucket",
            Self::ListVersions => "s3:ListBucketVersions",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action())
    }
}

/// Why a request failed in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// 403.
    Denied,
    /// The credentials are missing, expired or wrong.
    Credentials,
    /// KMS refused to encrypt or decrypt.
    KmsDenied,
    /// The KMS key does not exist, or cannot be used.
    KmsKey,
    /// The bucket does not exist.
    NoBucket,
    /// The bucket is in another region.
    WrongRegion(Option<String>),
    /// The body is larger than this many bytes.
    TooLarge(u64),
    /// The body and the others that are held are larger together than their budget of this many bytes.
    OverBudget(u64),
    /// A listing goes on after this many entries, the most that are read.
    ListTooLong(usize),
    /// The request was not sent, since it would have gone over http to another machine.
    InTheClear,
    /// No answer.
    Unreachable(NetworkFault),
    /// There were no credentials to sign the request with.
    Identity(Box<IdentityError>),
    /// The bucket belongs to another account than the one that was expected.
    OtherOwner,
    /// S3 kept answering 5xx, or asked to slow down.
    Unavailable,
    /// The object lies in an archive: it was put with another storage class, or moved by a lifecycle rule.
    Archived,
    /// The service does not know what was asked for: 501. AWS's own knows all that this tool asks for.
    NotImplemented,
    /// The answer is none that S3 gives.
    NotS3,
    /// No request could be made: the settings do not go together.
    Settings,
    /// The request itself is wrong.
    Invalid,
}

/// A request that failed in the end, with what its message needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation} of s3://{bucket}/{key} failed")]
pub struct Failure {
    /// The request that failed.
    pub operation: Operation,
    /// The bucket's name.
    pub bucket: String,
    /// The key, or the prefix of a listing.
    pub key: String,
    /// Why it failed, as far as the remedy differs.
    pub reason: Reason,
    /// The HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// The URL of the service that answered, where it was given one.
    pub endpoint: Option<String>,
    /// The service's own error code.
    pub code: Option<String>,
    /// The service's own words, or the network's. Not yet cleaned for a log.
    pub detail: Option<String>,
    /// What kept the request from being sent or answered.
    #[source]
    pub cause: Option<Cause>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// Who was denied, where that could be found out.
    pub principal: Option<String>,
    /// The account that the bucket was expected to belong to.
    pub owner: Option<String>,
    /// By how many seconds this machine's clock is ahead of the service's.
    pub clock_off: Option<i64>,
    /// Whether it was a put that replaces what is there.
    pub replaces: bool,
    /// Whether the service is AWS's own.
    pub is_aws: bool,
    /// Whether the request was signed with a role's credentials.
    pub has_role: bool,
}

/// Whether S3 says that a body has not the checksum that was sent with it
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
pub(super) fn is_damage(code: &str) -> bool {
    ["BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"].contains(&code)
}

/// Whether an error code says that credentials were good, and are no more.
pub(super) fn is_expiry(code: &str) -> bool {
    ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"].contains(&code)
}

/// What an answer says, in the order in which S3 is known to say it. `may_be_s3s` is about an answer without an error
/// code: whether S3 is known to send such a one.
pub(super) fn reason_from(status: u16, code: Option<&str>, detail: Option<&str>, may_be_s3s: bool) -> Reason {
    let detail = detail.unwrap_or_default();
    match code.unwrap_or_default() {
        "NoSuchBucket" => Reason::NoBucket,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidAccessKeyId"
        | "InvalidToken"
        | "SignatureDoesNotMatch"
        | "RequestTimeTooSkewed"
        | "TokenRefreshRequired"
        | "MissingSecurityHeader" => Reason::Credentials,
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException" => Reason::WrongRegion(None),
        code if code.starts_with("KMS.") => Reason::KmsKey,
        // S3 reports what KMS refuses as its own AccessDenied, with the missing action in the message.
        "AccessDenied" if detail.contains("kms:") => Reason::KmsDenied,
        "ServiceUnavailable" | "InternalError" | "RequestTimeout" => Reason::Unavailable,
        code if is_throttling(code) => Reason::Unavailable,
        // Another write of the key never ended while this one was tried again: nobody is known to have won.
        "ConditionalRequestConflict" | "OperationAborted" => Reason::Unavailable,
        code if is_damage(code) => Reason::Unavailable,
        "NotImplemented" => Reason::NotImplemented,
        "InvalidObjectState" => Reason::Archived,
        // A page of what stands in between: a proxy, a sign-in page, another service.
        "" if !may_be_s3s && matches!(status, 300..=428 | 430..=499 | 501) => Reason::NotS3,
        code => match status {
            301 | 307 => Reason::WrongRegion(None),
            401 => Reason::Credentials,
            403 => Reason::Denied,
            501 => Reason::NotImplemented,
            500.. | 429 => Reason::Unavailable,
            200..=299 => Reason::NotS3,
            _ if code.is_empty() => Reason::NotS3,
            _ => Reason::Invalid,
        },
    }
}

impl Failure {
    /// A failure of which no more is known.
    #[must_use]
    pub fn new(operation: Operation, bucket: &str, key: &str, reason: Reason) -> Self {
        Self {
            operation,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            reason,
            status: None,
            endpoint: None,
            code: None,
            detail: None,
            cause: None,
            request_id: None,
            principal: None,
            owner: None,
            clock_off: None,
            replaces: false,
            is_aws: true,
            has_role: false,
        }
    }

    /// Whether this machine's clock is what was refused.
    pub(crate) fn is_clock(&self) -> bool {
        self.code.as_deref() == Some("RequestTimeTooSkewed")
    }

    /// Whether the request's signature is what was refused, and not its age.
    pub(crate) fn is_signature(&self) -> bool {
        self.code.as_deref() == Some("SignatureDoesNotMatch")
    }

    /// Whether the credentials were good, and are no more.
    pub(crate) fn has_expired(&self) -> bool {
        self.code.as_deref().is_some_and(is_expiry)
    }

    /// Whether it may be due to what was put at the key, so that another object, or another S3 version of the same, can
    /// be got all the same: its size, its storage class, the key that it is encrypted with.
    pub(crate) fn may_be_due_to_object(&self) -> bool {
        match &self.reason {
            Reason::Denied
            | Reason::KmsDenied
            | Reason::KmsKey
            | Reason::TooLarge(_)
            | Reason::OverBudget(_)
            | Reason::Archived
            | Reason::NotS3
            | Reason::Invalid => true,
            Reason::Credentials
            | Reason::NoBucket
            | Reason::WrongRegion(_)
            | Reason::InTheClear
            | Reason::Unreachable(_)
            | Reason::Identity(_)
            | Reason::OtherOwner
            | Reason::Unavailable
            | Reason::NotImplemented
            | Reason::Settings
            | Reason::ListTooLong(_) => false,
        }
    }

    /// Whether every other request to the bucket would fail in the same way, whatever object it is for.
    pub(crate) fn is_of_connection(&self) -> bool {
        match &self.reason {
            Reason::Credentials
            | Reason::NoBucket
            | Reason::WrongRegion(_)
            | Reason::InTheClear
            | Reason::Unreachable(_)
            | Reason::Identity(_)
            | Reason::OtherOwner
            | Reason::Settings => true,
            // Some services answer 500 for ever where an object's bytes are lost.
            Reason::Unavailable
            | Reason::Denied
            | Reason::KmsDenied
            | Reason::KmsKey
            | Reason::TooLarge(_)
            | Reason::OverBudget(_)
            | Reason::ListTooLong(_)
            | Reason::Archived
            | Reason::NotImplemented
            | Reason::NotS3
            | Reason::Invalid => false,
        }
    }

    /// What KMS must allow for the request.
    pub(crate) fn kms_action(&self) -> &'static str {
        if self.operation == Operation::Put { "kms:GenerateDataKey" } else { "kms:Decrypt" }
    }

    /// The failure to read a body that exceeds its limit.
    #[must_use]
    pub fn from_overrun(overrun: Overrun, operation: Operation, bucket: &str, key: &Key) -> Self {
        let reason = match overrun {
            Overrun::Body(limit) => Reason::TooLarge(limit),
            Overrun::Budget(most) => Reason::OverBudget(most),
        };
        Self::new(operation, bucket, key.as_str(), reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let kms = "User: arn:aws:sts::1:assumed-role/r is not authorized to perform: kms:Decrypt on the resource";
        for (status, code, detail, reason) in [
            (403, Some("AccessDenied"), None, Reason::Denied),
            (403, Some("AccessDenied"), Some(kms), Reason::KmsDenied),
            (403, None, None, Reason::Denied),
            (400, Some("KMS.NotFoundException"), None, Reason::KmsKey),
            (403, Some("InvalidAccessKeyId"), None, Reason::Credentials),
            (404, Some("NoSuchBucket"), None, Reason::NoBucket),
            (404, None, Some("<html>"), Reason::NotS3),
            (301, Some("PermanentRedirect"), None, Reason::WrongRegion(None)),
            (503, Some("SlowDown"), None, Reason::Unavailable),
            (500, None, None, Reason::Unavailable),
            (501, Some("NotImplemented"), None, Reason::NotImplemented),
            (501, None, None, Reason::NotImplemented),
            (409, Some("ConditionalRequestConflict"), None, Reason::Unavailable),
            (400, Some("BadDigest"), None, Reason::Unavailable),
            (403, Some("InvalidObjectState"), None, Reason::Archived),
            (200, None, Some("<html>"), Reason::NotS3),
            (400, Some("InvalidRequest"), None, Reason::Invalid),
        ] {
            assert_eq!(reason_from(status, code, detail, true), reason, "{status} {code:?}");
        }
    }

    #[test]
    fn an_answer_that_is_not_s3s_says_nothing_of_rights_places_and_features() {
        for status in [301, 307, 400, 401, 403, 404, 405, 501] {
            assert_eq!(reason_from(status, None, None, false), Reason::NotS3, "{status}");
        }
        for status in [429, 500, 502, 503, 504] {
            assert_eq!(reason_from(status, None, None, false), Reason::Unavailable, "{status}");
        }
        assert_eq!(reason_from(400, Some("Throttling"), None, true), Reason::Unavailable);
    }
}
