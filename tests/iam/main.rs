//! The action under real identity policies: moto enforces them from here on, action and resource by their letter
//! (not conditions). A role lacks one action at a time, and the message must name it with resource and principal.

#![allow(clippy::unwrap_used, reason = "clippy takes only what is below #[test] for tests, not what they call")]

#[path = "../harness/mod.rs"]
mod harness;

use harness::http::{Request, encode};
use harness::{Action, Bucket, GitHub, Run, Server, shows};

/// moto's account.
const ACCOUNT: &str = "123456789012";

/// From now on the server refuses what no policy allows; only so many calls are still free.
fn enforce(free_calls: &str) {
    let server = Server::shared();
    server.send("iam", Request::new("POST", "/moto-api/reset-auth").body(free_calls)).succeeded();
}

fn iam(fields: &[(&str, &str)]) {
    let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let request = Request::new("POST", "/").body(format!("{}&Version=2010-05-08", body.join("&")));
    let request = request.headers(&[("Content-Type", "application/x-www-form-urlencoded")]);
    Server::shared().send("iam", request).succeeded();
}

/// A role that may do this with the bucket and what is in it, and nothing else.
fn role(name: &str, bucket: &Bucket, actions: &[&str]) -> String {
    role_within(name, bucket, &[(actions, "")])
}

/// A role that may do this with the bucket, and with those of its objects whose keys end so.
fn role_within(name: &str, bucket: &Bucket, allowed: &[(&[&str], &str)]) -> String {
    let statements: Vec<_> = allowed
        .iter()
        .map(|(actions, end)| {
            let actions: Vec<_> = actions.iter().map(|action| format!("\"{action}\"")).collect();
            format!(
                r#"{{"Effect":"Allow","Action":[{}],"Resource":["arn:aws:s3:::{1}","arn:aws:s3:::{1}/*{end}"]}}"#,
                actions.join(","),
                bucket.name()
            )
        })
        .collect();
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    iam(&[("Action", "CreateRole"), ("RoleName", name), ("AssumeRolePolicyDocument", "{}")]);
    let put = ("Action", "PutRolePolicy");
    iam(&[put, ("RoleName", name), ("PolicyName", "config"), ("PolicyDocument", &policy)]);
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

/// Runs a step as a role. Its exchange of the token is not signed, so moto could not judge it: that call is free.
fn run_as(role: &str, github: &GitHub, step: Action) -> Run {
    enforce("1");
    let run = github.job(step).input("role-to-assume", role).run();
    enforce("inf");
    run
}

fn push(bucket: &Bucket, version: &str) -> Action {
    Action::push(bucket).version(version).files(&[".env"]).workspace_file(".env", "TOKEN=swordfish\n")
}

/// One story, since all of a test program have one server, and it enforces policies for all or for none.
#[test]
fn a_role_may_do_what_its_policy_allows_and_the_message_names_what_is_missing() {
    let shown =
        shows("T11", "roles of another bucket, and roles without one of the actions", "code 3, naming what is missing");
    let (bucket, github) = (Bucket::versioned(), GitHub::start());
    push(&bucket, "v1.0.0").run().succeeds();
    let all = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:ListBucket"];
    let without = |missing: &str| all.into_iter().filter(|action| *action != missing).collect::<Vec<_>>();
    let pull = |version: &str| Action::pull(&bucket).version(version);

    let pusher = role("pusher", &bucket, &all);
    run_as(&pusher, &github, push(&bucket, "v1.1.0")).succeeds();
    let puller = role("puller", &bucket, &without("s3:PutObject"));
    assert_eq!(run_as(&puller, &github, pull("v1.1.0")).succeeds().output("TOKEN"), "swordfish");
    run_as(&puller, &github, pull("latest")).succeeds();

    let arn = |key: &str| format!("arn:aws:s3:::{}{key}", bucket.name());
    for (name, action, step, resource) in shown.each([
        ("no-get", "s3:GetObject", pull("v1.0.0"), arn("/shop/.cstore/versions/v1.0.0.json")),
        ("no-put", "s3:PutObject", push(&bucket, "v2.0.0"), arn("/shop/.cstore/claims/v2.0.0.json")),
        ("no-list", "s3:ListBucket", pull("latest"), arn("")),
    ]) {
        let role = role(name, &bucket, &without(action));
        let run = run_as(&role, &github, step).fails(3);
        let principal = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{name}/cstore-1234567890");
        run.says("Access denied").says(&format!("Allow {action} on {resource} for {principal}."));
    }

    // What a role of a stranger's may do is nothing.
    let stranger = role("stranger", &Bucket::versioned(), &all);
    run_as(&stranger, &github, pull("v1.0.0")).fails(3);
    run_as(&stranger, &github, push(&bucket, "v3.0.0")).fails(3);
    pull("v3.0.0").run().fails(6);

    // Of a head: who may list, and read manifests, but no file, can still make a dry run.
    let shown = shows(
        "T26",
        "a dry run of a push as a role that may read manifests and no file",
        "the files that differ, not their keys",
    );
    let head = |value: &str| {
        let catalog = "version: v4\ncontext: shop\nfiles:\n- path: .env\n";
        let step = Action::push(&bucket).repository_file("cstore.yml", catalog);
        step.workspace_file(".env", format!("TOKEN={value}\n"))
    };
    head("swordfish").run().succeeds();
    let planner = role_within("planner", &bucket, &[(&["s3:ListBucket"], ""), (&["s3:GetObject"], "/.cstore/*")]);
    let dry = head("other-value").input("dry-run", "true");
    assert!(run_as(&puller, &github, dry).succeeds().summary.contains("| changed | `TOKEN` |"));
    for (value, changed) in shown.each([("other-value", "true"), ("swordfish", "false")]) {
        let run = run_as(&planner, &github, head(value).input("dry-run", "true")).succeeds();
        assert_eq!(run.output("config-changed"), changed);
        assert!(!run.summary.contains("TOKEN"), "{}", run.summary);
        // Only files that differ are read.
        assert_eq!(run.printed().contains("s3:GetObject was denied"), changed == "true", "{}", run.printed());
    }
    run_as(&planner, &github, head("other-value")).fails(3);
    run_as(&planner, &github, pull("v1.0.0")).fails(3);
}
