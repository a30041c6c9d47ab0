//! How many requests the commands send, and what is in each.

use crate::harness::Action;
use crate::harness::proxy::{Fault, get, request};
use crate::story::{NEW, OLD, PATHS, push, push_head, start_proxy, versioned};

#[test]
fn a_pull_of_an_exact_version_with_known_paths_is_one_request_more_than_files_and_one_trip() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = start_proxy();
    // The manifest is answered only when all files have been asked for.
    proxy.on(get("/versions/"), Fault::Until(1 + PATHS.len()));
    Action::pull(&bucket).through(&proxy).version("v1").files(&PATHS).run().succeeds();
    assert_eq!(
        proxy.lines(),
        ["GET shop/.cstore/versions/v1.json", "GET shop/v1/a/.env", "GET shop/v1/b/.env", "GET shop/v1/c.json"]
    );
}

#[test]
fn without_paths_all_files_of_a_pull_are_asked_for_at_once() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = start_proxy();
    proxy.on(get("shop/v1/").times(PATHS.len()), Fault::Until(1 + PATHS.len()));
    Action::pull(&bucket).through(&proxy).version("v1").run().succeeds();
    assert_eq!(proxy.requests().len(), 1 + PATHS.len());
}

#[test]
fn a_push_of_a_version_reads_and_claims_at_once_then_puts_all_files_at_once_then_the_manifest() {
    let bucket = versioned();
    let proxy = start_proxy();
    proxy.on(request("", "shop/.cstore/").times(3), Fault::Until(3));
    proxy.on(request("PUT", "shop/v1/").times(PATHS.len()), Fault::Until(3 + PATHS.len()));
    push(&bucket, NEW).through(&proxy).run().succeeds();
    assert_eq!(
        proxy.lines(),
        [
            "GET shop/.cstore/settings.json",
            "GET shop/.cstore/versions/v1.json",
            "PUT shop/.cstore/claims/v1.json",
            "PUT shop/.cstore/versions/v1.json",
            "PUT shop/v1/a/.env",
            "PUT shop/v1/b/.env",
            "PUT shop/v1/c.json",
        ]
    );
    assert_eq!(proxy.requests().last().unwrap().key, "shop/.cstore/versions/v1.json");
}

#[test]
fn a_push_that_names_a_key_saves_it_in_the_trip_of_the_manifest() {
    let bucket = versioned();
    let proxy = start_proxy();
    let last = 3 + PATHS.len() + 2;
    proxy.on(request("PUT", "shop/.cstore/settings.json"), Fault::Until(last));
    proxy.on(request("PUT", "shop/.cstore/versions/"), Fault::Until(last));
    push(&bucket, NEW).through(&proxy).input("kms-key-id", "alias/of-the-test").run().succeeds();
    assert_eq!(proxy.requests().len(), last);
}

#[test]
fn a_push_again_looks_at_every_file_and_puts_none() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = start_proxy();
    let again = push(&bucket, NEW).through(&proxy).run().succeeds();
    assert_eq!(again.output("config-changed"), "false");
    assert_eq!(
        proxy.lines(),
        [
            "GET shop/.cstore/claims/v1.json", // a purge may have begun
            "GET shop/.cstore/settings.json",
            "GET shop/.cstore/versions/v1.json",
            "HEAD shop/v1/a/.env",
            "HEAD shop/v1/b/.env",
            "HEAD shop/v1/c.json",
            "PUT shop/.cstore/claims/v1.json",
        ]
    );
}

#[test]
fn each_put_is_conditional_and_carries_its_digest() {
    let bucket = versioned();
    let proxy = start_proxy();
    push(&bucket, OLD).through(&proxy).run().succeeds();
    push(&bucket, NEW).through(&proxy).input("overwrite", "true").run().succeeds();
    push_head(&bucket, OLD).through(&proxy).run().succeeds();
    push_head(&bucket, NEW).through(&proxy).run().succeeds();
    let puts: Vec<_> = proxy.requests().into_iter().filter(|seen| seen.method == "PUT").collect();
    let condition = |name| puts.iter().filter(|seen| seen.header(name).is_some()).count();
    let (claim, files_and_manifest) = (1, PATHS.len() + 1);
    // The overwrite tries first whether there is no claim, then swaps it.
    assert_eq!(condition("if-none-match"), 2 * claim + 2 * files_and_manifest);
    assert_eq!(condition("if-match"), claim + 2 * files_and_manifest);
    assert_eq!(puts.len(), 3 * claim + 4 * files_and_manifest);
}

#[test]
fn the_expected_owner_is_sent_with_every_request() {
    let bucket = versioned();
    let proxy = start_proxy();
    let owner = |action: Action| action.through(&proxy).input("expected-bucket-owner", "123456789012").run().succeeds();
    owner(push(&bucket, OLD));
    owner(push(&bucket, OLD));
    owner(push(&bucket, NEW).input("overwrite", "true"));
    owner(push_head(&bucket, OLD));
    owner(push_head(&bucket, NEW));
    bucket.delete("shop/v1/a/.env"); // the pin is got
    owner(Action::pull(&bucket).version("v1"));
    let seen = proxy.requests();
    for method in ["GET", "HEAD", "PUT"] {
        assert!(seen.iter().any(|seen| seen.method == method), "{method}");
    }
    assert!(seen.iter().any(|seen| seen.query.contains("versionId=")), "a pin was got");
    let without: Vec<_> =
        seen.iter().filter(|seen| seen.header("x-amz-expected-bucket-owner") != Some("123456789012")).collect();
    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn the_expected_owner_is_sent_with_listings_too() {
    let bucket = versioned();
    push(&bucket, OLD).version("v1.0.0").run().succeeds();
    let proxy = start_proxy();
    let pull = Action::pull(&bucket).through(&proxy).input("expected-bucket-owner", "123456789012");
    pull.version("latest").run().succeeds();
    let listing = proxy.requests().into_iter().find(|seen| seen.key.is_empty()).expect("a listing");
    assert_eq!(listing.header("x-amz-expected-bucket-owner"), Some("123456789012"));
}
