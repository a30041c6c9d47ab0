//! Which files `cstore push` takes.

use crate::harness::{Bucket, Laptop};
use crate::shared::{ENV, JSON, laptop, text};

/// Two files of the catalog, and files next to them that nobody wants to store.
fn with_neighbours(bucket: &Bucket) -> Laptop {
    let laptop = laptop(bucket);
    laptop.file(ENV, "TOKEN=swordfish\n").file(JSON, "{\"level\": \"of-the-file\"}\n");
    laptop
        .file("id_rsa", "the-private-key")
        .file("src/main.c", "int main-of-c")
        .file(".env", "LOCAL=of-this-machine\n");
    laptop
}

#[test]
fn exclusions_alone_choose_among_the_catalogs_files() {
    let bucket = Bucket::versioned();
    let laptop = with_neighbours(&bucket);
    laptop.cstore(["push", &format!("!{JSON}")]).run().succeeds().says(ENV).does_not_say("id_rsa");
    assert_eq!(text(&laptop, "cstore.yml").matches("- path: ").count(), 2);
    let keys = bucket.keys();
    assert!(keys.iter().all(|key| !["id_rsa", "main.c", JSON].iter().any(|path| key.ends_with(path))), "{keys:?}");
    laptop.cstore(["push", "-v", "v1.0.0", "!*.x"]).run().succeeds().says("2 files");
    laptop.cstore(["push", &format!("!{JSON}"), "!id_rsa", "src/*"]).run().succeeds().says("+ src/main.c");
    assert!(!bucket.keys().iter().any(|key| key.ends_with("id_rsa")));
}

#[test]
fn exclusions_alone_are_no_push_without_a_catalog() {
    let bucket = Bucket::versioned();
    let laptop = with_neighbours(&bucket);
    laptop.workspace().remove("cstore.yml");
    laptop
        .cstore(["push", "!id_rsa"])
        .run()
        .fails(2)
        .says("lines with `!` only leave out files of the catalog, and there is no catalog")
        .says("next: Name the files to push: `cstore push FILE…`");
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
}

#[test]
fn what_is_to_be_committed_is_said_once_it_is_pushed() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file("shop/.env", "TOKEN=swordfish\n").plain_file("shop/.git/HEAD", "");
    let pushed = laptop.cstore(["push", ".env", "--bucket", bucket.name(), "--yes"]).in_folder("shop").on_a_terminal();
    pushed
        .sees("Pushed the head")
        .sees("Added to .gitignore")
        .sees("next: git add cstore.yml .gitignore")
        .ended()
        .succeeds();
    let outside = laptop.cstore(["push", ".env", "--bucket", bucket.name(), "--context", "other"]).in_folder("other");
    laptop.file("other/.env", "TOKEN=swordfish\n");
    let said = outside.run().succeeds().stderr;
    let [pushed, written] = ["Pushed the head", "note: cstore.yml was written; commit it."].map(|text| said.find(text));
    assert!(pushed.is_some() && pushed < written, "{said}");
}

#[test]
fn the_question_of_an_overwrite_says_what_is_replaced() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let push = |text: &str| {
        laptop.file(ENV, text);
        laptop.cstore(["push", "-v", "v1.0.0", "--overwrite", "--author", "Ann", ENV])
    };
    push("TOKEN=swordfish\n").run().succeeds();
    let asked = push("TOKEN=mackerel\n").on_a_terminal();
    let asked = asked.sees("? Replace v1.0.0 of shop in s3://").sees(", pushed ").sees(" ago by Ann? Who");
    asked.sees(" has pulled it keeps the old content. [y/N] ").types("y").ended().succeeds().says("Pushed v1.0.0");
    // A new one replaces nothing.
    let new = laptop.cstore(["push", "-v", "v1.1.0", "--overwrite", ENV]).on_a_terminal();
    new.sees("? Publish v1.1.0")
        .sees("It cannot be changed afterwards.")
        .types("n")
        .ended()
        .exits(1)
        .says("Not published.");
}

#[test]
fn a_file_of_another_store_is_told_with_the_catalogs_line_and_a_way_to_the_others() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=swordfish\n").cstore(["push", ENV]).run().succeeds();
    let catalog = text(&laptop, "cstore.yml") + "- path: b.env\n  store: aws-parameter\n";
    let line = catalog.lines().count() - 1;
    laptop.plain_file("cstore.yml", catalog);
    for words in [&["pull"][..], &["exec", "--", "true"], &["status"]] {
        let ran = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run();
        ran.says(&format!("error: cstore.yml:{line}: ")).says("leave it out with `'!b.env'`");
    }
    laptop.cstore(["pull", "!b.env", &format!("!{JSON}")]).run().succeeds();
}
