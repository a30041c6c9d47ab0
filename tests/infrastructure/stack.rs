//! A root module with a state of its own, before an account of the test server.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::account::Account;
use crate::harness::Bucket;
use crate::terraform::{Terraform, printed, succeeds};

/// What is applied, and where.
pub(crate) struct Stack<'a> {
    terraform: &'a Terraform,
    pub(crate) account: Account,
    /// The file of variables, where they are not the root's own.
    settings: Option<PathBuf>,
    state: PathBuf,
    variables: Vec<(String, String)>,
}

impl<'a> Stack<'a> {
    pub(crate) fn new(terraform: &'a Terraform, account: Account) -> Self {
        let state = terraform.folder().join("shop.state");
        Self { terraform, account, settings: None, state, variables: Vec::new() }
    }

    /// With such a file of variables.
    pub(crate) fn with_settings(self, text: &str) -> Self {
        let path = self.terraform.folder().join("shop.vars");
        fs::write(&path, text).unwrap();
        Self { settings: Some(path), ..self }
    }

    /// The same state as that of another root, which has settings of its own.
    pub(crate) fn into_root(self, terraform: &Terraform) -> Stack<'_> {
        Stack { terraform, account: self.account, settings: None, state: self.state, variables: self.variables }
    }

    /// What a plan is going to do, in one line.
    pub(crate) fn planned(&self) -> String {
        let plan = self.run("plan", &[]);
        assert!(plan.status.success(), "{}", printed(&plan));
        let printed = printed(&plan);
        printed.lines().find(|line| line.starts_with("Plan: ")).unwrap_or(&printed).to_owned()
    }

    /// The resources that a plan changes, each with what is done to it; one that merely moves is not among them.
    pub(crate) fn planned_changes(&self) -> Vec<String> {
        let plan = self.run("plan", &[]);
        assert!(plan.status.success(), "{}", printed(&plan));
        let printed = printed(&plan);
        let changed = printed.lines().filter_map(|line| line.strip_prefix("  # "));
        let changed = changed.filter(|line| line.contains(" will be ") || line.contains(" must be "));
        changed.filter(|line| !line.contains(" will be read ")).map(str::to_owned).collect()
    }

    /// With one more variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((format!("TF_VAR_{name}"), value.to_owned()));
        self
    }

    fn command(&self, subcommand: &str, arguments: &[&str]) -> Command {
        let mut command = self.terraform.command([subcommand, "-no-color"]);
        command.args(arguments).envs(self.account.environment());
        command.envs(self.variables.iter().cloned()).arg(argument("-state", &self.state));
        command
    }

    /// `plan`, `apply` or `destroy`.
    pub(crate) fn run(&self, subcommand: &str, arguments: &[&str]) -> Output {
        let mut command = self.command(subcommand, arguments);
        command.args(self.settings.iter().map(|path| argument("-var-file", path)));
        command.arg("-input=false").output().unwrap()
    }

    /// Applied, after which a second plan changes nothing.
    pub(crate) fn applies(&self) {
        self.is_applied();
        let again = self.run("plan", &["-detailed-exitcode"]);
        assert_eq!(again.status.code(), Some(0), "a second plan changes something:\n{}", printed(&again));
    }

    /// Applied once.
    pub(crate) fn is_applied(&self) {
        let applied = self.run("apply", &["-auto-approve"]);
        assert!(applied.status.success(), "{}", printed(&applied));
    }

    /// Destroyed.
    pub(crate) fn is_destroyed(&self) {
        let destroyed = self.run("destroy", &["-auto-approve"]);
        assert!(destroyed.status.success(), "{}", printed(&destroyed));
    }

    pub(crate) fn outputs(&self) -> Value {
        serde_json::from_str(&succeeds(&mut self.command("output", &["-json"]))).unwrap()
    }

    /// The trust policies of all roles that are applied, by ARN.
    pub(crate) fn trusts(&self) -> BTreeMap<String, Value> {
        let state: Value = serde_json::from_slice(&fs::read(&self.state).unwrap()).unwrap();
        let roles = state["resources"].as_array().unwrap().iter().filter(|resource| resource["type"] == "aws_iam_role");
        let roles = roles.flat_map(|resource| resource["instances"].as_array().unwrap());
        let trust = |role: &Value| {
            let (arn, trust) = (&role["attributes"]["arn"], &role["attributes"]["assume_role_policy"]);
            (arn.as_str().unwrap().to_owned(), serde_json::from_str(trust.as_str().unwrap()).unwrap())
        };
        roles.map(trust).collect()
    }

    pub(crate) fn bucket(&self) -> Bucket {
        Bucket::existing(self.account.server(), "cstore-shop")
    }
}

fn argument(name: &str, path: &Path) -> OsString {
    [OsStr::new(name), OsStr::new("="), path.as_os_str()].into_iter().collect()
}
