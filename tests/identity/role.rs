//! The role is assumed with the job's token.

use crate::harness::{Bucket, GitHub};
use crate::sts::{At as _, ROLE, assuming, published, push, real_sts};

#[test]
fn a_pull_and_a_push_need_no_other_action_before_them() {
    let (bucket, github) = (Bucket::versioned(), GitHub::start());
    github.job(push(&bucket)).input("role-to-assume", ROLE).run().succeeds();
    let run = assuming(&bucket, &github).run().succeeds();
    assert_eq!(run.output("TOKEN"), "swordfish");
}

#[test]
fn sts_is_asked_for_the_role_with_the_token_and_the_runs_name() {
    let (bucket, github, sts) = (published(), GitHub::start(), real_sts());
    assuming(&bucket, &github).at(&sts).run().succeeds();
    let requests = sts.requests();
    assert_eq!(requests.len(), 1);
    let field = |name: &str| requests[0].field(name).unwrap_or_default();
    assert_eq!(field("Action"), "AssumeRoleWithWebIdentity");
    assert_eq!(field("RoleArn"), ROLE);
    assert_eq!(field("RoleSessionName"), "cstore-1234567890");
    assert_eq!(field("DurationSeconds"), "900");
    assert_eq!(field("WebIdentityToken").split('.').count(), 3);
    assert!(requests[0].header("authorization").is_none(), "the token stands in place of a signature");
}

#[test]
fn session_duration_and_audience_are_as_given() {
    let (bucket, github, sts) = (published(), GitHub::start(), real_sts());
    let step = assuming(&bucket, &github).at(&sts);
    step.input("role-session-name", "deploy@prod")
        .input("role-duration-seconds", "3600")
        .input("audience", "https://sts.example/a b")
        .run()
        .succeeds();
    let asked = &sts.requests()[0];
    assert_eq!(asked.field("RoleSessionName").as_deref(), Some("deploy@prod"));
    assert_eq!(asked.field("DurationSeconds").as_deref(), Some("3600"));
    let target = github.service().requests()[0].target.clone();
    assert_eq!(target, "/idtoken?api-version=2.0&audience=https%3A%2F%2Fsts%2Eexample%2Fa%20b");
}

#[test]
fn requests_to_s3_are_signed_with_the_roles_credentials() {
    let (bucket, github) = (published(), GitHub::start());
    let proxy = crate::harness::Proxy::start();
    // Even if there are others at hand.
    let step = assuming(&bucket, &github).env("AWS_ACCESS_KEY_ID", "AKIAATHAND0000000000");
    let step = step.env("AWS_SECRET_ACCESS_KEY", "secret-at-hand-of-the-job").through(&proxy);
    step.run().succeeds();
    let gets: Vec<_> = proxy.requests().into_iter().filter(|seen| seen.method == "GET").collect();
    assert_eq!(gets.len(), 2);
    for seen in gets {
        let authorization = seen.header("authorization").unwrap();
        assert!(!authorization.contains("AKIAATHAND") && authorization.contains("Credential=ASIA"), "{authorization}");
        assert!(seen.header("x-amz-security-token").is_some());
    }
}

#[test]
fn token_and_credentials_are_masked_before_anything_else_is_said() {
    let (bucket, github, sts) = (published(), GitHub::start(), real_sts());
    let run = assuming(&bucket, &github).at(&sts).env("RUNNER_DEBUG", "1").run().succeeds();
    let token = sts.requests()[0].field("WebIdentityToken").unwrap();
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines[0], format!("::add-mask::{token}"));
    // The access key, the secret key, the session token.
    assert!(lines[1..4].iter().all(|line| line.starts_with("::add-mask::")), "{lines:#?}");
    assert!(lines[1].starts_with("::add-mask::ASIA"), "{lines:#?}");
    let rest = lines[4..].join("\n");
    for line in &lines[..4] {
        assert!(!rest.contains(&line["::add-mask::".len()..]), "{line}");
    }
}

#[test]
fn sts_of_the_role_s_partition_is_asked_where_no_region_is_known() {
    let (bucket, github, sts) = (published(), GitHub::start(), real_sts());
    for (partition, region) in [("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")] {
        // The endpoint is a test's own, so the region shows in the signature of what is asked with credentials.
        let step = assuming(&bucket, &github).at(&sts).without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION");
        let proxy = crate::harness::Proxy::start();
        let role = format!("arn:{partition}:iam::111122223333:role/puller");
        step.input("role-to-assume", &role).through(&proxy).run().succeeds();
        let signed_for = proxy.requests()[0].header("authorization").unwrap().to_owned();
        assert!(signed_for.contains(&format!("/{region}/s3/")), "{partition}: {signed_for}");
    }
}
