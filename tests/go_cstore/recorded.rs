//! Every recording comes back: the same bytes that the Go tool restored, at the same places.

use crate::harness::{Action, Fixture, Run};
use crate::{DEV, assert_unmanaged};

/// Pulls the head of a recording that has one file.
fn pull_head(recording: &str, bucket: &str, context: &str) -> (Fixture, Run) {
    let fixture = Fixture::load(recording);
    let pull = fixture.action("pull").run().succeeds();
    let as_go_had_it = fixture.bucket(bucket).get(&format!("{context}/{DEV}"));
    assert_unmanaged(&pull, &[(DEV, as_go_had_it.body())]);
    assert_eq!(pull.output("config-version"), "head");
    assert_eq!(pull.output("config-context"), context);
    assert_eq!(pull.output("config-bucket"), fixture.bucket(bucket).name());
    assert_eq!(pull.output("HEALTHCHECK"), "/ping");
    assert_eq!(pull.output("API_URL"), "https://dev.api.example.com");
    assert_eq!(pull.output("CONTACT"), "team@example.com");
    assert_eq!(pull.output("QUOTED"), "a b");
    (fixture, pull)
}

/// Holds the restored file to the one that the Go tool restored.
fn assert_restored_as_by_go(fixture: &Fixture, pull: &Run, path: &str) {
    assert_eq!(pull.file(path), fixture.file(path));
    assert_eq!(pull.workspace.mode(path), 0o600);
}

#[test]
fn first_push_defaults() {
    let (fixture, pull) = pull_head("first-push-defaults", "project-configs", "project");
    assert_restored_as_by_go(&fixture, &pull, DEV);
    assert_eq!(pull.workspace.files(), ["cstore.yml", DEV]);
}

#[test]
fn first_push_prompts() {
    let (fixture, pull) = pull_head("first-push-prompts", "my-bucket", "shop");
    assert_restored_as_by_go(&fixture, &pull, DEV);
}

#[test]
fn versions() {
    let (fixture, pull) = pull_head("versions", "project-configs", "project");
    assert_restored_as_by_go(&fixture, &pull, DEV);
}

#[test]
fn kms() {
    let (fixture, pull) = pull_head("kms", "project-configs", "project");
    assert_restored_as_by_go(&fixture, &pull, DEV);
}

#[test]
fn conflict() {
    let (fixture, pull) = pull_head("conflict", "project-configs", "project");
    assert_restored_as_by_go(&fixture, &pull, DEV);
}

#[test]
fn v2_push() {
    let (fixture, pull) = pull_head("v2-push", "cstore-project", "project");
    assert_restored_as_by_go(&fixture, &pull, DEV);
}

#[test]
fn delete_after_push() {
    // The Go tool removed the file from the workspace; a pull brings it.
    let (_, pull) = pull_head("delete-after-push", "project-configs", "project");
    assert_eq!(pull.workspace.files(), ["cstore.yml", DEV]);
}

#[test]
fn alternate_path() {
    let (fixture, pull) = pull_head("alternate-path", "project-configs", "project");
    assert_restored_as_by_go(&fixture, &pull, ".env");
    assert_eq!(pull.workspace.files(), [".env", "cstore.yml"]);
}

#[test]
fn ghost_subfolder() {
    let fixture = Fixture::load("ghost-subfolder");
    let ghost = fixture.file("service/dev/.cstore");
    let action = fixture.action("pull").repository_file("service/dev/.cstore", &ghost);
    let pull = action.run().succeeds();
    assert_restored_as_by_go(&fixture, &pull, DEV);
    assert_unmanaged(&pull, &[(DEV, fixture.file(DEV).as_bytes())]);
    assert_eq!(pull.file("service/dev/.cstore"), ghost);
}

#[test]
fn many_files_tags() {
    let fixture = Fixture::load("many-files-tags");
    // Both environments have the same keys, which would contradict each other as outputs.
    let pull = fixture.action("pull").input("on-duplicate", "last").run().succeeds();
    let paths = [DEV, "service/qa/.env", "web/dev/config.json", "certs/ca.pem"];
    let contents = paths.map(|path| fixture.file(path));
    let files: Vec<_> = paths.iter().zip(&contents).map(|(path, text)| (*path, text.as_bytes())).collect();
    assert_unmanaged(&pull, &files);
    paths.iter().for_each(|path| assert_restored_as_by_go(&fixture, &pull, path));
    assert_eq!(pull.json_output("config-files"), serde_json::json!(paths), "in the catalog's order");
    assert_eq!(pull.output("API_URL"), "https://qa.api.example.com", "the last file's");
    assert_eq!(pull.output("db_url"), "mongodb://x");
    assert_eq!(pull.output("flags_1"), "2");
}

#[test]
fn linked_catalog() {
    let fixture = Fixture::load("linked-catalog");
    let action = fixture.action("pull").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    let pull = action.run().succeeds();
    let child = fixture.bucket("child-configs").get("child/dev/.env");
    let own = fixture.bucket("project-configs").get("project/service/dev/.env");
    assert_unmanaged(&pull, &[(DEV, own.body()), ("child/dev/.env", child.body())]);
    assert_restored_as_by_go(&fixture, &pull, DEV);
    assert_restored_as_by_go(&fixture, &pull, "child/dev/.env");
    assert_eq!(pull.output("config-context"), "project");
    assert_eq!(pull.output("config-bucket"), fixture.bucket("project-configs").name());
}

#[test]
fn linked_catalog_of_which_one_file_is_asked_for() {
    let fixture = Fixture::load("linked-catalog");
    let action = fixture.action("pull").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    let pull = action.files(&["child/dev/.env"]).run().succeeds();
    assert_unmanaged(&pull, &[("child/dev/.env", fixture.file("child/dev/.env").as_bytes())]);
    assert_eq!(pull.workspace.files(), ["child/cstore.yml", "child/dev/.env", "cstore.yml"]);
}

#[test]
fn linked_catalog_of_which_nothing_is_asked_for() {
    let fixture = Fixture::load("linked-catalog");
    let action = || fixture.action("pull").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    for action in [action().files(&[DEV]), action().input("tags", "service")] {
        let pull = action.run().succeeds();
        assert_unmanaged(&pull, &[(DEV, fixture.file(DEV).as_bytes())]);
    }
}

#[test]
fn linked_catalog_that_has_all_that_is_asked_for() {
    let fixture = Fixture::load("linked-catalog");
    let action = || fixture.action("pull").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    let pull = action().files(&["child/**"]).run().succeeds();
    assert_unmanaged(&pull, &[("child/dev/.env", fixture.file("child/dev/.env").as_bytes())]);
    action().input("tags", "staging").run().fails(6);
}

#[test]
fn linked_catalog_that_lacks_a_file() {
    let fixture = Fixture::load("linked-catalog");
    fixture.bucket("child-configs").delete("child/dev/.env");
    let action = fixture.action("pull").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    action.run().fails(6).says("child/dev/.env");
}

#[test]
fn linked_catalog_that_is_gone() {
    Fixture::load("linked-catalog").action("pull").run().fails(2).says("child/cstore.yml");
}

#[test]
fn path_tokens() {
    let fixture = Fixture::load("path-tokens");
    let pull = fixture.action("pull").input("variables", "ENV").env("ENV", "dev").run().succeeds();
    assert_unmanaged(&pull, &[(DEV, fixture.file(DEV).as_bytes())]);
    assert_restored_as_by_go(&fixture, &pull, DEV);
}

#[test]
fn path_tokens_without_the_variable() {
    let fixture = Fixture::load("path-tokens");
    let pull = fixture.action("pull").input("variables", "ENV");
    let pull = pull.run().fails(2).says("needs the variable ENV, which is not set");
    assert_eq!(pull.annotations[0].file.as_deref(), Some("cstore.yml"));
    let line = fixture.file("cstore.yml").lines().position(|line| line.contains("${ENV}")).unwrap() + 1;
    assert_eq!(pull.annotations[0].line, u32::try_from(line).ok());
}

#[test]
fn secrets_stay_templates() {
    let fixture = Fixture::load("secrets");
    let pull = fixture.action("pull").run().succeeds();
    let (env, json) = (fixture.file(DEV), fixture.file("service/dev/config.json"));
    assert_unmanaged(&pull, &[(DEV, env.as_bytes()), ("service/dev/config.json", json.as_bytes())]);
    assert_restored_as_by_go(&fixture, &pull, DEV);
    assert_restored_as_by_go(&fixture, &pull, "service/dev/config.json");
    assert_eq!(pull.output("MONGO_URL"), "mongodb://{{dev/user}}:{{dev/password}}@h/db");
    assert_eq!(pull.output("API_KEY"), "{{dev/token}}");
    assert_eq!(pull.output("a_url"), "x://{{dev/user}}@h");
}

#[test]
fn purge_leaves_nothing_to_find() {
    // The Go tool removed the catalog with the last file.
    let fixture = Fixture::load("purge");
    let bucket = fixture.bucket("project-configs");
    let pull = Action::pull(bucket).input("context", "project").run().fails(6);
    pull.says("Nothing was pushed to the head of project.");
}

#[test]
fn errors_file_missing() {
    let fixture = Fixture::load("errors");
    let pull = fixture.action("pull").run().fails(6);
    pull.says("Files of the head are not there: project/service/dev/.env.");
}
