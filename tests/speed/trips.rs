//! Round trips that must follow each other, where `tests/faults/requests.rs` does not count them: a request is answered
//! only when all have come that are to be under way with it.

use crate::harness::proxy::{Fault, get, request};
use crate::harness::{Action, Bucket, Proxy};

const PATHS: [&str; 3] = ["a/.env", "b/.env", "c/.env"];

fn push(bucket: &Bucket) -> Action {
    let push = Action::push(bucket).version("v1.0.0").files(&PATHS);
    PATHS.iter().fold(push, |push, path| push.workspace_file(path, format!("IN_{}=value-of-{path}\n", &path[..1])))
}

#[test]
fn a_push_that_changes_nothing_takes_two_trips() {
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    let proxy = Proxy::start();
    // Manifest, settings and claim wait for each other and for the three lists of names like this one.
    proxy.on(request("", "shop/.cstore/").times(3), Fault::Until(6));
    // The claim, which is got since a purge may have begun, and the looks at the files.
    let all = 6 + 1 + PATHS.len();
    proxy.on(request("HEAD", "shop/v1.0.0/").times(PATHS.len()), Fault::Until(all));
    push(&bucket).through(&proxy).run().succeeds();
    assert_eq!(proxy.requests().len(), all);
}

#[test]
fn a_pull_of_the_highest_version_lists_and_then_takes_one_trip() {
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    let proxy = Proxy::start();
    let all = 1 + 1 + PATHS.len();
    proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(all));
    Action::pull(&bucket).through(&proxy).version("latest").files(&PATHS).run().succeeds();
    assert_eq!(proxy.requests().len(), all);
}

#[test]
fn a_pull_of_the_head_with_known_paths_takes_one_trip() {
    let bucket = Bucket::versioned();
    push(&bucket).version("head").input("update-catalog", "true").run().succeeds();
    let proxy = Proxy::start();
    proxy.on(get("shop/.cstore/head.json"), Fault::Until(1 + PATHS.len()));
    Action::pull(&bucket).through(&proxy).version("head").files(&PATHS).run().succeeds();
    assert_eq!(proxy.requests().len(), 1 + PATHS.len());
}
