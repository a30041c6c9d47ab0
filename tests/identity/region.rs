//! The bucket's region is found out, and a wrong one is corrected.

use crate::harness::proxy::{Fault, get, put, request, s3_error, wrong_region};
use crate::harness::{Action, Bucket, Proxy};
use crate::sts::{published, pull, push};

/// The regions that requests were signed for, one after the other.
fn regions(proxy: &Proxy) -> Vec<String> {
    let of = |authorization: &str| authorization.split('/').nth(2).map(ToOwned::to_owned);
    proxy.requests().iter().filter_map(|seen| of(seen.header("authorization")?)).collect()
}

fn elsewhere(status: u16) -> Fault {
    Fault::Answer(wrong_region(status, "eu-central-1", "https://b.s3.eu-central-1.amazonaws.com/"))
}

fn malformed() -> Fault {
    let words = "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'";
    Fault::s3(400, "AuthorizationHeaderMalformed", words)
}

fn opt_in() -> Fault {
    let words = "The eu-central-1 location constraint is incompatible for the region specific endpoint this request was sent to.";
    Fault::s3(400, "IllegalLocationConstraintException", words)
}

#[test]
fn every_way_in_which_s3_tells_it_is_understood_by_pull_and_push() {
    for fault in [elsewhere(301), elsewhere(307), malformed(), opt_in()] {
        let bucket = published();
        let other = || Bucket::versioned();
        for (step, matching) in [
            (pull(&bucket), get("")),
            (Action::pull(&bucket).version("latest"), get("list-type")),
            (push(&other()), put("")),
        ] {
            let proxy = Proxy::start();
            proxy.on(matching, fault.clone());
            step.through(&proxy).run().succeeds();
            let regions = regions(&proxy);
            let wrong = regions.iter().filter(|region| *region == "us-east-1").count();
            // What is under way with the first request was sent before the region was known: of a push its claim, the
            // manifest, the settings, three listings of its own and as many for the version before.
            assert!((1..=9).contains(&wrong), "learnt once: {regions:?}");
            assert!(
                regions.iter().all(|region| ["us-east-1", "eu-central-1"].contains(&region.as_str())),
                "{regions:?}"
            );
        }
    }
}

#[test]
fn no_region_at_all_costs_nothing_where_the_first_guess_is_right() {
    let bucket = published();
    let proxy = Proxy::start();
    let step = pull(&bucket).without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION").through(&proxy);
    step.run().succeeds();
    assert_eq!(proxy.lines().len(), 2);
}

#[test]
fn an_answer_that_names_no_region_has_the_bucket_asked() {
    let bucket = published();
    let proxy = Proxy::start();
    proxy.on(get("/versions/"), Fault::s3(301, "PermanentRedirect", "Use the specified endpoint."));
    let mut head = s3_error(301, "PermanentRedirect", "");
    head.headers.push(("x-amz-bucket-region".to_owned(), "eu-central-1".to_owned()));
    proxy.on(request("HEAD", ""), Fault::Answer(head));
    pull(&bucket).through(&proxy).run().succeeds();
    assert_eq!(regions(&proxy), ["us-east-1", "us-east-1", "eu-central-1", "eu-central-1"]);
}

#[test]
fn a_redirect_to_no_region_is_followed_nowhere() {
    let bucket = published();
    for region in ["", "EU", "eu.evil.example/", "us-east-1"] {
        let proxy = Proxy::start();
        let answer = wrong_region(301, region, "https://evil.example/");
        proxy.on(request("", "").for_ever(), Fault::Answer(answer));
        pull(&bucket).through(&proxy).run().fails(2).says("Wrong region");
    }
}
