//! What a push of a new version says of the version before it: names only, asked for beside the push, which never waits
//! for it and never fails for it.

use serde_json::json;

use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Bucket, Proxy, Run};
use crate::shop::{manifest, manifest_key, push, push_head};

const FIRST: [(&str, &str); 4] = [
    ("a/.env", "KEPT=the-same\nCHANGED=the-old\nGONE=not-any-more\n"),
    ("b/.env", "OF_B=value-of-b\n"),
    ("ca.pem", "the-old-certificate\n"),
    ("same.json", "{\"same\":\"value-of-same\"}\n"),
];
const SECOND: [(&str, &str); 4] = [
    ("a/.env", "KEPT=the-same\nCHANGED=the-new\nADDED=first-seen\n"),
    ("c/.env", "OF_C=value-of-c\n"),
    ("ca.pem", "the-new-certificate\n"),
    ("same.json", "{\"same\":\"value-of-same\"}\n"),
];

/// What differs between the two.
fn changes() -> serde_json::Value {
    json!({
        "a/.env": {"file": "changed", "added": ["ADDED"], "changed": ["CHANGED"], "removed": ["GONE"]},
        "b/.env": {"file": "removed", "added": [], "changed": [], "removed": ["OF_B"]},
        "c/.env": {"file": "added", "added": ["OF_C"], "changed": [], "removed": []},
        "ca.pem": {"file": "changed"},
    })
}

fn first(bucket: &Bucket) {
    push(bucket, "v1.9.0", &FIRST).run().succeeds();
}

fn second(bucket: &Bucket) -> Action {
    push(bucket, "v1.10.0", &SECOND)
}

/// Asserts that a push named all that differs from the version before, and no value.
fn names_all(run: &Run) {
    assert_eq!(run.json_output("config-changes"), changes());
    let said = run.printed() + &run.summary;
    for value in ["the-old", "the-new", "first-seen", "value-of", "certificate"] {
        assert!(!said.contains(value), "{value}: {said}");
    }
}

fn a_new_version_names_what_is_new_changed_and_gone(bucket: &Bucket) {
    for version in ["v1.2.0", "1.8.5", "nightly", "v2.0.0"] {
        push(bucket, version, &SECOND).run().succeeds();
    }
    first(bucket);
    // In a versioned bucket by their pins, whatever lies at the keys.
    if manifest(bucket, "v1.9.0")["files"][0].get("version_id").is_some() {
        bucket.put("shop/v1.9.0/a/.env", "GONE_TOO=planted\n", &[]);
    }
    for dry_run in ["true", "false"] {
        let run = second(bucket).input("dry-run", dry_run).run().succeeds();
        names_all(&run);
        let run = run.says("Compared with v1.9.0: files: 1 new (c/.env), 2 changed (a/.env, ca.pem), 1 gone (b/.env)");
        let run = run.says("keys: 2 new (a/.env: ADDED, c/.env: OF_C), 1 changed (a/.env: CHANGED), 2 gone");
        assert_eq!(run.messages("notice").iter().filter(|notice| notice.contains("b/.env")).count(), 1);
        for row in ["| Compared with | `v1.9.0` |", "| `b/.env` | removed |", "| added | `c/.env: OF_C` |"] {
            assert!(run.summary.contains(row), "{row}: {}", run.summary);
        }
    }
    // What is published already is compared with itself.
    assert_eq!(second(bucket).run().succeeds().json_output("config-changes"), json!({}));
    let run = push(bucket, "v1.10.1", &SECOND).run().succeeds().says("Compared with v1.10.0: no file differs");
    assert_eq!(run.json_output("config-changes"), json!({}));
    let run = push(bucket, "v1.10.0", &FIRST).input("overwrite", "true").run().succeeds();
    run.says("Compared with what was there: files: 1 new (b/.env)");
    let run = push(bucket, "v1.11.0", &SECOND).input("overwrite", "true").run().succeeds();
    run.says("Compared with v1.10.1: no file differs");
}

in_each_bucket!(a_new_version_names_what_is_new_changed_and_gone);

#[test]
fn an_overwrite_that_drops_a_file_says_so_as_a_new_version_does() {
    let bucket = Bucket::versioned();
    first(&bucket);
    let kept: Vec<_> = FIRST.into_iter().filter(|(path, _)| *path != "b/.env").collect();
    for dry_run in ["true", "false"] {
        let step = push(&bucket, "v1.9.0", &kept).input("overwrite", "true").input("dry-run", dry_run);
        let run = step.run().succeeds().says("Compared with what was there: files: 1 gone (b/.env)");
        let run = run.says("keys: 1 gone (b/.env: ");
        let gone: Vec<_> = run.annotations.iter().filter(|annotation| annotation.title == "Files gone").collect();
        assert!(gone.len() == 1 && gone[0].message.ends_with("before this push replaced it: b/.env."), "{gone:?}");
        for row in ["| Compared with | `what was there` |", "| `b/.env` | removed |", "| removed | `b/.env: "] {
            assert!(run.summary.contains(row), "{row}: {}", run.summary);
        }
    }
}

#[test]
fn a_pre_release_counts_as_semver_says() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", &FIRST).run().succeeds();
    push(&bucket, "v2.0.0-rc.2", &FIRST).run().succeeds().says("Compared with v1.0.0:");
    push(&bucket, "v2.0.0-rc.10", &FIRST).run().succeeds().says("Compared with v2.0.0-rc.2:");
    push(&bucket, "v2.0.0", &FIRST).run().succeeds().says("Compared with v2.0.0-rc.10:");
    push(&bucket, "v1.5.0", &FIRST).run().succeeds().says("Compared with v1.0.0:");
}

#[test]
fn where_there_is_nothing_before_nothing_is_said() {
    let bucket = Bucket::versioned();
    push(&bucket, "v2.0.0", &FIRST).run().succeeds();
    push_head(&bucket, &FIRST).run().succeeds();
    for version in ["v1.0.0", "nightly", "v3"] {
        let run = push(&bucket, version, &SECOND).run().succeeds();
        assert!(!run.outputs.contains_key("config-changes"), "{version}");
        run.does_not_say("ompared with");
    }
}

#[test]
fn what_cannot_be_read_is_said_and_is_no_reason_not_to_push() {
    let denied = || Fault::s3(403, "AccessDenied", "Access Denied");
    let of_manifest = "shop/.cstore/versions/v1.9.0.json";
    for (what, fault, words) in [
        ("shop/v1.9.0/", denied(), "The keys are not compared with v1.9.0: s3:GetObjectVersion was denied"),
        ("shop/v1.9.0/", Fault::Stall, "The keys are not compared with v1.9.0: it was not read in time"),
        (of_manifest, denied(), "This version is not compared with v1.9.0: s3:GetObject was denied"),
        (of_manifest, Fault::Stall, "This version is not compared with v1.9.0: it was not read in time"),
        (
            of_manifest,
            Fault::s3(404, "NoSuchKey", "gone"),
            "This version is not compared with v1.9.0: it could not be read",
        ),
    ] {
        let bucket = Bucket::versioned();
        first(&bucket);
        let proxy = Proxy::start();
        proxy.on(get(what).for_ever(), fault);
        let run = second(&bucket).through(&proxy).run().succeeds().says(words);
        assert!(run.summary.contains("| Not compared |"), "{}", run.summary);
        // The manifest alone tells that a file is gone, which takes another number.
        let warnings = usize::from(what != of_manifest);
        assert_eq!((run.messages("warning").len(), run.messages("error").len()), (warnings, 0));
        if what == of_manifest {
            assert!(!run.outputs.contains_key("config-changes"));
        } else {
            let changes = run.json_output("config-changes");
            assert_eq!(changes["b/.env"], json!({"file": "removed"}));
            assert_eq!(changes["a/.env"], json!({"file": "changed"}));
            assert_eq!(changes["c/.env"]["added"], json!(["OF_C"]));
        }
        // Nobody asks who was denied, for a line of the log.
        assert!(proxy.requests().iter().all(|seen| !(seen.method == "HEAD" && seen.key.is_empty())));
        manifest(&bucket, "v1.10.0");
    }
}

#[test]
fn what_is_damaged_is_not_compared_with() {
    let bucket = Bucket::unversioned();
    first(&bucket);
    bucket.put("shop/v1.9.0/a/.env", "CHANGED=planted\n", &[]);
    let run = second(&bucket).run().succeeds().says("The keys are not compared with v1.9.0: it could not be read");
    assert_eq!(run.json_output("config-changes")["a/.env"], json!({"file": "changed"}));
    bucket.put(&manifest_key("v1.10.0"), "{", &[]);
    push(&bucket, "v1.10.1", &SECOND).run().succeeds().says("not compared with v1.10.0: it could not be read");
}

#[test]
fn among_more_versions_than_a_page_lists_the_one_before_is_found_in_its_line() {
    let bucket = Bucket::versioned();
    for minor in 0..1005 {
        bucket.put(&manifest_key(&format!("v0.{minor}.0")), "{}", &[]);
    }
    first(&bucket);
    push(&bucket, "v1.9.1", &FIRST).run().succeeds().says("Compared with v1.9.0: no file differs");
    push(&bucket, "v1.10.0", &FIRST).run().succeeds().says("Compared with v1.9.1: no file differs");
    for patch in ["v1.10.99", "1.10.100-rc.1", "v1.10.100"] {
        push(&bucket, patch, &FIRST).run().succeeds();
    }
    push(&bucket, "v1.10.101", &FIRST).run().succeeds().says("Compared with v1.10.100: no file differs");
    // Which comes before is not said where that may be wrong.
    for version in ["v2.0.0", "v1.10.150"] {
        let run = push(&bucket, version, &FIRST).run().succeeds();
        run.says("not compared with the version before it: there is more than is read for this");
    }
}
