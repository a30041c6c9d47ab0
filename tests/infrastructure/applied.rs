//! The module applied for real, to the test server, and the action run on what was applied.

use std::fs;

use serde_json::Value;

use crate::account::Account;
use crate::harness::{Action, Request, encode};
use crate::stack::Stack;
use crate::terraform::{MODULE, Terraform, printed, terraform};
use crate::workflow::Workflow;

/// More entries for the template's `github_pullers`: the one of another role, the other of another repository.
const MORE_PULLERS: &str = r#"{
  repository = "acme/shop", subjects = ["environment:dev"], role = "puller-dev"
  paths      = [{ context = "shop", path = "service/dev/*" }]
}, {
  repository = "acme/deploy", subjects = ["environment:prod"]
},"#;

/// More variables: who moves channels, who signs in with IAM Identity Center, and that nothing is deleted for a day.
const MORE: &str = r#"
object_lock           = { days = 1 }
identity_center_users = ["DevOps/me@example.com"]
github_releasers = [{ repository = "acme/shop", subjects = ["environment:release"], channels = [{ context = "shop", name = "prod" }] }]
"#;

/// The template filled in as its user would do it, with every example that it gives.
fn settings() -> String {
    let mut settings = fs::read_to_string(format!("{MODULE}/terraform.tfvars")).unwrap();
    for (from, to) in [
        ("{{CONTEXT}}", "shop"),
        ("\n]\ngithub_pushers", &format!("\n{MORE_PULLERS}]\ngithub_pushers")),
        ("  # ", "  "),
        ("roles = []", "roles = [\"shop-task\"]"),
        ("users = []", "users = [\"ci\"]"),
    ] {
        assert!(settings.contains(from), "{from} is not in the template:\n{settings}");
        settings = settings.replace(from, to);
    }
    // The server forgets NewerNoncurrentVersions, and the provider would wait for it.
    format!("{settings}{MORE}noncurrent_version_days = 0\n")
}

/// The role that IAM Identity Center makes of a permission set, with an end that nobody knows beforehand.
const OF_PERMISSION_SET: &str = "AWSReservedSSO_DevOps_0123456789abcdef";

/// An account that has everybody whom the settings name.
fn account() -> Account {
    let account = Account::new();
    account.role("devops", "/").role("shop-task", "/ecs/").user("ci");
    account.role(OF_PERMISSION_SET, "/aws-reserved/sso.amazonaws.com/eu-central-1/");
    account
}

fn shop(terraform: &Terraform, account: Account) -> Stack<'_> {
    Stack::new(terraform, account).with_settings(&settings())
}

#[test]
#[ignore = "needs terraform"]
fn who_does_not_exist_is_named() {
    let terraform = terraform();
    let terraform = terraform.with_file("nothing.tf", "");
    let plan = shop(&terraform, Account::new()).variable("find_oidc_provider", "true").run("plan", &[]);
    assert_eq!(plan.status.code(), Some(1), "{}", printed(&plan));
    for (missing, variable) in [
        ("IAM Role (devops)", "role_users names"),
        ("IAM Role (shop-task)", "roles names"),
        ("user with name ci", "users names"),
        ("AWSReservedSSO_DevOps_", "identity_center_users:"),
        ("provider", "find_oidc_provider = false"),
    ] {
        for said in [missing, variable] {
            assert!(printed(&plan).contains(said), "{said} is not named in\n{}", printed(&plan));
        }
    }
}

#[test]
#[ignore = "needs terraform"]
fn an_existing_bucket_and_key_are_taken_over_as_the_guide_says() {
    let terraform = terraform();
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/infrastructure/README.md")).unwrap();
    let blocks = guide.split("```hcl\n").skip(1).filter_map(|rest| rest.split("```").next());
    let import = blocks.into_iter().find(|block| block.contains("import {")).expect("the guide has import blocks");
    let terraform = terraform.with_file("existing.tf", "");
    let stack = shop(&terraform, account());
    stack.account.bucket("cstore-shop").put("shop/v1.0.0/.env", "TOKEN=of-the-go-tool\n", &[]);
    let import = import.replace("BUCKET", "cstore-shop").replace("KEY_ID", &stack.account.key());
    fs::write(terraform.folder().join("existing.tf"), import).unwrap();
    let planned = stack.planned();
    assert!(planned.contains("2 to import") && planned.contains(" 0 to destroy"), "{planned}");
}

#[test]
#[ignore = "needs terraform"]
fn it_is_applied_used_and_destroyed() {
    let terraform = terraform();
    let stack = shop(&terraform, account());
    stack.applies();

    let outputs = stack.outputs();
    let policy = stack.account.about("cstore-shop", "policy");
    assert!(policy.contains("arn:aws:iam::123456789012:role/ecs/shop-task"), "a role below a path:\n{policy}");
    assert!(policy.contains(OF_PERMISSION_SET), "the permission set's role was looked up:\n{policy}");
    stack.account.without_bucket_policy(&stack.bucket());
    used_in_workflows(&stack, &outputs);

    // What is locked stays, unless its owner goes past that.
    let locked = stack.bucket().versions();
    let (key, version) = (&locked[0].key, &locked[0].version_id);
    assert_eq!(deletes(&stack, key, version, &[]), 403, "{key} is not locked");
    for object in locked {
        let past = [("x-amz-bypass-governance-retention", "true")];
        assert_eq!(deletes(&stack, &object.key, &object.version_id, &past), 204, "{}", object.key);
    }
    stack.is_destroyed();
    assert_eq!(
        stack.account.roles(),
        [OF_PERMISSION_SET, "devops", "shop-task"],
        "what was there before stays, and nothing else"
    );
    let bucket = stack.account.server().send("s3", Request::new("HEAD", "/cstore-shop"));
    assert_eq!(bucket.status, 404);
}

/// What S3 answers to the deletion of an S3 version.
fn deletes(stack: &Stack<'_>, key: &str, version: &str, headers: &[(&str, &str)]) -> u16 {
    let target = format!("/{}/{key}?versionId={}", stack.bucket().name(), encode(version));
    stack.account.server().send("s3", Request::new("DELETE", target).headers(headers)).status
}

/// The action in the jobs that the module prints, each held to what its role may.
fn used_in_workflows(stack: &Stack<'_>, outputs: &Value) {
    let workflow = Workflow::read(outputs["workflow"]["value"].as_str().unwrap());
    let bucket = stack.bucket();
    let step = |job: &str| workflow.step(job, &bucket);
    let dev = "TOKEN=of-development\n";
    let prod = "PASSWORD=of-production\n";
    let with_files = |step: Action| {
        step.workspace_file("service/dev/.env", dev).workspace_file("service/prod/.env", prod).files(&["**/.env"])
    };
    let run = |step: Action| stack.account.run(step);

    let pushed = run(with_files(step("pusher")).tag("v1.0.0")).succeeds();
    assert_eq!(pushed.output("config-changed"), "true");
    let again = run(with_files(step("pusher")).tag("v1.0.0")).succeeds();
    assert_eq!(again.output("config-changed"), "false");

    let pulled = run(step("puller")).succeeds();
    assert_eq!((pulled.output("config-version"), pulled.output("config-integrity")), ("v1.0.0", "verified"));
    assert_eq!(pulled.file("service/prod/.env"), prod);
    let of_dev = run(step("puller-dev")).succeeds();
    assert_eq!(of_dev.output("TOKEN"), "of-development");
    // Another repository's job has a role of its own.
    let of_deploy = Action::new(&bucket).version("v1.0.0").input("context", "shop");
    let arn = outputs["puller_role_arns"]["value"]["puller-deploy"].as_str().unwrap();
    run(of_deploy.input("role-to-assume", arn)).succeeds();

    let push_as = |role: &str| {
        let arn = format!("arn:aws:iam::123456789012:role/{role}");
        run(with_files(step("pusher")).input("role-to-assume", &arn).tag("v1.1.0")).fails(3)
    };
    push_as("cstore-shop-puller").says("s3:PutObject");
    push_as("cstore-shop-releaser").says("s3:PutObject");
    let as_releaser = "arn:aws:iam::123456789012:role/cstore-shop-releaser";
    run(step("puller").input("role-to-assume", as_releaser).version("v1.0.0")).fails(3).says("s3:GetObject");
    push_as("devops");
    run(step("puller-dev").version("v1.0.0").files(&["**"])).fails(3).says("s3:GetObject");
    run(step("puller").input("role-to-assume", "arn:aws:iam::123456789012:role/devops").version("v1.0.0")).fails(3);
    assert!(!bucket.keys().iter().any(|key| key.contains("v1.1.0")), "{:#?}", bucket.keys());

    let key = outputs["kms_key_arn"]["value"].as_str();
    for path in ["shop/v1.0.0/service/dev/.env", "shop/.cstore/versions/v1.0.0.json", "shop/.cstore/claims/v1.0.0.json"]
    {
        assert_eq!(bucket.head(path).unwrap().kms_key(), key, "{path} is encrypted with the bucket's key");
    }

    // Somebody writes over a published file: the pull gets the S3 version that the manifest pins.
    let locked = [("x-amz-sdk-checksum-algorithm", "SHA256")]; // without which Object Lock takes no object
    bucket.put("shop/v1.0.0/service/prod/.env", "PASSWORD=forged\n", &locked);
    assert_eq!(run(step("puller").version("v1.0.0")).succeeds().file("service/prod/.env"), prod);

    for text in [dev, "TOKEN=of-later\n"] {
        let push = step("pusher")
            .files(&["service/dev/.env"])
            .input("update-catalog", "true")
            .workspace_file("service/dev/.env", text);
        run(push.branch("main")).succeeds();
    }
    let pulled = run(step("puller-dev").version("head")).succeeds();
    assert_eq!(pulled.output("TOKEN"), "of-later");
}
