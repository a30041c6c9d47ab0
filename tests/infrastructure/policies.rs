//! The policies as AWS would get them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{python, shows};
use crate::terraform::{Terraform, printed, terraform};

/// The plans of `tests/policies.tftest.hcl`, all of whose assertions held: a file with one JSON document for each run.
pub(crate) fn rendered(terraform: &Terraform) -> &Path {
    terraform.plans.get_or_init(|| {
        let arguments = ["test", "-json", "-verbose", "-filter=tests/policies.tftest.hcl"];
        let output = terraform.command(arguments).output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let (plans, messages): (Vec<_>, Vec<_>) = stdout.lines().partition(|line| line.contains("\"test_plan\":{"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}\n{}", messages.join("\n"));
        // What follows is the provider's whole schema, 50 MB of it for each plan.
        let plan =
            |line: &&str| line.split_once(",\"provider_format_version\":").map(|(plan, _)| format!("{plan}}}}}\n"));
        let path = terraform.folder().join("policies.json");
        fs::write(&path, plans.iter().filter_map(plan).collect::<String>()).unwrap();
        path
    })
}

/// The attributes that a run plans, by address.
pub(crate) fn planned(terraform: &Terraform, run: &str) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(rendered(terraform)).unwrap();
    let mut messages = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let plan = messages.find(|message| message["@testrun"] == run).unwrap_or_else(|| panic!("there is no run {run}"));
    let changes = plan["test_plan"]["resource_changes"].as_array().unwrap().clone();
    changes
        .into_iter()
        .map(|change| (change["address"].as_str().unwrap().to_owned(), change["change"]["after"].clone()))
        .collect()
}

/// A script beside this file.
pub(crate) fn script(name: &str) -> Command {
    let mut command = Command::new(python());
    command.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/infrastructure").join(name));
    command
}

#[test]
#[ignore = "needs terraform"]
fn everybody_may_do_what_is_documented_and_no_more() {
    let terraform = terraform();
    let _shown = shows(
        "T11",
        "each role of the module, each request, own and others' contexts",
        "allowed as documented, and nothing more",
    );
    let _person = shows(
        "T27",
        "somebody assumes a person's role under that person's session name",
        "with `source_identities`: no object read, written or deleted",
    );
    let plans = fs::File::open(rendered(&terraform)).unwrap();
    let output = script("matrix.py").stdin(Stdio::from(plans)).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
}
