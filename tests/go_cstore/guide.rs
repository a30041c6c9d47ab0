//! `docs/moving-from-go.md` is right: its steps are run one after the other, as a workflow of a Go cStore user.

use std::fs;

use crate::DEV;
use crate::harness::{Fixture, Run};

const NEW: &str = "API_URL=https://new.api.example.com\n";

/// The inputs of a step.
type With = Vec<(String, String)>;

/// The steps of the guide that use the action.
fn steps() -> Vec<With> {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/moving-from-go.md")).unwrap();
    let blocks = guide.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.map(with).collect()
}

/// Reads `- uses:`, `with:` and one-line inputs, and nothing else.
fn with(block: &str) -> With {
    let mut lines = block.lines();
    assert_eq!(lines.next(), Some("- uses: OWNER/cstore-action@v1"));
    assert!(lines.next().is_none_or(|line| line == "  with:"), "{block}");
    let input = |line: &str| {
        let (name, value) = line.strip_prefix("    ").and_then(|line| line.split_once(": ")).expect("it is an input");
        (name.to_owned(), value.to_owned())
    };
    lines.map(input).collect()
}

#[test]
fn every_step_of_the_guide_does_what_it_says() {
    let fixture = Fixture::load("versions");
    let bucket = fixture.bucket("project-configs");
    let head = fixture.file(DEV);
    let version = bucket.get("project/v1.1.0/service/dev/.env").text();
    let run = |with: &With| -> Run {
        let action = fixture.action("pull").workspace_file(DEV, NEW);
        with.iter().fold(action, |action, (name, value)| action.input(name, value)).run().succeeds()
    };
    let steps = steps();
    let [pull, by_name, by_tag, first_push, requirement, push_head, take_over, with_key, formatted] = &steps[..] else {
        panic!("the guide has other steps than this test: {steps:?}");
    };

    assert_eq!(run(pull).file(DEV), head);
    assert_eq!(run(by_name).file(DEV), version);
    assert_eq!(run(by_tag).output("config-integrity"), "unmanaged");

    let pushed = run(first_push);
    let catalog = fixture.file("cstore.yml").replace("  - v1.1.0\n", "  - v1.1.0\n  - v2.0.0\n");
    assert_eq!(pushed.file("cstore.yml"), catalog);
    let pulled = run(requirement);
    assert_eq!((pulled.output("config-version"), pulled.output("config-integrity")), ("v2.0.0", "verified"));
    assert_eq!(pulled.file(DEV), NEW);

    let warnings = run(push_head);
    assert!(warnings.messages("warning")[0].contains("S3 versioning"), "{:?}", warnings.annotations);
    assert_eq!(bucket.get("project/service/dev/.env").text(), NEW);
    run(take_over);
    assert_eq!(bucket.get("project/v1.1.0/service/dev/.env").text(), NEW);

    let pushed = run(with_key);
    assert_eq!(bucket.get("project/v2.1.0/service/dev/.env").kms_key(), Some("alias/cstore-shop-key"));
    assert!(pushed.file("cstore.yml").contains("    AWS_STORE_KMS_KEY_ID: alias/cstore-shop-key\n"));

    let json: serde_json::Value = serde_json::from_str(&run(formatted).file("task-environment.json")).unwrap();
    assert_eq!(json, serde_json::json!([{ "name": "API_URL", "value": "https://new.api.example.com" }]));
}
