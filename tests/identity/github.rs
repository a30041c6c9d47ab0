//! GitHub's token service, when it does not simply give a token.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::http::Response;
use crate::harness::{Bucket, GitHub, Service, shows};
use crate::sts::{assuming, published};

#[test]
fn it_is_asked_again_when_it_fails_for_a_while() {
    let shown = shows("F17", "the token service answers 429 or 5xx for a while", "asked again; success");
    for status in shown.each([429, 500, 502, 503, 504]) {
        let bucket = published();
        let count = AtomicUsize::new(0);
        let github = GitHub::answering(move |_| match count.fetch_add(1, Ordering::Relaxed) {
            0..2 => Response::new(status, "<html>unavailable</html>"),
            _ => Response::new(200, r#"{"value":"header.payload.signature"}"#),
        });
        let run = assuming(&bucket, &github).env("RUNNER_DEBUG", "1").run().succeeds();
        assert_eq!(github.service().count(), 3, "{status}");
        let retries = run.stdout.lines().filter(|line| line.starts_with("::debug::GetIdToken is sent again")).count();
        assert_eq!(retries, 2, "{}", run.printed());
    }
}

#[test]
fn what_it_refuses_is_not_asked_again() {
    let shown = shows("F17", "the token service answers 4xx", "code 3, asked once");
    for status in shown.each([400, 401, 403, 404]) {
        let github = GitHub::answering(move |_| Response::new(status, r#"{"message":"audience is not allowed"}"#));
        let run = assuming(&Bucket::missing(), &github).run().fails(3);
        run.says(&format!("status {status}")).says("audience is not allowed");
        assert_eq!(github.service().count(), 1, "{status}");
    }
}

#[test]
fn what_is_no_token_is_code_7() {
    let shown = shows("F17", "the token service answers no JSON, no token or an empty one", "code 7");
    for body in shown.each(["", "<html>Sign in</html>", "{}", r#"{"value":""}"#, r#"{"value":7}"#, "[]"]) {
        let github = GitHub::answering(move |_| Response::new(200, body));
        assuming(&Bucket::missing(), &github).run().fails(7).says("holds no token").does_not_say("Sign in");
    }
}

#[test]
fn a_service_that_keeps_failing_is_code_7() {
    let github = GitHub::answering(|_| Response::new(503, "busy"));
    let run = assuming(&Bucket::missing(), &github).run().fails(7);
    run.says("GitHub kept failing").says("githubstatus.com");
}

#[test]
fn a_slow_service_ends_with_the_deadline() {
    let _shown = shows("F17", "the token service never answers", "code 7 at the deadline that was set");
    let github = GitHub::answering(|_| {
        loop {
            std::thread::park();
        }
    });
    let run = assuming(&Bucket::missing(), &github).input("timeout-seconds", "1").run().fails(7);
    run.says("within 1 second");
}

#[test]
fn the_bearer_is_never_sent_in_the_clear_nor_shown() {
    let _shown =
        shows("F17", "the token service is not what it should be", "code 3; the bearer is neither sent nor shown");
    let github = GitHub::start();
    for url in
        ["http://token.example/x?a=b", "ftp://token.example/", "token.example", "http://127.0.0.1@token.example/"]
    {
        let step = assuming(&Bucket::missing(), &github).env("ACTIONS_ID_TOKEN_REQUEST_URL", url);
        // Whatever is allowed of S3.
        step.input("allow-http", "true").run().fails(3).says("ACTIONS_ID_TOKEN_REQUEST_URL");
    }
    let wrong = assuming(&Bucket::missing(), &github).env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "another-secret-bearer");
    wrong.secrets(["another-secret-bearer"]).env("RUNNER_DEBUG", "1").run().fails(3).says("status 401");
}

#[test]
fn the_bearer_follows_no_redirect() {
    let elsewhere = Service::start(|_| Response::new(200, r#"{"value":"a.b.c"}"#));
    let location = elsewhere.endpoint();
    let github = GitHub::answering(move |_| Response {
        headers: vec![("location".to_owned(), location.clone())],
        ..Response::new(302, "")
    });
    assuming(&Bucket::missing(), &github).run().fails(3).says("status 302");
    assert_eq!(elsewhere.count(), 0);
}
