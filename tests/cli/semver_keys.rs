//! `--semver-keys`: what a version's number does not allow is said before anybody agrees to publish it, or refused.

use crate::harness::Bucket;
use crate::shared::{ENV, JSON, laptop, text};

#[test]
fn it_is_shown_before_the_question_and_said_once() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=swordfish\nGREETING=good-morning\n").file(JSON, "{\"port\": 8080}\n");
    laptop.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    laptop.file(ENV, "TOKEN=swordfish\n");
    let said =
        "Compared with v1.0.0, v1.0.1 lacks these keys: service/dev/.env: GREETING. That takes a new major version.";
    let seen = laptop.cstore(["push", "-v", "v1.0.1"]).on_a_terminal().sees("- GREETING").sees("lacks these");
    let ran = seen.sees("It cannot be changed afterwards").types("y").ended().succeeds();
    let shown = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(shown.matches("lacks these").count(), 1, "{shown}");
    // Without a terminal nobody is asked.
    laptop.cstore(["push", "-v", "v1.0.2", "--semver-keys", "off"]).run().succeeds().does_not_say("lacks these keys");
    laptop.file(ENV, "GREETING=good-evening\n");
    laptop.cstore(["push", "-v", "v1.0.3", "--dry-run"]).run().succeeds().says("v1.0.3 lacks these keys");
    let refused = laptop.cstore(["push", "-v", "v1.0.3", "--semver-keys", "require"]).run().fails(8);
    refused.says("v1.0.3 lacks these keys: service/dev/.env: TOKEN").says("Nothing was sent.").says("--semver-keys");
    assert!(bucket.find("shop/.cstore/claims/v1.0.3.json").is_none());
    let copied = ["promote", "v1.0.0", "--to", "shop@v1.0.4", "--semver-keys", "require"];
    let refused = laptop.cstore(copied).run().fails(8).does_not_say("Push it");
    refused.says("Promote it to another number, with `--to CONTEXT@VERSION`").says("`--semver-keys warn`");
    assert_eq!(text(&laptop, ENV), "GREETING=good-evening\n");
    let verified = laptop.cstore(["verify", "v1.0.1", "--semver-keys", "require", "--json"]).run().exits(8);
    let findings = verified.json()["objects"]["findings"].clone();
    assert_eq!(findings, serde_json::json!([{"problem": "version-number", "versions": ["v1.0.0", "v1.0.1"]}]));
    assert!(laptop.cstore(["verify", "v1.0.1", "--semver-keys", "require"]).run().fails(8).stderr.contains(said));
}
