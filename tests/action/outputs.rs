//! The outputs that every step has.

use serde_json::json;

use crate::harness::{Action, Bucket};
use crate::story::{VERSION, published, pull, push};

#[test]
fn of_a_pull() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n"), ("a.json", r#"{"db": {"host": "db.internal"}}"#)]);
    let run = pull(&bucket).run().succeeds();
    assert_eq!(run.output("config-version"), VERSION);
    assert_eq!(run.output("config-context"), "shop");
    assert_eq!(run.output("config-bucket"), bucket.name());
    assert_eq!(run.json_output("config-files"), json!(["a.json", "service/.env"]));
    assert_eq!(run.json_output("config-keys"), json!(["db_host", "TOKEN"]));
    assert_eq!(run.json_output("config-json"), json!({"db_host": "db.internal", "TOKEN": "swordfish"}));
    assert_eq!(run.output("config-integrity"), "verified");
    let manifest = format!("s3://{}/shop/.cstore/versions/v1.0.0.json", bucket.name());
    assert_eq!(run.output("config-manifest"), manifest);
    assert!(!run.outputs.contains_key("config-file") && !run.outputs.contains_key("config-changed"));
}

#[test]
fn of_a_push() {
    let bucket = Bucket::versioned();
    let files = [("service/.env", "TOKEN=swordfish\nB=2\n"), ("b.env", "TOKEN=octopus-2\n")];
    let first = push(&bucket, &files).run().succeeds();
    assert_eq!(first.output("config-changed"), "true");
    assert_eq!(first.output("config-version"), VERSION);
    assert_eq!(first.json_output("config-files"), json!(["service/.env", "b.env"]));
    assert_eq!(first.json_output("config-keys"), json!(["B", "TOKEN"]));
    assert_eq!(first.config_outputs().len(), 0, "a push publishes no values");
    assert!(!first.outputs.contains_key("config-json"));

    let again = push(&bucket, &files).run().succeeds();
    assert_eq!(again.output("config-changed"), "false");
    assert_eq!(again.output("config-digest"), first.output("config-digest"));
    assert_eq!(again.output("config-manifest"), first.output("config-manifest"));

    let digest = first.output("config-digest");
    assert!(digest.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64), "{digest}");
    let pulled = pull(&bucket).input("digest", digest).input("on-duplicate", "last").run().succeeds();
    assert_eq!(pulled.output("config-digest"), digest);
}

#[test]
fn config_json_keeps_numbers_booleans_and_null() {
    let numbers = r#"{"port":5432,"ratio":1.50,"big":12345678901234567890123,"on":true,"off":null,"text":"5432"}"#;
    let bucket = published(&[("a.json", numbers)]);
    let run = pull(&bucket).run().succeeds();
    assert_eq!(run.output("config-json"), numbers);
    assert_eq!(run.output("port"), "5432");
    assert_eq!(run.output("ratio"), "1.50");
    assert_eq!(run.output("on"), "true");

    let bucket = published(&[(".env", "PORT=5432\nON=true\n")]);
    assert_eq!(pull(&bucket).run().succeeds().output("config-json"), r#"{"PORT":"5432","ON":"true"}"#);
}

#[test]
fn of_a_pull_that_found_nothing_and_may() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    for step in [
        Action::pull(&bucket).version("v9.9.9"),
        Action::pull(&bucket).version("^9"),
        pull(&bucket).files(&["other/.env"]),
        Action::pull(&bucket).input("context", "blog").version("head"),
    ] {
        let run = step.input("if-missing", "ignore").run().succeeds();
        assert_eq!(run.output("config-version"), "");
        assert_eq!(run.output("config-bucket"), bucket.name());
        assert!(!run.outputs.contains_key("config-digest") && !run.outputs.contains_key("config-manifest"));
        assert_eq!((run.output("config-json"), run.output("config-files")), ("{}", "[]"));
        assert_eq!(run.messages("notice").len(), 1);
        assert_eq!(run.config_outputs().len(), 0);
    }
    Action::pull(&bucket).version("v9.9.9").run().fails(6);
    Action::pull(&Bucket::missing()).version("v9.9.9").input("if-missing", "ignore").run().fails(6);
}

#[test]
fn a_dry_run_of_a_pull_gives_names_and_no_values() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    let run = pull(&bucket).input("dry-run", "true").input("export-env", "true").input("format", "json");
    let run = run.input("format-file", "out.json").run().succeeds().says("Would pull v1.0.0 of shop");
    assert!(run.summary.starts_with("### Would pull `shop` `v1.0.0`\n"), "{}", run.summary);
    assert!(run.summary.lines().any(|line| line.ends_with("| `.env` |")), "{}", run.summary);
    assert_eq!(run.json_output("config-keys"), json!(["TOKEN"]));
    assert_eq!(run.config_outputs().len(), 0);
    assert!(!run.outputs.contains_key("config-json") && !run.outputs.contains_key("config-file"));
    assert!(run.env_file.is_empty());
    assert!(run.workspace.files().is_empty(), "{:?}", run.workspace.files());
}
