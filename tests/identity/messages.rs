//! What a person reads when credentials are not to be had: held as prose.

use insta::assert_snapshot;

use crate::harness::http::Response;
use crate::harness::{Action, Bucket, GitHub, Run, shows};
use crate::sts::{At as _, ROLE, assuming, pull, sts_error, sts_that_answers};

/// The one error, as the run's page shows it.
fn shown(code: i32, run: Run) -> String {
    let run = run.fails(code);
    let errors: Vec<_> = run.annotations.iter().filter(|annotation| annotation.level == "error").collect();
    assert_eq!(errors.len(), 1, "{}", run.printed());
    format!("{}\n{}", errors[0].title, errors[0].message)
}

/// Of a role that STS refuses so.
fn refused(code: i32, step: Action, status: u16, error: &'static str, words: &'static str) -> String {
    let sts = sts_that_answers(move |_| sts_error(status, error, words));
    shown(code, step.at(&sts).run())
}

fn web() -> Action {
    let github: &'static GitHub = Box::leak(Box::new(GitHub::start()));
    assuming(&Bucket::missing(), github)
}

fn chained() -> Action {
    pull(&Bucket::missing()).input("role-to-assume", ROLE).input("role-chaining", "true")
}

fn without_token() -> Action {
    pull(&Bucket::missing()).input("role-to-assume", ROLE)
}

#[test]
fn no_permission_for_a_token() {
    let _shown = shows("T14", "a job without `id-token: write`", "code 3, with the lines to add");
    assert_snapshot!(shown(3, without_token().run()), @r"Missing permission id-token: write
`role-to-assume` needs the job's OIDC token, and GitHub gave this job none. Add to the workflow:

jobs:
  deploy:
    permissions:
      id-token: write
      contents: read

In a reusable workflow, the job that calls it needs the same permissions. GitHub Enterprise Server has OIDC tokens from 3.5 on.");
}

#[test]
fn a_pull_request_from_a_fork() {
    let event = r#"{"pull_request":{"head":{"repo":{"full_name":"mallory/shop","fork":true}}}}"#;
    assert_snapshot!(shown(3, without_token().event("pull_request", event).run()), @r"No OIDC token for forks
This run is for a pull request from the fork mallory/shop. GitHub gives such runs no OIDC token, whatever the permissions say, so that nobody reaches AWS with a pull request. Skip the step there: if: github.event.pull_request.head.repo.full_name == github.repository");
    let deleted = r#"{"pull_request":{"head":{"repo":null}}}"#;
    let shown = shown(3, without_token().event("pull_request", deleted).run());
    assert!(shown.contains("fork that is deleted"), "{shown}");
}

#[test]
fn a_pull_request_of_the_repository_itself_is_no_fork() {
    let event = r#"{"pull_request":{"head":{"repo":{"full_name":"acme/shop","fork":true}}}}"#;
    let shown = shown(3, without_token().event("pull_request", event).run());
    assert!(shown.contains("id-token: write"), "{shown}");
}

#[test]
fn a_run_in_the_repository_itself_for_a_fork_may_have_a_token() {
    let event = r#"{"pull_request":{"head":{"repo":{"full_name":"mallory/shop","fork":true}}}}"#;
    let shown = shown(3, without_token().event("pull_request_target", event).run());
    assert!(shown.contains("id-token: write"), "{shown}");
}

#[test]
fn outside_of_a_job() {
    let _shown = shows("T14", "no token service, as on a server without OIDC", "code 3, saying what can be done");
    assert_snapshot!(shown(3, without_token().without_env("GITHUB_ACTIONS").run()), @r"No OIDC token
`role-to-assume` exchanges the OIDC token of a GitHub job, and this run is not one. Set `role-chaining: true` to assume the role with the existing credentials.");
}

#[test]
fn github_refuses() {
    let github = GitHub::answering(|_| Response::new(403, r#"{"message":"audience not allowed"}"#));
    assert_snapshot!(shown(3, assuming(&Bucket::missing(), &github).run()), @r"No OIDC token
GitHub refused the job's OIDC token (status 403; audience not allowed). Check `audience`. The job may ask for tokens only while it runs; run it again.");
}

#[test]
fn github_gives_no_token() {
    let github = GitHub::answering(|_| Response::new(200, "{}"));
    assert_snapshot!(shown(7, assuming(&Bucket::missing(), &github).run()), @r"No OIDC token
The answer from GitHub's token service holds no token. Check whether a proxy answers instead of it (HTTPS_PROXY, NO_PROXY), and run this again.");
}

#[test]
fn github_keeps_failing() {
    let github = GitHub::answering(|_| Response::new(500, ""));
    assert_snapshot!(shown(7, assuming(&Bucket::missing(), &github).run()), @r"GitHub kept failing
GitHub's token service kept failing (status 500). Run this again; if it keeps failing, see https://www.githubstatus.com.");
}

#[test]
fn the_trust_policy_refuses_or_there_is_no_such_role() {
    let words = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    assert_snapshot!(refused(3, web(), 403, "AccessDenied", words), @r"Role refused
This job may not assume arn:aws:iam::111122223333:role/puller: the role's trust policy does not accept the job's token, or the role does not exist; STS answers the same in both cases (AccessDenied; Not authorized to perform sts:AssumeRoleWithWebIdentity; request sts-request-1). The token says:

  sub: repo:acme@1000/shop@4711:environment:production
  aud: sts.amazonaws.com

The trust policy's conditions on token.actions.githubusercontent.com:sub and :aud must match this exactly. GitHub issues two forms of subject, and a policy for one does not match the other: repo:OWNER/REPO:…, and for repositories created, renamed or moved since 15 July 2026 repo:OWNER@OWNER-ID/REPO@REPO-ID:…. The subject of a job with `environment:` ends in environment:NAME, never in its ref. A role or policy made within the last minute may not be in force yet.");
}

#[test]
fn no_identity_provider() {
    let words = "No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com";
    assert_snapshot!(refused(3, web(), 400, "InvalidIdentityToken", words), @r"Token refused
AWS does not accept the job's token in the account 111122223333 (InvalidIdentityToken; No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com; request sts-request-1). The token says:

  sub: repo:acme@1000/shop@4711:environment:production
  aud: sts.amazonaws.com

The account needs an identity provider for https://token.actions.githubusercontent.com that lists this audience.");
}

#[test]
fn a_token_that_has_expired() {
    let words = "The web identity token that was passed is expired or is not valid. Get a new identity token from the identity provider and then retry the request.";
    assert_snapshot!(refused(3, web(), 400, "ExpiredTokenException", words), @r"Token expired
The job's OIDC token had expired when STS saw it (ExpiredTokenException; The web identity token that was passed is expired or is not valid. Get a new identity token from the identity provider and then retry the request.; request sts-request-1). Run this again.");
}

#[test]
fn a_session_too_long_for_the_role() {
    let words = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    let step = web().input("role-duration-seconds", "43200");
    assert_snapshot!(refused(2, step, 400, "ValidationError", words), @r"Session too long
arn:aws:iam::111122223333:role/puller does not allow a session of 43200 seconds (ValidationError; The requested DurationSeconds exceeds the MaxSessionDuration set for this role.; request sts-request-1). Lower `role-duration-seconds` (900 is enough for a pull or push), or raise the role's maximum session duration.");
}

#[test]
fn a_session_too_long_for_a_chained_role() {
    let words = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    let step = chained().input("role-duration-seconds", "7200");
    assert_snapshot!(refused(2, step, 400, "ValidationError", words), @r"Session too long
arn:aws:iam::111122223333:role/puller does not allow a session of 7200 seconds (ValidationError; The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.; request sts-request-1). Lower `role-duration-seconds`: a chained role gives 3600 at most, and no more than its maximum session duration.");
}

#[test]
fn a_chained_role_that_is_refused() {
    let words = "User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/puller";
    assert_snapshot!(refused(3, chained(), 403, "AccessDenied", words), @r"Role refused
The existing credentials may not assume arn:aws:iam::111122223333:role/puller, or the role does not exist (AccessDenied; User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/puller; request sts-request-1). Allow sts:AssumeRole on arn:aws:iam::111122223333:role/puller for them, and name them in the role's trust policy; if that asks for an external id, set `role-external-id`.");
}

#[test]
fn a_chained_role_without_credentials() {
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    let step = names.into_iter().fold(chained(), Action::without_env).env("AWS_EC2_METADATA_DISABLED", "true");
    assert_snapshot!(shown(3, step.run()), @r"No valid credentials
With `role-chaining: true`, arn:aws:iam::111122223333:role/puller is assumed with the existing credentials, and there are none (no credentials found in chain). Run `aws-actions/configure-aws-credentials` before this step, or remove `role-chaining` to use the job's OIDC token.");
}

#[test]
fn a_chained_role_with_credentials_that_have_expired() {
    let words = "The security token included in the request is expired";
    assert_snapshot!(refused(3, chained(), 403, "ExpiredToken", words), @r"No valid credentials
AWS does not accept the existing credentials, which were to assume arn:aws:iam::111122223333:role/puller (ExpiredToken; The security token included in the request is expired; request sts-request-1). If they have expired, get new ones right before this step.");
}

#[test]
fn a_clock_that_sts_does_not_accept() {
    let words = "Signature expired: 20261124T000000Z is now earlier than 20261125T000000Z (20261125T001500Z - 15 min.)";
    assert_snapshot!(refused(3, chained(), 403, "SignatureDoesNotMatch", words), @r"Clock is wrong
STS refused the request, because this machine's clock differs from AWS's (SignatureDoesNotMatch; Signature expired: 20261124T000000Z is now earlier than 20261125T000000Z (20261125T001500Z - 15 min.); request sts-request-1). Set the runner's clock by NTP.");
}

#[test]
fn a_region_that_is_switched_off() {
    let words = "STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.";
    assert_snapshot!(refused(2, web(), 403, "RegionDisabledException", words), @r"Region disabled
STS is not active for the account 111122223333 in the region of this step (RegionDisabledException; STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.; request sts-request-1). Activate STS there in IAM's account settings, or set another `aws-region`.");
}

#[test]
fn anything_else_that_sts_refuses() {
    assert_snapshot!(refused(3, web(), 400, "PackedPolicyTooLarge", "The policy is too large."), @r"Role refused
STS did not grant arn:aws:iam::111122223333:role/puller (PackedPolicyTooLarge; The policy is too large.; request sts-request-1). Check `role-to-assume` and the inputs beside it.");
}

#[test]
fn sts_keeps_failing() {
    assert_snapshot!(refused(7, web(), 503, "ServiceUnavailable", "The service is busy."), @r"STS kept failing
AWS STS kept failing (ServiceUnavailable; The service is busy.; request sts-request-1). Run this again; if it keeps failing, see https://health.aws.amazon.com.");
}

#[test]
fn another_account() {
    assert_snapshot!(shown(3, web().input("allowed-account-ids", "444455556666").run()), @r"Account not allowed
The credentials belong to the account 111122223333, but `allowed-account-ids` allows only 444455556666. Check which role or credentials this job uses. No request was sent to S3.");
}

#[test]
fn nobody_answers_for_github_or_sts() {
    let nobody = "http://127.0.0.1:1";
    let run = web().env("ACTIONS_ID_TOKEN_REQUEST_URL", nobody).run().fails(7);
    run.says("GitHub not reachable").says("Check the runner's network");
    web().env("AWS_ENDPOINT_URL_STS", nobody).run().fails(7).says("STS not reachable").says("`aws-region`");
}

#[test]
fn what_a_service_says_is_quoted_without_secrets_and_not_at_length() {
    let bearer = crate::harness::github::BEARER;
    let github = GitHub::answering(move |_| Response::new(403, format!(r#"{{"message":"bad bearer {bearer}"}}"#)));
    assuming(&Bucket::missing(), &github).run().fails(3).says("bad bearer ***");

    let sts = sts_that_answers(|request| {
        let id = request.field("ExternalId").unwrap_or_default();
        sts_error(403, "AccessDenied", &format!("the id {id} is wrong; {}", "x".repeat(3000)))
    });
    let step = chained().input("role-external-id", "an-agreed-secret-4711").secrets(["an-agreed-secret-4711"]);
    let run = step.at(&sts).run().fails(3).says("the id *** is wrong");
    assert!(run.stdout.len() < 2000, "{}", run.stdout.len());
}

#[test]
fn credentials_with_a_line_break_are_named() {
    for (variable, value, words) in [
        ("AWS_ACCESS_KEY_ID", "AKIAPASTED\n", "the access key ends with a line break"),
        ("AWS_SESSION_TOKEN", "first-line\nsecond-line", "the session token has a line break in it"),
    ] {
        let run = pull(&Bucket::missing()).env(variable, value).run().fails(3);
        run.says("No valid credentials").says(words);
    }
    let github = GitHub::start();
    let sts = sts_that_answers(|_| {
        crate::sts::sts_credentials("AssumeRoleWithWebIdentity", "ASIA\nX", "2099-01-01T00:00:00Z")
    });
    assuming(&Bucket::missing(), &github).at(&sts).run().fails(3).says("the access key has a line break in it");
}

#[test]
fn a_region_of_the_environment_that_is_none() {
    let step = pull(&Bucket::missing()).env("AWS_REGION", "evil.example/");
    step.run().fails(2).says("Region").says("AWS_REGION").says("evil.example/");
    pull(&crate::sts::published()).env("AWS_REGION", "us-east-1\n").run().succeeds();
}

#[test]
fn settings_that_do_not_go_together() {
    let step = pull(&Bucket::missing()).env("AWS_USE_FIPS_ENDPOINT", "true");
    step.run().fails(2).says("Settings").says("AWS_USE_FIPS_ENDPOINT");
}
