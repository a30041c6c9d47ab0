//! A task's own role: what ECS and EKS offer a container, served by the test.

use super::{exec, published};
use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Bucket, Laptop, Proxy, Service, task_role};

/// A task: it has no credentials but those of the endpoint.
fn task(bucket: &Bucket, service: &Service) -> Laptop {
    let task = Laptop::new(bucket).without_env("AWS_ACCESS_KEY_ID").without_env("AWS_SECRET_ACCESS_KEY");
    task.with_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/role", service.endpoint()))
}

#[test]
fn a_task_gets_its_values_with_the_role_of_ecs() {
    let bucket = published();
    let service = task_role("token-of-ecs");
    let task = task(&bucket, &service).with_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token-of-ecs");
    let proxy = Proxy::start();
    let task = task.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    exec(&task, &[], &["printenv", "TOKEN"]).run().succeeds().prints("swordfish\n");
    assert_eq!(service.requests().len(), 1, "credentials are asked for once");
    let signed = proxy.requests();
    let token = |name: &str| signed[0].header(name).map(ToOwned::to_owned);
    assert_eq!(token("x-amz-security-token").as_deref(), Some("session-token-of-the-task"));
    // The program may ask for them itself, or not.
    let sees = |flags: &[&str]| exec(&task, flags, &["printenv", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]).run().code;
    assert_eq!((sees(&[]), sees(&["--drop-aws"])), (0, 1));
}

#[test]
fn a_pod_gets_its_values_with_the_role_of_eks() {
    let bucket = published();
    let service = task_role("token-of-eks");
    let task = task(&bucket, &service);
    // Pod Identity mounts a file, which is read anew each time.
    task.plain_file("token", "token-of-eks");
    let path = task.workspace().path("token");
    let task = task.with_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path.to_str().unwrap());
    exec(&task, &[], &["printenv", "TOKEN"]).run().succeeds().prints("swordfish\n");
}

#[test]
fn a_task_whose_role_is_refused_is_not_started() {
    let bucket = published();
    let service = task_role("token");
    let task = task(&bucket, &service).with_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "another");
    exec(&task, &[], &["touch", "started"]).run().fails(125).says("(code 3: ");
    assert!(!task.workspace().path("started").exists());
}

/// As many requests, of which as many wait for each other, as of the action's pull (`tests/speed/trips.rs`).
#[test]
fn a_start_with_one_version_of_three_known_files_takes_one_trip() {
    const PATHS: [&str; 3] = ["a/.env", "b/.env", "c/.env"];
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version("v1.0.0").files(&PATHS);
    let push = PATHS.iter().fold(push, |push, path| push.workspace_file(path, format!("IN_{}=value\n", &path[..1])));
    push.run().succeeds();
    let requests_of = |pull: &dyn Fn(&Proxy)| {
        let proxy = Proxy::start();
        proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(1 + PATHS.len()));
        pull(&proxy);
        let mut lines = proxy.lines();
        lines.sort();
        lines
    };
    let of_action = requests_of(&|proxy| {
        Action::pull(&bucket).through(proxy).version("v1.0.0").files(&PATHS).run().succeeds();
    });
    let laptop = Laptop::new(&bucket).with_env("CSTORE_FILES", &PATHS.join("\n"));
    let of_exec = requests_of(&|proxy| {
        let laptop = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
        exec(&laptop, &[], &["printenv", "IN_a", "IN_b", "IN_c"]).run().succeeds();
    });
    assert_eq!(of_exec, of_action);
    assert_eq!(of_exec.len(), 1 + PATHS.len());
}
