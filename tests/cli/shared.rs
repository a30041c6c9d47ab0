//! A team: a bucket, and machines whose folders have the same catalog.

use std::path::PathBuf;

use crate::harness::{Bucket, Laptop};

/// A catalog of two files.
pub(crate) const CATALOG: &str = "version: v4\ncontext: shop\nfiles:\n- path: service/dev/.env\n  store: aws-s3\n  type: env\n- path: service/dev/config.json\n  store: aws-s3\n  type: json\n";

pub(crate) const ENV: &str = "service/dev/.env";
pub(crate) const JSON: &str = "service/dev/config.json";

/// A machine with the catalog.
pub(crate) fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).without_env("CSTORE_CONTEXT");
    laptop.plain_file("cstore.yml", CATALOG);
    laptop
}

/// Two machines, of which the first has pushed both files and the second has pulled them.
pub(crate) fn two_laptops(bucket: &Bucket) -> [Laptop; 2] {
    let [one, other] = [laptop(bucket), laptop(bucket)];
    one.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-morning\n")
        .file(JSON, "{\"port\": 8080, \"host\": \"localhost\"}\n");
    one.cstore(["push"]).run().succeeds();
    other.cstore(["pull"]).run().succeeds();
    [one, other]
}

/// The text of a local file.
pub(crate) fn text(laptop: &Laptop, path: &str) -> String {
    String::from_utf8(laptop.workspace().read(path)).unwrap()
}

/// The text of a file of the head.
pub(crate) fn stored(bucket: &Bucket, path: &str) -> String {
    bucket.get(&format!("shop/{path}")).text()
}

/// The documents that a machine remembers with.
pub(crate) fn memories(laptop: &Laptop) -> Vec<PathBuf> {
    let folder = laptop.home().join(".local/state/cstore");
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut documents: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    documents.sort();
    documents
}
