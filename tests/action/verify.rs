//! `command: verify`: whether every object is what its manifest says, and whether two environments have the same keys.

use crate::harness::proxy::{Fault, request};
use crate::harness::{Action, Bucket, Proxy, Run};
use crate::story::{published, push, titled};

const FILES: &[(&str, &str)] = &[
    ("a/.env", "A=value-of-a\n"),
    ("b/.env", "B=value-of-b\n"),
    ("c/.env", "C=value-of-c\n"),
    ("d/.env", "D=value-of-d\n"),
];

fn verify(bucket: &Bucket) -> Action {
    Action::new(bucket).input("command", "verify").input("context", "shop")
}

/// What is said of each finding.
fn findings(run: &Run) -> Vec<&str> {
    titled(run, "Verification")
}

fn push_head(bucket: &Bucket, files: &[(&str, &str)]) -> Action {
    push(bucket, files).version("head").input("context", "shop")
}

#[test]
fn nothing_is_wrong_with_what_was_just_pushed() {
    for bucket in [Bucket::versioned(), Bucket::unversioned(), Bucket::suspended()] {
        let pushed = push(&bucket, FILES).run().succeeds();
        let run = verify(&bucket).version("v1.0.0").run().succeeds().says("4 files, sha256:").says("no problems found");
        for name in ["config-digest", "config-version", "config-manifest", "config-bucket", "config-context"] {
            assert_eq!(run.output(name), pushed.output(name));
        }
        assert_eq!(run.json_output("config-files").as_array().unwrap().len(), 4);
        push_head(&bucket, FILES).run().succeeds();
        verify(&bucket).run().succeeds().says("Verified the head of shop");
        let run = verify(&bucket).version("^1").files(&["a/*"]).run().succeeds().says("1 file,");
        assert_eq!(run.output("config-files"), "[\"a/.env\"]");
    }
}

#[test]
fn all_that_is_wrong_is_found_and_each_is_told_from_the_others() {
    let bucket = Bucket::unversioned();
    push(&bucket, FILES).run().succeeds();
    let sha256 = bucket.head("shop/v1.0.0/b/.env").unwrap().metadata("cstore-sha256").unwrap().to_owned();
    bucket.delete("shop/v1.0.0/a/.env");
    // It says that it is the file, down to the digest; its bytes say otherwise.
    let claims = [
        ("x-amz-meta-cstore-version", "v1.0.0"),
        ("x-amz-meta-cstore-push-id", "p"),
        ("x-amz-meta-cstore-sha256", sha256.as_str()),
    ];
    bucket.put("shop/v1.0.0/b/.env", "B=value-of-x\n", &claims);
    bucket.put("shop/v1.0.0/c/.env", "C=value-of-another-tool\n", &[]);
    bucket.put("shop/v1.0.0/d/.env", "D=value-of-d\n", &[("x-amz-storage-class", "GLACIER")]);
    let run = verify(&bucket).version("v1.0.0").run().fails(8).says("4 problems found");
    let found = findings(&run);
    assert_eq!(found.len(), 4, "{found:?}");
    for (found, words) in found.iter().zip([
        "a/.env is missing",
        "b/.env is damaged",
        "c/.env was replaced in the bucket by another tool",
        "d/.env is archived",
    ]) {
        assert!(found.contains(words), "{found}");
        assert!(found.contains("(key shop/v1.0.0/"), "{found}");
    }
    assert!(run.summary.contains("b/.env is damaged"), "{}", run.summary);
    assert!(run.summary.contains("exit code is `8`"), "{}", run.summary);
    // A pull of the same is what it was.
    Action::pull(&bucket).version("v1.0.0").run().fails(5);
}

#[test]
fn the_same_bytes_are_right_whatever_their_object_says() {
    let bucket = Bucket::unversioned();
    push(&bucket, FILES).run().succeeds();
    bucket.put("shop/v1.0.0/a/.env", "A=value-of-a\n", &[("x-amz-meta-cstore-sha256", &"0".repeat(64))]);
    verify(&bucket).version("v1.0.0").run().succeeds();
}

#[test]
fn what_is_denied_is_one_finding_among_others() {
    let bucket = Bucket::versioned();
    push(&bucket, FILES).run().succeeds();
    bucket.delete("shop/v1.0.0/c/.env");
    let proxy = Proxy::start();
    proxy.on(request("", "shop/v1.0.0/b/.env").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let run = verify(&bucket).version("v1.0.0").through(&proxy).run().fails(8);
    let found = findings(&run);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("b/.env could not be looked at: s3:GetObject"), "{found:?}");
    assert!(found[1].contains("shop/v1.0.0/c/.env holds no object any more"), "{found:?}");
}

#[test]
fn a_pinned_object_counts_and_another_one_at_its_key_is_told() {
    let bucket = Bucket::versioned();
    push(&bucket, FILES).run().succeeds();
    bucket.put("shop/v1.0.0/a/.env", "A=planted-value\n", &[]);
    bucket.put("shop/v1.0.0/b/.env", "B=value-of-b\n", &[]);
    let pinned = bucket.head("shop/v1.0.0/c/.env").unwrap().version_id().unwrap().to_owned();
    bucket.delete_version("shop/v1.0.0/c/.env", &pinned);
    let run = verify(&bucket).version("v1.0.0").run().fails(8);
    let found = findings(&run);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("a/.env holds another object than the one that was published"), "{found:?}");
    assert!(found[1].contains("c/.env is missing"), "{found:?}");
    assert_eq!(titled(&run, "Put again").len(), 1);
    assert!(titled(&run, "Put again")[0].contains("b/.env"));
    // Which a pull is not hindered by, but for the one that is gone.
    Action::pull(&bucket).version("v1.0.0").files(&["a/.env"]).run().succeeds();
}

#[test]
fn of_the_head_what_another_tool_wrote_is_told_as_that() {
    let bucket = Bucket::versioned();
    push_head(&bucket, FILES).run().succeeds();
    bucket.put("shop/a/.env", "A=value-of-another-tool\n", &[]);
    let run = verify(&bucket).run().fails(8);
    assert_eq!(findings(&run).len(), 1);
    assert!(findings(&run)[0].contains("a/.env was replaced in the bucket by another tool"));
}

#[test]
fn a_manifest_that_is_damaged_is_a_finding() {
    let bucket = published(FILES);
    bucket.put("shop/.cstore/versions/v1.0.0.json", "{", &[]);
    let run = verify(&bucket).version("v1.0.0").run().fails(8);
    assert!(findings(&run)[0].contains("v1.0.0.json is damaged"), "{:?}", findings(&run));
}

#[test]
fn names_of_one_precedence_are_found_for_a_version_and_for_all() {
    let bucket = published(FILES);
    push_head(&bucket, FILES).run().succeeds();
    // As two pushes at the same moment leave them.
    for twin in ["1.0.0", "v1.0.0+z"] {
        let manifest = bucket.get("shop/.cstore/versions/v1.0.0.json").text();
        let manifest = manifest.replace("\"version\":\"v1.0.0\"", &format!("\"version\":\"{twin}\""));
        bucket.put(&format!("shop/.cstore/versions/{twin}.json"), manifest, &[]);
    }
    for version in ["v1.0.0", "head"] {
        let run = verify(&bucket).version(version).run().fails(8);
        assert!(findings(&run).iter().any(|text| text.contains("differ only in a leading `v`")), "{version}");
    }
    let run = verify(&bucket).run().fails(8);
    assert!(findings(&run)[0].contains("1.0.0, v1.0.0, v1.0.0+z"), "{:?}", findings(&run));
}

#[test]
fn what_is_not_there_is_no_finding() {
    let bucket = published(FILES);
    verify(&bucket).version("v9.9.9").run().fails(6).says("v9.9.9");
    verify(&bucket).run().fails(6);
    verify(&bucket).version("v1.0.0").files(&["typo/.env"]).run().fails(6).says("typo/.env");
    verify(&Bucket::missing()).run().fails(6);
}

#[test]
fn two_environments_have_the_same_keys_or_each_that_differs_is_named() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &[("dev/.env", "SHARED=dev-value\nONLY_DEV=dev-value\n")]).run().succeeds();
    let prod = |text: &str| {
        let step = push_head(&bucket, &[("prod/.env", text)]).input("context", "shop-prod");
        step.run().succeeds();
    };
    prod("SHARED=prod-value\nONLY_PROD=prod-value\n");
    let step = verify(&bucket).input("same-keys", "head\nshop-prod@head");
    let run = step.run().fails(8);
    let found = titled(&run, "Different keys");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("ONLY_PROD (prod/.env)") && found[1].contains("ONLY_DEV (dev/.env)"), "{found:?}");
    prod("SHARED=prod-value\nONLY_DEV=prod-value\n");
    step.run().succeeds();
    // With a version its objects are looked at, too.
    bucket.delete("shop/dev/.env");
    let run = step.version("head").run().fails(8);
    assert_eq!((findings(&run).len(), titled(&run, "Different keys").len()), (1, 0));
}

#[test]
fn keys_that_cannot_be_compared_do_not_pass_for_the_same() {
    let bucket = Bucket::unversioned();
    push_head(&bucket, &[(".env", "SHARED=dev-value\n")]).run().succeeds();
    push_head(&bucket, &[(".env", "SHARED=prod-value\n")]).input("context", "shop-prod").run().succeeds();
    bucket.put("shop-prod/.env", "SHARED=planted-value\n", &[("x-amz-meta-cstore-push-id", "p")]);
    let run = verify(&bucket).input("same-keys", "head\nshop-prod@head").run().fails(8);
    assert!(titled(&run, "Different keys")[0].contains("could not be compared: .env"));
}

#[test]
fn same_keys_takes_two_references() {
    let bucket = Bucket::missing();
    for text in ["head", "head\nv1\nv2", "a b\nhead"] {
        let run = verify(&bucket).input("same-keys", text).run().fails(2);
        assert_eq!(titled(&run, "Input same-keys").len(), 1);
    }
}
