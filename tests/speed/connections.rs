//! How many connections a step opens: each costs a round trip, and over TLS two, and some CPU on both sides.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::front::Front;
use crate::harness::GitHub;
use crate::harness::http::Response;
use crate::shop::Shop;

/// Twice as many as there are requests at once: the HTTP client opens one when none is free, and then may use another
/// that has become free meanwhile.
const MOST: usize = 416;

/// Listings for the comparison with the version before, which no file waits for: they may still be under way when the files
/// are put.
const BEHIND: usize = 3;

#[test]
fn a_step_opens_no_more_connections_than_it_has_requests_at_once() {
    let shop = Shop::open();
    let (requests, connections) = shop.count(&shop.push("v1.0.0", 10));
    assert_eq!(requests.len(), 9 + 10 + 1);
    assert!(connections <= 10 + BEHIND, "{connections} connections for ten puts at once");
    let (requests, connections) = shop.count(&shop.pull("v1.0.0", 10));
    assert_eq!(requests.len(), 1 + 10);
    assert!(connections <= 11, "{connections} connections for eleven gets at once");
}

#[test]
fn a_push_opens_its_connections_before_it_needs_them() {
    let shop = Shop::open();
    let (_, connections) = shop.count(&shop.push("v1.0.0", 10));
    assert!((10..=10 + BEHIND).contains(&connections), "{connections}");
    let before = shop.connections_before("PUT", "shop/v1.0.0/f/");
    assert!(before >= 10, "{before} when the first file came");
}

#[test]
fn a_pull_that_does_not_know_its_files_opens_connections_for_a_few() {
    let shop = Shop::open();
    shop.push("v1.0.0", 3).run().succeeds();
    let (_, connections) = shop.count(&shop.pull_all("v1.0.0"));
    assert_eq!(connections, 4);
    assert_eq!(shop.connections_before("GET", "shop/v1.0.0/f/"), 4, "when the first file was asked for");
}

#[test]
fn with_a_role_connections_to_s3_and_sts_are_open_before_the_token_comes() {
    let shop = Shop::open();
    shop.push("v1.0.0", 2).run().succeeds();
    shop.server.record();
    let server = Arc::clone(&shop.server);
    let github = GitHub::answering(move |_| {
        // Those of the manifest and of two files; STS, which is at the same place, takes one of them.
        server.wait_for_connections(3);
        Response::new(200, r#"{"value":"header.payload.signature"}"#)
    });
    let pull = github.job(shop.pull("v1.0.0", 2)).input("role-to-assume", "arn:aws:iam::111122223333:role/puller");
    pull.run().succeeds();
    assert_eq!(shop.server.connections(), 3);
}

#[test]
fn connections_that_are_closed_before_they_are_used_cost_no_try() {
    let shop = Shop::open();
    let front = Arc::new(Front::start(shop.server.ports()[0]));
    let of_github = Arc::clone(&front);
    let is_busy = AtomicBool::new(true);
    let github = GitHub::answering(move |_| {
        // Those of twelve files, one of which is for STS, which is at the same place. The client has nothing to do but wait
        // until it asks again, and sees that they are closed.
        if is_busy.swap(false, Ordering::SeqCst) {
            of_github.close(12);
            return Response::new(503, "busy");
        }
        Response::new(200, r#"{"value":"header.payload.signature"}"#)
    });
    let push = shop.push("v1.0.0", 12).env("AWS_ENDPOINT_URL", &front.endpoint()).env("RUNNER_DEBUG", "1");
    let run = github.job(push).input("role-to-assume", "arn:aws:iam::111122223333:role/pusher").run().succeeds();
    let again: Vec<_> =
        run.stdout.lines().chain(run.stderr.lines()).filter(|line| line.contains("sent again")).collect();
    assert!(matches!(again[..], [of_github] if of_github.contains("GetIdToken")), "{again:?}");
}

#[test]
fn a_thousand_files_are_pulled_where_few_files_may_be_open_at_first() {
    let shop = Shop::open();
    shop.push("v1.0.0", 1_000).run().succeeds();
    // So that as many connections are needed as there may be.
    shop.server.set_delay(Duration::from_millis(20));
    shop.pull("v1.0.0", 1_000).with_open_files(128).run().succeeds();
}

#[test]
fn a_thousand_files_share_their_connections() {
    let shop = Shop::open();
    let (requests, connections) = shop.count(&shop.push("v1.0.0", 1_000));
    assert_eq!(requests.len(), 9 + 1_000 + 1);
    assert!(connections <= MOST, "{connections} connections");
    let (requests, connections) = shop.count(&shop.pull("v1.0.0", 1_000));
    assert_eq!(requests.len(), 1 + 1_000);
    assert!(connections <= MOST, "{connections} connections");
}
