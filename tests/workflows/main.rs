//! The workflows of `examples/workflows/`, each run as it is, and what it then deployed.
//!
//! Each is run twice: its steps alone, as the documentation's pages are run, and as a whole by `act`, against a real S3
//! server. The latter needs a Docker engine, the image and the job's image: `make test` sets them up where there is one.

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

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Action, Bucket, GitHubApi};
use crate::workflow::{FILES, Repository, Runner, SECRETS, Workflow, project};

/// A bucket with three versions of the sample's configuration, which differ in one value.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    for version in ["v1.0.0", "v1.2.0", "v2.0.0"] {
        let files: Vec<_> = FILES.into_iter().chain([SECRETS]).collect();
        let mut push = Action::push(&bucket).version(version).input("context", "shop").files(&files);
        for path in files {
            let mut text = fs::read_to_string(project("examples/config").join(path)).unwrap();
            if version != "v1.2.0" {
                text = text.replace("https://api.shop.example", "https://other.api.shop.example");
                text = text.replace("\"sample_rate\": 0.25", "\"sample_rate\": 0.5");
            }
            push = push.workspace_file(path, text);
        }
        push.not_secret(["latest"]).run().succeeds();
    }
    bucket
}

/// Runs a workflow on a push to the main branch.
fn on_main(file: &str, runner: Runner, jobs: &[&str]) -> Repository {
    let event = json!({"ref": "refs/heads/main"});
    Workflow::example(file).on("push", &event).against(&published()).runs(runner, jobs)
}

fn deploy(runner: Runner) {
    let ran = on_main("deploy.yml", runner, &["deploy"]);
    ran.calls(
        "deploy.sh",
        &["deploy.sh service/prod/.env", "CONFIG_VERSION=v1.2.0", "API_URL=https://api.shop.example"],
    );
    ran.calls("deploy.sh", &["DB_PASSWORD=kP7#vR2!mX9$wQ4z", "DB_PASSWORD='kP7#vR2!mX9$wQ4z'"]);
}

fn push_on_tag(runner: Runner) {
    let bucket = Bucket::versioned();
    let event = json!({"ref": "refs/tags/v1.5.0"});
    Workflow::example("push-on-tag.yml").on("push", &event).against(&bucket).runs(runner, &["publish"]);
    assert!(bucket.get("shop/v1.5.0/service/.env").text().contains("API_TIMEOUT_SECONDS"));
    assert!(bucket.find("shop/v1.5.0/service/prod/secrets.env").is_some());
}

fn publish_head(runner: Runner) {
    let bucket = Bucket::versioned();
    // A laptop has pushed the file with secrets.
    let secrets = Action::push(&bucket).version("head").input("context", "shop").files(&["service/prod/.env"]);
    secrets.workspace_file("service/prod/.env", "DB_PASSWORD=of-a-laptop\n").run().succeeds();
    let event = json!({"ref": "refs/tags/v1.5.0"});
    Workflow::example("publish-head.yml").on("push", &event).against(&bucket).runs(runner, &["publish"]);
    for file in ["service/.env", "service/prod/.env", "web/config.json"] {
        assert!(bucket.find(&format!("shop/v1.5.0/{file}")).is_some(), "{file}");
    }
    assert_eq!(bucket.get("shop/v1.5.0/service/prod/.env").text(), "DB_PASSWORD=of-a-laptop\n");
}

fn push_on_release(runner: Runner) {
    let bucket = Bucket::versioned();
    let (api, event) =
        (GitHubApi::start(), json!({"action": "published", "release": {"id": 31, "tag_name": "v1.5.0"}}));
    api.state().releases.push((31, "v1.5.0".to_owned(), Some("By hand.".to_owned())));
    let workflow = Workflow::example("push-on-release.yml").on("release", &event);
    workflow.against(&bucket).asking(&api).runs(runner, &["publish"]);
    // The steps alone have no release.
    if runner == Runner::Act {
        let notes = api.state().releases[0].2.clone().unwrap();
        assert!(notes.starts_with("By hand.\n\n") && notes.contains("| Version | `v1.5.0` |"), "{notes}");
    }
    assert!(bucket.find("shop/v1.5.0/web/config.json").is_some());
}

fn attest(runner: Runner) {
    let (api, bucket) = (GitHubApi::start(), Bucket::versioned());
    let event = json!({"ref": "refs/tags/v1.5.0", "repository": {"id": 4711, "full_name": "acme/shop"}});
    let workflow = Workflow::example("attest.yml").on("push", &event).against(&bucket).asking(&api);
    api.state().tag("v1.5.0", &workflow.commit(), 1);
    let ran = workflow.runs(runner, &["publish", "deploy"]);
    ran.calls("deploy.sh", &["API_TIMEOUT_SECONDS=15"]);
    if runner == Runner::Act {
        // Without it, `verify-source: require` would have failed.
        let asked = api.asked();
        assert!(asked.contains(&"GET /repos/acme/shop/git/ref/tags/v1.5.0".to_owned()), "{asked:?}");
        return;
    }
    // act shares no temporary folder with the action's container. What is verified is the list of the files' digests.
    let digest = |path: &str| {
        let contents = fs::read(project("examples/config").join(path)).unwrap();
        let hex: String = Sha256::digest(contents).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{hex}  {path}")
    };
    let files = ["service/.env", SECRETS, "web/config.json"].map(digest);
    ran.calls("gh", &["gh attestation verify /", &files[0], &files[1], &files[2]]);
}

fn environments(runner: Runner) {
    let ran = on_main("environments.yml", runner, &["version", "deploy-1", "deploy-2"]);
    ran.calls("deploy.sh", &["deploy.sh dev", "API_URL=https://dev.api.shop.example", "LOG_LEVEL=debug"]);
    ran.calls("deploy.sh", &["deploy.sh prod", "API_URL=https://api.shop.example", "LOG_LEVEL=info"]);
    ran.calls("deploy.sh", &["API_TIMEOUT_SECONDS=15"]);
}

fn pinned_deploy(runner: Runner) {
    on_main("pinned-deploy.yml", runner, &["deploy"]).calls("deploy.sh", &["API_URL=https://api.shop.example"]);
}

fn ecs(runner: Runner) {
    let ran = on_main("ecs.yml", runner, &["deploy"]);
    ran.calls("aws", &["aws ecs register-task-definition --cli-input-json file://filled.json"]);
    ran.calls("aws", &["aws ecs update-service --cluster shop --service shop --task-definition arn:aws:ecs:"]);
    let task: Value = serde_json::from_str(&ran.reads("filled.json")).unwrap();
    let container = &task["containerDefinitions"][0];
    assert_eq!(container["image"], "shop:1.2.0");
    let names = |list: &Value| list.as_array().unwrap().iter().map(|entry| entry["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&container["secrets"]), ["API_TOKEN", "DB_PASSWORD"]);
    assert_eq!(names(&container["environment"]), ["API_URL", "LOG_LEVEL", "MOTD"]);
}

fn kubernetes(runner: Runner) {
    let ran = on_main("kubernetes.yml", runner, &["deploy"]);
    ran.calls("kubectl", &["kubectl apply --server-side --filename configmap.yaml --filename secret.yaml"]);
    ran.calls("kubectl", &["kubectl rollout restart deployment/shop", "kubectl rollout status deployment/shop"]);
    let (map, secret) = (ran.reads("configmap.yaml"), ran.reads("secret.yaml"));
    assert!(map.contains("kind: ConfigMap") && map.contains("https://api.shop.example"), "{map}");
    assert!(secret.contains("kind: Secret") && secret.contains("DB_PASSWORD:"), "{secret}");
    assert!(!map.contains("DB_"), "{map}");
}

fn later_job(runner: Runner) {
    let ran = on_main("later-job.yml", runner, &["config", "deploy"]);
    ran.calls("deploy.sh", &["API_URL=https://api.shop.example", "DB_PASSWORD=kP7#vR2!mX9$wQ4z"]);
}

fn no_checkout(runner: Runner) {
    let event = json!({"ref": "refs/heads/main", "inputs": {"version": "v1.2.0"}});
    let workflow = Workflow::example("no-checkout.yml").on("workflow_dispatch", &event);
    let ran = workflow.against(&published()).runs(runner, &["configure"]);
    let function = "aws lambda update-function-configuration --function-name shop";
    ran.calls("aws", &[&format!("{function} --environment Variables={{ANALYTICS_ID=SHOP-48151623}}")]);
}

fn without_docker(runner: Runner) {
    let ran = on_main("without-docker.yml", runner, &["sign"]);
    ran.calls("sign.sh", &["API_URL=https://api.shop.example", "DB_USER=shop_app"]);
}

fn pull_request(runner: Runner) {
    let (api, event) = (
        GitHubApi::start(),
        json!({"number": 7, "pull_request": {"number": 7, "head": {"repo": {"full_name": "acme/shop"}}}}),
    );
    let workflow = Workflow::example("pull-request.yml").on("pull_request", &event);
    workflow.against(&published()).asking(&api).runs(runner, &["compare"]);
    // The steps alone have no pull request.
    if runner == Runner::Act {
        let state = api.state();
        // Nobody pushes a head here, so it is compared with what was released last.
        assert!(state.texts(7)[0].contains("is compared with `v2.0.0` of `shop`"), "{:?}", state.texts(7));
        assert!(state.texts(7)[0].contains("\n~ web/config.json\n~   analytics_sample_rate\n"), "{:?}", state.texts(7));
    }
}

/// The head of a pull request of a fork.
const HEAD: &str = "1111111111111111111111111111111111111111";

#[test]
#[ignore = "needs Docker"]
fn the_pull_request_of_a_fork_is_checked_without_rights_and_commented_on_by_another_workflow() {
    let api = GitHubApi::start();
    let fork = json!({"full_name": "mona/shop", "fork": true, "owner": {"login": "mona"}});
    let event = json!({"number": 7, "pull_request": {"number": 7, "head": {"repo": fork}}});
    let workflow = Workflow::example("fork-check.yml").on("pull_request", &event);
    let checked = workflow.against(&Bucket::missing()).asking(&api).runs(Runner::Act, &["check"]);
    assert_eq!(api.asked(), Vec::<String>::new());
    // A pull request that has gone on since is told nothing.
    for (head, comments) in [(HEAD, 1), ("2222222222222222222222222222222222222222", 0)] {
        let api = GitHubApi::start();
        api.state().pulls = vec![json!({"number": 7, "label": "mona:main", "sha": head})];
        let event = json!({"workflow_run": {
            "id": 17, "event": "pull_request", "conclusion": "success", "head_branch": "main", "head_sha": HEAD,
            "head_repository": fork, "pull_requests": [],
        }});
        let workflow = Workflow::example("fork-comment.yml").on("workflow_run", &event);
        workflow.against(&published()).with_artifact_of(&checked).asking(&api).runs(Runner::Act, &["comment"]);
        let state = api.state();
        assert_eq!(state.texts(7).len(), comments);
        assert!(state.texts(7).iter().all(|text| text.contains("\n~ web/config.json\n")), "{:?}", state.texts(7));
    }
}

/// The tests of examples: their names are the functions' above.
macro_rules! examples {
    ($($example:ident),* $(,)?) => {
        mod steps {
            $(
                #[test]
                fn $example() {
                    super::$example(crate::Runner::Steps);
                }
            )*
        }

        mod act {
            $(
                #[test]
                #[ignore = "needs Docker"]
                fn $example() {
                    super::$example(crate::Runner::Act);
                }
            )*
        }
    };
}

examples! {
    attest,
    deploy,
    ecs,
    environments,
    kubernetes,
    later_job,
    no_checkout,
    pinned_deploy,
    publish_head,
    pull_request,
    push_on_release,
    push_on_tag,
    without_docker,
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
