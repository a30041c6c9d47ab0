//! `cstore purge FILE…`: files leave the head for good, with every S3 version of them, and nothing else goes.

use serde_json::json;

use crate::harness::proxy::{Fault, request};
use crate::harness::{Bucket, Laptop, Proxy};

const ENV: &str = "service/.env";
const KEY: &str = "shop/service/.env";

/// A machine of a shop whose head has two files, of which one was pushed twice.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket);
    laptop.file(ENV, "TOKEN=leaked-token\n").file("web.env", "PORT=8080\n");
    laptop.cstore(["push", ENV, "web.env", "-q"]).run().succeeds();
    laptop.file(ENV, "TOKEN=second-token\n").cstore(["push", ENV, "-q"]).run().succeeds();
    laptop
}

/// The S3 versions and delete markers at a key.
fn left(bucket: &Bucket, key: &str) -> usize {
    bucket.versions().into_iter().filter(|listed| listed.key == key).count()
}

fn the_rest_is_there(laptop: &Laptop) {
    laptop.cstore(["get", "PORT", "--files", "web.env"]).prints_values().run().succeeds().prints("8080");
}

#[test]
fn a_person_is_shown_what_goes_and_types_the_path() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["purge", ENV]).run().fails(2).says("Pass --yes.");
    let asked = || {
        let typed = laptop.cstore(["purge", ENV]).on_a_terminal();
        typed
            .sees("Would purge service/.env of the head of shop in s3://")
            .sees("- shop/service/.env (2 S3 versions, 20")
            .sees("type its name, service/.env: ")
    };
    asked().types("y").ended().exits(1).says("Nothing was removed.");
    assert_eq!(left(&bucket, KEY), 2);
    let ran = asked().types(ENV).ended().succeeds();
    ran.says("Purged service/.env of the head of shop in s3://").says("cstore push --overwrite service/.env");
    assert_eq!((left(&bucket, KEY), left(&bucket, "shop/web.env")), (0, 1));
    laptop.cstore(["export", "--files", ENV]).run().fails(6);
    the_rest_is_there(&laptop);
    laptop.cstore(["purge", ENV, "-y"]).run().fails(6).says("service/.env");
    // It is pushed again as any other, by a line that works as it is printed.
    laptop.cstore(["push", "--overwrite", ENV, "-q"]).run().succeeds();
    laptop.cstore(["get", "TOKEN"]).prints_values().run().succeeds().prints("second-token");
}

/// The file may be gone from the folder, as the first thing that people do with a leaked one.
#[test]
fn a_file_that_is_not_here_is_a_file_still() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file("secrets", "leaked\n").cstore(["push", "secrets", "-q"]).run().succeeds();
    for path in ["web.env", "secrets"] {
        laptop.workspace().remove(path);
    }
    laptop.cstore(["purge", "web.env", "-y"]).run().succeeds().says("Purged web.env of the head");
    // Another name may be a version's; the line that is printed names the file.
    laptop.cstore(["purge", "secrets", "-y"]).run().fails(6).says("run: cstore purge ./secrets\n");
    laptop.cstore(["purge", "./secrets", "-y"]).run().succeeds();
    assert_eq!((left(&bucket, "shop/web.env"), left(&bucket, "shop/secrets")), (0, 0));
}

#[test]
fn a_dry_run_removes_nothing_and_names_what_else_holds_the_same() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["push", "-v", "v1.0.0", "-y", ENV, "-q"]).run().succeeds();
    let ran = laptop.cstore(["purge", ENV, "--dry-run", "--json"]).run().succeeds();
    let planned = ran.says("The same content is also elsewhere, and stays there: service/.env: v1.0.0.").json();
    assert_eq!((&planned["version"], &planned["files"]), (&json!("head"), &json!([ENV])), "{planned}");
    assert_eq!((planned["removed"].as_array().unwrap().len(), left(&bucket, KEY)), (2, 2), "{planned}");
    let purged = laptop.cstore(["purge", ENV, "-y", "--json"]).run().succeeds().json();
    assert_eq!((&purged["dry_run"], left(&bucket, KEY)), (&json!(false), 0), "{purged}");
    // The version has it still.
    laptop.cstore(["export", "-v", "v1.0.0"]).prints_values().run().succeeds();
}

#[test]
fn several_files_are_named_by_paths_and_patterns_and_a_typing_error_removes_none() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["purge", ENV, "wbe.env", "-y"]).run().fails(6).says("wbe.env").says("web.env");
    assert_eq!(left(&bucket, KEY), 2);
    let typed = laptop.cstore(["purge", "*.env", "./service/.env"]).on_a_terminal();
    let ran = typed.sees("type the context's name, shop: ").types("shop").ended().succeeds();
    ran.says("shop/web.env (1 S3 version, ");
    assert_eq!((left(&bucket, KEY), left(&bucket, "shop/web.env")), (0, 0));
}

#[test]
fn what_is_pushed_between_the_question_and_the_answer_is_not_purged() {
    let bucket = Bucket::versioned();
    let (laptop, other) = (laptop(&bucket), Laptop::new(&bucket));
    let typed = laptop.cstore(["purge", ENV]).on_a_terminal().sees("type its name, service/.env: ");
    other.file(ENV, "TOKEN=of-somebody-else\n").cstore(["push", "--overwrite", ENV, "-q"]).run().succeeds();
    let ran = typed.types(ENV).ended().exits(4);
    ran.says("Others have changed these files of the head meanwhile: service/.env.").says("Nothing was removed.");
    assert_eq!(left(&bucket, KEY), 3);
    // A version is bound to what was shown, too.
    laptop.cstore(["push", "-v", "v1.0.0", "-y", ENV, "-q"]).run().succeeds();
    let typed = laptop.cstore(["purge", "v1.0.0"]).on_a_terminal().sees("type its name, v1.0.0: ");
    other.cstore(["push", "-v", "v1.0.0", "--overwrite", "-y", ENV, "-q"]).run().succeeds();
    typed.types("v1.0.0").ended().exits(4).says("Others have changed what is published as v1.0.0 meanwhile");
    laptop.cstore(["export", "-v", "v1.0.0"]).prints_values().run().succeeds();
    // And the name can be pushed all the same.
    other.cstore(["push", "-v", "v1.0.0", "--overwrite", "-y", ENV, "-q"]).run().succeeds();
}

#[test]
fn what_cannot_be_removed_is_named_has_left_the_head_and_the_same_again_finishes_it() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    let kept = "Access Denied because object protected by object lock.";
    // A delete without a version id is no deletion.
    proxy.on(request("DELETE", KEY).nth(2).for_ever(), Fault::s3(403, "AccessDenied", kept));
    let through = |words: [&str; 3]| laptop.cstore(words).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let ran = through(["purge", ENV, "-y"]).run().fails(3);
    ran.says("Not all is removed of service/.env of the head of shop")
        .says("2 S3 versions of the head of shop")
        .says("could not be removed; the head no longer has these files, and what is left can be read only by")
        .says("shop/service/.env (S3 version ")
        .says("What Object Lock keeps can be removed when")
        .says("Then run the same purge again: it finishes this one.")
        .does_not_say("Allow s3:");
    laptop.cstore(["export", "--files", ENV]).run().fails(6);
    the_rest_is_there(&laptop);
    laptop.cstore(["purge", ENV, "-y"]).run().succeeds().says("Purged service/.env of the head");
    assert_eq!(left(&bucket, KEY), 0);
    // Who may not change the head has changed nothing.
    proxy.clear();
    proxy.on(request("PUT", "head.json").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    through(["purge", "web.env", "-y"]).run().fails(3).says("s3:PutObject").does_not_say("have left");
    the_rest_is_there(&laptop);
}

#[test]
fn what_another_tool_has_put_over_it_stays_and_is_named() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    bucket.put(KEY, "FOREIGN=foreign-value\n", &[]);
    let ran = laptop.cstore(["purge", ENV, "-y"]).run().succeeds();
    ran.says("What is another's, or was pushed since the purge began, stays: shop/service/.env (1 S3 version, ");
    assert_eq!(left(&bucket, KEY), 1);
    assert!(bucket.find(KEY).is_some());
    laptop.cstore(["export", "--files", ENV]).run().fails(6);
}

#[test]
fn without_versions_the_object_goes() {
    let bucket = Bucket::unversioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["purge", ENV, "-y"]).run().succeeds().says("shop/service/.env (1 S3 version, ");
    assert!(bucket.find(KEY).is_none());
    the_rest_is_there(&laptop);
}

#[test]
fn a_rollback_says_that_what_it_would_restore_was_purged() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.cstore(["push", "-v", "v1.0.0", "-y", ENV, "-q"]).run().succeeds();
    laptop.cstore(["purge", ENV, "-y"]).run().succeeds();
    let ran = laptop.cstore(["rollback", "-y"]).run().fails(6);
    ran.says("What the head was before its last push had files that were purged since: service/.env.")
        .says("Nothing was changed.");
    // A version has its own.
    laptop.cstore(["rollback", "v1.0.0", "-y"]).run().succeeds();
    laptop.cstore(["get", "TOKEN"]).prints_values().run().succeeds().prints("second-token");
}
