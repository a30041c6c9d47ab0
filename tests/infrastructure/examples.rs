//! The module's examples, applied to the test server: the module as others call it.

use serde_json::Value;

use crate::account::Account;
use crate::harness::{Action, Bucket};
use crate::stack::Stack;
use crate::terraform::{printed, succeeds, terraform};

/// The policy that an owner has given a bucket.
const OWNERS_POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Owners", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "arn:aws:s3:::acme-config"}]}"#;

#[test]
#[ignore = "needs terraform"]
fn the_module_is_called_by_a_root() {
    let terraform = terraform().example("module");
    let stack = Stack::new(&terraform, Account::new());
    stack.applies();
    assert!(stack.outputs()["workflow"]["value"].as_str().unwrap().contains("cstore-shop-puller"));
    stack.is_destroyed();
    assert!(stack.account.roles().is_empty(), "{:?}", stack.account.roles());
}

#[test]
#[ignore = "needs terraform"]
fn several_projects_and_another_account() {
    let terraform = terraform().example("several");
    let account = Account::new();
    account.oidc_provider("https://token.actions.githubusercontent.com");
    let stack = Stack::new(&terraform, account);
    stack.applies();
    let roles = ["cstore-shop-puller", "cstore-shop-pusher", "cstore-web-puller", "cstore-web-pusher"];
    assert_eq!(stack.account.roles(), roles, "that of production is in the other account");
    stack.is_destroyed();
}

#[test]
#[ignore = "needs terraform"]
fn a_copy_in_another_region() {
    let terraform = terraform().example("two-regions");
    let stack = Stack::new(&terraform, Account::new());
    stack.is_applied();
    // The server forgets part of the replication's settings, and nothing else is to be done a second time.
    let again = printed(&stack.run("plan", &[]));
    let changed: Vec<_> = again.lines().filter(|line| line.contains(" will be ")).collect();
    let forgotten = "  # module.config.aws_s3_bucket_replication_configuration.store[0] will be updated in-place";
    assert_eq!(changed, [forgotten], "{again}");
    let replication = stack.account.about("cstore-shop", "replication");
    assert!(replication.contains("arn:aws:s3:::cstore-shop-copy"), "{replication}");
    assert!(replication.contains("arn:aws:kms:eu-north-1:"), "with the key of the other region: {replication}");
    let policy = stack.account.about("cstore-shop-copy", "policy");
    assert!(policy.contains("role/cstore-shop-puller"), "the jobs' role may read the copy: {policy}");
    stack.is_destroyed();
}

/// The server makes no state machines and forgets that EventBridge is told: the module's own tests see what is planned.
#[test]
#[ignore = "needs terraform"]
fn what_events_start_is_valid() {
    let terraform = terraform().example("events");
    succeeds(&mut terraform.command(["validate", "-no-color"]));
}

#[test]
#[ignore = "needs terraform"]
fn a_bucket_and_a_key_that_exist_stay_as_they_are() {
    let terraform = terraform().example("existing-bucket");
    let account = Account::new();
    let bucket: Bucket = account.bucket("acme-config");
    let versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    account.set("acme-config", "versioning", versioning).set("acme-config", "policy", OWNERS_POLICY);
    let key = account.key();
    let present = || {
        let settings = ["policy", "versioning", "encryption", "lifecycle", "publicAccessBlock", "ownershipControls"];
        (settings.map(|what| account.about("acme-config", what)), account.key_policy(&key))
    };
    let before = present();
    let stack = Stack::new(&terraform, account);
    let stack = stack.variable("kms_key_arn", &format!("arn:aws:kms:us-east-1:123456789012:key/{key}"));
    stack.applies();
    assert_eq!(present(), before);

    let outputs = stack.outputs();
    for document in ["bucket_policy", "key_policy"] {
        let policy: Value = serde_json::from_str(outputs[document]["value"].as_str().unwrap()).unwrap();
        assert!(policy["Statement"].as_array().is_some_and(|statements| !statements.is_empty()), "{policy}");
    }
    account.without_bucket_policy(&bucket); // the server holds everybody to it
    let step = |role: &str| {
        let step = Action::new(&bucket).input("context", "shop").version("v1.0.0").files(&["service/.env"]);
        step.input("role-to-assume", &format!("arn:aws:iam::123456789012:role/acme-config-{role}"))
    };
    let push =
        |role: &str| account.run(step(role).input("command", "push").workspace_file("service/.env", "TOKEN=of-shop\n"));
    push("puller").fails(3);
    push("pusher").succeeds();
    assert_eq!(account.run(step("puller")).succeeds().output("TOKEN"), "of-shop");

    account.set("acme-config", "policy", OWNERS_POLICY);
    stack.is_destroyed();
    assert_eq!(present(), before, "nor does a destroy touch them");
}

/// The first apply in an account that has a provider fails, and says by which variables it goes on.
#[test]
#[ignore = "needs terraform"]
fn an_account_that_has_an_oidc_provider_is_told_what_to_set() {
    let terraform = terraform();
    let account = Account::new();
    account.oidc_provider("https://token.actions.githubusercontent.com");
    let call = |more: &str| {
        let pullers = r#"[{ repository = "acme/shop", subjects = ["environment:prod"] }]"#;
        let call = format!(
            "module \"config\" {{\n  source = \"../..\"\n  bucket = \"acme-config\"\n  github_pullers = {pullers}\n{more}}}\n"
        );
        terraform.with_example(&[("main.tf", &call)])
    };
    let making = call("");
    let applied = Stack::new(&making, account).run("apply", &["-auto-approve"]);
    assert!(!applied.status.success());
    for name in ["EntityAlreadyExists", "find_oidc_provider", "oidc_provider_arn"] {
        assert!(printed(&applied).contains(name), "{name} is not in\n{}", printed(&applied));
    }

    let finding = call("  find_oidc_provider = true\n");
    let stack = Stack::new(&finding, account);
    stack.applies();
    stack.is_destroyed();

    let another = call("  find_oidc_provider = true\n  oidc_audience = \"other\"\n");
    let plan = Stack::new(&another, account).run("plan", &[]);
    assert!(!plan.status.success() && printed(&plan).contains("oidc_audience"), "{}", printed(&plan));
}
