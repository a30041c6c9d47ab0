use std::fmt;

use super::{AccountId, Claims, NoJobToken, RoleArn, VariableProblem};
use crate::network::{Cause, NetworkFault};

/// Why there are no credentials to ask with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// There is no job's token to be had.
    #[error("the run has no OIDC token")]
    NoJobToken(NoJobToken),
    /// The token service's URL is none, or begins with http:// and is elsewhere.
    #[error("ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL")]
    TokenEndpoint,
    /// GitHub refused the token.
    #[error("GitHub refused the OIDC token with status {status}")]
    TokenRefused {
        /// The HTTP status.
        status: u16,
        /// GitHub's words. Not yet cleaned for a log.
        detail: Option<String>,
    },
    /// GitHub's answer holds no token.
    #[error("GitHub's answer holds no token")]
    NoTokenInAnswer,
    /// A service did not answer.
    #[error("{service} did not answer")]
    Unreachable {
        /// The service that was asked.
        service: Service,
        /// What kept the request from being answered.
        fault: NetworkFault,
        /// The network's words. Not yet cleaned for a log.
        detail: String,
        /// What kept the request from being answered.
        #[source]
        cause: Box<Cause>,
    },
    /// A service kept failing, or asked to slow down.
    #[error("{service} kept failing")]
    Unavailable {
        /// The service that was asked.
        service: Service,
        /// Its words. Not yet cleaned for a log.
        detail: String,
        /// Its id of the request.
        request_id: Option<String>,
    },
    /// The answer is none that the service gives: something else is in its place.
    #[error("something other than {service} answered")]
    NotSts {
        /// The service that was asked.
        service: Service,
        /// The HTTP status.
        status: u16,
    },
    /// There are no existing credentials, to use or to assume the role with.
    #[error("there are no existing credentials")]
    NoCredentials {
        /// The role that was to be assumed with them.
        role: Option<RoleArn>,
        /// The SDK's words for why not. Not yet cleaned for a log.
        detail: String,
    },
    /// There are no existing credentials, and a file that AWS's tools share is why.
    #[error("a file of AWS's tools cannot be used")]
    SharedFile {
        /// Which file, and what is wrong with it, without anything of its contents. Not yet cleaned for a log.
        problem: String,
    },
    /// There are no existing credentials, since no file of AWS's tools has the profile that is named.
    #[error("there is no profile {}", .0.name)]
    NoProfile(Box<UnknownProfile>),
    /// There are no existing credentials, since nobody is signed in with single sign-on, or the session has expired.
    #[error("nobody is signed in")]
    NotSignedIn {
        /// The profile to sign in with; none for the default one that nobody named.
        profile: Option<String>,
        /// The SDK's words for why not. Not yet cleaned for a log.
        detail: String,
    },
    /// There are no existing credentials, since a variable that is to hold some does not.
    #[error("{name} holds no credentials")]
    Variable {
        /// The variable.
        name: &'static str,
        /// What is wrong with it.
        problem: VariableProblem,
    },
    /// There are no existing credentials, since the file with the token to get them with cannot be read.
    #[error("the file of a token cannot be read")]
    TokenFile {
        /// Which file, by which variable, and why it cannot be read. Not yet cleaned for a log.
        problem: String,
    },
    /// AWS does not accept the existing credentials.
    #[error("AWS does not accept the credentials")]
    BadCredentials {
        /// Whether it is because they have expired.
        has_expired: bool,
        /// STS's error code, words and request id. Not yet cleaned for a log.
        detail: String,
    },
    /// The secret key is not the one that belongs to the access key.
    #[error("the secret key is not the access key's own")]
    BadSignature {
        /// Whether it is AWS that refuses the signature.
        is_aws: bool,
        /// STS's error code, words and request id. Not yet cleaned for a log.
        detail: String,
    },
    /// STS does not say whose credentials they are.
    #[error("the account of the credentials is not known")]
    UnknownAccount {
        /// STS's error code, words and request id; none where its answer names no account. Not yet cleaned for a log.
        detail: Option<String>,
    },
    /// This machine's clock is wrong.
    #[error("the clock is wrong")]
    Clock {
        /// The service's words. Not yet cleaned for a log.
        detail: String,
    },
    /// The role is another service's, and nothing says where its STS is.
    #[error("no STS is known for {role}")]
    NoSts {
        /// The role that was to be assumed.
        role: RoleArn,
    },
    /// STS refused the role.
    #[error("STS refused {}", .0.role)]
    Refused(Box<Refused>),
    /// The credentials are of an account that is not allowed.
    #[error("the credentials are of another account")]
    OtherAccount {
        /// The account that the credentials are of.
        account: String,
        /// The accounts that are allowed.
        allowed: Vec<AccountId>,
    },
}

impl IdentityError {
    /// That there are no existing credentials, in the SDK's words without its list of all credential providers: why
    /// none had any says little to whoever uses none of them. Of several lines the first: in a file of AWS's tools, a
    /// line that is indented by mistake belongs to the value of the one before it, and may hold a secret. What the
    /// command of a `credential_process` has written on stderr is left out: a helper that traces itself writes tokens there.
    pub(super) fn no_credentials(role: Option<RoleArn>, words: &str) -> Self {
        if let Some((failed, _)) = words.split_once(". Stderr:") {
            let failed = failed.lines().next().unwrap_or_default();
            let detail = format!("{failed}; run the profile's `credential_process` yourself to see what it says");
            return Self::NoCredentials { role, detail };
        }
        let first = words.lines().next().unwrap_or_default();
        let detail = first.split_once(". Attempted:").map_or(first, |(first, _)| first).to_owned();
        Self::NoCredentials { role, detail }
    }

    /// The same, where single sign-on with this profile is why.
    pub(super) fn not_signed_in(self, profile: Option<String>) -> Self {
        match self {
            Self::NoCredentials { role: None, detail } => Self::NotSignedIn { profile, detail },
            error => error,
        }
    }

    /// The same, with every text of a service's as `redact` makes it.
    #[must_use]
    pub(super) fn with_words(mut self, redact: impl Fn(&str) -> String) -> Self {
        let change = |text: &mut String| *text = redact(text);
        match &mut self {
            Self::TokenRefused { detail, .. } => detail.iter_mut().for_each(change),
            Self::Unreachable { detail, cause, .. } => {
                change(detail);
                **cause = cause.with_words(&redact);
            }
            Self::Unavailable { detail, .. }
            | Self::NotSignedIn { detail, .. }
            | Self::NoCredentials { detail, .. }
            | Self::BadCredentials { detail, .. }
            | Self::BadSignature { detail, .. }
            | Self::Clock { detail } => change(detail),
            Self::UnknownAccount { detail } => detail.iter_mut().for_each(change),
            Self::NoProfile(unknown) => {
                [&mut unknown.name, &mut unknown.config, &mut unknown.credentials].into_iter().for_each(change);
            }
            Self::SharedFile { problem } | Self::TokenFile { problem } => change(problem),
            Self::Refused(refused) => {
                refused.detail.iter_mut().for_each(change);
                for claims in refused.claims.iter_mut() {
                    change(&mut claims.subject);
                    change(&mut claims.audience);
                }
            }
            Self::NoJobToken(_)
            | Self::NoSts { .. }
            | Self::NotSts { .. }
            | Self::TokenEndpoint
            | Self::NoTokenInAnswer
            | Self::Variable { .. }
            | Self::OtherAccount { .. } => {}
        }
        self
    }
}

/// A profile that is named, and that no file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProfile {
    /// Its name. Not yet cleaned for a log.
    pub name: String,
    /// The file of settings that was read.
    pub config: String,
    /// The file of credentials that was read.
    pub credentials: String,
    /// The profile that was probably meant.
    pub meant: Option<String>,
}

/// Whom a run asks before it asks S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// GitHub's token service.
    GitHub,
    /// AWS's Security Token Service.
    Sts,
    /// The one of another service.
    OtherSts,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GitHub => "GitHub's token service",
            Self::Sts => "AWS STS",
            Self::OtherSts => "STS",
        })
    }
}

/// A role that STS did not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The role that was asked for.
    pub role: RoleArn,
    /// Why STS does not give it.
    pub reason: Refusal,
    /// What the job's token says; none when the role was asked for with other credentials.
    pub claims: Option<Claims>,
    /// Whether it was asked for with other credentials.
    pub is_chained: bool,
    /// How long the session was to be, in seconds.
    pub seconds: u64,
    /// The service's own error code.
    pub code: Option<String>,
    /// The service's own words. Not yet cleaned for a log.
    pub detail: Option<String>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// Whether it is AWS's STS.
    pub is_aws: bool,
}

/// Why STS does not give a role, as far as the remedy differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The trust policy does not accept who asks, or there is no such role: STS says the same of both.
    NotTrusted,
    /// The account does not know GitHub as an identity provider, or not for this audience.
    NoProvider,
    /// The token has expired.
    TokenExpired,
    /// The session is to be longer than the role allows.
    TooLong,
    /// This machine's clock is wrong.
    Clock,
    /// The existing credentials are wrong or have expired.
    BadCredentials,
    /// The secret key is not the access key's own.
    Signature,
    /// The region's STS is switched off in the account.
    RegionDisabled,
    /// Anything else.
    Other,
}

impl Refusal {
    /// What an error code of STS and its words say. `is_signed`: whether what was asked was signed with credentials, so
    /// that it is they which expire; else it is the job's token, however STS words it
    /// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors>).
    #[must_use]
    pub fn from_answer(code: &str, words: &str, is_signed: bool) -> Self {
        let words = words.to_lowercase();
        match code {
            "ValidationError" if words.contains("duration") => Self::TooLong,
            "AccessDenied" | "AccessDeniedException" => Self::NotTrusted,
            "InvalidIdentityToken" | "InvalidIdentityTokenException" | "IDPRejectedClaim" => Self::NoProvider,
            "ExpiredToken" | "ExpiredTokenException" if !is_signed => Self::TokenExpired,
            // The words tell a signature that is too old from one that is wrong.
            "SignatureDoesNotMatch" | "RequestExpired"
                if words.contains("expired") || words.contains("not yet current") =>
            {
                Self::Clock
            }
            "RequestExpired" | "RequestTimeTooSkewed" => Self::Clock,
            "SignatureDoesNotMatch" => Self::Signature,
            "ExpiredToken"
            | "ExpiredTokenException"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "IncompleteSignature" => Self::BadCredentials,
            "RegionDisabledException" => Self::RegionDisabled,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAD: Refusal = Refusal::BadCredentials;

    #[test]
    fn answers_of_sts_are_told_apart() {
        let (token, signed) = (false, true);
        for (is_signed, code, words, refusal) in [
            (token, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", Refusal::NotTrusted),
            (token, "InvalidIdentityToken", "No OpenIDConnect provider found in your account", Refusal::NoProvider),
            (
                token,
                "ExpiredTokenException",
                "The web identity token that was passed is expired",
                Refusal::TokenExpired,
            ),
            (
                token,
                "ExpiredTokenException",
                "Token expired: current date/time 1 must be before",
                Refusal::TokenExpired,
            ),
            (token, "ExpiredToken", "", Refusal::TokenExpired),
            (signed, "ExpiredTokenException", "The identity token included in the request is expired", BAD),
            (signed, "ExpiredTokenException", "The web identity token that was passed is expired", BAD),
            (signed, "ExpiredToken", "The security token included in the request is expired", BAD),
            (
                token,
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
                Refusal::TooLong,
            ),
            (token, "ValidationError", "1 validation error detected: Value at 'roleSessionName'", Refusal::Other),
            (
                signed,
                "SignatureDoesNotMatch",
                "Signature expired: 20260101T000000Z is now earlier than",
                Refusal::Clock,
            ),
            (signed, "SignatureDoesNotMatch", "The request signature we calculated does not match", Refusal::Signature),
            (signed, "InvalidClientTokenId", "The security token included in the request is invalid.", BAD),
            (token, "RegionDisabledException", "STS is not activated in this region", Refusal::RegionDisabled),
            (token, "PackedPolicyTooLarge", "", Refusal::Other),
        ] {
            assert_eq!(Refusal::from_answer(code, words, is_signed), refusal, "{code}: {words}");
        }
    }
}
