//! What there is of the Go cStore's, which leaves no manifests.

use crate::harness::{Fixture, Laptop, Run};

fn names(run: &Run, field: &str) -> Vec<String> {
    let found = run.json_output("config-versions");
    found.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn files_tags_and_versions_are_those_that_the_catalog_names() {
    let fixture = Fixture::load("versions");
    let files = fixture.action("list").run().succeeds().says("in the layout of the Go cStore");
    assert_eq!(names(&files, "file"), ["service/dev/.env"]);
    assert_eq!(names(&fixture.action("list").input("list", "tags").run().succeeds(), "tag"), ["dev", "service"]);
    let versions = fixture.action("list").input("list", "versions").run().succeeds();
    assert_eq!(names(&versions.says("the versions that the catalog names"), "version"), ["v1.1.0"]);
    let of_version = fixture.action("list").version("v1.1.0").run().succeeds();
    assert_eq!(names(&of_version, "file"), ["service/dev/.env"]);
    fixture.action("list").version("v9.9.9").run().fails(6);
    let keys = fixture.action("list").input("list", "keys").run().succeeds();
    assert!(!names(&keys, "key").is_empty());
}

#[test]
fn a_history_has_nothing_to_tell_and_says_so() {
    let fixture = Fixture::load("versions");
    let log = fixture.action("log").run().succeeds().says("No version is published").says("v1.1.0");
    assert!(names(&log, "version").is_empty());
    fixture.action("show").version("v1.1.0").run().fails(6).says("v1.1.0 of project was pushed by the Go cStore");
    fixture.action("show").run().fails(6).says("The head of project was pushed by the Go cStore, without a manifest");
}

#[test]
fn what_needs_a_manifest_says_that_the_go_cstore_left_none() {
    let fixture = Fixture::load("versions");
    let bucket = fixture.bucket("project-configs");
    let catalog = fixture.file("cstore.yml");
    let laptop = Laptop::without_bucket(bucket);
    laptop.plain_file("cstore.yml", catalog);
    laptop.file("service/dev/.env", "OLD=swordfish-1\n");
    for command in ["show", "verify", "lock"] {
        let ran = laptop.cstore([command, "--trust"]).run().fails(6);
        ran.says("The head of project was pushed by the Go cStore, without a manifest")
            .says("To push it once with this tool: `cstore pull` and then `cstore push`");
    }
    for command in ["show", "verify"] {
        let ran = laptop.cstore([command, "v1.1.0"]).run().fails(6);
        ran.says("v1.1.0 of project was pushed by the Go cStore").says("cstore push -v v1.1.0 --overwrite");
    }
    for line in [["pull", "-v", "^1"], ["show", "-v", "^1"], ["pull", "-v", "v9.0.0"], ["lock", "-v", "^1"]] {
        let line = if line[0] == "lock" { ["lock", "default=^1", "--dry-run"] } else { line };
        let ran = laptop.cstore(line).run().fails(6);
        ran.says("only their exact names find them: v1.1.0.").says("such as `-v v1.1.0`");
    }
    let status = laptop.cstore(["status"]).run().succeeds();
    let told = status.stdout;
    assert!(told.contains("pushed by the Go cStore, without a manifest\n"), "{told}");
    assert!(told.contains("not comparable"), "{told}");
    let clean = laptop.cstore(["clean", "--yes"]).run().succeeds();
    clean.says("kept         service/dev/.env: the Go cStore pushed it, without a manifest");
    // What is adopted as it is told to be can be verified.
    laptop.cstore(["pull", "--force"]).run().succeeds();
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["verify"]).run().succeeds();
    laptop.cstore(["pull", "-v", "v1.1.0"]).run().succeeds();
    laptop.cstore(["push", "-v", "v1.1.0", "--overwrite", "--yes"]).run().succeeds();
    laptop.cstore(["show", "v1.1.0"]).run().succeeds();
}

#[test]
fn files_of_linked_catalogs_are_listed_too() {
    let fixture = Fixture::load("linked-catalog");
    let list = fixture.action("list").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    assert_eq!(names(&list.run().succeeds(), "file"), ["service/dev/.env", "child/dev/.env"]);
}
