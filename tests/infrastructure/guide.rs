//! The guide, `infrastructure/README.md`, as its reader follows it: commands and settings, as they are written there.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::account::Account;
use crate::harness::Bucket;
use crate::stack::Stack;
use crate::terraform::{environment, of_init, printed, succeeds, terraform};
use crate::without_terraform::runs;
use crate::workflow::Workflow;

pub(crate) fn guide() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/infrastructure/README.md")).unwrap()
}

/// A section without its heading.
fn section<'a>(guide: &'a str, heading: &str) -> &'a str {
    let (_, rest) = guide.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("there is no {heading}"));
    rest.split("\n## ").next().unwrap()
}

/// What stands in the blocks of a language, without the indent of a list.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    let inside = |rest: &str, indent: &str| {
        let lines = rest.lines().take_while(|line| line.trim() != "```");
        lines.map(|line| format!("{}\n", line.strip_prefix(indent).unwrap_or(line))).collect()
    };
    let starts = text.match_indices(&begin);
    starts
        .map(|(at, _)| {
            let indent = text[..at].rsplit('\n').next().unwrap();
            inside(&text[at + begin.len()..], indent)
        })
        .collect()
}

/// The commands that a console shows; the lines that follow one belong to it.
fn commands(text: &str) -> String {
    let of_console =
        |block: String| block.lines().map(|line| format!("{}\n", line.trim_start_matches("$ "))).collect::<String>();
    blocks(text, "console").into_iter().map(of_console).collect()
}

/// A home that has the reader's repository, and to which GitHub's is a folder here.
struct Home {
    folder: TempDir,
}

impl Home {
    /// Its `cstore` takes the bucket's policy away first, as [`Account::without_bucket_policy`] does.
    fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        let folder = home.folder.path().display();
        let settings = format!(
            "[user]\n  name = Reader\n  email = reader@example.com\n[init]\n  defaultBranch = main\n\
             [url \"file://{folder}/github/\"]\n  insteadOf = https://github.com/\n"
        );
        fs::write(home.folder.path().join(".gitconfig"), settings).unwrap();
        let cstore = env!("CARGO_BIN_EXE_cstore");
        let module = concat!(env!("CARGO_MANIFEST_DIR"), "/infrastructure");
        home.runs(&format!(
            "git init -q github/OWNER/cstore-action && cp -R '{module}' github/OWNER/cstore-action/ &&
             cd github/OWNER/cstore-action && git add . && git commit -qm Module && cd ~ &&
             git init -q --bare github/acme/shop.git && git clone -q https://github.com/acme/shop.git shop 2>/dev/null &&
             mkdir -p shop/service && echo TOKEN=of-shop > shop/service/.env && echo .env > shop/.gitignore &&
             cd shop && git add . && git commit -qm Files && cd ~ &&
             mkdir tools && printf '#!/bin/sh\ncurl -sfX DELETE \"$AWS_ENDPOINT_URL/cstore-shop?policy\"\nexec {cstore} \"$@\"\n' > tools/cstore && printf '#!/bin/sh\necho \"$*\" > ~/started\n' > tools/gh &&
             chmod +x tools/*"
        ));
        home
    }

    fn command(&self, commands: &str) -> Command {
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", commands]).current_dir(self.folder.path()).env_clear();
        shell.envs(environment()).env("HOME", self.folder.path());
        let tools = self.folder.path().join("tools");
        shell.env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()));
        shell
    }

    fn runs(&self, commands: &str) -> String {
        succeeds(&mut self.command(commands))
    }
}

#[test]
#[ignore = "needs terraform"]
fn from_nothing_to_a_first_pull_as_it_is_written() {
    let account = Account::new();
    account.role("devops", "/");
    let home = Home::new();
    let guide = guide();
    let commands = commands(section(&guide, "## From nothing to a first pull"));
    let mut shell = home.command(&commands);
    shell.envs(account.environment()).envs(of_init()).env("TF_CLI_ARGS_apply", "-auto-approve -input=false");
    // The server forgets NewerNoncurrentVersions, and the provider would wait for it.
    shell.env("TF_VAR_noncurrent_version_days", "0");
    succeeds(&mut shell);

    // GitHub has the workflow that was printed, and runs it; it has no file with a secret.
    let stored = home.runs("git --git-dir github/acme/shop.git show main:.github/workflows/config.yml");
    assert_eq!(fs::read_to_string(home.folder.path().join("started")).unwrap(), "workflow run config.yml\n");
    let listed = home.runs("git --git-dir github/acme/shop.git ls-tree -r --name-only main");
    assert!(listed.contains("cstore.yml\n") && !listed.contains(".env"), "{listed}");
    let bucket = Bucket::existing(account.server(), "cstore-shop");
    account.without_bucket_policy(&bucket);
    let pulled = account.run(Workflow::read(&stored).step("puller", &bucket)).succeeds();
    assert_eq!((pulled.output("TOKEN"), pulled.file("service/.env").as_str()), ("of-shop", "TOKEN=of-shop\n"));
}

/// The module's own page, in a stack of the reader's: the address and the tag are those that it names.
#[test]
#[ignore = "needs terraform"]
fn the_module_is_taken_from_where_its_page_says() {
    let _plugins = terraform();
    let home = Home::new();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/infrastructure/s3/README.md")).unwrap();
    let call = &blocks(&page, "hcl")[0];
    assert!(call.contains("source = \"github.com/OWNER/cstore-action//infrastructure/s3?ref=v1\""), "{call}");
    home.runs(
        "git -C github/OWNER/cstore-action tag v1 && ln -s cstore-action github/OWNER/cstore-action.git && mkdir stack",
    );
    fs::write(home.folder.path().join("stack/main.tf"), call).unwrap();
    let mut shell = home.command("cd stack && terraform init -no-color -input=false && terraform validate -no-color");
    succeeds(shell.envs(of_init()));
}

/// Each block of settings, in one plan: a module's call for each.
#[test]
#[ignore = "needs terraform"]
fn the_settings_that_it_shows_are_taken() {
    let guide = guide();
    let blocks: Vec<_> = blocks(&guide, "hcl").into_iter().filter(|block| !block.contains("import {")).collect();
    assert!(blocks.len() >= 5, "{blocks:#?}");
    let calls = blocks.iter().enumerate().map(|(index, block)| {
        let block = block.replace("AROA…", "AROAX");
        format!(
            "module \"block{index}\" {{\n  source = \"../..\"\n  bucket_name = \"cstore-shop-{index}\"\n{block}}}\n"
        )
    });
    let terraform = terraform();
    let root = terraform.with_example(&[("main.tf", &calls.collect::<String>())]);
    let account = Account::new();
    account.role("shop-dev-task", "/");
    account.role("AWSReservedSSO_DevOps_0123456789abcdef", "/aws-reserved/sso.amazonaws.com/eu-central-1/");
    let plan = Stack::new(&root, account).run("plan", &[]);
    assert!(plan.status.success(), "{}", printed(&plan));
}

#[test]
fn the_trail_is_told_of_objects_as_it_is_written() {
    let account = Account::new();
    account.bucket("trails");
    runs(account, "aws cloudtrail create-trail --name TRAIL --s3-bucket-name trails");
    let guide = guide();
    runs(account, &commands(section(&guide, "## Who read what")));
    runs(
        account,
        "aws cloudtrail get-event-selectors --trail-name TRAIL --query 'AdvancedEventSelectors[1].FieldSelectors[2].StartsWith[0]' \
         --output text | grep -Fx arn:aws:s3:::cstore-shop/",
    );
}
