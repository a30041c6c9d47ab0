//! `cstore push`: what it stores, what it goes over, and what it remembers.

use std::fs;

use crate::harness::{Bucket, Laptop};
use crate::shared::{ENV, JSON, laptop, stored, text, two_laptops};

#[test]
fn a_push_stores_files_and_says_what_changes() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nNEW=added-by-one\n");
    let pushed = one.cstore(["push", "--json"]).run().succeeds();
    let json = pushed.says("Pushed the head of shop").says("1 changed (service/dev/.env)").json();
    assert_eq!((&json["schema"], &json["version"], &json["changed"]), (&1.into(), &"head".into(), &true.into()));
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nNEW=added-by-one\n");
    one.cstore(["push"]).run().succeeds().says("Nothing has changed");
}

#[test]
fn a_new_file_gets_into_the_catalog_unless_that_is_not_wanted() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file("web/dev/.env", "PORT=12345678\n");
    laptop.cstore(["push", "web/dev/.env", "--update-catalog=false"]).run().succeeds();
    assert!(!text(&laptop, "cstore.yml").contains("web/dev/.env"));
    laptop.cstore(["push", ".env"]).in_folder("web/dev").env("CSTORE_CATALOG", "../../cstore.yml").run().succeeds();
    assert!(text(&laptop, "cstore.yml").contains("- path: web/dev/.env"), "{}", text(&laptop, "cstore.yml"));
}

#[test]
fn what_others_pushed_meanwhile_is_merged_here_and_there() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    other.cstore(["push"]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
    let merged = "# the shop\nTOKEN=mackerel\nGREETING=good-evening\n";
    assert_eq!((text(&other, ENV).as_str(), stored(&bucket, ENV).as_str()), (merged, merged));
    assert_eq!(other.workspace().mode(ENV), 0o600);
    other.cstore(["pull"]).run().succeeds().says("unchanged  service/dev/.env");
    one.cstore(["pull"]).run().succeeds().says("written    service/dev/.env");
    assert_eq!(text(&one, ENV), merged);
}

#[test]
fn what_others_changed_in_another_way_is_a_conflict_that_can_be_passed() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "TOKEN=my-own-token\nGREETING=good-morning\n");
    let refused = other.cstore(["push"]).run().fails(4);
    refused.says("service/dev/.env (TOKEN)").does_not_say("GREETING");
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nGREETING=good-morning\n");
    assert_eq!(text(&other, ENV), "TOKEN=my-own-token\nGREETING=good-morning\n");
    other.cstore(["push", "--overwrite"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "TOKEN=my-own-token\nGREETING=good-morning\n");
}

#[test]
fn whoever_has_never_seen_a_file_replaces_none_that_differs() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let stranger = laptop(&bucket);
    stranger.file(ENV, text(&one, ENV)).file(JSON, text(&one, JSON));
    stranger.cstore(["push"]).run().succeeds().says("Nothing has changed");
    let stranger = laptop(&bucket);
    stranger.file(ENV, "TOKEN=my-own-token\n").file(JSON, text(&one, JSON));
    stranger.cstore(["push"]).run().fails(4).says("service/dev/.env");
    assert_eq!(stored(&bucket, ENV), text(&one, ENV));
}

#[test]
fn own_pushes_of_versions_do_not_make_the_head_look_changed() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=third-token\n").cstore(["push"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "TOKEN=third-token\n");
}

#[test]
fn changes_of_a_pulled_version_are_merged_onto_the_head() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    let stranger = laptop(&bucket);
    stranger.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    stranger.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    stranger.cstore(["push"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel\nGREETING=good-evening\n");
}

#[test]
fn without_versioning_a_push_over_what_others_pushed_needs_a_word() {
    let bucket = Bucket::unversioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds().says("versioning");
    other.file(ENV, "TOKEN=swordfish\nGREETING=good-evening\n");
    other.cstore(["push"]).run().fails(4);
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nGREETING=good-morning\n");
    other.cstore(["push", "--overwrite"]).run().succeeds();
}

#[test]
fn a_home_that_cannot_be_written_costs_the_memory_alone() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=mackerel\n").file(JSON, "{}\n");
    fs::write(laptop.home().join(".local"), "a file").unwrap();
    laptop.cstore(["push"]).run().succeeds().says("cannot be remembered");
    laptop.file(ENV, "TOKEN=my-own-token\n");
    laptop.cstore(["push"]).run().fails(4);
    push_over(&laptop);
    assert_eq!(stored(&bucket, ENV), "TOKEN=my-own-token\n");
}

fn push_over(laptop: &Laptop) {
    laptop.cstore(["push", "--overwrite"]).run().succeeds();
}
