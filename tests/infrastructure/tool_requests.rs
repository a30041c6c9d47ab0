//! The tool's own requests, checked against the policies: a put without a condition, or one on a manifest that is no
//! creation, would be refused in AWS where the test server lets it pass.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use crate::harness::{Action, Bucket, Laptop, Proxy, shows};
use crate::policies::{rendered, script};
use crate::terraform::{Terraform, printed, terraform};

/// The requests of a kind of principal that the module's policies refuse.
fn refused(terraform: &Terraform, who: &str, proxy: &Proxy) -> Vec<String> {
    refused_by("rendered", rendered(terraform), who, proxy)
}

/// The same of policies in a file: what a test of the module `rendered`, or what is `applied` in an account.
pub(crate) fn refused_by(kind: &str, policies: &Path, who: &str, proxy: &Proxy) -> Vec<String> {
    let seen = proxy.requests();
    assert!(!seen.is_empty(), "there were no requests");
    let lines = seen.iter().map(|seen| {
        let (method, key, query, headers) = (&seen.method, &seen.key, &seen.query, &seen.headers);
        format!("{}\n", json!({ "who": who, "method": method, "key": key, "query": query, "headers": headers }))
    });
    let mut script = script("tool_requests.py");
    script.arg(kind).arg(policies).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = script.spawn().unwrap();
    process.stdin.take().unwrap().write_all(lines.collect::<String>().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

const NONE: [&str; 0] = [];

#[test]
#[ignore = "needs terraform"]
fn a_pusher_may_all_that_a_push_does() {
    let terraform = terraform();
    let bucket = Bucket::versioned();
    let proxy = Proxy::start();
    let push = || Action::push(&bucket).through(&proxy).input("context", "shop");
    let dev = || push().workspace_file("service/dev/.env", "TOKEN=first-one\n").files(&["service/dev/.env"]);
    dev().version("v1.0.0").run().succeeds();
    dev().version("v1.0.0").run().succeeds();
    dev().version("v1.1.0").input("kms-key-id", "").run().succeeds();
    dev().version("head").input("update-catalog", "true").run().succeeds();
    let head = push().workspace_file("service/dev/.env", "TOKEN=second-one\n").files(&["service/dev/.env"]);
    head.version("head").input("update-catalog", "true").run().succeeds();
    assert_eq!(refused(&terraform, "pusher", &proxy), NONE);
    assert_eq!(refused(&terraform, "dev pusher", &proxy), NONE);
    assert!(!refused(&terraform, "puller", &proxy).is_empty());
}

#[test]
#[ignore = "needs terraform"]
fn a_puller_may_all_that_a_pull_does() {
    let terraform = terraform();
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).input("context", "shop").version("v1.0.0");
    let files = step.workspace_file("service/dev/.env", "TOKEN=hunter2\n").workspace_file("web/.env", "URL=not-dev\n");
    files.files(&["**/.env"]).run().succeeds();
    // Somebody wrote over a published file, so that the pull goes on to what the manifest pins.
    bucket.put("shop/v1.0.0/service/dev/.env", "TOKEN=other\n", &[]);
    let proxy = Proxy::start();
    let pull = || Action::pull(&bucket).through(&proxy).input("context", "shop").input("restore-files", "false");
    pull().version("v1.0.0").files(&["service/dev/.env"]).run().succeeds();
    pull().version("^1").files(&["service/dev/**"]).run().succeeds();
    assert!(proxy.requests().iter().any(|seen| seen.query.contains("versionId=")), "nothing was pinned");
    assert_eq!(refused(&terraform, "dev puller", &proxy), NONE);
    assert_eq!(refused(&terraform, "dev task", &proxy), NONE);
    pull().version("latest").run().succeeds();
    assert_eq!(refused(&terraform, "puller", &proxy), NONE);
    assert_eq!(refused(&terraform, "task", &proxy), NONE);
    assert_ne!(refused(&terraform, "dev puller", &proxy), NONE);
}

#[test]
#[ignore = "needs terraform"]
fn a_person_may_overwrite_and_a_pusher_may_not() {
    let terraform = terraform();
    let _shown = shows("T10", "an overwrite with the pusher's policies", "denied; allowed for the person's role");
    let bucket = Bucket::versioned();
    let push = || Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&["service/dev/.env"]);
    push().workspace_file("service/dev/.env", "TOKEN=first-one\n").run().succeeds();
    let proxy = Proxy::start();
    let again = push().workspace_file("service/dev/.env", "TOKEN=second-one\n").input("overwrite", "true");
    again.through(&proxy).run().succeeds();
    assert_eq!(refused(&terraform, "person", &proxy), NONE);
    let refused = refused(&terraform, "pusher", &proxy).join("\n");
    assert!(refused.contains("PUT shop/.cstore/claims/v1.0.0.json"), "{refused}");
    assert!(refused.contains("PUT shop/.cstore/versions/v1.0.0.json"), "{refused}");
}

#[test]
#[ignore = "needs terraform"]
fn a_person_may_purge_and_a_pusher_may_not() {
    let terraform = terraform();
    let bucket = Bucket::versioned();
    let push = |text| {
        let step = Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&["service/dev/.env"]);
        step.workspace_file("service/dev/.env", text).input("overwrite", "true")
    };
    push("TOKEN=first-one\n").run().succeeds();
    push("TOKEN=second-one\n").run().succeeds();
    let proxy = Proxy::start();
    let purge = Action::new(&bucket).input("command", "purge").input("context", "shop").version("v1.0.0");
    purge.through(&proxy).run().succeeds();
    assert!(proxy.requests().iter().any(|seen| seen.method == "DELETE" && seen.query.contains("versionId=")));
    assert_eq!(refused(&terraform, "person", &proxy), NONE);
    for who in ["pusher", "dev pusher", "puller"] {
        let refused = refused(&terraform, who, &proxy).join("\n");
        assert!(refused.contains("DELETE shop/.cstore/versions/v1.0.0.json"), "{who}: {refused}");
        assert!(refused.contains("DELETE shop/v1.0.0/service/dev/.env"), "{who}: {refused}");
    }
}

/// The head, pushed twice.
fn head_of_two_pushes() -> Bucket {
    let bucket = Bucket::versioned();
    for text in ["TOKEN=first-one\n", "TOKEN=second-one\n"] {
        let step = Action::push(&bucket).input("context", "shop").version("head").files(&["service/dev/.env"]);
        step.workspace_file("service/dev/.env", text).input("update-catalog", "true").run().succeeds();
    }
    bucket
}

#[test]
#[ignore = "needs terraform"]
fn a_pusher_may_roll_back_and_set_keys_and_a_puller_may_not() {
    let terraform = terraform();
    let bucket = head_of_two_pushes();
    let proxy = Proxy::start();
    let rollback = Action::new(&bucket).input("command", "rollback").input("context", "shop");
    rollback.through(&proxy).run().succeeds();
    assert!(proxy.requests().iter().any(|seen| seen.query.starts_with("versions")), "nothing was looked up");
    assert_eq!(refused(&terraform, "pusher", &proxy), NONE);
    let refused_puller = refused(&terraform, "puller", &proxy).join("\n");
    assert!(refused_puller.contains("PUT shop/.cstore/head.json"), "{refused_puller}");
    proxy.clear();
    let laptop = Laptop::new(&bucket).with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    laptop.cstore(["set", "TOKEN=third-one", "ADDED=fourth-one", "-y"]).run().succeeds();
    laptop.cstore(["unset", "ADDED"]).run().succeeds();
    let editing = laptop.clone().with_env("CSTORE_EDITOR", "sed -i s/third-one/fifth-one/");
    editing.cstore(["edit", "service/dev/.env"]).on_a_terminal().ended().succeeds();
    let swaps = proxy.lines().into_iter().filter(|line| line == "PUT shop/.cstore/head.json").count();
    assert_eq!((swaps, bucket.get("shop/service/dev/.env").text()), (3, "TOKEN=fifth-one\n".to_owned()));
    assert_eq!(refused(&terraform, "pusher", &proxy), NONE);
    assert_ne!(refused(&terraform, "puller", &proxy), NONE);
}

#[test]
#[ignore = "needs terraform"]
fn a_puller_may_lock_and_a_person_find_what_holds_a_value() {
    let terraform = terraform();
    let bucket = head_of_two_pushes();
    let push = Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&["service/dev/.env"]);
    push.workspace_file("service/dev/.env", "TOKEN=second-one\n").run().succeeds();
    let proxy = Proxy::start();
    let laptop = Laptop::new(&bucket).with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    laptop.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles: []\n");
    laptop.cstore(["lock", "-v", "^1"]).run().succeeds().says("v1.0.0");
    assert_eq!(refused(&terraform, "puller", &proxy), NONE);
    proxy.clear();
    let found = laptop.cstore(["purge", "--value-of", "TOKEN", "--dry-run"]).run().succeeds();
    found.says("v1.0.0");
    assert!(proxy.requests().iter().any(|seen| seen.query.starts_with("versions")), "nothing was looked up");
    assert_eq!(refused(&terraform, "person", &proxy), NONE);
    assert_ne!(refused(&terraform, "puller", &proxy), NONE);
}

#[test]
#[ignore = "needs terraform"]
fn a_person_may_purge_files_of_the_head_and_a_pusher_may_not() {
    let terraform = terraform();
    let bucket = head_of_two_pushes();
    let proxy = Proxy::start();
    let purge = Action::new(&bucket).input("command", "purge").input("context", "shop").version("head");
    purge.files(&["service/dev/.env"]).through(&proxy).run().succeeds();
    assert_eq!(refused(&terraform, "person", &proxy), NONE);
    let refused = refused(&terraform, "pusher", &proxy).join("\n");
    assert!(refused.contains("DELETE shop/service/dev/.env"), "{refused}");
}
