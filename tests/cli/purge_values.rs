//! `cstore purge --value-of`, where some of the versions cannot be purged: what is gone, what is left, and why.

use std::sync::{Arc, Mutex, mpsc};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::harness::proxy::{Fault, Matching, put, request};
use crate::harness::{Bucket, Laptop, Proxy, Ran, Versioning};
use crate::purge::left;

const ENV: &str = "service/.env";
const WORDS: [&str; 5] = ["purge", "v1.0.0", "--value-of", "DB_PASSWORD", "--json"];

fn versioned() -> Bucket {
    Bucket::in_memory(Versioning::Enabled)
}

/// A machine of a shop that has published a password with three versions.
fn leaked(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket);
    laptop.file(ENV, "DB_PASSWORD=swordfish-1\n");
    for version in ["v1.0.0", "v1.1.0", "v1.2.0"] {
        laptop.cstore(["push", "-v", version, ENV]).run().succeeds();
    }
    laptop
}

fn moves(laptop: &Laptop, version: &str, channel: &str) {
    laptop.cstore(["promote", version, "--to", channel, "-y"]).run().succeeds();
}

fn purges(laptop: &Laptop, flags: &[&str]) -> Ran {
    laptop.cstore_with(WORDS.iter().chain(flags).map(|word| (*word).to_owned())).run()
}

/// The versions of which the document says that they are gone, and that they are not.
fn told(ran: &Ran) -> (Vec<Value>, Value) {
    let document = ran.json();
    let purged = document["purged"].as_array().unwrap().iter().map(|purged| purged["version"].clone()).collect();
    (purged, document["not_purged"].clone())
}

#[test]
fn all_channels_are_named_before_anything_is_asked_or_removed() {
    let bucket = versioned();
    let laptop = leaked(&bucket);
    moves(&laptop, "v1.0.0", ":prod");
    moves(&laptop, "v1.1.0", ":staging");
    let before = left(&bucket, "v1");
    let proxy = Proxy::before(bucket.server());
    let through = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    for flag in ["-y", "--dry-run"] {
        let ran = purges(&through, &[flag]).fails(4).says("- service/.env: v1.2.0, v1.1.0, v1.0.0\n");
        ran.says("Channels point at versions that would go: prod at v1.0.0, staging at v1.1.0. Nothing was removed.")
            .says("With `--force` what they point at is purged anyway");
        assert_eq!(left(&bucket, "v1"), before);
    }
    let reads = proxy.lines().iter().filter(|line| line.ends_with("channels/prod.json")).count();
    assert_eq!(reads, 2, "once each: {:#?}", proxy.lines());
    let asked = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD"]).on_a_terminal();
    asked.ended().exits(4).says("staging at v1.1.0").does_not_say("type the key's name");

    let breaks = "Channels point at versions that go: prod at v1.0.0, staging at v1.1.0. Pulls of them";
    let ran = purges(&laptop, &["--dry-run", "--force"]).succeeds().says(&format!("{breaks} would fail until"));
    let pointing = json!([{"channel": "prod", "version": "v1.0.0"}, {"channel": "staging", "version": "v1.1.0"}]);
    assert_eq!((ran.json()["channels"].clone(), told(&ran)), (pointing, (vec![], json!([]))));
    assert_eq!(left(&bucket, "v1"), before);
    let ran = purges(&laptop, &["-y", "--force"]).succeeds().says(&format!("{breaks} fail until"));
    assert_eq!(told(&ran), (vec![json!("v1.2.0"), json!("v1.1.0"), json!("v1.0.0")], json!([])));
    assert!(left(&bucket, "v1").is_empty());
}

#[test]
fn a_channel_that_moves_meanwhile_keeps_its_version_and_what_is_gone_is_said() {
    let bucket = versioned();
    let laptop = leaked(&bucket);
    let typed = laptop.cstore(["purge", "v1.0.0", "--value-of", "DB_PASSWORD"]).on_a_terminal();
    let asked = typed.sees("Would purge 3 versions: v1.2.0, v1.1.0, v1.0.0").sees("type the key's name, DB_PASSWORD: ");
    moves(&laptop, "v1.1.0", ":staging");
    let ran = asked.types("DB_PASSWORD").ended().exits(4);
    ran.says("The channel staging points at version v1.1.0. Purged: v1.2.0. Not purged: v1.1.0, v1.0.0.")
        .says("The same purge again goes on with what is not purged.")
        .does_not_say("Nothing was removed")
        .does_not_say("interrupted");
    assert!(left(&bucket, "v1.2.0").is_empty());
    let ran = purges(&laptop, &["-y", "--force"]).succeeds();
    assert_eq!(told(&ran).0, ["v1.1.0", "v1.0.0"]);
}

/// A purge of which one version fails: what happens at which request, the exit code, what is said, and what finishes it.
struct Case {
    at: Matching,
    fault: Fault,
    code: i32,
    said: &'static [&'static str],
    /// The versions that are gone afterwards, of those that were to go.
    gone: &'static [&'static str],
    /// Of which versions some is gone.
    begun: &'static [&'static str],
}

fn fails_in_the_middle(case: Case) {
    let Case { at, fault, code, said, gone, begun } = case;
    let bucket = versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(at, fault);
    let ran = purges(&laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()), &["-y"]).fails(code);
    proxy.release();
    finishes(&bucket, &laptop, ran, (said, gone, begun));
}

/// What was said is so, and the commands that were named finish it.
fn finishes(bucket: &Bucket, laptop: &Laptop, ran: Ran, (said, gone, begun): (&[&str], &[&str], &[&str])) {
    let (_, not_purged) = told(&ran);
    let ran = said.iter().fold(ran, |ran, said| ran.says(said));
    ran.does_not_say("Nothing was removed").does_not_say("Nothing was changed");
    for version in ["v1.2.0", "v1.1.0", "v1.0.0"] {
        assert_eq!(
            left(bucket, version).is_empty(),
            gone.contains(&version),
            "{version}: {:#?}",
            left(bucket, version)
        );
        assert_eq!(not_purged.as_array().unwrap().contains(&json!(version)), !gone.contains(&version), "{version}");
    }
    for version in begun {
        laptop.cstore(["purge", version, "-y"]).run().succeeds();
    }
    if !gone.contains(&"v1.0.0") {
        purges(laptop, &["-y"]).succeeds();
    }
    assert!(left(bucket, "v1").is_empty(), "{:#?}", left(bucket, "v1"));
}

fn denied() -> Fault {
    Fault::s3(403, "AccessDenied", "Access Denied")
}

#[test]
fn where_the_claim_is_denied_the_version_is_whole() {
    fails_in_the_middle(Case {
        at: put("claims/v1.1.0.json").for_ever(),
        fault: denied(),
        code: 3,
        said: &["claims/v1.1.0.json", "Purged: v1.2.0. Not purged: v1.1.0, v1.0.0.", "s3:PutObject"],
        gone: &["v1.2.0"],
        begun: &[],
    });
}

#[test]
fn where_deletes_are_denied_the_version_is_still_published() {
    fails_in_the_middle(Case {
        at: request("DELETE", "v1.1.0").for_ever(),
        fault: denied(),
        code: 3,
        said: &["is still published.", "Purged: v1.2.0. Not purged: v1.1.0, v1.0.0.", "s3:DeleteObject"],
        gone: &["v1.2.0"],
        begun: &[],
    });
}

/// The other versions go.
#[test]
fn what_object_lock_keeps_is_begun() {
    let kept = "Access Denied because object protected by object lock.";
    fails_in_the_middle(Case {
        at: request("DELETE", "shop/v1.1.0/service/.env").nth(2).for_ever(),
        fault: Fault::s3(403, "AccessDenied", kept),
        code: 3,
        said: &[
            "1 S3 version of v1.1.0 of shop",
            "Purged: v1.2.0, v1.0.0. Begun, but not finished: v1.1.0.",
            "Then run `cstore purge v1.1.0`: it finishes this one.",
        ],
        gone: &["v1.2.0", "v1.0.0"],
        begun: &["v1.1.0"],
    });
}

#[test]
fn what_breaks_off_is_begun_and_named_with_what_finishes_it() {
    fails_in_the_middle(Case {
        at: request("DELETE", "shop/v1.1.0/service/.env"),
        fault: Fault::s3(404, "NoSuchBucket", "gone for a while"),
        code: 6,
        said: &[
            "No pull gets v1.1.0 of shop",
            "Purged: v1.2.0. Begun, but not finished: v1.1.0. Not purged: v1.0.0.",
            "Run `cstore purge v1.1.0` to finish it. If that ends with code 6, nothing was left. The same purge again",
        ],
        gone: &["v1.2.0"],
        begun: &["v1.1.0"],
    });
}

#[test]
fn what_another_purge_has_claimed_is_left_to_it() {
    let bucket = versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    let there = bucket.clone();
    let takes_over = move || {
        let claim = there.get("shop/.cstore/claims/v1.1.0.json").text();
        let id = there.get("shop/.cstore/claims/v1.1.0.json").json()["push_id"].as_str().unwrap().to_owned();
        there.put("shop/.cstore/claims/v1.1.0.json", claim.replace(&id, "00000000-0000-4000-8000-000000000000"), &[]);
    };
    proxy.on(request("HEAD", "claims/v1.1.0.json"), Fault::before(takes_over));
    let ran = purges(&laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()), &["-y"]).fails(4);
    let said = ["v1.1.0 is being purged", "Purged: v1.2.0. Begun, but not finished: v1.1.0. Not purged: v1.0.0."];
    finishes(&bucket, &laptop, ran, (&said, &["v1.2.0"], &["v1.1.0"]));
}

/// It runs to its end once this one has claimed the version.
#[test]
fn what_another_purge_has_taken_over_and_removed_is_not_called_published() {
    let bucket = versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    let other = laptop.clone();
    let takes_over = move || drop(other.cstore(["purge", "v1.1.0", "-y"]).run().succeeds());
    proxy.on(request("HEAD", "claims/v1.1.0.json"), Fault::before(takes_over));
    let ran = purges(&laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()), &["-y"]).fails(4);
    ran.says("Others keep changing shop/.cstore/claims/v1.1.0.json.")
        .says("Purged: v1.2.0. Begun, but not finished: v1.1.0. Not purged: v1.0.0.")
        .does_not_say("still published");
    assert!(left(&bucket, "v1.1.0").is_empty());
}

/// Somebody else's purge of a version, from its beginning to its end.
#[test]
fn what_another_has_purged_meanwhile_is_said_and_the_rest_goes() {
    let bucket = versioned();
    let laptop = leaked(&bucket);
    let proxy = Proxy::before(bucket.server());
    let other = laptop.clone();
    let purges_it = move || drop(other.cstore(["purge", "v1.1.0", "-y"]).run().succeeds());
    proxy.on(put("claims/v1.2.0.json"), Fault::before(purges_it));
    let ran = purges(&laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()), &["-y"]).succeeds();
    assert_eq!(told(&ran), (vec![json!("v1.2.0"), json!("v1.0.0")], json!([])));
    ran.says("Somebody else has purged v1.1.0 meanwhile.");
    assert!(left(&bucket, "v1").is_empty());
}

/// Before the second version is claimed, and while its manifest goes.
#[test]
fn a_signal_says_what_is_gone_before_it() {
    let claims = (request("GET", "claims/v1.1.0.json"), "Purged: v1.2.0. Not purged: v1.1.0, v1.0.0.", &[][..]);
    let open = "Purged: v1.2.0. Begun, but not finished: v1.1.0. Not purged: v1.0.0.";
    let goes = (request("DELETE", "versions/v1.1.0.json"), open, &["v1.1.0"][..]);
    for (at, said, begun) in [claims, goes] {
        let bucket = versioned();
        let laptop = leaked(&bucket);
        let proxy = Proxy::before(bucket.server());
        let (started, child) = mpsc::channel();
        let child = Mutex::new(child);
        let interrupt = move || kill_process(child.lock().unwrap().recv().unwrap(), Signal::INT).unwrap();
        proxy.on(at, Fault::StallAnd(Arc::new(interrupt)));
        let words = WORDS.iter().chain(&["-y"]).map(|word| (*word).to_owned());
        let typed = laptop.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore_with(words);
        let process = typed.start();
        started.send(Pid::from_child(&process)).unwrap();
        let ran = typed.ended(&process.wait_with_output().unwrap()).exits(130);
        proxy.release();
        finishes(&bucket, &laptop, ran, (&["cancelled by SIGINT", said], &["v1.2.0"], begun));
    }
}
