//! Bodies and documents that are not what they say: nothing of them is delivered.

use serde_json::{Value, json};

use crate::harness::proxy::{Fault, get};
use crate::harness::{Bucket, shows};
use crate::story::{NEW, OLD, PATHS, at_once, proxy_with, pull, push, push_head, state_of, unversioned, versioned};

type Damage = (&'static str, fn(&mut Vec<u8>));

const DAMAGES: [Damage; 4] = [
    ("a flipped bit", |body| body[0] ^= 1),
    ("cut short", |body| body.truncate(body.len() - 1)),
    ("longer", |body| body.push(b'\n')),
    ("empty", Vec::clear),
];

#[test]
fn a_body_that_was_damaged_on_the_way_is_got_again() {
    let shown = shows(
        "F7",
        "a manifest or file comes with a flipped bit, cut short, longer or empty, once",
        "read again, and delivered as it is",
    );
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    push_head(&bucket, NEW).run().succeeds();
    for (version, key) in
        [("v1", "shop/v1/c.json"), ("v1", "/versions/"), ("head", "shop/c.json"), ("head", "head.json")]
    {
        for (_, damage) in shown.each(DAMAGES) {
            let proxy = proxy_with(get(key), Fault::body(damage));
            state_of(&pull(&bucket, version).through(&proxy).run().succeeds(), &[NEW]);
        }
    }
}

#[test]
fn a_body_that_stays_damaged_is_code_5_and_named() {
    let shown = shows("F7", "a manifest or file comes damaged every time", "code 5, naming it; nothing delivered");
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    push_head(&bucket, NEW).run().succeeds();
    for (version, key) in
        [("v1", "shop/v1/c.json"), ("v1", "/versions/"), ("head", "shop/c.json"), ("head", "head.json")]
    {
        for (_, damage) in shown.each(DAMAGES) {
            let proxy = proxy_with(get(key).for_ever(), Fault::body(damage));
            pull(&bucket, version).through(&proxy).run().fails(5).says(key);
        }
    }
}

#[test]
fn a_damaged_claim_or_setting_is_code_5_too() {
    let shown = shows("F7", "a claim or the settings come empty", "code 5, naming it");
    for key in shown.each(["/claims/", "settings.json"]) {
        let bucket = versioned();
        push(&bucket, OLD).run().succeeds();
        bucket.delete("shop/.cstore/versions/v1.json");
        let settings = br#"{"schema":1}"#;
        bucket.put("shop/.cstore/settings.json", settings, &[]);
        let proxy = proxy_with(get(key).for_ever(), Fault::body(Vec::clear));
        push(&bucket, OLD).through(&proxy).run().fails(5).says(key);
    }
}

/// The manifest of the version v1 with the files of [`NEW`], changed.
fn manifest(bucket: &Bucket, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut manifest = bucket.get("shop/.cstore/versions/v1.json").json();
    change(&mut manifest);
    manifest.to_string().into_bytes()
}

#[test]
fn a_manifest_that_cannot_be_trusted_is_refused_by_name() {
    let shown = shows(
        "F9",
        "a manifest that is damaged, cut, newer, of another place, too large, or lists a path twice or a wrong one",
        "code 5, or 2 for a newer one, naming it",
    );
    let key = "shop/.cstore/versions/v1.json";
    let change = |change: fn(&mut Value)| move |bucket: &Bucket| manifest(bucket, change);
    type Body = Box<dyn Fn(&Bucket) -> Vec<u8>>;
    let rows: Vec<(&str, i32, &str, Body)> = vec![
        ("damaged", 5, "it is not JSON", Box::new(|_| b"not JSON".to_vec())),
        ("empty", 5, "it is not JSON", Box::new(|_| Vec::new())),
        ("truncated", 5, "it is not JSON", Box::new(|bucket| manifest(bucket, |_| {})[..60].to_vec())),
        (
            "of a newer schema",
            2,
            "newest version of cstore-action",
            Box::new(change(|manifest| manifest["schema"] = json!(2))),
        ),
        (
            "without a schema",
            5,
            "schema",
            Box::new(change(|manifest| drop(manifest.as_object_mut().unwrap().remove("schema")))),
        ),
        ("a path twice", 5, "twice", Box::new(change(|manifest| manifest["files"][1] = manifest["files"][0].clone()))),
        (
            "a path upwards",
            5,
            "is not a valid path",
            Box::new(change(|manifest| manifest["files"][0]["path"] = json!("../a"))),
        ),
        (
            "an absolute path",
            5,
            "is not a valid path",
            Box::new(change(|manifest| manifest["files"][0]["path"] = json!("/etc/passwd"))),
        ),
        (
            "of another context",
            5,
            "another context or version",
            Box::new(change(|manifest| manifest["context"] = json!("other"))),
        ),
        (
            "of another version",
            5,
            "another context or version",
            Box::new(change(|manifest| manifest["version"] = json!("v2"))),
        ),
        ("over 1 MiB", 5, "1 MiB", Box::new(change(|manifest| manifest["more"] = json!("x".repeat(1024 * 1024))))),
    ];
    for (row, code, text, body) in rows {
        let bucket = versioned();
        push(&bucket, NEW).run().succeeds();
        bucket.put(key, body(&bucket), &[]);
        for action in shown.each([pull(&bucket, "v1"), push(&bucket, NEW)]) {
            let run = action.run();
            assert_eq!(run.code, code, "{row}:\n{}", run.printed());
            run.fails(code).says(key).says(text);
        }
    }
}

#[test]
fn what_a_manifest_has_beyond_this_version_is_kept() {
    let _shown = shows("F9", "fields that this version does not know", "ignored, and kept when it is written again");
    let bucket = versioned();
    push_head(&bucket, OLD).run().succeeds();
    let mut manifest = bucket.get("shop/.cstore/head.json").json();
    manifest["later"] = json!({ "n": 1 });
    manifest["files"][2]["later"] = json!([2]);
    bucket.put("shop/.cstore/head.json", manifest.to_string(), &[]);
    state_of(&pull(&bucket, "head").run().succeeds(), &[OLD]);
    push_head(&bucket, NEW).files(&PATHS[..2]).run().succeeds();
    let manifest = bucket.get("shop/.cstore/head.json").json();
    assert_eq!((&manifest["later"]["n"], &manifest["files"][2]["later"][0]), (&json!(1), &json!(2)));
}

#[test]
fn a_file_that_is_gone_or_replaced_is_got_by_its_pin() {
    let _shown = shows(
        "F10",
        "files of a pinned version are gone, or replaced with and without a push's mark",
        "the pinned bytes are delivered",
    );
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    bucket.delete("shop/v1/a/.env");
    bucket.put("shop/v1/b/.env", "B=of-somebody-else\n", &[]);
    bucket.put("shop/v1/c.json", r#"{"C":"of-a-push"}"#, &[("x-amz-meta-cstore-push-id", "p")]);
    state_of(&pull(&bucket, "v1").run().succeeds(), &[NEW]);
}

#[test]
fn a_pin_that_is_gone_is_code_6_with_manifest_and_files() {
    let _shown = shows("F10", "the pinned bytes are gone, too", "code 6, naming manifest and files");
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    for version in bucket.versions().into_iter().filter(|version| version.key.starts_with("shop/v1/")) {
        if version.key != "shop/v1/b/.env" {
            bucket.delete_version(&version.key, &version.version_id);
        }
    }
    let run = pull(&bucket, "v1").run().fails(6).says("shop/.cstore/versions/v1.json");
    run.says("shop/v1/a/.env").says("shop/v1/c.json").does_not_say("shop/v1/b/.env");
}

#[test]
fn without_pins_a_file_that_is_gone_is_code_6_and_another_is_code_5_which_an_overwrite_mends() {
    let _mended = shows(
        "F30",
        "without pins a file of a published version was changed by others",
        "code 5, naming `overwrite: true`, which fixes it",
    );
    let shown = shows("F10", "without pins a file is gone or another's", "code 6 or 5; fixed as the message says");
    let of_another_push: &[_] = &[("x-amz-meta-cstore-push-id", "p"), ("x-amz-meta-cstore-version", "v1")];
    at_once(shown.each([&[], of_another_push]), |metadata| {
        let bucket = unversioned();
        push(&bucket, NEW).run().succeeds();
        bucket.put("shop/v1/c.json", r#"{"C":"of-another-push"}"#, metadata);
        pull(&bucket, "v1").run().fails(5).says("shop/v1/c.json").says("overwrite: true");
        push(&bucket, NEW).run().fails(5).says("shop/v1/c.json").says("overwrite: true");
        push(&bucket, NEW).input("overwrite", "true").run().succeeds();
        state_of(&pull(&bucket, "v1").run().succeeds(), &[NEW]);
    });
    let bucket = unversioned();
    push(&bucket, NEW).run().succeeds();
    bucket.delete("shop/v1/c.json");
    pull(&bucket, "v1").run().fails(6).says("shop/.cstore/versions/v1.json").says("shop/v1/c.json");
    push(&bucket, NEW).run().succeeds();
    state_of(&pull(&bucket, "v1").run().succeeds(), &[NEW]);
}

#[test]
fn a_head_file_of_another_tool_is_taken_with_a_warning_and_one_of_a_broken_push_is_not() {
    let _shown = shows(
        "F23",
        "another tool writes over a file of the head",
        "delivered with a warning, and `config-integrity=unmanaged`",
    );
    let bucket = unversioned();
    push_head(&bucket, NEW).run().succeeds();
    bucket.put("shop/c.json", r#"{"C":"of-the-go-tool"}"#, &[]);
    let run = pull(&bucket, "head").run().succeeds();
    assert_eq!(run.output("config-integrity"), "unmanaged");
    assert!(run.messages("warning").iter().any(|message| message.contains("c.json")), "{}", run.printed());
    bucket.put("shop/c.json", r#"{"C":"of-a-broken-push"}"#, &[("x-amz-meta-cstore-push-id", "broken-push")]);
    pull(&bucket, "head").run().fails(5).says("shop/c.json").says("broken-push");
}
