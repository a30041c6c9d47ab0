//! The roles of `infrastructure/s3`, as `docs/setup.md` has them (a test of the module compares them): who gets one is decided
//! by the server's STS, by the same conditions, and what it may by the server, by the same policies.

use std::fs;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::harness::{Action, Bucket, Versioning};
use crate::issuer::Token;
use crate::seaweedfs::{server, shared};
use crate::shop::{OTHER, SHOP, pull, push};

const BUCKET: &str = "cstore-shop";
const ISSUER: &str = "token.actions.githubusercontent.com:";
const PROD: &str = "repo:acme@1000/shop@4711:environment:prod";
const RELEASE: &str = "repo:acme@1000/shop@4711:environment:release";
const TAG: &str = "repo:acme@1000/shop@4711:ref:refs/tags/v1.0.0";

fn arn(role: &str) -> String {
    format!("arn:aws:iam::111122223333:role/cstore-shop-{role}")
}

/// What the guide says of a role after these words.
fn documented(role: &str, what: &str) -> Value {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/setup.md")).unwrap();
    let begin = format!("The {role}'s trust:");
    let mut blocks = guide.split_once(&begin).unwrap_or_else(|| panic!("no {begin}")).1.split("```json\n").skip(1);
    let block = if what == "trust" { blocks.next() } else { blocks.nth(1) };
    serde_json::from_str(block.unwrap().split("```").next().unwrap()).unwrap()
}

/// What it may, in the server's form.
pub(crate) fn policy(role: &str) -> Value {
    json!({"name": format!("cstore-shop-{role}"), "document": documented(role, "policy")})
}

/// That of the promoter, from `shop-dev` to `shop-prod` of any bucket.
pub(crate) fn promoters_policy() -> Value {
    let document = documented("promoter", "policy").to_string();
    let document = document.replace("cstore-shop/shop/", "cstore-shop/shop-prod/").replace("cstore-shop", "*");
    json!({"name": "promoter", "document": serde_json::from_str::<Value>(&document).unwrap()})
}

/// Whom it trusts: the server calls a token's claims `oidc:…`, and the provider by its name here.
pub(crate) fn role(role: &str) -> Value {
    role_with(role, role)
}

/// The role whose trust has conditions on claims; it may what a puller may.
pub(crate) fn deployer() -> Value {
    role_with("deployer", "puller")
}

fn role_with(role: &str, policy: &str) -> Value {
    let mut trust = documented(role, "trust");
    for statement in trust["Statement"].as_array_mut().unwrap() {
        statement["Principal"] = json!({"Federated": "github"});
        statement["Action"] = json!([statement["Action"]]);
        let conditions = statement["Condition"].to_string();
        assert!(conditions.contains(ISSUER), "{conditions}");
        statement["Condition"] = serde_json::from_str(&conditions.replace(ISSUER, "oidc:")).unwrap();
    }
    let attached = format!("cstore-shop-{policy}");
    json!({"roleName": format!("cstore-shop-{role}"), "roleArn": arn(role), "attachedPolicies": [attached], "trustPolicy": trust})
}

fn as_role(step: Action, role: &str, subject: &'static str) -> Action {
    as_job(step, role, Token { subject: Some(subject), ..Token::default() })
}

fn as_job(step: Action, role: &str, token: Token) -> Action {
    shared().issuer.github(token).job(step).input("role-to-assume", &arn(role))
}

/// The policies name one bucket, in which one test at a time looks at all there is.
fn shop() -> MutexGuard<'static, Bucket> {
    static SHOP: LazyLock<Mutex<Bucket>> =
        LazyLock::new(|| Mutex::new(Bucket::create_on(server(), BUCKET, Versioning::Enabled)));
    SHOP.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
#[ignore = "needs SeaweedFS"]
fn the_modules_roles_are_for_the_jobs_that_they_trust() {
    let bucket = shop();
    as_role(push(&bucket, "v1.0.0", &SHOP), "pusher", TAG).run().succeeds();
    let run = as_role(pull(&bucket, "v1.0.0"), "puller", PROD).run().succeeds();
    assert_eq!(run.output("TOKEN"), "first-token");

    // Each trusts its own subjects alone.
    let other_tag = "repo:acme@1000/shop@4711:ref:refs/tags/x1";
    let named_anew = "repo:acme@9/shop@8:environment:prod";
    for (role, subject) in
        [("pusher", PROD), ("puller", TAG), ("pusher", other_tag), ("puller", named_anew), ("releaser", PROD)]
    {
        let run = as_role(pull(&bucket, "v1.0.0"), role, subject).run().fails(3);
        assert_eq!(run.annotations[0].title, "Role refused", "{subject} as {role}");
    }

    // Each may what it is for.
    let before = bucket.keys();
    as_role(push(&bucket, "v1.1.0", &OTHER), "puller", PROD).run().fails(3).says("s3:PutObject");
    as_role(push(&bucket, "v1.1.0", &OTHER), "releaser", RELEASE).run().fails(3).says("s3:PutObject");
    as_role(pull(&bucket, "v1.0.0"), "releaser", RELEASE).run().fails(3).says("s3:GetObject");
    assert_eq!(bucket.keys(), before);
}

/// The conditions on claims that an entry of the module has: each has to be met.
#[test]
#[ignore = "needs SeaweedFS"]
fn a_role_with_conditions_on_claims_is_for_the_workflow_that_they_name() {
    const WORKFLOW: (&str, &str) = ("job_workflow_ref", "acme/workflows/.github/workflows/deploy.yml@refs/tags/v2");
    const NUMBER: (&str, &str) = ("repository_id", "815");
    let bucket = shop();
    as_role(push(&bucket, "v3.0.0", &SHOP), "pusher", TAG).run().succeeds();
    let deploy = |claims: &'static [(&'static str, &'static str)], audience: Option<&'static str>| {
        let subject = Some("repo:acme/deploy:environment:prod");
        as_job(pull(&bucket, "v3.0.0"), "deployer", Token { subject, claims, audience, ..Token::default() }).run()
    };
    assert_eq!(deploy(&[WORKFLOW, NUMBER], None).succeeds().output("TOKEN"), "first-token");
    for claims in [
        &[] as &[_],
        &[WORKFLOW],
        &[NUMBER],
        &[WORKFLOW, ("repository_id", "816")],
        &[("job_workflow_ref", "acme/workflows/.github/workflows/deploy.yml@refs/heads/main"), NUMBER],
        &[("job_workflow_ref", "evil/workflows/.github/workflows/deploy.yml@refs/tags/v2"), NUMBER],
    ] {
        let run = deploy(claims, None).fails(3);
        assert_eq!(run.annotations[0].title, "Role refused", "{claims:?}");
    }
    deploy(&[WORKFLOW, NUMBER], Some("https://other.example")).fails(3).says("aud: https://other.example");
}

/// Who publishes moves no channel, who moves one reads no file and publishes nothing, and who deploys does neither.
#[test]
#[ignore = "needs SeaweedFS"]
fn a_version_is_published_promoted_and_deployed_by_three_roles() {
    let bucket = shop();
    let pusher = |step| as_role(step, "pusher", TAG);
    let releaser = |step| as_role(step, "releaser", RELEASE);
    let puller = |step| as_role(step, "puller", PROD);
    let command = |command: &str| Action::new(&bucket).input("command", command);
    let promote = |version: &str| command("promote").input("from", version).input("to", ":prod");
    let deployed = || {
        let run = puller(pull(&bucket, ":prod")).run().succeeds();
        (run.output("config-version").to_owned(), run.output("TOKEN").to_owned())
    };
    let stands = |version: &str, token: &str| assert_eq!(deployed(), (version.to_owned(), token.to_owned()));

    pusher(push(&bucket, "v2.0.0", &SHOP)).run().succeeds();
    pusher(push(&bucket, "v2.1.0", &OTHER)).run().succeeds();
    pusher(promote("v2.0.0")).run().fails(3).says("s3:PutObject").says(".cstore/channels/prod.json");
    puller(pull(&bucket, ":prod")).run().fails(6);

    let first = releaser(promote("v2.0.0")).run().succeeds().output("config-channel-move").to_owned();
    stands("v2.0.0", "first-token");
    puller(promote("v2.1.0")).run().fails(3).says("s3:PutObject");
    let second = releaser(promote("v2.1.0").input("expect-current", &first)).run().succeeds();
    stands("v2.1.0", "other-token");

    let back =
        || command("rollback").input("channel", "prod").input("expect-current", second.output("config-channel-move"));
    pusher(back()).run().fails(3).says("s3:PutObject");
    assert_eq!(releaser(back()).run().succeeds().output("config-version"), "v2.0.0");
    stands("v2.0.0", "first-token");

    // A channel of another name is not this releaser's, and what a pusher may not move it publishes all the same.
    releaser(promote("v2.1.0").input("to", ":staging")).run().fails(3).says("s3:PutObject");
    pusher(push(&bucket, "v2.2.0", &OTHER).input("channel", "prod")).run().fails(3).says(".cstore/channels/prod.json");
    puller(pull(&bucket, "v2.2.0")).run().succeeds();
    stands("v2.0.0", "first-token");
}
