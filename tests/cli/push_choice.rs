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
