//! `cstore purge`: what is shown and asked before a version goes for good, and what is said of what is left.

use serde_json::json;

use crate::harness::proxy::{Fault, request};
use crate::harness::{Bucket, Laptop, Proxy};

const ENV: &str = "service/.env";

/// A machine of a shop that has published two versions, the first of them twice, and a head.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket);
    for (version, text) in
        [("v1.0.0", "TOKEN=of-the-first-push\n"), ("v1.0.0", "TOKEN=swordfish\n"), ("v1.1.0", "TOKEN=anglerfish\n")]
    {
        laptop.file(ENV, text).cstore(["push", "-v", version, "--overwrite", ENV]).run().succeeds();
    }
    laptop.cstore(["push", ENV]).run().succeeds();
    laptop
}

/// What there is of a version, S3 versions too.
pub(crate) fn left(bucket: &Bucket, version: &str) -> Vec<String> {
    let of_version = |key: &&String| key.contains(&format!("/{version}"));
    bucket.versions().into_iter().map(|listed| listed.key).filter(|key| of_version(&key)).collect()
}

#[test]
fn a_person_types_the_name_of_what_goes_and_nothing_else_agrees() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = left(&bucket, "v1.0.0");
    let asked = || {
        let typed = laptop.cstore(["purge", "v1.0.0"]).on_a_terminal();
        typed
            .sees("Would purge v1.0.0 of shop in s3://")
            .sees("- shop/.cstore/versions/v1.0.0.json (2 S3 versions, 20")
            .sees("- shop/v1.0.0/service/.env (2 S3 versions, 20")
            .sees("type its name, v1.0.0: ")
    };
    for answer in ["y", "yes", "", "v1.0", "V1.0.0", "v1.1.0"] {
        asked().types(answer).ended().exits(1).says("Nothing was removed.").does_not_say("error:");
        assert_eq!(left(&bucket, "v1.0.0"), before, "{answer}");
    }
    let ran = asked().types("v1.0.0").ended().succeeds();
    ran.says("Purged v1.0.0 of shop in s3://");
    assert!(left(&bucket, "v1.0.0").is_empty(), "{:?}", left(&bucket, "v1.0.0"));
    laptop.cstore(["export", "-v", "v1.0.0"]).run().fails(6);
    laptop.cstore(["export", "-v", "v1.1.0"]).prints_values().run().succeeds();
    laptop.cstore(["purge", "v1.0.0", "-y"]).run().fails(6).says("v1.1.0");
}

#[test]
fn without_a_terminal_only_a_flag_agrees_and_nothing_is_asked_of_s3_before() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    let typed = laptop.cstore(["purge", "v1.0.0"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed.run().fails(2).says("Pass --yes.").prints("");
    assert!(proxy.requests().is_empty(), "{:?}", proxy.lines());
    let ran = laptop.cstore(["purge", "v1.0.0", "--yes"]).run().succeeds().prints("");
    let (before, after) = ran.stderr.split_once("\nPurged v1.0.0 of shop").unwrap();
    assert!(before.starts_with("Purging v1.0.0 of shop in s3://"), "{before}");
    for told in [before, after] {
        assert_eq!(told.matches("- shop/v1.0.0/service/.env (2 S3 versions, ").count(), 1, "{told}");
    }
    assert!(left(&bucket, "v1.0.0").is_empty());
}

#[test]
fn a_dry_run_removes_nothing_and_needs_no_answer() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = left(&bucket, "v1.0.0");
    let ran = laptop.cstore(["purge", "shop@v1.0.0", "--dry-run", "--json"]).run().succeeds();
    assert_eq!(left(&bucket, "v1.0.0"), before);
    let planned = ran.json();
    assert_eq!((&planned["dry_run"], &planned["version"]), (&json!(true), &json!("v1.0.0")), "{planned}");
    let ran = laptop.cstore(["purge", "v1.0.0", "-y", "--json"]).run().succeeds();
    let ids = |document: &serde_json::Value| {
        let removed = document["removed"].as_array().unwrap().iter();
        let mut ids: Vec<_> = removed
            .filter(|listed| listed["is_delete_marker"] == false && !listed["key"].as_str().unwrap().contains("claims"))
            .map(|listed| format!("{} {}", listed["key"], listed["s3_version"]))
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&planned), ids(&ran.json()));
    assert_eq!(ids(&planned).len(), 4);
}

#[test]
fn only_an_exact_name_that_is_typed_is_purged() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let before = left(&bucket, "v1");
    laptop.file("v1.1.0", "not a version\n");
    for (words, said) in [
        (
            vec!["purge", "-y"],
            "`REF` is not set.\nnext: Name one version exactly, such as v1.2.3, or files of the head, such as ./service/.env.",
        ),
        (vec!["purge", "-y", "head"], "is the head, of which only files are purged that are named"),
        (vec!["purge", "-y", "latest"], "does not name one version exactly"),
        (vec!["purge", "-y", "^1"], "does not name one version exactly"),
        (vec!["purge", "-y", "shop@^1"], "does not name one version exactly"),
        (vec!["purge", "-y", "shop@v1.0.0", ENV], "names a version, and a purge removes one version or files"),
        (vec!["purge", "-y", "v1.1.0"], "may be a version, and it is a file here"),
        (vec!["purge", "-y", "."], "takes what is in the bucket"),
    ] {
        let ran = laptop.cstore_with(words.into_iter().map(str::to_owned));
        // What a variable names was set for something else.
        ran.env("CSTORE_VERSION", "v1.0.0").run().fails(2).says(said);
    }
    assert_eq!(left(&bucket, "v1"), before);
}

#[test]
fn what_cannot_be_removed_is_named_and_the_same_again_finishes_it() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    let denied = Fault::s3(403, "AccessDenied", "Access Denied");
    proxy.on(request("DELETE", "shop/v1.0.0/service/.env").for_ever(), denied);
    let typed = laptop.cstore(["purge", "v1.0.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed
        .run()
        .fails(3)
        .says("Not all is removed of v1.0.0 of shop in s3://")
        .says("could not be removed; no pull gets the version any more.\n- shop/v1.0.0/service/.env (S3 version ")
        .says("s3:DeleteObject of s3://")
        .says("Then run `cstore purge v1.0.0`: it finishes this one.");
    laptop.cstore(["export", "-v", "v1.0.0"]).run().fails(6);
    let push = laptop.cstore(["push", "-v", "v1.0.0", "-y", ENV]).run().fails(4);
    push.says("is being purged").says("purge again with `cstore purge v1.0.0`");
    laptop.cstore(["purge", "v1.0.0", "-y"]).run().succeeds().says("Purged v1.0.0 of shop");
    assert!(left(&bucket, "v1.0.0").is_empty(), "{:?}", left(&bucket, "v1.0.0"));
}

#[test]
fn what_object_lock_keeps_is_told_apart_from_a_missing_right() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    let kept = "Access Denied because object protected by object lock.";
    // A delete without a version id is no deletion.
    proxy.on(request("DELETE", "shop/v1.0.0/service/.env").nth(2).for_ever(), Fault::s3(403, "AccessDenied", kept));
    let typed = laptop.cstore(["purge", "v1.0.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let ran = typed.run().fails(3).says("2 S3 versions of v1.0.0 of shop").says("protected by object lock");
    assert_eq!(ran.stderr.matches("\n- shop/v1.0.0/service/.env (S3 version ").count(), 2, "{}", ran.stderr);
    ran.says("\nnext: What Object Lock keeps can be removed when").does_not_say("Allow s3:");
}

#[test]
fn who_may_not_delete_is_told_that_the_version_is_still_published() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("DELETE", "").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let typed = laptop.cstore(["purge", "v1.0.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed.run().fails(3).says("v1.0.0 of shop in s3://").says("is still published.").says("Allow s3:DeleteObject on");
    laptop.cstore(["export", "-v", "v1.0.0"]).prints_values().run().succeeds();
    // Who may not even find out what there is to remove.
    proxy.clear();
    proxy.on(request("GET", "versions").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    for line in [["purge", "v1.0.0", "-y"], ["purge", ENV, "-y"]] {
        let typed = laptop.cstore(line).env("AWS_ENDPOINT_URL", &proxy.endpoint());
        typed.run().fails(3).says("s3:ListBucketVersions").says("Nothing was removed.");
    }
    // One that broke off later says what is gone.
    proxy.clear();
    proxy.on(request("DELETE", "shop/v1.0.0/service/.env"), Fault::s3(404, "NoSuchBucket", "gone for a while"));
    let typed = laptop.cstore(["purge", "v1.0.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed
        .run()
        .fails(6)
        .says("- shop/v1.0.0/service/.env (2 S3 versions, ")
        .says("Gone of v1.0.0 of shop in s3://")
        .says("- shop/.cstore/versions/v1.0.0.json (2 S3 versions, ")
        .says("Perhaps gone of v1.0.0 of shop in s3://")
        .says("Left of v1.0.0 of shop in s3://")
        .says("- shop/.cstore/claims/v1.0.0.json (")
        .says("No pull gets v1.0.0 of shop in s3://")
        .says(" are gone, ")
        .says("Run `cstore purge v1.0.0` to finish it. If that ends with code 6, nothing was left.");
    laptop.cstore(["purge", "v1.0.0", "-y"]).run().succeeds();
    assert!(left(&bucket, "v1.0.0").is_empty());
}

#[test]
fn what_is_others_stays_and_is_named() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    bucket.put("shop/v1.0.0/of-another-tool/.env", "FOREIGN=foreign-value\n", &[]);
    let ran = laptop.cstore(["purge", "v1.0.0", "-y"]).run().succeeds();
    ran.says("is not its own stays: shop/v1.0.0/of-another-tool/.env (1 S3 version, ");
    assert!(bucket.find("shop/v1.0.0/of-another-tool/.env").is_some());
}

#[test]
fn a_claim_says_who_purges() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket).with_env("CSTORE_AUTHOR", "Jo Doe");
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("DELETE", "shop/v1.0.0/service/.env"), Fault::s3(404, "NoSuchBucket", "gone for a while"));
    laptop.cstore(["purge", "v1.0.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().fails(6);
    assert_eq!(bucket.get("shop/.cstore/claims/v1.0.0.json").json()["source"], json!({"author": "Jo Doe"}));
}

/// A machine of a shop in which a password was in two versions, the second of them with other files, in the head once, in a
/// URL of a third version, and in another context.
pub(crate) fn leaked(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket);
    let push = |version: &str, files: &[(&str, &str)]| {
        for (path, text) in files {
            laptop.file(path, text);
        }
        let words = ["push", "-v", version, "-y"].into_iter().chain(files.iter().map(|(path, _)| *path));
        laptop.cstore_with(words.map(str::to_owned)).run().succeeds();
    };
    push("v1.0.0", &[(ENV, "DB_PASSWORD=swordfish-1\nPORT=8080\n")]);
    push("v1.1.0", &[(ENV, "DB_PASSWORD=swordfish-1\nPORT=8080\n"), ("web.json", "{\"color\":\"blue-green\"}")]);
    push("v1.2.0", &[("urls.env", "DB_URL=postgres://shop:swordfish-1@db/shop\n")]);
    push("head", &[(ENV, "DB_PASSWORD=swordfish-1\nPORT=8080\n")]);
    laptop.cstore(["promote", "v1.0.0", "--to", "shop-prod", "-y"]).run().succeeds();
    push("head", &[(ENV, "DB_PASSWORD=anglerfish-2\nPORT=8080\n")]);
    push("v2.0.0", &[(ENV, "DB_PASSWORD=anglerfish-2\nPORT=8080\n")]);
    laptop
}

#[test]
fn all_that_holds_a_value_is_found_by_reading_and_shown_by_name() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    let words = ["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "--dry-run", "--json"];
    let ran = laptop.cstore(words).run().succeeds();
    // No value is shown: the harness looks for each in all that is printed.
    let document = ran.json();
    let found: Vec<_> = document["holders"]["found"].as_array().unwrap().iter().collect();
    let named: Vec<_> = found
        .iter()
        .map(|holder| {
            let text = |name: &str| holder[name].as_str().unwrap_or_default();
            let unlisted = if holder["s3_version"].is_null() { "" } else { " unlisted" };
            format!("{} {} {}{unlisted}", text("context"), text("version"), text("path"))
        })
        .collect();
    assert_eq!(
        named,
        [
            "shop v1.2.0 urls.env",
            "shop v1.1.0 service/.env",
            "shop v1.0.0 service/.env",
            "shop head service/.env unlisted",
            "shop-prod v1.0.0 service/.env",
        ]
    );
    let earlier = found.iter().find_map(|holder| holder["s3_version"].as_str()).unwrap();
    let text = bucket.find_version("shop/service/.env", earlier).unwrap().text();
    assert_eq!(text, "DB_PASSWORD=swordfish-1\nPORT=8080\n");
    assert!(ran.stderr.contains(&format!("- service/.env: v1.1.0, v1.0.0, S3 version {earlier}, shop-prod@v1.0.0\n")));
    assert_eq!(document["purged"], json!([]));
    ran.says("run `cstore purge service/.env`, and push these files again.").does_not_say("aws s3api");
    assert!(!left(&bucket, "v1.0.0").is_empty());
    // The head has another by now.
    let ran = laptop.cstore(["purge", "--value-of", "DB_PASSWORD", "--dry-run"]).run().succeeds();
    ran.says("The value that DB_PASSWORD has in the head of shop").says("- service/.env: v2.0.0, head\n");
}

#[test]
fn a_value_that_no_version_has_is_said_to_leave_nothing_to_remove() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    laptop.cstore(["set", "DB_PASSWORD=monkfish-3"]).run().succeeds();
    let purge = |flag: &str| laptop.cstore(["purge", "--value-of", "DB_PASSWORD", flag]).run().succeeds();
    purge("--dry-run").says("Nothing would be removed: no version of shop has it.");
    purge("-y").says("Nothing was removed: no version of shop has it.");
}

#[test]
fn only_versions_of_this_context_that_hold_the_value_are_purged_once_the_key_is_typed() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    let words = ["purge", "v1.0.0", "--value-of", "DB_PASSWORD"];
    laptop.cstore(words).run().fails(2).says("Pass --yes.");
    let asked = || {
        let typed = laptop.cstore(words).on_a_terminal();
        typed.sees("Would purge 3 versions: v1.2.0, v1.1.0, v1.0.0").sees("type the key's name, DB_PASSWORD: ")
    };
    asked().types("y").ended().exits(1).says("Nothing was removed.");
    assert!(!left(&bucket, "v1.0.0").is_empty());
    let ran = asked().types("DB_PASSWORD").ended().succeeds();
    ran.says("Purged v1.2.0 of shop").says("Purged v1.1.0 of shop").says("Purged v1.0.0 of shop");
    for version in ["v1.0.0", "v1.1.0", "v1.2.0"] {
        let left: Vec<_> = left(&bucket, version).into_iter().filter(|key| key.starts_with("shop/")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
    laptop.cstore(["export", "-v", "v2.0.0"]).prints_values().run().succeeds();
    laptop.cstore(["export", "--files", ENV]).prints_values().run().succeeds();
    laptop.cstore(["export", "-v", "shop-prod@v1.0.0"]).prints_values().run().succeeds();
}

#[test]
fn an_s3_version_that_an_overwrite_has_replaced_is_named_and_its_version_stays() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    laptop.file("urls.env", "DB_URL=postgres://shop:anglerfish-2@db/shop\n");
    laptop.cstore(["push", "-v", "v1.2.0", "--overwrite", "-y", "urls.env"]).run().succeeds();
    let ran = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "-y", "--json"]).run().succeeds();
    let found = ran.json()["holders"]["found"].as_array().unwrap().clone();
    let replaced = found.iter().find(|holder| holder["path"] == "urls.env").unwrap();
    assert_eq!(replaced["version"], "v1.2.0");
    let id = replaced["s3_version"].as_str().unwrap();
    assert!(bucket.find_version("shop/v1.2.0/urls.env", id).unwrap().text().contains("swordfish-1"));
    ran.says(&format!("- urls.env: S3 version {id} of v1.2.0"))
        .does_not_say("Purged v1.2.0")
        .says("Purged v1.1.0")
        .says("those of a version that was overwritten, use `aws s3api delete-object`.");
    laptop.cstore(["export", "-v", "v1.2.0"]).prints_values().run().succeeds();
}

#[test]
fn a_purge_of_a_value_removes_what_was_shown_or_says_what_it_has_left() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    let typed = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD"]).on_a_terminal();
    let asked = typed.sees("Would purge 3 versions: v1.2.0, v1.1.0, v1.0.0").sees("type the key's name, DB_PASSWORD: ");
    laptop.file("web.json", "{\"color\":\"sea-green\"}");
    laptop.cstore(["push", "-v", "v1.1.0", "--overwrite", "-y", "web.json"]).run().succeeds();
    let ran = asked.types("DB_PASSWORD").ended().exits(4);
    ran.says("Purged: v1.2.0. Not purged: v1.1.0, v1.0.0.").does_not_say("Nothing was removed.");
    laptop.cstore(["export", "-v", "v1.1.0", "--files", "web.json"]).prints_values().run().succeeds();
    laptop.cstore(["export", "-v", "v1.0.0"]).prints_values().run().succeeds();
}

/// The version that is named has the value, and so goes last.
#[test]
fn a_purge_of_a_value_that_broke_off_is_finished_by_the_same_again() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("PUT", "claims/v1.0.0.json").for_ever(), Fault::s3(403, "AccessDenied", "no"));
    let words = ["purge", "v1.1.0", "--value-of", "DB_PASSWORD", "-y", "--json"];
    let ran = laptop.cstore(words).env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().fails(3);
    let purged: Vec<_> = ran.json()["purged"].as_array().unwrap().iter().map(|one| one["version"].clone()).collect();
    assert_eq!(purged, ["v1.2.0"]);
    ran.says("Purged v1.2.0 of shop").says("claims/v1.0.0.json");
    assert!(!left(&bucket, "v1.1.0").is_empty());
    let ran = laptop.cstore(words).run().succeeds();
    ran.says("Purged v1.0.0 of shop").says("Purged v1.1.0 of shop");
}

#[test]
fn a_value_that_nobody_can_tell_is_not_looked_for() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    laptop.file("a.env", "TOKEN=first-token\nEMPTY=\n").file("b.env", "TOKEN=other-token\n");
    laptop.cstore(["push", "a.env", "b.env", "-q"]).run().succeeds();
    let purge = |words: &[&str]| {
        let words = ["purge", "--dry-run"].into_iter().chain(words.iter().copied());
        laptop.cstore_with(words.map(str::to_owned)).run()
    };
    purge(&["--value-of", "TOKEN"]).fails(2).says("different values for it: a.env, b.env").says("--files");
    purge(&["--value-of", "TOKEN", "--files", "b.env"]).succeeds().says("- b.env: head\n").does_not_say("a.env");
    purge(&["--value-of", "EMPTY"]).fails(2).says("its value is empty");
    purge(&["--value-of", "NO_SUCH_KEY"]).fails(6).says("NO_SUCH_KEY");
    purge(&["--value-of", "TOKNE", "--files", "a.env"]).fails(6).says("Did you mean TOKEN?");
    purge(&["v1.0.0", "--files", "b.env"]).fails(2).says("`--value-of` is not set");
}

#[test]
fn a_copy_that_an_overwrite_of_another_version_has_replaced_is_named() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    laptop.file(ENV, "DB_PASSWORD=anglerfish-2\nPORT=8080\n");
    laptop.cstore(["push", "-v", "v1.1.0", "--overwrite", "-y", ENV]).run().succeeds();
    let ran = laptop.cstore(["purge", "v1.0.0", "--dry-run", "--json"]).run().succeeds();
    let found = ran.json()["elsewhere"]["found"].as_array().unwrap().clone();
    let replaced = found.iter().find(|holder| holder["version"] == "v1.1.0").unwrap();
    let id = replaced["s3_version"].as_str().unwrap();
    assert!(bucket.find_version("shop/v1.1.0/service/.env", id).unwrap().text().contains("swordfish-1"));
    ran.says(&format!("S3 version {id} of v1.1.0"));
}

#[test]
fn what_else_holds_the_files_of_a_purged_version_is_named() {
    let bucket = Bucket::versioned();
    let laptop = leaked(&bucket);
    // Where the context is named, each version says of which it is: pasted, it means no other.
    let named = laptop.cstore(["purge", "shop@v1.0.0", "--dry-run"]).run().succeeds();
    named.says(": service/.env: shop@v1.1.0, ").says(", shop-prod@v1.0.0.");
    let ran = laptop.cstore(["purge", "v1.0.0", "-y"]).run().succeeds();
    ran.says("The same content is also elsewhere, and stays there: service/.env: v1.1.0, S3 version ")
        .says(", shop-prod@v1.0.0.")
        .does_not_say("v2.0.0");
    // What may not be read is said, and hinders nothing.
    let proxy = Proxy::before(bucket.server());
    let denied = || Fault::s3(403, "AccessDenied", "Access Denied");
    proxy.on(request("GET", "shop-prod/.cstore/versions/v1.0.0.json").for_ever(), denied());
    let typed = laptop.cstore(["purge", "v1.1.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed.run().succeeds().says("Not looked at: v1.0.0 of shop-prod (s3:GetObject was denied).");
    // Nor does what never answers: the search has a part of the time limit.
    let stalling = Proxy::before(bucket.server());
    stalling.on(request("GET", "shop-prod/.cstore/versions/v1.0.0.json").for_ever(), Fault::Stall);
    let typed = laptop.cstore(["purge", "v2.0.0", "-y"]).env("AWS_ENDPOINT_URL", &stalling.endpoint());
    let ran = typed.env("CSTORE_TIMEOUT_SECONDS", "8").run().succeeds();
    ran.says("Purged v2.0.0 of shop").says("Not looked at: the rest of the bucket (that took too long).");
    assert!(left(&bucket, "v2.0.0").is_empty());
}

/// An overwrite that began before the purge publishes between the purge's listing and its delete of the manifest.
#[test]
fn a_purge_that_was_agreed_to_removes_nothing_that_was_published_before_its_first_delete() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    let through = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let (there, published) = (bucket.clone(), "shop/.cstore/versions/v1.0.0.json");
    let manifest = bucket.get(published).text();
    // The same files, in another state of the manifest.
    let overwritten = manifest.replacen("\"created_at\":\"20", "\"created_at\":\"19", 1);
    assert_ne!(manifest, overwritten);
    let put = overwritten.clone();
    proxy.on(request("DELETE", published), Fault::before(move || drop(there.put(published, put.clone(), &[]))));
    let asked = through.cstore(["purge", "v1.0.0"]).on_a_terminal().sees("type its name, v1.0.0: ");
    let ran = asked.types("v1.0.0").ended().exits(4);
    ran.says("v1.0.0");
    assert_eq!(bucket.get(published).text(), overwritten);
    laptop.cstore(["export", "-v", "v1.0.0"]).prints_values().run().succeeds();
    // The name is free for pushes again, and for another purge.
    laptop.cstore(["purge", "v1.0.0", "-y"]).run().succeeds();
}

#[test]
fn what_went_before_another_purge_took_over_is_listed() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::before(bucket.server());
    let there = bucket.clone();
    let takes_over = move || {
        let claim = there.get("shop/.cstore/claims/v1.0.0.json");
        let id = claim.json()["push_id"].as_str().unwrap().to_owned();
        let other = claim.text().replace(&id, "00000000-0000-4000-8000-000000000000");
        there.put("shop/.cstore/claims/v1.0.0.json", other, &[]);
    };
    // It looks at its claim before each round, and the first one takes all.
    proxy.on(request("HEAD", "claims/v1.0.0.json").nth(2), Fault::before(takes_over));
    let typed = laptop.cstore(["purge", "v1.0.0", "-y"]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed
        .run()
        .fails(4)
        .says("\nGone of v1.0.0 of shop in s3://")
        .says("- shop/v1.0.0/service/.env (2 S3 versions, ")
        .says("to the other purge\n- shop/.cstore/")
        .says("v1.0.0 is being purged since ")
        .says(" This purge has removed 4 of ")
        .does_not_say("Nothing was removed");
    laptop.cstore(["purge", "v1.0.0", "-y"]).run().succeeds();
    assert!(left(&bucket, "v1.0.0").is_empty());
}
