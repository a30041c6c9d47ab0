//! The module's examples, applied to the test server: the module as others call it.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::account::Account;
use crate::harness::Action;
use crate::harness::github_api::description::{operation_of, violation};
use crate::policies::script;
use crate::stack::Stack;
use crate::terraform::{MODULE, printed, succeeds, terraform};

/// What was applied with the folder of old becomes the folder's of today, and then that of a root that calls it. Bucket,
/// key, provider and roles stay: what is changed of them is what they allow.
#[test]
#[ignore = "needs terraform"]
fn a_root_calls_the_module_and_takes_over_what_the_folder_of_old_made() {
    // A second repository shared the first one's role, since both came to the same name.
    const SECOND: &str = r#"{ repository = "acme/deploy", subjects = ["environment:prod"] },"#;
    let terraform = terraform();
    let call = fs::read_to_string(format!("{MODULE}/examples/module/main.tf")).unwrap();
    let settings = call.split_once("source = \"../..\"\n").unwrap().1.split("\n}\n").next().unwrap();
    let (before, after) = settings.split_once("github_pullers = [\n").unwrap();
    let (first, after) = after.split_once("  ]\n").unwrap();
    // The server forgets NewerNoncurrentVersions, and the provider would wait for it.
    let settings = format!("{before}github_pullers = [\n{first}{SECOND}\n]\n{after}\nnoncurrent_version_days = 0\n");
    let of_old = settings.replace(", paths = [{ context = \"shop\", path = \"service/*\" }]", "");
    let old = terraform.of_old();
    let stack = Stack::new(&old, Account::new()).with_settings(&format!("{of_old}noncurrent_versions_kept = null\n"));
    stack.is_applied();
    assert_eq!(stack.account.roles(), ["cstore-shop-puller", "cstore-shop-pusher"]);

    // Each repository has a role of its own today. All the rest is updated.
    let besides = |stack: &Stack<'_>| {
        let changes = stack.planned_changes();
        let (updated, others): (Vec<_>, _) =
            changes.into_iter().partition(|change| change.ends_with(" will be updated in-place"));
        assert!(updated.iter().any(|change| change.contains("aws_s3_bucket_policy.store[0]")), "{updated:?}");
        others
    };
    let folder = terraform.with_file("nothing.tf", "");
    let stack = stack.into_root(&folder).with_settings(&settings);
    let made = ["aws_iam_role.puller", "aws_iam_role_policy.puller"];
    assert_eq!(besides(&stack), made.map(|of| format!("{of}[\"puller-deploy\"] will be created")), "in the folder");

    let example = terraform.example("module");
    let stack = stack.into_root(&example);
    assert_eq!(besides(&stack), [""; 0], "in the root, which names one repository");
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
    let trusts = stack.trusts();
    let of_prod = &trusts["arn:aws:iam::444455556666:role/cstore-shop-prod-puller"]["Statement"][0];
    assert_eq!(
        of_prod["Principal"]["Federated"],
        "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"
    );
    assert!(of_prod.to_string().contains("repo:acme/shop:environment:prod"), "{of_prod}");
    let others = trusts.keys().filter(|arn| arn.starts_with("arn:aws:iam::444455556666:"));
    assert_eq!(others.count(), 1, "{trusts:?}");
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
    let reads = "arn:aws:s3:::cstore-shop-copy/shop/service/*";
    assert!(policy.contains(reads), "and there the same paths: {policy}");
    stack.is_destroyed();
}

/// One role reads one context and publishes in the other, and changes nothing in the first.
#[test]
#[ignore = "needs terraform"]
fn a_version_is_promoted_by_a_role_of_its_own() {
    let terraform = terraform().example("promotion");
    let stack = Stack::new(&terraform, Account::new());
    stack.applies();
    let (account, bucket) = (stack.account, stack.bucket());
    account.without_bucket_policy(&bucket);
    let as_role = |role: &str, step: Action| {
        let arn = format!("arn:aws:iam::{}:role/cstore-shop-{role}", account.number());
        account.run(step.input("role-to-assume", &arn))
    };
    let push = |context: &str| {
        let step = Action::new(&bucket).input("command", "push").input("context", context).version("v1.0.0");
        step.files(&["service/.env"]).workspace_file("service/.env", "TOKEN=of-shop\n")
    };
    let pull = |context: &str| Action::new(&bucket).input("context", context).version("v1.0.0");
    let promote =
        |from: &str, to: &str| Action::new(&bucket).input("command", "promote").input("from", from).input("to", to);
    as_role("pusher", push("shop")).fails(3).says("s3:GetObject");
    as_role("pusher", push("shop-dev")).succeeds();
    as_role("pusher", promote("shop-dev@v1.0.0", "shop")).fails(3).says("s3:GetObject");
    as_role("puller", promote("shop-dev@v1.0.0", "shop")).fails(3).says("s3:GetObject");

    as_role("promoter", promote("shop-dev@v1.0.0", "shop")).succeeds();
    as_role("promoter", promote("shop@v1.0.0", "shop-dev@v1.1.0")).fails(3).says("s3:PutObject");
    assert_eq!(as_role("puller", pull("shop")).succeeds().output("TOKEN"), "of-shop");
    as_role("puller", pull("shop-dev")).fails(3).says("s3:GetObject");
}

/// All but the state machine is applied: the server makes none. It is walked instead, with what its target gets of an
/// event, and its call is held to the API's model.
#[test]
#[ignore = "needs terraform"]
fn what_events_start_is_done_by_roles_that_may() {
    let terraform = terraform().example("events");
    let tests = terraform.folder().join("tests");
    fs::create_dir_all(&tests).unwrap();
    fs::write(tests.join("events.tftest.hcl"), include_str!("events.tftest.hcl")).unwrap();
    let account = Account::new();
    let mut command = terraform.command(["test", "-json", "-verbose"]);
    let applied = succeeds(command.envs(account.environment()));
    let path = terraform.folder().join("applied.json");
    // What follows is the provider's whole schema, 13 MB of it.
    let state = applied.lines().find_map(|line| Some(line.split_once(",\"provider_schemas\":")?.0)).unwrap();
    fs::write(&path, format!("{state}}},\"type\":\"test_state\"}}\n")).unwrap();
    let asked = succeeds(script("event_targets.py").stdin(Stdio::from(fs::File::open(&path).unwrap())));
    assert_eq!(asked.lines().count(), 3, "{asked}");
    for line in asked.lines() {
        let (method, url, body): (String, String, Value) = serde_json::from_str(line).unwrap();
        let path = url.strip_prefix("https://api.github.com").unwrap();
        let operation = operation_of(&method, path).unwrap_or_else(|| panic!("GitHub has no {method} {path}"));
        assert_eq!(operation.parameters, [("owner", "acme"), ("repo", "shop")].map(|(k, v)| (k, v.to_owned())).into());
        assert_eq!(violation(&operation.description, "", &body), None, "{line}");
    }
}

/// The first apply in an account that has a provider fails, and says by which variables it goes on.
#[test]
#[ignore = "needs terraform"]
fn an_account_that_has_an_oidc_provider_is_told_what_to_set() {
    let terraform = terraform();
    let account = Account::new();
    account.oidc_provider("https://token.actions.githubusercontent.com").bucket("acme-config");
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
    stack.is_applied();
    stack.is_destroyed();

    let another = call("  find_oidc_provider = true\n  oidc_audience = \"other\"\n");
    let plan = Stack::new(&another, account).run("plan", &[]);
    assert!(!plan.status.success() && printed(&plan).contains("oidc_audience"), "{}", printed(&plan));
}

/// A root that makes itself what the module is given, and calls it for two projects, in one apply.
const MADE_BESIDE: &str = r#"
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_s3_bucket" "mine" {
  bucket_prefix = "acme-config"
}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "acme-logs"
  force_destroy = true
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject", Resource = "${aws_s3_bucket.logs.arn}/*" },
  ] })
}

resource "aws_kms_key" "mine" {}

resource "aws_iam_role" "task" {
  name               = "shop-task"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

module "shop" {
  source = "../.."

  bucket            = aws_s3_bucket.mine.id
  kms_key_arn       = aws_kms_key.mine.arn
  oidc_provider_arn = aws_iam_openid_connect_provider.github.arn
  role_name_prefix  = "cstore-shop"
  known_after_apply = KNOWN

  manage_bucket_policy = true
  manage_key_policy    = true

  github_pullers = [{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop" }] }]
  principals     = { task = { arn = aws_iam_role.task.arn, id = aws_iam_role.task.unique_id } }
}

module "web" {
  source = "../.."

  bucket_name             = "cstore-web"
  noncurrent_version_days = 0
  access_log_bucket       = aws_s3_bucket_policy.logs.bucket
  kms_key_arn             = aws_kms_key.mine.arn
  oidc_provider_arn       = aws_iam_openid_connect_provider.github.arn
  known_after_apply       = ["access_log_bucket", "kms_key_arn", "oidc_provider_arn"]

  # With the role's name, the 64 characters that IAM takes.
  role_name_prefix = "cstore-web-in-a-prefix-of-fifty-two-characters-xxxxx"
  github_pullers   = [{ repository = "acme/web", subjects = ["environment:prod"], role = "puller-prod", paths = [{ context = "web" }] }]
}

output "workflow" {
  value = module.shop.workflow
}
"#;

#[test]
#[ignore = "needs terraform"]
fn what_the_same_apply_makes_is_said_to_be_given() {
    let terraform = terraform();
    let root = |known: &str| terraform.with_example(&[("main.tf", &MADE_BESIDE.replace("KNOWN", known))]);
    let account = Account::new();
    // Each by the first block that asks for it, whose errors hide those of blocks that hang on it.
    let first: (&str, &[&str]) = ("[]", &["bucket", "oidc_provider_arn"]);
    for (known, variables) in [first, (r#"["bucket", "oidc_provider_arn"]"#, &["kms_key_arn"])] {
        let unsaid = root(known);
        let plan = Stack::new(&unsaid, account).run("plan", &[]);
        assert!(!plan.status.success());
        for variable in variables {
            let said = format!("known_after_apply = [\"{variable}\"]");
            assert!(printed(&plan).contains(&said), "{said} is not in\n{}", printed(&plan));
        }
    }

    let said = root(r#"["bucket", "kms_key_arn", "oidc_provider_arn"]"#);
    let stack = Stack::new(&said, account);
    stack.applies();
    let outputs = stack.outputs();
    let workflow = outputs["workflow"]["value"].as_str().unwrap();
    assert!(workflow.contains("bucket: \"acme-config"), "{workflow}");
    let logging = account.about("cstore-web", "logging");
    assert!(logging.contains("acme-logs"), "{logging}");
    let longest = "cstore-web-in-a-prefix-of-fifty-two-characters-xxxxx-puller-prod";
    assert_eq!(longest.len(), 64, "one more is refused: see `settings_that_contradict_each_other_are_told_how`");
    assert_eq!(account.roles(), ["cstore-shop-puller", longest, "shop-task"]);
    stack.is_destroyed();
}
