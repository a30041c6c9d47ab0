//! The proxy: a fault that was planned happens, or the test fails.

use crate::harness::http::{Request, Response, send};
use crate::harness::in_memory::Versioning;
use crate::harness::proxy::{Fault, get, put, request};
use crate::harness::{Bucket, Proxy, Server};

/// Through the proxy, as the tool asks.
fn ask(proxy: &Proxy, bucket: &Bucket, method: &'static str, key: &str) -> Response {
    let request = Request::new(method, format!("/{}/{key}", bucket.name()));
    send(proxy.port(), &request.headers(&[("authorization", "none")]))
}

fn bucket_with(key: &str, body: &str) -> (Bucket, Proxy) {
    let bucket = Bucket::in_memory(Versioning::Off);
    bucket.put(key, body, &[]);
    (bucket, Proxy::before(Server::in_memory()))
}

#[test]
fn what_is_planned_is_done_to_the_requests_that_are_meant() {
    let (bucket, proxy) = bucket_with("a", "one");
    proxy.on(get("a").nth(2).times(2), Fault::s3(503, "SlowDown", ""));
    let statuses = [(); 4].map(|()| ask(&proxy, &bucket, "GET", "a").status);
    assert_eq!(statuses, [200, 503, 503, 200]);
    assert_eq!(proxy.lines().len(), 4);
}

#[test]
#[should_panic(expected = "a fault that was done 0 times")]
fn a_plan_that_no_request_meets_is_caught() {
    let (bucket, proxy) = bucket_with("a", "one");
    proxy.on(get("b").for_ever(), Fault::Reset);
    ask(&proxy, &bucket, "GET", "a");
}

#[test]
#[should_panic(expected = "a fault that was done 1 times")]
fn a_plan_that_fewer_requests_meet_than_are_meant_is_caught() {
    let (bucket, proxy) = bucket_with("a", "one");
    proxy.on(get("a").times(2), Fault::s3(503, "SlowDown", ""));
    ask(&proxy, &bucket, "GET", "a");
}

#[test]
#[should_panic(expected = "a fault that was done 0 times")]
fn a_plan_that_another_forestalls_is_caught() {
    let (bucket, proxy) = bucket_with("a", "one");
    proxy.on(get("a"), Fault::s3(503, "SlowDown", "")).on(request("", "a"), Fault::s3(500, "InternalError", ""));
    ask(&proxy, &bucket, "GET", "a");
}

#[test]
#[should_panic(expected = "a fault that was done 0 times")]
fn a_plan_that_is_forgotten_before_it_was_met_is_caught() {
    let (_, proxy) = bucket_with("a", "one");
    proxy.on(get("a"), Fault::Reset);
    proxy.clear();
}

#[test]
#[should_panic(expected = "stayed as it was")]
fn a_change_that_changes_nothing_is_caught() {
    let (bucket, proxy) = bucket_with("a", "");
    proxy.on(get("a"), Fault::body(Vec::clear));
    ask(&proxy, &bucket, "GET", "a");
}

#[test]
#[should_panic(expected = "a byte to flip, where there is none")]
fn a_byte_that_cannot_be_flipped_is_caught() {
    let (bucket, proxy) = bucket_with("a", "one");
    proxy.on(request("HEAD", "a"), Fault::FlipByte);
    ask(&proxy, &bucket, "HEAD", "a");
}

#[test]
fn requests_that_are_to_meet_wait_for_each_other() {
    let (bucket, proxy) = bucket_with("a", "one");
    proxy.on(get("a").times(3), Fault::Together);
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..3).map(|_| scope.spawn(|| ask(&proxy, &bucket, "GET", "a").status)).collect();
        asked.into_iter().for_each(|status| assert_eq!(status.join().unwrap(), 200));
    });
}

#[test]
#[should_panic(expected = "without a condition")]
fn a_put_without_a_condition_is_caught() {
    let (bucket, proxy) = bucket_with("a", "one");
    proxy.on(put("a"), Fault::s3(503, "SlowDown", ""));
    ask(&proxy, &bucket, "PUT", "a");
}
