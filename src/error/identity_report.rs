//! The words for credentials that are not to be had.

use super::report::{Report, code};
use crate::identity::{AccountId, IdentityError, NoJobToken, Refusal, Refused, Service};
use crate::network::NetworkFault;

pub(super) fn report(error: &IdentityError) -> Report {
    match error {
        IdentityError::NoJobToken(why) => no_job_token(why),
        IdentityError::TokenEndpoint => Report::new(
            code::NOT_ALLOWED,
            "No OIDC token",
            "GitHub's token service cannot be asked: ACTIONS_ID_TOKEN_REQUEST_URL is no https URL.",
            "GitHub's runner sets it; do not set it yourself.",
        ),
        IdentityError::TokenRefused { status, detail } => Report::new(
            code::NOT_ALLOWED,
            "No OIDC token",
            format!("GitHub refused the job's OIDC token (status {status}{}).", with(detail.as_deref())),
            "Check `audience`. The job may ask for tokens only while it runs; run it again.",
        ),
        IdentityError::NoTokenInAnswer => Report::new(
            code::UNREACHABLE,
            "No OIDC token",
            "What answered for GitHub's token service gave no token.",
            "Check whether a proxy answers in its place (HTTPS_PROXY, NO_PROXY), then run this again.",
        ),
        IdentityError::Unreachable { service, fault, detail } => unreachable(*service, *fault, detail),
        IdentityError::Unavailable { service, detail, request_id } => Report::new(
            code::UNREACHABLE,
            &format!("{} kept failing", short(*service)),
            format!("{service} kept failing ({detail}{}).", request(request_id.as_deref())),
            match service {
                Service::GitHub => "Run this again; if it lasts, see https://www.githubstatus.com.",
                Service::Sts => "Run this again; if it lasts, see https://health.aws.amazon.com.",
            },
        ),
        IdentityError::NoCredentials { role: None, detail } => Report::new(
            code::NOT_ALLOWED,
            "No valid credentials",
            format!("There are no credentials to ask AWS with ({detail})."),
            "Set `role-to-assume`, or run `aws-actions/configure-aws-credentials` before this step.",
        ),
        IdentityError::NoCredentials { role: Some(role), detail } => Report::new(
            code::NOT_ALLOWED,
            "No valid credentials",
            format!(
                "With `role-chaining: true`, {role} is assumed with the credentials at hand, and there are none ({detail})."
            ),
            "Run `aws-actions/configure-aws-credentials` before this step, or remove `role-chaining` to use the job's \
             OIDC token.",
        ),
        IdentityError::UnknownAccount => Report::new(
            code::NOT_ALLOWED,
            "Account not known",
            "STS does not say which account the credentials are of, so nobody can tell whose the bucket must be.",
            "Set `bucket` and `expected-bucket-owner`, or `role-to-assume`.",
        ),
        IdentityError::Clock { detail } => Report::new(
            code::NOT_ALLOWED,
            "Clock is wrong",
            format!("STS refused the request, since this machine's clock differs from AWS's ({detail})."),
            "Set the runner's clock by NTP.",
        ),
        IdentityError::Refused(refused) => refused_by_sts(refused),
        IdentityError::OtherAccount { account, allowed } => Report::new(
            code::NOT_ALLOWED,
            "Account not allowed",
            format!(
                "The credentials are of the account {account}, and `allowed-account-ids` allows {}.",
                allowed.iter().map(AccountId::as_str).collect::<Vec<_>>().join(", ")
            ),
            "Check which role or credentials this job uses. Nothing was asked of S3.",
        ),
    }
}

fn no_job_token(why: &NoJobToken) -> Report {
    let report = |title: &str, what: &str, next: String| Report::new(code::NOT_ALLOWED, title, what, next);
    match why {
        NoJobToken::Permission { job } => report(
            "Missing permission id-token: write",
            "`role-to-assume` needs the job's OIDC token, and GitHub gave this job none.",
            format!(
                "Add to the workflow:\n\njobs:\n  {}:\n    permissions:\n      id-token: write\n      contents: read\n\n\
                 In a reusable workflow, the job that calls it needs the same permissions. GitHub Enterprise Server \
                 has OIDC tokens from 3.5 on.",
                job.as_deref().unwrap_or("deploy")
            ),
        ),
        NoJobToken::Fork { repository } => report(
            "No OIDC token for forks",
            &format!(
                "This run is for a pull request from the fork {repository}. GitHub gives such runs no OIDC token, \
                 whatever the permissions say, so that nobody reaches AWS with a pull request."
            ),
            "Skip the step there: if: github.event.pull_request.head.repo.full_name == github.repository".to_owned(),
        ),
        NoJobToken::NoJob => report(
            "No OIDC token",
            "`role-to-assume` exchanges the OIDC token of a GitHub job, and this is none.",
            "Set `role-chaining: true` to assume the role with the credentials at hand.".to_owned(),
        ),
    }
}

fn unreachable(service: Service, fault: NetworkFault, detail: &str) -> Report {
    let next = match (service, fault) {
        (Service::GitHub, NetworkFault::HostName | NetworkFault::Connection) => {
            "Check the runner's network and HTTPS_PROXY, then run this again."
        }
        (Service::Sts, NetworkFault::HostName | NetworkFault::Connection) => {
            "Check the runner's network, `aws-region` and HTTPS_PROXY, then run this again."
        }
        (_, NetworkFault::Certificate | NetworkFault::Proxy) => fault.remedy(),
    };
    Report::new(
        code::UNREACHABLE,
        &format!("{} not reachable", short(service)),
        format!("{service} did not answer ({detail})."),
        next,
    )
}

fn refused_by_sts(refused: &Refused) -> Report {
    let Refused { role, reason, claims, is_chained, seconds, code, detail, request_id } = refused;
    let account = role.account();
    let mut parts: Vec<_> = code.iter().chain(detail).cloned().collect();
    parts.extend(request_id.as_ref().map(|id| format!("request {id}")));
    let why = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) };
    let token = claims.as_ref().map_or_else(String::new, |claims| {
        format!("The token says:\n\n  sub: {}\n  aud: {}\n\n", claims.subject, claims.audience)
    });
    let report =
        |code, title: &str, what: String, next: String| Report::new(code, title, format!("{what}{why}."), next);
    let not_allowed = |title: &str, what: String, next: String| report(code::NOT_ALLOWED, title, what, next);
    match reason {
        Refusal::NotTrusted if *is_chained => not_allowed(
            "Role refused",
            format!("The credentials at hand may not assume {role}, or there is no such role"),
            format!(
                "Allow sts:AssumeRole on {role} for them, and name them in the role's trust policy; if that asks for an \
                 external id, set `role-external-id`."
            ),
        ),
        Refusal::NotTrusted => not_allowed(
            "Role refused",
            format!(
                "{role} was not given to this job: its trust policy does not accept the job's token, or there is no \
                 such role; STS says the same of both"
            ),
            format!(
                "{token}The trust policy's conditions on token.actions.githubusercontent.com:sub and :aud must match \
                 this, letter by letter. GitHub issues two forms of subject, and a policy for one does not match the \
                 other: repo:OWNER/REPO:…, and for repositories created, renamed or moved since 15 July 2026 \
                 repo:OWNER@OWNER-ID/REPO@REPO-ID:…. The subject of a job with `environment:` ends in \
                 environment:NAME, never in its ref. A role or policy made within the last minute may not be in force \
                 yet."
            ),
        ),
        Refusal::NoProvider => not_allowed(
            "Token refused",
            format!("AWS does not take the job's token in the account {account}"),
            format!(
                "{token}The account needs an identity provider for https://token.actions.githubusercontent.com that \
                 lists this audience."
            ),
        ),
        Refusal::TokenExpired => not_allowed(
            "Token expired",
            "The job's OIDC token had expired when STS saw it".to_owned(),
            "Run this again.".to_owned(),
        ),
        Refusal::TooLong => report(
            code::BAD_INPUT,
            "Session too long",
            format!("{role} gives no session of {seconds} seconds"),
            if *is_chained {
                "Lower `role-duration-seconds`: a chained role gives 3600 at most, and no more than its maximum session \
                 duration."
                    .to_owned()
            } else {
                "Lower `role-duration-seconds` (900 is enough for a pull or push), or raise the role's maximum session \
                 duration."
                    .to_owned()
            },
        ),
        Refusal::Clock => not_allowed(
            "Clock is wrong",
            "STS refused the request, since this machine's clock differs from AWS's".to_owned(),
            "Set the runner's clock by NTP.".to_owned(),
        ),
        Refusal::BadCredentials => not_allowed(
            "No valid credentials",
            format!("AWS does not accept the credentials at hand, with which {role} was to be assumed"),
            "If they have expired, get new ones right before this step.".to_owned(),
        ),
        Refusal::RegionDisabled => report(
            code::BAD_INPUT,
            "Region disabled",
            format!("STS is not active for the account {account} in the region of this step"),
            "Activate it in IAM's account settings, or set another `aws-region`.".to_owned(),
        ),
        Refusal::Other => not_allowed(
            "Role refused",
            format!("STS did not give {role}"),
            "Check `role-to-assume` and the inputs beside it.".to_owned(),
        ),
    }
}

const fn short(service: Service) -> &'static str {
    match service {
        Service::GitHub => "GitHub",
        Service::Sts => "STS",
    }
}

fn with(detail: Option<&str>) -> String {
    detail.map_or_else(String::new, |detail| format!("; {detail}"))
}

fn request(id: Option<&str>) -> String {
    id.map_or_else(String::new, |id| format!("; request {id}"))
}
