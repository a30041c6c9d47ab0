//! The workflows that the module prints: their jobs, which the tests run, and whether each gets its role.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::account::Account;
use crate::guide::{blocks, guide};
use crate::harness::{Action, Bucket, python};
use crate::policies::script;
use crate::stack::Stack;
use crate::terraform::{succeeds, terraform};

/// Settings besides those of the guide, each of a kind whose jobs are not all in the same runs.
const MIXED: [&str; 9] = [
    // Nobody pushes.
    r#"github_pullers = [{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"] }]"#,
    r#"github_pullers = [{ repository = "acme/shop", subjects = ["pull_request"] }]"#,
    // One publishes versions and one the head, and both are waited for.
    r#"
github_pushers = [
  { repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop", path = "a/*" }, { context = "shop", path = "b/.env" }] },
  { repository = "acme/shop", role = "web", subjects = ["ref:refs/heads/main"], paths = [{ context = "web", path = ".env", any_folder = true }] },
]
github_pullers = [
  { repository = "acme/shop", subjects = ["environment:prod", "pull_request"] },
  { repository = "acme/shop", role = "tags", subjects = ["ref:refs/tags/v*"] },
  { repository = "acme/shop", role = "refs", subjects = ["ref:refs/tags/v*", "ref:refs/heads/main", "environment:prod"] },
]"#,
    // Nobody but environments pushes.
    r#"
github_pushers = [
  { repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["environment:release", "ref:refs/tags/v*"] },
  { repository = "acme/shop", owner_id = 1000, repository_id = 4711, role = "by-hand", subjects = ["environment:prod"] },
]
github_pullers = [{ repository = "acme/shop", owner_id = 1000, repository_id = 4711, subjects = ["pull_request", "ref:refs/heads/release/*"] }]"#,
    // Only by hand, and after what is pushed on a branch.
    r#"
github_pushers = [
  { repository = "acme/shop", subjects = ["ref:refs/heads/main"] },
  { repository = "acme/shop", role = "operator", subjects = ["environment:prod"] },
]
github_pullers = [{ repository = "acme/shop", subjects = ["environment:prod"] }]"#,
    // Claims that such a workflow's tokens have, and some that they have not.
    r#"
github_pushers = [{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], claims = { workflow = ["Deploy"] } }]
github_pullers = [
  { repository = "acme/shop", subjects = ["environment:prod"], claims = { job_workflow_ref = ["acme/workflows/.github/workflows/deploy.yml@refs/tags/v*"] } },
  { repository = "acme/shop", subjects = ["environment:dev"], claims = { environment = ["dev"], repository_id = ["4711"] } },
  { repository = "acme/shop", role = "none", subjects = ["environment:dev"], claims = { environment = ["prod"] } },
  { repository = "acme/shop", role = "main", subjects = ["environment:dev"], claims = { ref = ["refs/heads/main"] } },
]"#,
    r#"github_pullers = [{ repository = "acme/shop", subjects = ["environment:dev"], claims = { ref = ["refs/heads/main"] } }]"#,
    // What would mean something in a pattern, an expression or a document.
    r#"
github_pushers = [{ repository = "acme/shop", subjects = ["ref:refs/tags/it's-v1+2*", "ref:refs/heads/!a && b"] }]
github_pullers = [
  { repository = "acme/shop", subjects = ["ref:refs/tags/it's-v1+2*"] },
  { repository = "acme/shop", role = "named", subjects = ["environment:on # \"it's\""] },
]"#,
    // Several repositories, which know nothing of each other.
    r#"
github_pullers = [
  { repository = "acme/shop", subjects = ["environment:prod"], role = "all" },
  { repository = "acme/shop-2", subjects = ["ref:refs/heads/main"], role = "all" },
]
github_pushers = [{ repository = "acme/shop-2", subjects = ["ref:refs/tags/v*"] }]"#,
];

/// The workflow, read by a parser of its users.
pub(crate) struct Workflow(Value);

impl Workflow {
    pub(crate) fn read(text: &str) -> Self {
        let convert = "import json, sys, yaml; json.dump(yaml.safe_load(sys.argv[1]), sys.stdout)";
        let read = succeeds(Command::new(python()).args(["-c", convert, text]));
        Self(serde_json::from_str(&read).unwrap())
    }

    /// The action's step in a job, with the inputs that are printed.
    pub(crate) fn step(&self, job: &str, bucket: &Bucket) -> Action {
        let steps = self.0["jobs"][job]["steps"].as_array();
        let uses = steps.unwrap_or_else(|| panic!("no job {job} in {}", self.0)).last().unwrap();
        let with = uses["with"].as_object().unwrap().iter();
        with.fold(Action::new(bucket), |step, (input, value)| step.input(input, value.as_str().unwrap()))
    }
}

/// The server looks at no trust, so the tokens of the printed jobs are held to it here, in each run that there is.
#[test]
#[ignore = "needs terraform"]
fn each_job_that_is_printed_is_one_that_its_role_trusts() {
    let guide = guide();
    let blocks = blocks(&guide, "hcl").into_iter().filter(|block| block.contains("github_pu"));
    let settings: Vec<_> = blocks.chain(MIXED.map(str::to_owned)).collect();
    let account = Account::new();
    account.role("shop-dev-task", "/").oidc_provider("https://token.actions.githubusercontent.com");
    let (mut root, mut outputs) = (String::new(), String::new());
    for (index, settings) in settings.iter().enumerate() {
        account.bucket(&format!("acme-config-{index}"));
        writeln!(root, "module \"m{index}\" {{\n  source = \"../..\"\n  bucket = \"acme-config-{index}\"\n  find_oidc_provider = true\n{settings}\n}}").unwrap();
        write!(outputs, "module.m{index}.workflows, ").unwrap();
    }
    writeln!(root, "output \"workflows\" {{\n  value = [{outputs}]\n}}").unwrap();
    let terraform = terraform();
    let terraform = terraform.with_example(&[("main.tf", &root)]);
    let stack = Stack::new(&terraform, account);
    stack.is_applied();
    let applied = terraform.folder().join("applied.json");
    let workflows = &stack.outputs()["workflows"]["value"];
    fs::write(&applied, json!({"workflows": workflows, "trusts": stack.trusts()}).to_string()).unwrap();
    succeeds(script("jobs.py").arg(applied));
}
