//! The words for credentials that are not to be had.

use super::Message;
use super::speaker::{Speaker, sentence};
use crate::identity::{
    AccountId, IdentityError, NoJobToken, Refusal, Refused, Service, UnknownProfile, VariableProblem,
};
use crate::option::{ALLOWED_ACCOUNT_IDS, FrontEnd, PROFILE, ROLE_TO_ASSUME};

pub(super) fn message<S: Speaker>(error: &IdentityError, speaker: S) -> Message {
    match error {
        IdentityError::NoJobToken(why) => no_job_token(why, speaker),
        IdentityError::TokenEndpoint => Message::new(
            "No OIDC token",
            "GitHub's token service cannot be asked: ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL.",
        ),
        IdentityError::TokenRefused { status, detail } => Message::new(
            "No OIDC token",
            format!(
                "GitHub refused the {}OIDC token (status {status}{}).",
                speaker.pick("job's ", ""),
                with(detail.as_deref())
            ),
        ),
        IdentityError::NoTokenInAnswer => {
            Message::new("No OIDC token", "The answer from GitHub's token service holds no token.")
        }
        IdentityError::Unreachable { service, detail, .. } => {
            Message::new(&format!("{} not reachable", short(*service)), format!("{service} did not answer ({detail})."))
        }
        IdentityError::Unavailable { service, detail, request_id } => Message::new(
            &format!("{} kept failing", short(*service)),
            format!("{service} kept failing ({detail}{}).", request(request_id.as_deref())),
        ),
        IdentityError::NotSts { service, status } => {
            Message::new("Not an STS answer", format!("Something other than {service} answered (status {status})."))
        }
        IdentityError::Variable { name, problem } => Message::new(
            "No valid credentials",
            format!("No AWS credentials were found: {}.", variable(name, *problem)),
        ),
        IdentityError::SharedFile { problem } | IdentityError::TokenFile { problem } => {
            Message::new("No valid credentials", format!("No AWS credentials were found: {problem}."))
        }
        IdentityError::NoProfile(unknown) => no_profile(unknown, speaker),
        IdentityError::NotSignedIn { profile, detail } => not_signed_in(profile.as_deref(), detail, speaker),
        IdentityError::NoCredentials { role: None, detail } => {
            Message::new("No valid credentials", format!("No AWS credentials were found ({detail})."))
        }
        IdentityError::NoCredentials { role: Some(role), detail } => Message::new(
            "No valid credentials",
            format!(
                "{}{role} is assumed with the existing credentials, and there are none ({detail}).",
                speaker.pick("With `role-chaining: true`, ", "")
            ),
        ),
        IdentityError::BadCredentials { has_expired: true, detail } => {
            let whose = of_profile(speaker);
            Message::new("Credentials expired", format!("The AWS credentials{whose} have expired ({detail})."))
        }
        IdentityError::BadCredentials { has_expired: false, detail } => {
            let whose = of_profile(speaker);
            Message::new("No valid credentials", format!("AWS does not accept the credentials{whose} ({detail})."))
        }
        IdentityError::BadSignature { is_aws, detail } => Message::new(
            "No valid credentials",
            format!(
                "The secret key is not the one that belongs to the access key ID, says {} ({detail}).",
                if *is_aws { "AWS" } else { "STS" }
            ),
        ),
        IdentityError::UnknownAccount { detail } => {
            let why = detail.as_ref().map_or_else(String::new, |detail| format!(" ({detail})"));
            Message::new(
                "Account not known",
                format!(
                    "STS does not say which account the credentials belong to{why}. {} and the check of the bucket's owner \
                     need to know it.",
                    speaker.option(&ALLOWED_ACCOUNT_IDS)
                ),
            )
        }
        IdentityError::Clock { detail } => Message::new(
            "Clock is wrong",
            format!("STS refused the request, because this machine's clock differs from AWS's ({detail})."),
        ),
        IdentityError::NoSts { role } => Message::new(
            "STS not named",
            format!(
                "{} is {role}, which is not an AWS role, and no setting says which STS issues it.",
                speaker.option(&ROLE_TO_ASSUME)
            ),
        ),
        IdentityError::Refused(refused) => refused_by_sts(refused, speaker),
        IdentityError::OtherAccount { account, allowed } => Message::new(
            "Account not allowed",
            format!(
                "The credentials belong to the account {account}, but {} allows only {}.",
                speaker.option(&ALLOWED_ACCOUNT_IDS),
                allowed.iter().map(AccountId::as_str).collect::<Vec<_>>().join(", ")
            ),
        ),
    }
}

fn no_profile<S: Speaker>(unknown: &UnknownProfile, speaker: S) -> Message {
    let UnknownProfile { name, config, credentials, .. } = unknown;
    let what = match S::FRONT_END {
        FrontEnd::Action => format!(
            "No AWS credentials were found: profile `{name}` was not defined: AWS_PROFILE names it, and neither {config} nor \
             {credentials} has it."
        ),
        FrontEnd::CommandLine => {
            let is_given = speaker.profile().as_ref() == Some(name);
            let by = if is_given { speaker.subject(&PROFILE) } else { "AWS_PROFILE".to_owned() };
            format!("There is no profile `{name}`, which {by} names: neither {config} nor {credentials} has it.")
        }
    };
    Message::new("No valid credentials", what)
}

fn not_signed_in<S: Speaker>(profile: Option<&str>, detail: &str, _: S) -> Message {
    let what = match S::FRONT_END {
        FrontEnd::Action => format!("No AWS credentials were found ({detail})."),
        FrontEnd::CommandLine => {
            let whose = profile.map_or_else(String::new, |profile| format!(" of the profile `{profile}`"));
            format!("The SSO session{whose} has expired, or there is none ({detail}).")
        }
    };
    Message::new("No valid credentials", what)
}

/// The profile that the credentials are of, where one is named.
fn of_profile(speaker: impl Speaker) -> String {
    speaker.profile().map_or_else(String::new, |profile| format!(" of the profile `{profile}`"))
}

/// What is wrong with a variable, as a clause.
fn variable(name: &str, problem: VariableProblem) -> String {
    match problem {
        VariableProblem::Lacking { is_empty, beside } => {
            format!("{name} is {}, and {beside}, which needs it, is set", if is_empty { "empty" } else { "not set" })
        }
        VariableProblem::Unusable(clause) => {
            let what = match name {
                "AWS_ACCESS_KEY_ID" => "access key",
                "AWS_SESSION_TOKEN" => "session token",
                _ => "secret key",
            };
            format!("{name} cannot be used: the {what} {clause}")
        }
        VariableProblem::Empty => {
            format!(
                "{name} is empty, and this machine's own role is not used instead of the credentials that were intended"
            )
        }
    }
}

fn no_job_token(why: &NoJobToken, speaker: impl Speaker) -> Message {
    match why {
        NoJobToken::Permission { .. } => Message::new(
            "Missing permission id-token: write",
            speaker.say(sentence!(
                speaker,
                "`role-to-assume` needs "
                ["the job's OIDC token, and GitHub gave this job none" |
                 "an OIDC token of GitHub's, and there is none"]
                "."
            )),
        ),
        NoJobToken::Fork { repository } => Message::new(
            "No OIDC token for forks",
            format!(
                "This run is for a pull request from the fork {repository}. GitHub gives such runs no OIDC token, \
                 whatever {}, so that nobody reaches AWS with a pull request.",
                speaker.pick("the permissions say", "they ask for")
            ),
        ),
        NoJobToken::NoJob => Message::new(
            "No OIDC token",
            speaker.say(sentence!(
                speaker,
                "`role-to-assume` exchanges "
                ["the OIDC token of a GitHub job, and this run is not one" |
                 "an OIDC token of GitHub's, and there is none"]
                "."
            )),
        ),
    }
}

fn refused_by_sts(refused: &Refused, speaker: impl Speaker) -> Message {
    let Refused { role, reason, is_chained, seconds, code, detail, request_id, is_aws, .. } = refused;
    let account = role.account().map_or_else(|| "of this service".to_owned(), |account| format!("{account}"));
    let whose = if *is_aws { "AWS" } else { "STS" };
    let mut parts: Vec<_> = code.iter().chain(detail).cloned().collect();
    parts.extend(request_id.as_ref().map(|id| format!("request {id}")));
    let why = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) };
    let message = |title: &str, what: String| Message::new(title, format!("{what}{why}."));
    match reason {
        Refusal::NotTrusted if *is_chained => message(
            "Role refused",
            format!("The existing credentials may not assume {role}, or the role does not exist"),
        ),
        Refusal::NotTrusted => message(
            "Role refused",
            format!(
                "{} may not assume {role}: the role's trust policy does not accept the {}token, or the role does not exist; \
                 STS answers the same in both cases",
                speaker.pick("This job", "You"),
                speaker.pick("job's ", "")
            ),
        ),
        Refusal::NoProvider => {
            let jobs = speaker.pick("job's ", "");
            message("Token refused", format!("{whose} does not accept the {jobs}token in the account {account}"))
        }
        Refusal::TokenExpired => message(
            "Token expired",
            format!("The {}OIDC token had expired when STS saw it", speaker.pick("job's ", "")),
        ),
        Refusal::TooLong => {
            message("Session too long", format!("{role} does not allow a session of {seconds} seconds"))
        }
        Refusal::Clock => message(
            "Clock is wrong",
            format!("STS refused the request, because this machine's clock differs from {whose}'s"),
        ),
        Refusal::Signature => message(
            "No valid credentials",
            format!(
                "{whose} does not accept the existing credentials, which were to assume {role}: the secret key is not the one \
                 that belongs to the access key ID"
            ),
        ),
        Refusal::BadCredentials => message(
            "No valid credentials",
            format!("{whose} does not accept the existing credentials, which were to assume {role}"),
        ),
        Refusal::RegionDisabled => message(
            "Region disabled",
            format!(
                "STS is not active for the account {account} in the region {}",
                speaker.pick("of this step", "asked")
            ),
        ),
        Refusal::Other => message("Role refused", format!("STS did not grant {role}")),
    }
}

/// A service's name in a title.
const fn short(service: Service) -> &'static str {
    match service {
        Service::GitHub => "GitHub",
        Service::Sts | Service::OtherSts => "STS",
    }
}

fn with(detail: Option<&str>) -> String {
    detail.map_or_else(String::new, |detail| format!("; {detail}"))
}

fn request(id: Option<&str>) -> String {
    id.map_or_else(String::new, |id| format!("; request {id}"))
}
