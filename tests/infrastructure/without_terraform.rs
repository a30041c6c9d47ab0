//! The ways without Terraform: the least that works, as a script and as a CloudFormation template, carried out on the test
//! server and used by the action.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::account::Account;
use crate::harness::{Action, Bucket, REGION, python};
use crate::policies::script;
use crate::terraform::{printed, succeeds};

const PUSHER: &str = "arn:aws:iam::123456789012:role/cstore-shop-pusher";

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/infrastructure/cloudformation/least.yml");

const LEAST: &str = "## The least that works";

/// A section of docs/setup.md.
fn section(heading: &str) -> String {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/setup.md")).unwrap();
    let section = guide.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no {heading}")).1;
    section.split("\n## ").next().unwrap().split("\n### ").next().unwrap().to_owned()
}

/// Its commands.
fn commands(heading: &str) -> String {
    let section = section(heading);
    let block = section.split("```sh\n").nth(1).unwrap_or_else(|| panic!("no commands below {heading}"));
    block.split("```").next().unwrap().to_owned()
}

/// The file that the page has its reader save, and how it says to run it: an error must not end the reader's own shell.
fn as_the_page_says(script: &str) -> String {
    assert!(section(LEAST).contains("Save this as `least.sh`, and run `sh least.sh`."));
    format!("cd \"$(mktemp -d)\"\ncat >least.sh <<'END'\n{script}\nEND\nsh least.sh")
}

/// Runs commands as somebody who has AWS's command line interface.
pub(crate) fn runs(account: Account, commands: &str) {
    let folder = tempfile::tempdir().unwrap();
    let aws = script("aws.py").get_args().last().unwrap().to_owned();
    let stand_in = format!("#!/bin/sh\nexec '{}' -B '{}' \"$@\"\n", python().display(), Path::new(&aws).display());
    fs::write(folder.path().join("aws"), stand_in).unwrap();
    succeeds(Command::new("chmod").arg("+x").arg(folder.path().join("aws")));
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let commands = commands.replace("eu-central-1", REGION);
    // There, and there alone, a bucket is made without saying where.
    let commands = commands.replace(" --create-bucket-configuration LocationConstraint=$AWS_REGION", "");
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", &commands]).current_dir(env!("CARGO_MANIFEST_DIR")).env("PATH", path);
    shell.envs(account.environment());
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
}

/// The role that was made pushes and pulls, and neither deletes nor moves anything.
fn is_used(account: Account) {
    let bucket = Bucket::existing(account.server(), "cstore-shop");
    let step = || {
        let step = Action::new(&bucket).input("context", "shop").version("v1.0.0").files(&["service/.env"]);
        step.input("role-to-assume", PUSHER)
    };
    let text = "TOKEN=of-the-least\n";
    account.run(step().input("command", "push").workspace_file("service/.env", text)).succeeds();
    assert_eq!(account.run(step()).succeeds().output("TOKEN"), "of-the-least");
    let purge = Action::new(&bucket).input("command", "purge").input("context", "shop").version("v1.0.0");
    account.run(purge.input("role-to-assume", PUSHER)).fails(3);
}

#[test]
fn the_least_that_works_is_thirty_lines_and_works() {
    let commands = commands(LEAST);
    let lines = commands.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines <= 30, "these are {lines} lines");
    let account = Account::new();
    runs(account, &as_the_page_says(&commands));
    assert_eq!(account.roles(), ["cstore-shop-pusher"], "one bucket, one role");
    assert!(account.about("cstore-shop", "versioning").contains("Enabled"));
    is_used(account);
}

/// An account holds one provider for an issuer, and the tutorial has made the bucket: the page says which lines to leave out.
#[test]
fn the_least_works_where_the_account_has_bucket_and_provider_already() {
    let section = section(LEAST);
    let left_out: Vec<_> =
        section.split("leave out the line with `").skip(1).map(|rest| rest.split('`').next().unwrap()).collect();
    assert_eq!(left_out, ["create-bucket", "create-open-id-connect-provider"]);
    let commands = commands(LEAST);
    let is_left_out = |line: &&str| left_out.iter().any(|word| line.contains(&format!(" {word} ")));
    let (lines, without): (Vec<_>, Vec<_>) = commands.lines().partition(is_left_out);
    assert_eq!(lines.len(), left_out.len(), "{lines:?}");
    let account = Account::new();
    account.oidc_provider("https://token.actions.githubusercontent.com");
    account.bucket("cstore-shop");
    runs(account, &as_the_page_says(&without.join("\n")));
    assert!(account.about("cstore-shop", "versioning").contains("Enabled"));
    is_used(account);
}

#[test]
fn the_template_is_clean() {
    succeeds(Command::new(python().with_file_name("cfn-lint")).arg(TEMPLATE));
}

/// What the server leaves out of it: the OIDC provider and the bucket's settings, which the linter alone has seen.
#[test]
fn the_template_is_carried_out_and_used() {
    let account = Account::new();
    runs(account, &commands("### The same with CloudFormation"));
    assert_eq!(account.roles(), ["cstore-shop-pusher"]);
    is_used(account);
}

/// With the override that the page names, and for somebody whose name an enterprise manages: `jane_acme`.
#[test]
fn the_template_takes_the_provider_that_the_account_has() {
    let account = Account::new();
    account.oidc_provider("https://token.actions.githubusercontent.com");
    let section = section("### The same with CloudFormation");
    assert!(section.contains("add `OidcProviderArn=` and its ARN"), "{section}");
    let arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    let subject = "repo:jane_acme/shop:environment:prod";
    let commands = commands("### The same with CloudFormation");
    let (before, _) = commands.split_once("Subject=").unwrap();
    runs(account, &format!("{before}Subject={subject} OidcProviderArn={arn}\n"));
    let trust = account.trust("cstore-shop-pusher");
    assert_eq!(trust["Statement"][0]["Principal"]["Federated"], arn);
    assert!(trust.to_string().contains(subject), "{trust}");
    is_used(account);
    // The server takes any subject; what CloudFormation lets through is by this pattern.
    let template = fs::read_to_string(TEMPLATE).unwrap();
    let pattern = template.split_once("AllowedPattern: \"repo:").unwrap().1.split('"').next().unwrap();
    let matches = "import re, sys; sys.exit(re.fullmatch('repo:' + sys.argv[1], sys.argv[2]) is None)";
    let taken =
        |subject: &str| Command::new(python()).args(["-c", matches, pattern, subject]).status().unwrap().success();
    assert!(taken(subject) && taken("repo:acme@1000/shop@4711:ref:refs/tags/v*"), "{pattern}");
    assert!(!taken("repo:acme/*:environment:prod") && !taken("repo:acme/shop:*"), "{pattern}");
}
