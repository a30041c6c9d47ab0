//! Versions, tags and parts: what is asked for is delivered, all of it or nothing.

use serde_json::{Value, json};

use crate::harness::{Fixture, Run};
use crate::{DEV, assert_unmanaged};

#[test]
fn a_version_that_the_catalog_knows() {
    let fixture = Fixture::load("versions");
    let pull = fixture.action("pull").version("v1.1.0").run().succeeds();
    let as_go_had_it = fixture.bucket("project-configs").get("project/v1.1.0/service/dev/.env");
    assert_unmanaged(&pull, &[(DEV, as_go_had_it.body())]);
    assert_eq!(pull.output("config-version"), "v1.1.0");
    assert_eq!(pull.file(DEV), as_go_had_it.text());
    assert_eq!(pull.output("NEW"), "1", "which the head does not have");
}

#[test]
fn a_version_of_a_v2_catalog() {
    let fixture = Fixture::load("v2-push");
    let pull = fixture.action("pull").version("v1.0.0").run().succeeds();
    let as_go_had_it = fixture.bucket("cstore-project").get("project/v1.0.0/service/dev/.env");
    assert_unmanaged(&pull, &[(DEV, as_go_had_it.body())]);
}

#[test]
fn a_version_that_the_catalog_does_not_know_is_tried_all_the_same() {
    let fixture = Fixture::load("versions");
    let body = b"NEW=from a pipeline\n";
    fixture.bucket("project-configs").put("project/v1.2.0/service/dev/.env", body, &[]);
    let pull = fixture.action("pull").version("v1.2.0").run().succeeds();
    assert_unmanaged(&pull, &[(DEV, body)]);
}

#[test]
fn a_version_is_made_of_the_files_that_list_it() {
    let fixture = Fixture::load("versions");
    let entry = "- path: service/qa/.env\n  store: aws-s3\n  data:\n    AWS_S3_BUCKET: ";
    let more = format!("{}{entry}{}\n", fixture.file("cstore.yml"), fixture.bucket("project-configs").name());
    let pull = fixture.action("pull").repository_file("cstore.yml", more).version("v1.1.0").run().succeeds();
    assert_eq!(pull.json_output("config-files"), json!([DEV]));
}

#[test]
fn a_version_that_was_never_pushed() {
    let fixture = Fixture::load("versions");
    fixture.action("pull").version("v9.9.9").run().fails(6).says("v9.9.9");
}

#[test]
fn a_version_that_was_purged() {
    let fixture = Fixture::load("versions");
    fixture.action("pull").version("v1.0.0").run().fails(6).says("v1.0.0");
}

#[test]
fn a_requirement_sees_no_versions_of_the_go_tool() {
    let fixture = Fixture::load("versions");
    fixture.action("pull").version("^1").run().fails(6).says("^1");
    fixture.action("pull").version("latest").run().fails(6);
}

#[test]
fn a_version_that_is_missing_may_be_ignored() {
    let fixture = Fixture::load("versions");
    let pull = fixture.action("pull").version("v9.9.9").input("if-missing", "ignore").run().succeeds();
    assert_eq!(pull.output("config-version"), "");
    assert_eq!(pull.messages("notice").len(), 1);
}

/// Pulls the recording with four files by tags.
fn by_tags(tags: &str) -> (Fixture, Run) {
    let fixture = Fixture::load("many-files-tags");
    let run = fixture.action("pull").input("tags", tags).input("on-duplicate", "last").run();
    (fixture, run)
}

/// Holds a pull by tags to these files, and to what the Go tool printed in a step of the recording.
fn assert_tags(tags: &str, paths: &[&str]) {
    let (fixture, run) = by_tags(tags);
    let run = run.succeeds();
    let contents: Vec<_> = paths.iter().map(|path| fixture.file(path)).collect();
    let files: Vec<_> = paths.iter().zip(&contents).map(|(path, text)| (*path, text.as_bytes())).collect();
    assert_unmanaged(&run, &files);
    for (path, text) in paths.iter().zip(&contents) {
        assert_eq!(run.file(path), *text, "{tags}");
    }
    let mut workspace: Vec<_> = paths.iter().map(|path| (*path).to_owned()).chain(["cstore.yml".to_owned()]).collect();
    workspace.sort_unstable();
    assert_eq!(run.workspace.files(), workspace, "{tags}");
}

#[test]
fn tags_all_of_them() {
    assert_tags("dev&service", &[DEV]);
}

#[test]
fn tags_any_of_them() {
    assert_tags("qa|web", &["service/qa/.env", "web/dev/config.json"]);
}

#[test]
fn tags_one() {
    assert_tags("dev", &[DEV, "web/dev/config.json"]);
}

#[test]
fn tags_with_one_bar_are_all_alternatives() {
    // Were `&` to bind, only the certificate would come.
    assert_tags("service&web|certs", &[DEV, "service/qa/.env", "web/dev/config.json", "certs/ca.pem"]);
}

#[test]
fn tags_that_no_file_has() {
    let (_, run) = by_tags("staging");
    run.fails(6).says("No file has the tags");
}

#[test]
fn the_files_of_a_tag_are_those_that_the_go_tool_printed() {
    // `-e` prints the files one after the other, in random order.
    for (step, tags) in [(3, "dev&service"), (4, "qa|web")] {
        let printed = recorded_stdout(step);
        let (_, run) = by_tags(tags);
        let run = run.succeeds();
        let pulled: Vec<String> = serde_json::from_str(run.output("config-files")).unwrap();
        let contents: Vec<_> = pulled.iter().map(|path| run.file(path)).collect();
        assert!(contents.iter().all(|text| printed.contains(text.as_str())), "{tags}");
        assert_eq!(contents.iter().map(String::len).sum::<usize>(), printed.len(), "{tags}");
    }
}

#[test]
fn files_choose_and_a_contradiction_is_no_matter_among_them() {
    let fixture = Fixture::load("many-files-tags");
    let pull = fixture.action("pull").files(&["service/qa/.env", "certs/*"]).run().succeeds();
    assert_eq!(pull.json_output("config-files"), json!(["service/qa/.env", "certs/ca.pem"]));
    assert_eq!(pull.output("API_URL"), "https://qa.api.example.com");
    fixture.action("pull").run().fails(2).says("API_URL");
}

#[test]
fn a_part_is_never_delivered_as_the_whole() {
    let fixture = Fixture::load("many-files-tags");
    fixture.bucket("project-configs").delete("project/service/qa/.env");
    let pull = fixture.action("pull").input("on-duplicate", "last");
    pull.run().fails(6).says("are not in the head of project: service/qa/.env.");
    // What does not ask for it is not concerned.
    pull.input("tags", "web").run().succeeds();
}

#[test]
fn a_part_of_a_version_is_never_delivered_as_the_whole() {
    let fixture = Fixture::load("many-files-tags");
    fixture.bucket("project-configs").put("project/v1.0.0/service/dev/.env", "API_URL=https://v1.example.com\n", &[]);
    let pull = fixture.action("pull").version("v1.0.0");
    let failed = pull.run().fails(6).says("service/qa/.env").says("certs/ca.pem");
    failed.does_not_say("service/dev/.env");
    let one = pull.files(&[DEV]).run().succeeds();
    assert_unmanaged(&one, &[(DEV, b"API_URL=https://v1.example.com\n")]);
}

/// What a step of the recording `many-files-tags` printed.
pub(crate) fn recorded_stdout(step: usize) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go_cstore/fixtures/many-files-tags/steps.json");
    let steps: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let step = steps.iter().find(|recorded| recorded["step"] == step).expect("the recording has the step");
    step["stdout"].as_str().unwrap().to_owned()
}
