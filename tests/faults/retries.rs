//! How often a request is sent: each operation has one budget, whoever sends again and why.

use crate::harness::proxy::{Fault, Seen, get, request, s3_error};
use crate::harness::{Action, shows};
use crate::story::{NEW, at_once, proxy_with, pull, push, push_head, versioned};

/// As docs/reliability.md has it.
const MOST: usize = 8;

fn unavailable() -> Fault {
    Fault::s3(503, "SlowDown", "Please reduce your request rate.")
}

/// The requests for a key, which fails each of them, in turn with these faults.
fn requests(action: Action, method: &'static str, key: &str, faults: &[Fault]) -> usize {
    let proxy = proxy_with(request(method, key).for_ever(), Fault::InTurn(faults.to_vec()));
    assert_ne!(action.through(&proxy).run().code, 0);
    // What is pinned is another object, which a pull goes on to.
    let is_it = |seen: &&Seen| {
        let target = format!("{}?{}", seen.key, seen.query);
        seen.method == method && target.contains(key) && (method != "GET" || !target.contains("versionId="))
    };
    proxy.requests().iter().filter(is_it).count()
}

#[test]
fn however_an_object_fails_it_is_asked_for_so_many_times_and_no_more() {
    let shown = shows("F32", "one kind of failure at every request for an object", "8 requests for it, then code 7");
    let bucket = versioned();
    push(&bucket, NEW).version("v1.0.0").run().succeeds();
    let gets = || pull(&bucket, "v1.0.0");
    let again = push(&bucket, NEW).version("v1.0.0");
    let conflict = || Fault::s3(409, "ConditionalRequestConflict", "At least one of the pre-conditions");
    let rows = [
        ("GET", "v1.0.0/c.json", gets(), unavailable()),
        ("GET", "v1.0.0/c.json", gets(), Fault::s3(429, "TooManyRequests", "Slow down.")),
        ("GET", "v1.0.0/c.json", gets(), Fault::Reset),
        ("GET", "v1.0.0/c.json", gets(), Fault::CutAnswer(usize::MAX)),
        ("GET", "list-type=2", pull(&bucket, "latest"), unavailable()),
        ("HEAD", "v1.0.0/c.json", again, Fault::s3(500, "InternalError", "")),
        ("PUT", "v2/c.json", push(&bucket, NEW).version("v2"), unavailable()),
        ("PUT", "v3/c.json", push(&bucket, NEW).version("v3"), conflict()),
        ("PUT", "v4/c.json", push(&bucket, NEW).version("v4"), Fault::FlipByte),
        ("PUT", "v5/c.json", push(&bucket, NEW).version("v5"), Fault::LoseAnswer),
        ("PUT", ".cstore/head.json", push_head(&bucket, NEW), unavailable()),
    ];
    at_once(shown.each(rows), |(method, key, action, fault)| {
        assert_eq!(requests(action, method, key, &[fault]), MOST, "{method} {key}");
    });
}

#[test]
fn kinds_of_failure_do_not_multiply() {
    let shown = shows("F32", "several kinds of failure in turn for an object", "no more than 8 requests for it");
    let bucket = versioned();
    push(&bucket, NEW).version("v1.0.0").run().succeeds();
    let rounds = |last: Fault| [vec![unavailable(); MOST - 2], vec![last]].concat();
    let elsewhere = |region: &str| {
        let mut answer = s3_error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed");
        answer.headers.push(("x-amz-bucket-region".to_owned(), region.to_owned()));
        Fault::Answer(answer)
    };
    let of_put = |version: &str| push(&bucket, NEW).version(version);
    let rows = [
        ("GET", "v1.0.0/c.json", pull(&bucket, "v1.0.0"), rounds(Fault::CutAnswer(usize::MAX))),
        ("GET", "v1.0.0/c.json", pull(&bucket, "v1.0.0"), rounds(Fault::FlipByte)),
        ("GET", "v1.0.0/c.json", pull(&bucket, "v1.0.0"), rounds(elsewhere("eu-central-1"))),
        ("PUT", "v2/c.json", of_put("v2"), rounds(Fault::s3(409, "OperationAborted", "A conflicting operation"))),
        ("PUT", "v3/c.json", of_put("v3"), rounds(Fault::FlipByte)),
        ("PUT", "v4/c.json", of_put("v4"), rounds(elsewhere("eu-central-1"))),
    ];
    at_once(shown.each(rows), |(method, key, action, faults)| {
        assert_eq!(requests(action, method, key, &faults), MOST, "{method} {key}");
    });
}

#[test]
fn a_body_that_is_damaged_each_time_is_got_three_times() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = proxy_with(get("v1/c.json").for_ever(), Fault::FlipByte);
    pull(&bucket, "v1").through(&proxy).run().fails(5);
    let gets = proxy.lines().iter().filter(|line| line.ends_with("v1/c.json")).count();
    assert_eq!(gets, 3);
}
