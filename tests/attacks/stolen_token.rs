//! What a stolen pusher's token can do and the policies cannot refuse: it may create manifests and claims, and replace
//! the head's manifest and the settings; and a releaser's, which may replace the channels that it names. Each story ends with the way out that `docs/security.md` tells a person.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Action, Bucket, shows};
use crate::story::{ENV, pull, push, put_json, refused};

const GARBAGE: &str = "shop/.cstore/versions/v1.999.0.json";
const CLAIM: &str = "shop/.cstore/claims/v1.1.0.json";
const HEAD: &str = "shop/.cstore/head.json";
const SETTINGS: &str = "shop/.cstore/settings.json";

/// Runs the commands that the page has for a key.
fn as_the_page_says(bucket: &Bucket, key: &str) {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security.md")).unwrap();
    let commands: Vec<Vec<&str>> = page
        .lines()
        .filter_map(|line| line.strip_prefix("$ aws s3api delete-object --bucket cstore-shop --key "))
        .map(|rest| rest.split(' ').collect())
        .filter(|words: &Vec<&str>| words[0] == key)
        .collect();
    assert_eq!(commands.len(), 1, "docs/security.md has one command for {key}");
    match commands[0][..] {
        [key] => bucket.delete(key),
        [key, "--version-id", _] => {
            let newest = bucket.versions().into_iter().find(|version| version.key == key && version.is_latest).unwrap();
            bucket.delete_version(key, &newest.version_id);
        }
        _ => panic!("{commands:?}"),
    }
}

/// A bucket with the release `v1.0.0`.
fn released() -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket, "v1.0.0", "of-the-release").run().succeeds();
    bucket
}

fn token_of(step: &Action) -> String {
    step.run().succeeds().output("TOKEN").to_owned()
}

/// The manifest of another version, changed.
fn manifest(bucket: &Bucket, change: impl Fn(&mut Value)) -> Value {
    let mut manifest = bucket.get("shop/.cstore/versions/v1.0.0.json").json();
    manifest["version"] = json!("v1.999.0");
    change(&mut manifest);
    manifest
}

#[test]
fn a_manifest_that_is_none_takes_requirements_out_of_service_and_nothing_else() {
    let shown = shows(
        "T23",
        "a stolen pusher's token puts a manifest that cannot be used, such as `v1.999.0`",
        "code 5, 2 or 6 for `^1` and `latest`; names and other majors as before, and all once a person has deleted it",
    );
    let bucket = released();
    push(&bucket, "v2.0.0", "of-the-next-major").run().succeeds();
    for (body, code) in shown.each([
        (String::new(), 5),
        ("{}".to_owned(), 5),
        (manifest(&bucket, |manifest| manifest["files"] = json!("none")).to_string(), 5),
        (manifest(&bucket, |manifest| manifest["schema"] = json!(99)).to_string(), 2),
        // It lists files that nobody has put.
        (manifest(&bucket, |_| {}).to_string(), 6),
    ]) {
        bucket.put(GARBAGE, &body, &[]);
        refused(&pull(&bucket, "^1"), code, &body).says(GARBAGE);
        refused(&pull(&bucket, ">=1, <2"), code, &body).says(GARBAGE);
        assert_eq!(token_of(&pull(&bucket, "v1.0.0")), "of-the-release");
        assert_eq!(token_of(&pull(&bucket, "^2")), "of-the-next-major");
        push(&bucket, "v1.0.0", "of-the-release").run().succeeds();
        as_the_page_says(&bucket, GARBAGE);
        assert_eq!(token_of(&pull(&bucket, "^1")), "of-the-release");
    }
}

#[test]
fn a_higher_version_is_what_a_requirement_takes_and_what_no_name_or_digest_does() {
    let shown = shows(
        "T23",
        "a stolen pusher's token publishes a higher version with values of its own",
        "`^1` takes it; a name does not, a `digest` refuses it, and it is gone once a person has deleted it",
    );
    let bucket = released();
    let digest = pull(&bucket, "^1").run().succeeds().output("config-digest").to_owned();
    push(&bucket, "v1.999.0", "of-the-thief").run().succeeds();
    for request in shown.each(["^1", "1.x", "latest"]) {
        assert_eq!(token_of(&pull(&bucket, request)), "of-the-thief");
        refused(&pull(&bucket, request).input("digest", &digest), 5, request).says("digest");
    }
    assert_eq!(token_of(&pull(&bucket, "v1.0.0")), "of-the-release");
    assert_eq!(token_of(&pull(&bucket, "v1.0.0").input("digest", &digest)), "of-the-release");
    as_the_page_says(&bucket, GARBAGE);
    for request in ["^1", "1.x", "latest"] {
        assert_eq!(token_of(&pull(&bucket, request)), "of-the-release");
    }
}

#[test]
fn a_claim_blocks_the_one_name_that_it_is_for() {
    let shown = shows(
        "T23",
        "a stolen pusher's token claims a version for other content, for a purge, or with what is not a claim",
        "code 4 or 5 for pushes of that name; another name is free, and this one once a person has deleted the claim",
    );
    let claim = |digest: &str| {
        json!({
            "schema": 1, "context": "shop", "version": "v1.1.0", "digest": digest,
            "push_id": "00000000-0000-4000-8000-000000000001", "created_at": "2026-01-02T03:04:05Z",
        })
        .to_string()
    };
    let foreign = claim(&"0".repeat(64));
    for (body, code, overwrites) in shown.each([
        (foreign.clone(), 4, true),
        (foreign.replace("2026-01-02T03:04:05Z", "noon"), 5, true),
        (claim("purge"), 4, false),
        ("{".to_owned(), 5, true),
        (String::new(), 5, true),
    ]) {
        let bucket = released();
        bucket.put(CLAIM, &body, &[]);
        refused(&push(&bucket, "v1.1.0", "of-this-release"), code, &body);
        push(&bucket, "v1.1.1", "of-another-name").run().succeeds();
        assert_eq!(token_of(&pull(&bucket, "v1.0.0")), "of-the-release");
        let overwrite = push(&bucket, "v1.1.0", "of-this-release").input("overwrite", "true");
        if overwrites {
            overwrite.run().succeeds();
        } else {
            refused(&overwrite, code, &body);
            as_the_page_says(&bucket, CLAIM);
            push(&bucket, "v1.1.0", "of-this-release").run().succeeds();
        }
        assert_eq!(token_of(&pull(&bucket, "v1.1.0")), "of-this-release");
    }
}

#[test]
fn a_claim_of_other_content_goes_by_its_deletion_as_well() {
    let bucket = released();
    // The thief's own push broke off.
    push(&bucket, "v1.1.0", "of-the-thief").run().succeeds();
    bucket.delete("shop/.cstore/versions/v1.1.0.json");
    refused(&push(&bucket, "v1.1.0", "of-this-release"), 4, "claimed");
    as_the_page_says(&bucket, CLAIM);
    // The thief's file still lies at the version's key.
    refused(&push(&bucket, "v1.1.0", "of-this-release"), 4, "taken").says("overwrite: true");
    push(&bucket, "v1.1.0", "of-this-release").input("overwrite", "true").run().succeeds();
    assert_eq!(token_of(&pull(&bucket, "v1.1.0")), "of-this-release");
}

/// A push of [`ENV`] to the head.
fn push_head(bucket: &Bucket, value: &str) -> Action {
    let catalog = format!("version: v4\ncontext: shop\nfiles:\n- path: {ENV}\n");
    push(bucket, "head", value).repository_file("cstore.yml", catalog)
}

#[test]
fn the_heads_manifest_and_the_settings_can_be_spoiled_and_no_version_with_them() {
    let shown = shows(
        "T23",
        "a stolen pusher's token replaces the head's manifest, or the settings, with what is none",
        "code 5 for the head, or for pushes; pulls of versions as before, and all once a person has restored it",
    );
    let bucket = released();
    push_head(&bucket, "of-the-head").run().succeeds();
    // There are settings only where a push has named a key.
    put_json(&bucket, SETTINGS, &json!({"schema": 1}));
    for body in shown.each(["", "{}", "{"]) {
        bucket.put(HEAD, body, &[]);
        refused(&pull(&bucket, "head"), 5, body).says(HEAD);
        refused(&push_head(&bucket, "of-the-next-head"), 5, body).says(HEAD);
        assert_eq!(token_of(&pull(&bucket, "v1.0.0")), "of-the-release");
        as_the_page_says(&bucket, HEAD);
        assert_eq!(token_of(&pull(&bucket, "head")), "of-the-head");

        bucket.put(SETTINGS, body, &[]);
        refused(&push(&bucket, "v1.1.0", "of-this-release"), 5, body).says(SETTINGS);
        assert_eq!(token_of(&pull(&bucket, "^1.0")), "of-the-release");
        as_the_page_says(&bucket, SETTINGS);
        bucket.delete(CLAIM);
    }
    push(&bucket, "v1.1.0", "of-this-release").run().succeeds();
}

/// The module's releaser may put the channel, and delete nothing: `releaser may not delete` of the policy matrix.
#[test]
fn a_history_that_was_written_anew_is_found_in_s3s_versions_and_the_channel_is_moved_on() {
    const PROD: &str = "shop/.cstore/channels/prod.json";
    let bucket = released();
    push(&bucket, "v1.1.0", "of-the-next-release").run().succeeds();
    let promote = |version: &str| {
        Action::new(&bucket)
            .input("command", "promote")
            .input("context", "shop")
            .input("from", version)
            .input("to", ":prod")
    };
    promote("v1.0.0").run().succeeds();
    promote("v1.1.0").run().succeeds();
    let true_one = bucket.get(PROD);
    let history = |channel: &Value| channel["history"].as_array().map_or(0, Vec::len);
    assert_eq!(history(&true_one.json()), 1);

    let mut other = true_one.json();
    other["version"] = json!("v1.0.0");
    other["digest"] = true_one.json()["history"][0]["digest"].clone();
    other["push_id"] = json!("00000000-0000-4000-8000-000000000001");
    other["history"] = json!([]);
    for (stolen, code) in [(other.to_string(), None), ("{".to_owned(), Some(5))] {
        bucket.put(PROD, &stolen, &[]);
        match code {
            None => assert_eq!(token_of(&pull(&bucket, ":prod")), "of-the-release"),
            Some(code) => drop(refused(&pull(&bucket, ":prod"), code, &stolen).says(PROD)),
        }
        // As the page says: what it was is there, and the channel goes forward.
        let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security.md")).unwrap();
        assert!(page.contains(&format!("get-object --bucket cstore-shop --key {PROD} --version-id")));
        let kept = bucket.find_version(PROD, true_one.version_id().unwrap()).unwrap().json();
        assert_eq!(kept, true_one.json());
        promote("v1.1.0").input("force", if code.is_some() { "true" } else { "false" }).run().succeeds();
        assert_eq!(token_of(&pull(&bucket, ":prod")), "of-the-next-release");
    }
}
