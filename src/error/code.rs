use super::Error;
use crate::cancellation::Signal;
use crate::identity::{IdentityError, Refusal};
use crate::lock::LockProblem;
use crate::s3::{Failure, Reason};
use crate::store;
use crate::workspace::{WorkspaceError, WorkspaceErrorKind};

/// How a run that failed ends, as `docs/errors.md` lists the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// An error that none of the others names.
    Other = 1,
    /// An option, catalog or config file cannot be used.
    BadInput = 2,
    /// Not allowed, or no credentials.
    NotAllowed = 3,
    /// Other content is in the way.
    Conflict = 4,
    /// Content does not match its manifest.
    Integrity = 5,
    /// A bucket, context, version or file is not there.
    NotFound = 6,
    /// A service could not be reached, or kept failing, or the run took too long.
    Unreachable = 7,
    /// The values are not what they must be.
    Difference = 8,
    /// Cancelled by SIGHUP.
    HungUp = 129,
    /// Cancelled by SIGINT.
    Interrupted = 130,
    /// Cancelled by SIGTERM.
    Terminated = 143,
}

impl From<Signal> for ExitCode {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Interrupt => Self::Interrupted,
            Signal::Terminate => Self::Terminated,
            Signal::HangUp => Self::HungUp,
        }
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code as Self
    }
}

impl Error {
    /// The exit code of a run that ended with this.
    #[must_use]
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Option(_)
            | Self::Catalog { .. }
            | Self::LinkedTooDeep { .. }
            | Self::LinkedTooMany { .. }
            | Self::TwoCatalogs { .. }
            | Self::OfLinked { .. }
            | Self::CatalogEdit { .. }
            | Self::ConfigFiles { .. }
            | Self::OnePlace { .. }
            | Self::TemplateFile { .. }
            | Self::Merge(_)
            | Self::SameName(_)
            | Self::Expand(_)
            | Self::Format(_)
            | Self::EnvironmentFiles(_)
            | Self::Schema { .. }
            | Self::SchemaMismatch { .. }
            | Self::NoSuchFile { .. }
            | Self::NotNamed { .. }
            | Self::WouldReplace { .. }
            | Self::SeveralBuckets { .. }
            | Self::NothingToPush { .. }
            | Self::HeadWithoutCatalog { .. }
            | Self::FolderNamed { .. }
            | Self::UnknownFiles(_)
            | Self::Certificates(_)
            | Self::Proxy(_)
            | Self::Region(_) => ExitCode::BadInput,
            Self::Lock(failure) => match failure.problem {
                LockProblem::NotLocked { .. } | LockProblem::Gone { .. } | LockProblem::Changed { .. } => {
                    ExitCode::Integrity
                }
                LockProblem::NoFile { .. }
                | LockProblem::NoRegularFile
                | LockProblem::NoEntry { .. }
                | LockProblem::Unreadable(_)
                | LockProblem::Several { .. }
                | LockProblem::SameRequirement { .. } => ExitCode::BadInput,
            },
            Self::RequiredKeys(_) | Self::Template { .. } | Self::BrokenPromises(_) => ExitCode::Difference,
            Self::Workspace(error) | Self::Unsent(error) => error.code(),
            Self::NoMatch { .. }
            | Self::NotHere { .. }
            | Self::NotStored { .. }
            | Self::WithoutManifest(_)
            | Self::NoTags
            | Self::NoSuchKey(_) => ExitCode::NotFound,
            Self::Identity(error) => identity_code(error),
            Self::Store(error) => store_code(error),
            Self::WithoutKeys { cause, .. } => cause.code(),
            Self::Push(failure) => failure.cause.code(),
            Self::Promotion(failure) => failure.cause.code(),
            Self::Rollback(failure) => failure.cause.code(),
            Self::Purge(failure) => failure.cause.code(),
            Self::Channel(failure) => failure.cause.code(),
            Self::ChannelTarget(damaged) => damaged.cause.code(),
            Self::Unpurged(unpurged) => {
                let codes = || unpurged.in_the_way.iter().map(|way| s3_code(&way.failure));
                codes().find(|code| *code == ExitCode::NotAllowed).or_else(|| codes().next()).unwrap_or(ExitCode::Other)
            }
            Self::ChangedByOthers(_) => ExitCode::Conflict,
            Self::OtherAtKey(_) => ExitCode::Integrity,
            Self::Deadline { .. } => ExitCode::Unreachable,
            Self::Cancelled(signal) => (*signal).into(),
        }
    }
}

impl WorkspaceError {
    /// The exit code for it.
    pub(crate) fn code(&self) -> ExitCode {
        match self.kind() {
            WorkspaceErrorKind::Path | WorkspaceErrorKind::Missing => ExitCode::BadInput,
            WorkspaceErrorKind::System => ExitCode::Other,
        }
    }
}

fn identity_code(error: &IdentityError) -> ExitCode {
    match error {
        IdentityError::NoTokenInAnswer
        | IdentityError::NotSts { .. }
        | IdentityError::Unreachable { .. }
        | IdentityError::Unavailable { .. } => ExitCode::Unreachable,
        IdentityError::NoSts { .. } => ExitCode::BadInput,
        IdentityError::Refused(refused) if matches!(refused.reason, Refusal::TooLong | Refusal::RegionDisabled) => {
            ExitCode::BadInput
        }
        IdentityError::NoJobToken(_)
        | IdentityError::TokenEndpoint
        | IdentityError::TokenRefused { .. }
        | IdentityError::NoCredentials { .. }
        | IdentityError::SharedFile { .. }
        | IdentityError::NoProfile(_)
        | IdentityError::NotSignedIn { .. }
        | IdentityError::Variable { .. }
        | IdentityError::TokenFile { .. }
        | IdentityError::BadSignature { .. }
        | IdentityError::BadCredentials { .. }
        | IdentityError::UnknownAccount { .. }
        | IdentityError::Clock { .. }
        | IdentityError::Refused(_)
        | IdentityError::OtherAccount { .. } => ExitCode::NotAllowed,
    }
}

fn store_code(error: &store::Error) -> ExitCode {
    match error {
        store::Error::S3(failure) => s3_code(failure),
        store::Error::Name(_)
        | store::Error::Newer(_)
        | store::Error::TooLarge { .. }
        | store::Error::TooMuch { .. }
        | store::Error::TooManyFiles => ExitCode::BadInput,
        store::Error::IgnoresConditions { .. }
        | store::Error::RefusesIfMatch { .. }
        | store::Error::RefusesCreate { .. } => ExitCode::Other,
        store::Error::Conflict(_) => ExitCode::Conflict,
        store::Error::Integrity(_) => ExitCode::Integrity,
        store::Error::Missing(_) => ExitCode::NotFound,
    }
}

fn s3_code(failure: &Failure) -> ExitCode {
    match &failure.reason {
        Reason::Identity(error) => identity_code(error),
        Reason::Denied | Reason::OtherOwner | Reason::Credentials | Reason::KmsDenied => ExitCode::NotAllowed,
        Reason::KmsKey
        | Reason::WrongRegion(_)
        | Reason::TooLarge(_)
        | Reason::OverBudget(_)
        | Reason::ListTooLong(_)
        | Reason::InTheClear
        | Reason::Settings => ExitCode::BadInput,
        Reason::NoBucket => ExitCode::NotFound,
        Reason::Archived => ExitCode::Integrity,
        Reason::Unreachable(_) | Reason::Unavailable | Reason::NotS3 => ExitCode::Unreachable,
        Reason::NotImplemented | Reason::Invalid => ExitCode::Other,
    }
}
