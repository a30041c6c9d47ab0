//! Credentials that end before the run does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use crate::harness::proxy::{Fault, get, put};
use crate::harness::{Bucket, GitHub, Proxy, Service, shows};
use crate::sts::{At as _, ROLE, assuming, published, push, sts_credentials, sts_error, sts_that_answers};

const WEB: &str = "AssumeRoleWithWebIdentity";
const IN_TIME: &str = "2099-01-01T00:00:00Z";

/// An STS whose n-th answer has the access key `ASIA…n`.
fn numbered(expiration: &'static str) -> Service {
    let count = AtomicUsize::new(1);
    sts_that_answers(move |_| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        sts_credentials(WEB, &format!("ASIANUMBER{number:06}"), expiration)
    })
}

fn keys_of(proxy: &Proxy) -> Vec<usize> {
    let requests = proxy.requests();
    let number = |authorization: &str| authorization.split("ASIANUMBER").nth(1)?.get(..6)?.parse().ok();
    requests.iter().filter_map(|seen| number(seen.header("authorization")?)).collect()
}

fn expired() -> Fault {
    Fault::s3(400, "ExpiredToken", "The provided token has expired.")
}

#[test]
fn what_aws_calls_expired_is_renewed_and_the_request_sent_again() {
    let _shown = shows("F15", "credentials expire during the step", "renewed; success");
    let (bucket, github, sts) = (published(), GitHub::start(), numbered(IN_TIME));
    let proxy = Proxy::start();
    proxy.on(get("shop/v1.0.0/.env"), expired());
    assuming(&bucket, &github).through(&proxy).at(&sts).run().succeeds();
    assert_eq!(keys_of(&proxy), [1, 1, 2]);
    assert_eq!(github.service().count(), 2, "each exchange takes a token of its own");

    let bucket = Bucket::versioned();
    let proxy = Proxy::start();
    proxy.on(put("/versions/"), expired());
    let step = github.job(push(&bucket)).input("role-to-assume", ROLE).through(&proxy).at(&sts);
    step.run().succeeds();
}

#[test]
fn requests_that_are_refused_at_the_same_time_share_one_renewal() {
    let (bucket, github, sts) = (Bucket::versioned(), GitHub::start(), numbered(IN_TIME));
    let names: Vec<_> = (0..6).map(|n| format!("{n}.env")).collect();
    let files: Vec<_> = names.iter().map(String::as_str).collect();
    let step = push(&bucket).files(&files);
    let step =
        names.iter().fold(step, |step, name| step.workspace_file(name, format!("K{}=value-{name}\n", &name[..1])));
    step.run().succeeds();
    let proxy = Proxy::start();
    for name in names {
        proxy.on(get(&format!("shop/v1.0.0/{name}")), expired());
    }
    assuming(&bucket, &github).through(&proxy).at(&sts).run().succeeds();
    assert_eq!(sts.count(), 2);
}

#[test]
fn a_run_that_is_longer_than_its_credentials_renews_them() {
    let _shown = shows("F15", "a run is longer than its credentials", "renewed before they end; success");
    let bucket = published();
    let end = SystemTime::now() + Duration::from_secs(3);
    let expiry = time::OffsetDateTime::from(end).format(&time::format_description::well_known::Rfc3339).unwrap();
    let (github, sts) = (GitHub::start(), numbered(Box::leak(expiry.into_boxed_str())));
    let proxy = Proxy::start();
    // The run is as long as that: the first answer comes when the credentials have ended.
    let until_the_end = move || {
        while let Ok(left) = end.duration_since(SystemTime::now()) {
            std::thread::park_timeout(left);
        }
    };
    proxy.on(get("/versions/"), Fault::before(until_the_end));
    assuming(&bucket, &github).through(&proxy).at(&sts).run().succeeds();
    assert_eq!(keys_of(&proxy), [1, 2]);
}

#[test]
fn an_expiry_that_this_machines_clock_calls_past_is_not_believed() {
    let (bucket, github, sts) = (published(), GitHub::start(), numbered("2001-01-01T00:00:00Z"));
    assuming(&bucket, &github).at(&sts).run().succeeds();
    assert_eq!(sts.count(), 1);
}

#[test]
fn what_cannot_be_renewed_is_code_3() {
    let _shown = shows("F15", "the renewal is refused", "code 3, with the reason");
    let (bucket, github) = (published(), GitHub::start());
    let count = Arc::new(AtomicUsize::new(1));
    let sts = sts_that_answers(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        1 => sts_credentials(WEB, "ASIANUMBER000001", IN_TIME),
        _ => sts_error(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
    });
    let proxy = Proxy::start();
    proxy.on(get("shop/v1.0.0/.env").for_ever(), expired());
    let run = assuming(&bucket, &github).through(&proxy).at(&sts).run().fails(3);
    run.says("Role refused").says("AccessDenied");
}

#[test]
fn a_renewal_that_fails_is_not_tried_for_every_file() {
    let (bucket, github) = (Bucket::versioned(), GitHub::start());
    let names: Vec<_> = (0..9).map(|n| format!("{n}.env")).collect();
    let files: Vec<_> = names.iter().map(String::as_str).collect();
    let step = push(&bucket).files(&files);
    let step =
        names.iter().fold(step, |step, name| step.workspace_file(name, format!("K{}=value-{name}\n", &name[..1])));
    step.run().succeeds();
    let count = Arc::new(AtomicUsize::new(1));
    let sts = sts_that_answers(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        1 => sts_credentials(WEB, "ASIANUMBER000001", IN_TIME),
        _ => sts_error(503, "ServiceUnavailable", "The service is busy."),
    });
    let proxy = Proxy::start();
    proxy.on(get("shop/v1.0.0/").for_ever(), expired());
    assuming(&bucket, &github).through(&proxy).at(&sts).run().fails(7).says("STS kept failing");
    assert_eq!(sts.count(), 1 + 8, "one exchange, and one renewal with its tries");
}

#[test]
fn other_errors_are_not_taken_for_an_expiry() {
    let (bucket, github, sts) = (published(), GitHub::start(), numbered(IN_TIME));
    let proxy = Proxy::start();
    proxy.on(get("shop/v1.0.0/.env").for_ever(), Fault::s3(403, "InvalidAccessKeyId", "No such key."));
    assuming(&bucket, &github).through(&proxy).at(&sts).run().fails(3);
    assert_eq!(sts.count(), 1);
}
