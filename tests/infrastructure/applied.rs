//! The module applied for real, to the test server, and the action run on what was applied.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::account::Account;
use crate::harness::{Action, Bucket, REGION, Request, python};
use crate::terraform::{Terraform, printed, succeeds, terraform};

/// One more entry for the template's `github_pullers`.
const DEV_PULLER: &str = r#"{
  repository = "acme/shop", subjects = ["environment:dev"], role = "puller-dev"
  paths      = [{ context = "shop", path = "service/dev/*" }]
},"#;

/// The module, with a state of its own, before an account.
struct Stack<'a> {
    terraform: &'a Terraform,
    account: Account,
    settings: PathBuf,
    state: PathBuf,
}

impl<'a> Stack<'a> {
    fn new(terraform: &'a Terraform) -> Self {
        let file = |name: &str| terraform.folder().join(name);
        let stack = Self { terraform, account: Account::new(), settings: file("shop.vars"), state: file("shop.state") };
        // Filled in as its user would do it, with every example that it gives.
        let mut settings = fs::read_to_string(file("terraform.tfvars")).unwrap();
        for (from, to) in [
            ("{{CONTEXT}}", "shop"),
            ("github_pullers = [", &format!("github_pullers = [{DEV_PULLER}")),
            ("  # ", "  "),
            ("roles = []", "roles = [\"shop-task\"]"),
            ("users = []", "users = [\"ci\"]"),
        ] {
            assert!(settings.contains(from), "{from} is not in the template:\n{settings}");
            settings = settings.replace(from, to);
        }
        // The server forgets NewerNoncurrentVersions, and the provider would wait for it.
        fs::write(&stack.settings, format!("{settings}\nnoncurrent_versions_kept = null\n")).unwrap();
        stack
    }

    fn command(&self, subcommand: &str, arguments: &[&str]) -> Command {
        let mut command = self.terraform.command([subcommand, "-no-color"]);
        command.args(arguments).envs([
            ("AWS_ENDPOINT_URL", self.account.server().endpoint()),
            ("AWS_ACCESS_KEY_ID", "AKIATERRAFORM".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "made-up".to_owned()),
            ("AWS_REGION", REGION.to_owned()),
        ]);
        command.arg(argument("-state", &self.state));
        command
    }

    /// `plan`, `apply` or `destroy`.
    fn run(&self, subcommand: &str, arguments: &[&str]) -> Output {
        let mut command = self.command(subcommand, arguments);
        command.arg("-input=false").arg(argument("-var-file", &self.settings)).output().unwrap()
    }

    fn outputs(&self) -> Value {
        serde_json::from_str(&succeeds(&mut self.command("output", &["-json"]))).unwrap()
    }

    fn bucket(&self) -> Bucket {
        Bucket::existing(self.account.server(), "cstore-shop")
    }
}

fn argument(name: &str, path: &std::path::Path) -> std::ffi::OsString {
    [OsStr::new(name), OsStr::new("="), path.as_os_str()].into_iter().collect()
}

#[test]
#[ignore = "needs terraform"]
fn who_does_not_exist_is_named() {
    let terraform = terraform();
    let plan = Stack::new(&terraform.with_file("nothing.tf", "")).run("plan", &[]);
    assert_eq!(plan.status.code(), Some(1), "{}", printed(&plan));
    for missing in ["IAM Role (devops)", "IAM Role (shop-task)", "user with name ci"] {
        assert!(printed(&plan).contains(missing), "{missing} is not named in\n{}", printed(&plan));
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
    let stack = Stack::new(&terraform);
    stack.account.role("devops", "/").role("shop-task", "/ecs/").user("ci");
    stack.account.bucket("cstore-shop").put("shop/v1.0.0/.env", "TOKEN=of-the-go-tool\n", &[]);
    let import = import.replace("BUCKET", "cstore-shop").replace("KEY_ID", &stack.account.key());
    fs::write(terraform.folder().join("existing.tf"), import).unwrap();
    let plan = stack.run("plan", &[]);
    assert!(plan.status.success(), "{}", printed(&plan));
    let summary = printed(&plan).lines().find(|line| line.starts_with("Plan: ")).unwrap().to_owned();
    assert!(summary.contains("2 to import") && summary.contains(" 0 to destroy"), "{}", printed(&plan));
}

#[test]
#[ignore = "needs terraform"]
fn it_is_applied_used_and_destroyed() {
    let terraform = terraform();
    let stack = Stack::new(&terraform);

    stack.account.role("devops", "/").role("shop-task", "/ecs/").user("ci");
    let applied = stack.run("apply", &["-auto-approve"]);
    assert!(applied.status.success(), "{}", printed(&applied));
    let again = stack.run("plan", &["-detailed-exitcode"]);
    assert_eq!(again.status.code(), Some(0), "a second plan changes something:\n{}", printed(&again));

    let outputs = stack.outputs();
    let policy = stack.account.server().send("s3", Request::new("GET", "/cstore-shop?policy")).succeeded().text();
    assert!(policy.contains("arn:aws:iam::123456789012:role/ecs/shop-task"), "a role below a path:\n{policy}");
    stack.account.without_bucket_policy(&stack.bucket());
    used_in_workflows(&stack, &outputs);

    for object in stack.bucket().versions() {
        stack.bucket().delete_version(&object.key, &object.version_id);
    }
    let destroyed = stack.run("destroy", &["-auto-approve"]);
    assert!(destroyed.status.success(), "{}", printed(&destroyed));
    assert_eq!(stack.account.roles(), ["devops", "shop-task"], "what was there before stays, and nothing else");
    let bucket = stack.account.server().send("s3", Request::new("HEAD", "/cstore-shop"));
    assert_eq!(bucket.status, 404);
}

/// The action in the jobs that the module prints, each held to what its role may.
fn used_in_workflows(stack: &Stack, outputs: &Value) {
    let jobs = yaml(outputs["workflow"]["value"].as_str().unwrap());
    let bucket = stack.bucket();
    let step = |job: &str| {
        let uses =
            jobs["jobs"][job]["steps"].as_array().unwrap_or_else(|| panic!("no job {job} in {jobs}")).last().unwrap();
        let with = uses["with"].as_object().unwrap().iter();
        with.fold(Action::new(&bucket), |step, (input, value)| step.input(input, value.as_str().unwrap()))
    };
    let dev = "TOKEN=of-development\n";
    let prod = "PASSWORD=of-production\n";
    let with_files =
        |step: Action| step.workspace_file("service/dev/.env", dev).workspace_file("service/prod/.env", prod);
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

    let push_as = |role: &str| {
        let arn = format!("arn:aws:iam::123456789012:role/{role}");
        run(with_files(step("pusher")).input("role-to-assume", &arn).tag("v1.1.0")).fails(3)
    };
    push_as("cstore-shop-puller").says("s3:PutObject");
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
    bucket.put("shop/v1.0.0/service/prod/.env", "PASSWORD=forged\n", &[]);
    assert_eq!(run(step("puller").version("v1.0.0")).succeeds().file("service/prod/.env"), prod);

    for text in [dev, "TOKEN=of-later\n"] {
        let push = step("pusher").input("update-catalog", "true").workspace_file("service/dev/.env", text);
        run(push.branch("main")).succeeds();
    }
    let pulled = run(step("puller-dev").version("head")).succeeds();
    assert_eq!(pulled.output("TOKEN"), "of-later");
}

/// A YAML document, read by a parser of its users.
fn yaml(text: &str) -> Value {
    let convert = "import json, sys, yaml; json.dump(yaml.safe_load(sys.argv[1]), sys.stdout)";
    let output = Command::new(python()).args(["-c", convert, text]).output().unwrap();
    assert!(output.status.success(), "{}\n{text}", printed(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}
