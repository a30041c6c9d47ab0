//! `cstore status` and `cstore clean`: what lies here, beside what is in the bucket.

use std::fs;

use crate::harness::proxy::{Fault, get, request};
use crate::harness::{Bucket, Laptop, Proxy};
use crate::shared::{ENV, JSON, laptop, text, two_laptops};

/// The state of a file, by `status --json`.
fn state(laptop: &Laptop, path: &str) -> String {
    let document = laptop.cstore(["status", "--json"]).run().succeeds().json();
    assert_eq!(document["schema"], 1);
    let files = document["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path} is not in {document}"));
    file["state"].as_str().unwrap().to_owned()
}

#[test]
fn each_file_is_said_to_be_what_it_is() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    assert_eq!(state(&other, ENV), "unchanged");
    other.file(ENV, "TOKEN=my-own-token\n");
    assert_eq!(state(&other, ENV), "changed-here");
    one.file(ENV, "TOKEN=mackerel\n").file(JSON, "{\"port\": 9090}\n").cstore(["push"]).run().succeeds();
    assert_eq!(state(&other, ENV), "changed-on-both-sides");
    assert_eq!(state(&other, JSON), "newer-in-bucket");
    other.workspace().remove(JSON);
    assert_eq!(state(&other, JSON), "missing-here");
    let stranger = laptop(&Bucket::versioned());
    stranger.file(ENV, "TOKEN=my-own-token\n");
    assert_eq!(state(&stranger, ENV), "not-pushed");
    assert_eq!(state(&stranger, JSON), "nowhere");
    let shown = other.cstore(["status"]).run().succeeds();
    assert!(shown.stdout.contains("changed on both sides  service/dev/.env"), "{}", shown.stdout);
    assert!(shown.stdout.starts_with("the head of shop in s3://"), "{}", shown.stdout);
}

#[test]
fn what_lies_here_is_named_by_its_version_and_newer_ones_are_listed() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.4.2"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push", "-v", "v1.5.0"]).run().succeeds();
    other.cstore(["pull", "-v", "v1.4.2"]).run().succeeds();
    let first = |laptop: &Laptop| laptop.cstore(["status"]).run().succeeds().stdout.lines().next().unwrap().to_owned();
    assert_eq!(first(&other), format!("v1.4.2 of shop in s3://{}", bucket.name()));
    other.file(ENV, "TOKEN=my-own-token\n");
    assert_eq!(first(&other), format!("v1.4.2 of shop in s3://{}, 1 file changed", bucket.name()));
    let shown = other.cstore(["status"]).run().succeeds();
    assert!(shown.stdout.ends_with("Newer versions: v1.5.0\n"), "{}", shown.stdout);
    // Whoever remembers nothing is told the name by the digests alone.
    let stranger = laptop(&bucket);
    stranger.file(ENV, text(&one, ENV)).file(JSON, text(&one, JSON));
    assert_eq!(first(&stranger), format!("v1.5.0 of shop in s3://{}", bucket.name()));
    let asked = stranger.cstore(["status", "-v", "v1.4.2", "--json"]).run().succeeds().json();
    assert_eq!((&asked["version"], &asked["changed_files"]), (&"v1.4.2".into(), &1.into()));
}

#[test]
fn status_asks_for_manifests_alone_in_one_trip() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    let proxy = Proxy::start();
    // The head's manifest and the version's wait for the list of versions.
    proxy.on(get("shop/.cstore/head.json"), Fault::Until(3));
    proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(3));
    other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["status"]).run().succeeds();
    assert_eq!(proxy.requests().len(), 3, "{:#?}", proxy.lines());
}

#[test]
fn only_what_a_pull_brings_back_is_deleted() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.file(ENV, "TOKEN=my-own-token\n");
    let planned = other.cstore(["clean", "--dry-run"]).run().succeeds();
    planned
        .says("would delete service/dev/config.json (in the head)")
        .says("kept         service/dev/.env: it differs");
    assert!(other.workspace().path(JSON).exists());
    let done = other.cstore(["clean", "--json"]).run().succeeds().json();
    assert_eq!(done["files"][0]["outcome"], "kept");
    assert_eq!(done["files"][1]["outcome"], "deleted");
    assert!(!other.workspace().path(JSON).exists());
    assert_eq!(text(&other, ENV), "TOKEN=my-own-token\n");
    other.cstore(["pull", JSON]).run().succeeds();
    assert_eq!(text(&other, JSON), text(&one, JSON));
}

#[test]
fn a_copy_of_the_pulled_version_is_deleted_too_and_one_of_a_damaged_object_is_not() {
    let bucket = Bucket::unversioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n").file(JSON, "{\"port\": 9090}\n").cstore(["push"]).run().succeeds();
    bucket.delete("shop/v1.0.0/service/dev/config.json");
    let done = other.cstore(["clean"]).run().succeeds();
    done.says("deleted      service/dev/.env (in v1.0.0)").says("kept         service/dev/config.json: its object");
    assert!(!other.workspace().path(ENV).exists() && other.workspace().path(JSON).exists());
}

#[test]
fn a_file_that_is_changed_while_clean_looks_stays() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let proxy = Proxy::start();
    let path = other.workspace().path(ENV);
    bucket.secrets().add("typed-just-now");
    proxy.on(
        request("HEAD", "/service/dev/.env").nth(1),
        Fault::before(move || fs::write(&path, "TOKEN=typed-just-now\n").unwrap()),
    );
    other
        .clone()
        .with_env("AWS_ENDPOINT_URL", &proxy.endpoint())
        .cstore(["clean"])
        .run()
        .succeeds()
        .says("was changed");
    assert_eq!(text(&other, ENV), "TOKEN=typed-just-now\n");
    assert!(!other.workspace().path(JSON).exists());
    assert_eq!(other.workspace().files(), ["cstore.yml", ENV]);
}

#[test]
fn at_a_terminal_nothing_is_deleted_before_somebody_agrees() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let clean = || other.cstore(["clean"]);
    clean().on_a_terminal().sees(JSON).sees("Delete 2 files").types("").ended().succeeds();
    assert_eq!(other.workspace().files(), ["cstore.yml", ENV, JSON]);
    clean().on_a_terminal().sees("Delete 2 files").types("y").ended().succeeds();
    assert_eq!(other.workspace().files(), ["cstore.yml"]);
}
