//! A workflow that the module prints, whose jobs the tests run.

use std::process::Command;

use serde_json::Value;

use crate::harness::{Action, Bucket, python};
use crate::terraform::succeeds;

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
