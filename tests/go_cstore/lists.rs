//! What there is of the Go cStore's, which leaves no manifests.

use crate::harness::{Fixture, Run};

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
    fixture.action("show").version("v1.1.0").run().fails(6);
    fixture.action("show").run().fails(6);
}

#[test]
fn files_of_linked_catalogs_are_listed_too() {
    let fixture = Fixture::load("linked-catalog");
    let list = fixture.action("list").repository_file("child/cstore.yml", fixture.file("child/cstore.yml"));
    assert_eq!(names(&list.run().succeeds(), "file"), ["service/dev/.env", "child/dev/.env"]);
}
