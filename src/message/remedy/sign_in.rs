//! The words for what to do about credentials and roles.

use crate::identity::{Claims, RoleArn};
use crate::message::speaker::{Speaker, in_shell, sentence};
use crate::option::{FrontEnd, ROLE_EXTERNAL_ID};

/// The command that signs in again with single sign-on.
fn sso_login(profile: Option<&str>) -> String {
    profile
        .map_or_else(|| "aws sso login".to_owned(), |profile| format!("aws sso login --profile {}", in_shell(profile)))
}

pub(super) fn sign_in_again<S: Speaker>(profile: Option<&str>, speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => get_credentials(speaker),
        FrontEnd::CommandLine => format!("Run `{}`, then this again.", sso_login(profile)),
    }
}

pub(super) fn correct_profile<S: Speaker>(name: &str, meant: Option<&str>, speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => correct_shared_file(speaker).to_owned(),
        FrontEnd::CommandLine => {
            let meant = meant.map_or_else(String::new, |meant| format!("Did you mean `{meant}`? "));
            format!(
                "{meant}`aws configure list-profiles` lists those that there are; `aws configure sso --profile {}` makes \
                 this one.",
                in_shell(name)
            )
        }
    }
}

pub(super) fn renew_credentials<S: Speaker>(speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => {
            "Set `role-to-assume`, whose credentials are renewed while the step runs, or get new ones right \
                             before this step."
                .to_owned()
        }
        FrontEnd::CommandLine => format!("Get new ones: {}", new_ones(speaker)),
    }
}

pub(super) fn replace_expired<S: Speaker>(speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => "If they have expired, get new ones right before this step.".to_owned(),
        FrontEnd::CommandLine => format!("If they have expired, get new ones: {}", new_ones(speaker)),
    }
}

/// How somebody at a terminal gets new credentials.
fn new_ones(speaker: impl Speaker) -> String {
    format!(
        "`{}` where they come from single sign-on; else the way that you got these, then update AWS_ACCESS_KEY_ID, \
         AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset them and name a profile with `--profile`.",
        sso_login(speaker.profile().as_deref())
    )
}

pub(super) fn get_credentials<S: Speaker>(speaker: S) -> String {
    match (S::FRONT_END, speaker.profile()) {
        (FrontEnd::Action, _) => {
            "Set `role-to-assume`, or run `aws-actions/configure-aws-credentials` before this step.".to_owned()
        }
        (FrontEnd::CommandLine, None) => {
            "Name a profile with `--profile`; if there is none, run `aws configure sso`, and then `aws sso login`. Or set \
             AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
                .to_owned()
        }
        (FrontEnd::CommandLine, Some(profile)) => {
            let profile = in_shell(&profile);
            format!(
                "Give the profile others with `aws configure --profile {profile}` or `aws sso login --profile {profile}`, or \
                 name another with `--profile`."
            )
        }
    }
}

pub(super) fn get_credentials_or_unchain<S: Speaker>(speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => {
            "Run `aws-actions/configure-aws-credentials` before this step, or remove `role-chaining` to use \
                             the job's OIDC token."
                .to_owned()
        }
        FrontEnd::CommandLine => get_credentials(speaker),
    }
}

pub(super) fn correct_shared_file(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Correct that, or get credentials in another way: with "["`role-to-assume`, or with `aws-actions/configure-aws-credentials` before this step."
            | "another `--profile`, or with `aws configure sso`."]
    )
}

pub(super) fn paste_credential_anew(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Set "
        ["the secret that it comes from" | "it"]
        " again, without the blank or the line break that was pasted with it."
    )
}

pub(super) fn set_credential_variable(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        [
            "Check the name of the secret that it is set from: GitHub replaces it with nothing if it does not exist or this run \
          may not see it, as for a pull request from a fork. Or set neither, and `role-to-assume`."
                | "Set it, or set neither and name a profile with `--profile`."
        ]
    )
}

pub(super) fn mount_token_file(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        ["This step must see that file: where it runs in a container, and the action always does unless it is taken \
          without Docker, mount the file's folder into the container at the same path (`container: volumes:` of the \
          job). Or set `role-to-assume`."
            | "Correct the path, or name a profile with `--profile`."]
    )
}

pub(super) const fn check_secret_key(is_aws: bool, has_role: bool) -> &'static str {
    match (is_aws, has_role) {
        (_, true) => {
            "It is a role's, which STS gave, so something on the way changes requests: see whether a proxy does \
             (HTTPS_PROXY, `endpoint-url`)."
        }
        (true, false) => {
            "Check AWS_SECRET_ACCESS_KEY, or what the profile has: it must be the secret that was made with this access \
             key ID, and whole."
        }
        (false, false) => {
            "Check AWS_SECRET_ACCESS_KEY, or what the profile has: it must be the secret of this access key ID, and \
             whole. If it is, see whether a proxy before the service changes the host, the path or the headers of \
             requests, which are signed."
        }
    }
}

pub(super) const fn check_role_service() -> &'static str {
    "They are those of `role-to-assume`. See that the STS which gave them and the bucket belong together: one partition of \
     AWS (`aws-region`), or one service (`endpoint-url`, AWS_ENDPOINT_URL_STS)."
}

pub(super) fn name_bucket_and_owner(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        ["Set `role-to-assume`, whose ARN names the account; or, without `allowed-account-ids`, set `bucket` and \
          `expected-bucket-owner`. If STS denied the request, see"
            | "Name the bucket with `--bucket`, and its account with `--expected-bucket-owner`, without \
          `--allowed-account-ids`: then nobody is asked. If STS denied the request, have sts:GetCallerIdentity allowed, or see"]
        " whether a VPC endpoint's policy allows sts:GetCallerIdentity."
    )
}

pub(super) fn name_sts(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Set AWS_ENDPOINT_URL_STS"
        [" in the `env:` of this step" | ""]
        " to the URL of the service's STS; with some services \
         it is that of `endpoint-url`. For AWS, write the role like arn:aws:iam::111122223333:role/puller."
    )
}

pub(super) fn allow_chaining(role: &RoleArn, speaker: impl Speaker) -> String {
    format!(
        "Allow sts:AssumeRole on {role} for them, and name them in the role's trust policy; if that asks for an external id, \
         {} {}.",
        speaker.pick("set", "pass"),
        speaker.option(&ROLE_EXTERNAL_ID)
    )
}

pub(super) const fn shorten_session(is_chained: bool) -> &'static str {
    if is_chained {
        "Lower `role-duration-seconds`: a chained role gives 3600 at most, and no more than its maximum session duration."
    } else {
        "Lower `role-duration-seconds` (900 is enough for a pull or push), or raise the role's maximum session duration."
    }
}

pub(super) fn check_account(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        ["Check which role or credentials this job uses." |
         "`aws sts get-caller-identity` says whose the credentials are; name others with `--profile`."]
        " No request was sent to S3."
    )
}

/// What a command line says of the OIDC token of a run on GitHub, which it never asks for.
const ON_GITHUB_ALONE: &str = "Only the GitHub action asks for such a token; name a profile with `--profile`.";

pub(super) fn check_audience(speaker: impl Speaker) -> &'static str {
    speaker.pick("Check `audience`. The job may ask for tokens only while it runs; run it again.", ON_GITHUB_ALONE)
}

pub(super) fn skip_forks(speaker: impl Speaker) -> &'static str {
    speaker.pick(
        "Skip the step there: if: github.event.pull_request.head.repo.full_name == github.repository",
        ON_GITHUB_ALONE,
    )
}

pub(super) fn chain_role(speaker: impl Speaker) -> &'static str {
    speaker.pick("Set `role-chaining: true` to assume the role with the existing credentials.", ON_GITHUB_ALONE)
}

pub(super) fn grant_token_permission<S: Speaker>(job: Option<&str>, _: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => format!(
            "Add to the workflow:\n\njobs:\n  {}:\n    permissions:\n      id-token: write\n      contents: read\n\n\
             In a reusable workflow, the job that calls it needs the same permissions. GitHub Enterprise Server has OIDC \
             tokens from 3.5 on.",
            job.unwrap_or("deploy")
        ),
        FrontEnd::CommandLine => ON_GITHUB_ALONE.to_owned(),
    }
}

pub(super) fn correct_trust_policy<S: Speaker>(claims: Option<&Claims>, _: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => format!(
            "{}The trust policy's conditions on token.actions.githubusercontent.com:sub and :aud must match this \
             exactly. GitHub issues two forms of subject, and a policy for one does not match the other: \
             repo:OWNER/REPO:…, and for repositories created, renamed or moved since 15 July 2026 \
             repo:OWNER@OWNER-ID/REPO@REPO-ID:…. The subject of a job with `environment:` ends in \
             environment:NAME, never in its ref. A role or policy made within the last minute may not be in force \
             yet.",
            token_says(claims)
        ),
        FrontEnd::CommandLine => ON_GITHUB_ALONE.to_owned(),
    }
}

pub(super) fn create_provider<S: Speaker>(claims: Option<&Claims>, _: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => format!(
            "{}The account needs an identity provider for https://token.actions.githubusercontent.com that lists \
             this audience.",
            token_says(claims)
        ),
        FrontEnd::CommandLine => ON_GITHUB_ALONE.to_owned(),
    }
}

fn token_says(claims: Option<&Claims>) -> String {
    claims.map_or_else(String::new, |claims| {
        format!("The token says:\n\n  sub: {}\n  aud: {}\n\n", claims.subject, claims.audience)
    })
}
