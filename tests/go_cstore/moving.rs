//! The move: pushes from the Go tool's catalogs into its buckets, and what both tools see afterwards.

use serde_json::json;

use crate::harness::{Action, Bucket, Fixture, Object};
use crate::{DEV, assert_unmanaged, assert_verified};

const NEW: &str = "API_URL=https://new.api.example.com\nPOOL_SIZE=1234567\n";
const HEAD: &str = "project/service/dev/.env";

/// A push from a recorded catalog, of a file with new content.
fn push(fixture: &Fixture) -> Action {
    fixture.action("push").workspace_file(DEV, NEW)
}

/// What a manifest says of its only file.
fn only_entry(manifest: &Object) -> serde_json::Value {
    let files = manifest.json()["files"].as_array().unwrap().clone();
    assert_eq!(files.len(), 1);
    files[0].clone()
}

/// The objects that are the Go tool's to see: all but what this tool keeps under `.cstore/`.
fn keys_of_go(bucket: &Bucket) -> Vec<String> {
    bucket.keys().into_iter().filter(|key| !key.contains("/.cstore/")).collect()
}

#[test]
fn a_version_goes_where_the_catalog_says() {
    let fixture = Fixture::load("kms");
    let bucket = fixture.bucket("project-configs");
    let as_go_had_it = bucket.get(HEAD).text();
    let pushed = push(&fixture).version("v2.0.0").run().succeeds();
    assert_eq!(pushed.output("config-bucket"), bucket.name());
    assert_eq!(pushed.output("config-context"), "project");
    assert_eq!(pushed.output("config-changed"), "true");

    let object = bucket.get("project/v2.0.0/service/dev/.env");
    assert_eq!(object.text(), NEW);
    assert_eq!(object.kms_key(), Some(fixture.kms_key.id.as_str()), "the catalog's key");
    let entry = only_entry(&bucket.get("project/.cstore/versions/v2.0.0.json"));
    assert_eq!(entry["tags"], json!(["service", "dev"]), "the catalog's tags");
    assert_eq!(entry["kms_key"], json!(fixture.kms_key.id));
    assert_eq!(bucket.get(HEAD).text(), as_go_had_it, "the head is another thing");

    let pull = fixture.action("pull").version("^2").run().succeeds();
    assert_verified(&pull, &[(DEV, NEW.as_bytes())]);
    assert_eq!(pull.output("config-version"), "v2.0.0");
    assert_eq!(pull.file(DEV), NEW);
}

#[test]
fn the_head_goes_where_the_catalog_says_and_the_go_tool_still_reads_it() {
    let fixture = Fixture::load("kms");
    let bucket = fixture.bucket("project-configs");
    push(&fixture).run().succeeds();

    assert_eq!(keys_of_go(bucket), [HEAD]);
    let object = bucket.get(HEAD);
    assert_eq!(object.text(), NEW);
    assert_eq!(object.kms_key(), Some(fixture.kms_key.id.as_str()));
    let pull = fixture.action("pull").run().succeeds();
    assert_verified(&pull, &[(DEV, NEW.as_bytes())]);
    assert_eq!(pull.output("config-manifest"), format!("s3://{}/project/.cstore/head.json", bucket.name()));
}

#[test]
fn an_alternate_path_is_taken_from_the_catalog_and_never_from_the_manifest() {
    let fixture = Fixture::load("alternate-path");
    let bucket = fixture.bucket("project-configs");
    push(&fixture).version("v2.0.0").run().succeeds();
    let entry = only_entry(&bucket.get("project/.cstore/versions/v2.0.0.json"));
    assert_eq!(entry["alternate_path"], ".env");

    let pull = fixture.action("pull").version("v2.0.0").run().succeeds();
    assert_verified(&pull, &[(DEV, NEW.as_bytes())]);
    assert_eq!(pull.workspace.files(), [".env", "cstore.yml"]);
    // No checkout, no catalog.
    let pull = Action::pull(bucket).input("context", "project").version("v2.0.0").run().succeeds();
    crate::assert_files(&pull, &[(DEV, NEW.as_bytes())]);
    assert_eq!(pull.workspace.files(), [DEV]);
    assert!(pull.messages("notice")[0].contains(DEV), "{:?}", pull.annotations);
}

#[test]
fn a_v2_catalog_is_pushed_from_too() {
    let fixture = Fixture::load("v2-push");
    let bucket = fixture.bucket("cstore-project");
    push(&fixture).version("v1.1.0").run().succeeds();
    push(&fixture).run().succeeds();
    let go = [HEAD, "project/v1.0.0/service/dev/.env", "project/v1.1.0/service/dev/.env"];
    assert_eq!(keys_of_go(bucket), go);
    assert_verified(&fixture.action("pull").version("v1.1.0").run().succeeds(), &[(DEV, NEW.as_bytes())]);
    assert_verified(&fixture.action("pull").run().succeeds(), &[(DEV, NEW.as_bytes())]);
    // What the Go tool pushed is as it was.
    let old = fixture.action("pull").version("v1.0.0").run().succeeds();
    assert_unmanaged(&old, &[(DEV, fixture.file(DEV).as_bytes())]);
}

#[test]
fn several_files_are_pushed_and_one_of_them_pulled_by_tag() {
    let fixture = Fixture::load("many-files-tags");
    let paths = [DEV, "service/qa/.env", "web/dev/config.json", "certs/ca.pem"];
    let action = paths.iter().fold(fixture.action("push"), |it, path| it.workspace_file(path, fixture.file(path)));
    action.version("v1.0.0").run().succeeds();
    let pull = Action::pull(fixture.bucket("project-configs")).input("context", "project").version("v1.0.0");
    let one = pull.input("tags", "service&qa").run().succeeds();
    assert_verified(&one, &[("service/qa/.env", fixture.file("service/qa/.env").as_bytes())]);
}

#[test]
fn a_path_with_a_variable_is_pushed_under_what_it_stands_for() {
    let fixture = Fixture::load("path-tokens");
    let listing = |action: Action| action.input("variables", "ENV");
    let action = listing(push(&fixture)).env("ENV", "dev").input("update-catalog", "true");
    let pushed = action.run().succeeds();
    assert_eq!(fixture.bucket("project-configs").get(HEAD).text(), NEW);
    assert_eq!(pushed.file("cstore.yml"), fixture.file("cstore.yml"), "the variable stays in the catalog");
    let pull = listing(fixture.action("pull")).env("ENV", "dev");
    assert_verified(&pull.run().succeeds(), &[(DEV, NEW.as_bytes())]);
    listing(push(&fixture))
        .run()
        .fails(2)
        .says("needs the variable ENV, which is not set")
        .says("Set ENV in the `env:` of this step");
}

#[test]
fn the_file_stays_where_the_catalog_would_have_it_deleted() {
    let fixture = Fixture::load("delete-after-push");
    assert_eq!(push(&fixture).run().succeeds().file(DEV), NEW);
}

#[test]
fn ghost_files_are_not_pushed() {
    let fixture = Fixture::load("ghost-subfolder");
    let ghost = fixture.file("service/dev/.cstore");
    let pushed = push(&fixture).repository_file("service/dev/.cstore", ghost).files(&["service/**"]).run().succeeds();
    assert_eq!(pushed.json_output("config-files"), json!([DEV]));
}

#[test]
fn linked_catalogs_are_left_alone_and_named() {
    let fixture = Fixture::load("linked-catalog");
    let child = fixture.file("child/cstore.yml");
    let pushed = push(&fixture).repository_file("child/cstore.yml", &child).run().succeeds();
    assert_eq!(pushed.json_output("config-files"), json!([DEV]));
    assert!(pushed.messages("notice").iter().any(|text| text.contains("child/cstore.yml")), "{:?}", pushed.annotations);
    assert_eq!(fixture.bucket("child-configs").keys(), ["child/dev/.env"]);

    // The head is now verified here and unmanaged there, which makes the whole of it unmanaged.
    let action = fixture.action("pull").repository_file("child/cstore.yml", &child);
    let pull = action.input("on-duplicate", "last").run().succeeds();
    assert_eq!(pull.output("config-integrity"), "unmanaged");
}

#[test]
fn a_linked_catalog_is_pushed_by_a_step_of_its_own() {
    let fixture = Fixture::load("linked-catalog");
    let action = fixture.action("push").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    action.workspace_file("child/dev/.env", NEW).input("catalog", "child/cstore.yml").run().succeeds();
    assert_eq!(fixture.bucket("child-configs").get("child/dev/.env").text(), NEW);
}

#[test]
fn what_the_go_tool_writes_after_us_is_accepted_with_a_warning() {
    let fixture = Fixture::load("versions");
    push(&fixture).run().succeeds();
    let theirs = b"API_URL=https://theirs.example.com\n";
    fixture.bucket("project-configs").put(HEAD, theirs, &[]);
    let pull = fixture.action("pull").run().succeeds();
    assert_eq!(pull.output("config-integrity"), "unmanaged");
    let warnings = pull.messages("warning");
    assert!(warnings.len() == 1 && warnings[0].contains(DEV), "{:?}", pull.annotations);
    crate::assert_files(&pull, &[(DEV, theirs)]);

    // Who wants just the one that was recorded says so.
    let digest = crate::digest_by_sha256sum(&[(DEV, NEW.as_bytes())]);
    fixture.action("pull").input("digest", &digest).run().fails(5);
    // And the next push of ours is verified again.
    push(&fixture).run().succeeds();
    assert_verified(&fixture.action("pull").run().succeeds(), &[(DEV, NEW.as_bytes())]);
}

#[test]
fn what_the_go_tool_does_to_a_version_of_ours_is_found_out() {
    const VERSION: &str = "project/v2.0.0/service/dev/.env";
    let fixture = Fixture::load("versions");
    let bucket = fixture.bucket("project-configs");
    push(&fixture).version("v2.0.0").run().succeeds();
    bucket.put(VERSION, "API_URL=https://theirs.example.com\n", &[]);
    fixture.action("pull").version("v2.0.0").run().fails(5).says(VERSION);
    bucket.delete(VERSION);
    fixture.action("pull").version("v2.0.0").run().fails(6).says(VERSION);
    push(&fixture).version("v2.0.0").input("overwrite", "true").run().succeeds();
    assert_verified(&fixture.action("pull").version("v2.0.0").run().succeeds(), &[(DEV, NEW.as_bytes())]);
}

#[test]
fn with_s3_versioning_the_recorded_bytes_are_delivered_whatever_the_go_tool_does() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "project").workspace_file(DEV, NEW).files(&[DEV]);
    push.version("v2.0.0").run().succeeds();
    let pull = Action::pull(&bucket).input("context", "project").version("v2.0.0");
    bucket.put("project/v2.0.0/service/dev/.env", "API_URL=https://theirs.example.com\n", &[]);
    assert_verified(&pull.run().succeeds(), &[(DEV, NEW.as_bytes())]);
    bucket.delete("project/v2.0.0/service/dev/.env");
    assert_verified(&pull.run().succeeds(), &[(DEV, NEW.as_bytes())]);
}

#[test]
fn a_go_layout_pull_may_be_pinned_by_its_digest() {
    let fixture = Fixture::load("versions");
    let digest = crate::digest_by_sha256sum(&[(DEV, fixture.file(DEV).as_bytes())]);
    let pull = fixture.action("pull").input("digest", &digest).run().succeeds();
    assert_unmanaged(&pull, &[(DEV, fixture.file(DEV).as_bytes())]);
}

/// The version of a recording that the Go tool pushed is not ours to replace, and `overwrite` takes it over.
fn assert_version_of_go_is_refused(recording: &str, bucket: &str, version: &str) {
    let fixture = Fixture::load(recording);
    let bucket = fixture.bucket(bucket);
    let key = format!("project/{version}/service/dev/.env");
    let as_go_had_it = bucket.get(&key).text();
    let refused = push(&fixture).version(version).run().fails(4).says(&key).says("another tool's");
    refused.says("overwrite: true");
    assert_eq!(bucket.get(&key).text(), as_go_had_it);
    assert!(bucket.find(&format!("project/.cstore/versions/{version}.json")).is_none());
    // It is still the Go tool's for everyone.
    let pull = fixture.action("pull").version(version).run().succeeds();
    assert_unmanaged(&pull, &[(DEV, as_go_had_it.as_bytes())]);

    push(&fixture).version(version).input("overwrite", "true").run().succeeds();
    assert_eq!(bucket.get(&key).text(), NEW);
    let pull = fixture.action("pull").version(version).run().succeeds();
    assert_verified(&pull, &[(DEV, NEW.as_bytes())]);
}

#[test]
fn a_version_of_the_go_tool_is_refused_by_name() {
    assert_version_of_go_is_refused("versions", "project-configs", "v1.1.0");
}

#[test]
fn a_version_of_the_go_tool_v2_is_refused_by_name() {
    assert_version_of_go_is_refused("v2-push", "cstore-project", "v1.0.0");
}

#[test]
fn a_version_of_the_go_tool_is_refused_even_with_the_same_bytes() {
    let fixture = Fixture::load("v2-push");
    let same = fixture.action("push").workspace_file(DEV, fixture.file(DEV)).version("v1.0.0");
    same.run().fails(4).says("project/v1.0.0/service/dev/.env");
}
