//! Where SeaweedFS does not do as AWS does, as `docs/compatibility.md` says it, and what its refusals become.

use crate::harness::{Bucket, Request, SECRET_KEY};
use crate::seaweedfs::{NOT_LISTING, server, unversioned, versioned};
use crate::shop::{SHOP, assert_pulls, pull, push, push_head};

#[test]
#[ignore = "needs SeaweedFS"]
fn the_owner_that_is_expected_is_not_looked_at() {
    let bucket = versioned();
    push(&bucket, "v1", &SHOP).input("expected-bucket-owner", "999999999999").run().succeeds();
    assert_pulls(&bucket, "v1", &SHOP);
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_put_by_an_admin_makes_the_bucket() {
    let bucket = Bucket::existing(server(), "made-by-a-put");
    pull(&bucket, "v1").run().fails(6).says("made-by-a-put");
    bucket.put_foreign("something", b"else", &[]);
    push(&bucket, "v1", &SHOP).run().succeeds();
    assert_pulls(&bucket, "v1", &SHOP);
}

#[test]
#[ignore = "needs SeaweedFS"]
fn who_may_not_list_pulls_what_is_named_exactly() {
    let bucket = versioned();
    push(&bucket, "v1.0.0", &SHOP).run().succeeds();
    let step = |version| {
        let step = pull(&bucket, version).env("AWS_ACCESS_KEY_ID", NOT_LISTING.0);
        step.env("AWS_SECRET_ACCESS_KEY", NOT_LISTING.1).secrets([NOT_LISTING.1])
    };
    assert_eq!(step("v1.0.0").run().succeeds().output("TOKEN"), "first-token");
    step("^1").run().fails(3).says("s3:ListBucket");
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_key_that_is_wrong_is_refused() {
    let bucket = versioned();
    let wrong = SECRET_KEY.to_uppercase();
    let run = pull(&bucket, "v1").env("AWS_SECRET_ACCESS_KEY", &wrong).secrets([&wrong]).run().fails(3);
    run.says("SignatureDoesNotMatch");
    let run = pull(&bucket, "v1").env("AWS_ACCESS_KEY_ID", "AKIANOBODY0000000000").run().fails(3);
    run.says("InvalidAccessKeyId");
}

/// The status of a put that may only create.
fn create(bucket: &Bucket, key: &str) -> u16 {
    let headers = [("If-None-Match", "*"), ("Content-Type", "text/plain")];
    let request = Request::new("PUT", format!("/{}/{key}", bucket.name())).headers(&headers);
    server().send("s3", request.body("1")).status
}

#[test]
#[ignore = "needs SeaweedFS"]
fn keys_are_paths_of_files() {
    let bucket = versioned();
    assert_eq!(create(&bucket, "shop/a//b"), 200);
    assert_eq!(bucket.keys(), ["shop/a/b"]);
    assert_eq!(create(&bucket, "shop/a"), 412, "there is a folder");
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_file_where_a_folder_is_says_so() {
    for bucket in [versioned(), unversioned()] {
        push_head(&bucket, &[("web/a.env", "A=value-of-a\n")]).run().succeeds();
        let run = push_head(&bucket, &[("web", "text-of-web\n")]).run().fails(1).says("Create refused");
        run.says("shop/web").does_not_say("Others keep changing");
        // A version's files lie below its name, where files of the head may lie.
        push_head(&bucket, &[("v1/web/a.env", "A=value-of-a\n")]).run().succeeds();
        for overwrite in ["false", "true"] {
            let step = push(&bucket, "v1", &[("web", "text-of-web\n")]).input("overwrite", overwrite);
            step.run().fails(1).says("Create refused").says("shop/v1/web");
        }
    }
}
