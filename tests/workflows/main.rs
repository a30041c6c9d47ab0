//! The workflows of `examples/workflows/`, each run as it is by `act` against a real S3 server. The last step of each
//! job checks what the job got; here is checked that all jobs and all of their steps ran.
//!
//! These tests need a Docker engine, the image and the job's image: `make test` sets them up where there is one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests; the functions beside them are to be loud, too"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod identity;
mod workflow;

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use crate::harness::{Action, Bucket, GitHubApi};
use crate::workflow::{FILES, Repository, Workflow, project};

/// A bucket with three versions of the sample's configuration, which differ in one value.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    for version in ["v1.0.0", "v1.2.0", "v2.0.0"] {
        let mut push = Action::push(&bucket).version(version).input("context", "shop").files(&FILES);
        for path in FILES {
            let mut text = fs::read_to_string(project("examples/config").join(path)).unwrap();
            if version == "v1.0.0" {
                text = text.replace("https://api.shop.example", "https://old.api.shop.example");
            }
            push = push.workspace_file(path, text);
        }
        push.not_secret(["latest"]).run().succeeds();
    }
    bucket
}

/// Runs a workflow on a push to the main branch.
fn on_main(file: &str, jobs: &[&str]) -> Repository {
    let event = json!({"ref": "refs/heads/main"});
    Workflow::example(file).on("push", &event).against(&published()).runs(jobs)
}

#[test]
#[ignore = "needs Docker"]
fn deploy() {
    on_main("deploy.yml", &["deploy"]);
}

#[test]
#[ignore = "needs Docker"]
fn push_on_tag() {
    let bucket = Bucket::versioned();
    let event = json!({"ref": "refs/tags/v1.3.0"});
    Workflow::example("push-on-tag.yml").on("push", &event).against(&bucket).runs(&["publish"]);
    assert!(bucket.get("shop/v1.3.0/service/.env").text().contains("API_TIMEOUT_SECONDS"));
}

#[test]
#[ignore = "needs Docker"]
fn push_on_release() {
    let bucket = Bucket::versioned();
    let event = json!({"action": "published", "release": {"tag_name": "v1.4.0"}});
    Workflow::example("push-on-release.yml").on("release", &event).against(&bucket).runs(&["publish"]);
    assert!(bucket.find("shop/v1.4.0/web/config.json").is_some());
}

#[test]
#[ignore = "needs Docker"]
fn environments() {
    on_main("environments.yml", &["deploy-1", "deploy-2"]);
}

#[test]
#[ignore = "needs Docker"]
fn pinned_deploy() {
    on_main("pinned-deploy.yml", &["deploy"]);
}

#[test]
#[ignore = "needs Docker"]
fn ecs() {
    let ran = on_main("ecs.yml", &["deploy"]);
    assert_eq!(ran.called("aws"), "ecs register-task-definition --cli-input-json file://filled.json\n");
}

#[test]
#[ignore = "needs Docker"]
fn kubernetes() {
    let ran = on_main("kubernetes.yml", &["deploy"]);
    assert_eq!(ran.called("kubectl"), "apply --filename configmap.yml --filename secret.yml\n");
}

#[test]
#[ignore = "needs Docker"]
fn later_job() {
    on_main("later-job.yml", &["config", "deploy"]);
}

#[test]
#[ignore = "needs Docker"]
fn no_checkout() {
    let event = json!({"ref": "refs/heads/main", "inputs": {"version": "v1.2.0"}});
    let workflow = Workflow::example("no-checkout.yml").on("workflow_dispatch", &event);
    workflow.against(&published()).runs(&["smoke-test"]);
}

#[test]
#[ignore = "needs Docker"]
fn without_docker() {
    on_main("without-docker.yml", &["sign"]);
}

#[test]
#[ignore = "needs Docker"]
fn pull_request() {
    let (api, event) = (
        GitHubApi::start(),
        json!({"number": 7, "pull_request": {"number": 7, "head": {"repo": {"full_name": "acme/shop"}}}}),
    );
    let workflow = Workflow::example("pull-request.yml").on("pull_request", &event);
    workflow.against(&published()).asking(&api).runs(&["compare"]);
    let state = api.state();
    assert!(state.texts(7)[0].contains("\n+ service/prod/.env\n"), "{:?}", state.texts(7));
}

#[test]
fn every_example_is_run() {
    let source = include_str!("main.rs");
    let files: BTreeSet<_> = fs::read_dir(project("examples/workflows"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(files.len() >= 10, "{files:?}");
    for file in files {
        assert!(source.contains(&format!("{file:?}")), "no test runs {file}");
    }
}
