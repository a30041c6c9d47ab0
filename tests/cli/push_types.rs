//! How a type that was asked for at one push is known at the next.

use crate::harness::{Bucket, Laptop};
use crate::shared::text;

const CONF: &str = "app.conf";

/// A catalog whose entry says of the file what its name says, and the Go cStore writes: nothing.
fn laptop(bucket: &Bucket, file_type: &str) -> Laptop {
    let laptop = Laptop::new(bucket).without_env("CSTORE_CONTEXT");
    let catalog = format!("version: v4\ncontext: shop\nfiles:\n- path: {CONF}\n  store: aws-s3\n  type: {file_type}\n");
    laptop.plain_file("cstore.yml", catalog).file(CONF, "A=first-value\nK=second-value\n");
    laptop
}

fn keys(laptop: &Laptop, version: &str) -> String {
    laptop.cstore(["list", "keys", "-v", version]).run().succeeds().stdout
}

#[test]
fn a_type_that_was_asked_for_is_that_of_the_next_versions() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket, "conf");
    laptop.cstore(["push", CONF, "--types", "*.conf = dotenv"]).run().succeeds();
    assert!(text(&laptop, "cstore.yml").contains("  type: env\n"), "{}", text(&laptop, "cstore.yml"));
    laptop.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    assert_eq!(keys(&laptop, "v1.0.0"), "A\nK\n");
    let again = laptop.cstore(["push"]).run().succeeds();
    again.says("Nothing has changed in the head").does_not_say("app.conf").does_not_say("settings");
    // Another type takes its place, and the file's own is one.
    laptop.cstore(["push", "--types", "*.conf = raw"]).run().succeeds();
    assert!(text(&laptop, "cstore.yml").contains("  type: raw\n"), "{}", text(&laptop, "cstore.yml"));
    assert_eq!(keys(&laptop, "head"), "");
}

#[test]
fn a_push_of_the_head_keeps_the_type_that_nothing_else_says() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket, "conf");
    one.cstore(["push", "--update-catalog=false", "--types", "*.conf = dotenv"]).run().succeeds();
    assert!(text(&one, "cstore.yml").contains("  type: conf\n"));
    for dry in [true, false] {
        let flag = format!("--dry-run={dry}");
        let said = one.cstore(["push", "--update-catalog=false", &flag]).run().succeeds();
        said.says("in the head").does_not_say("app.conf").does_not_say("settings");
    }
    one.file(CONF, "A=other-value\nK=second-value\n");
    one.cstore(["push"]).run().succeeds().says("~ app.conf\n    ~ A\n");
    assert_eq!(keys(&one, "head"), "A\nK\n");
    assert!(text(&one, "cstore.yml").contains("  type: env\n"), "{}", text(&one, "cstore.yml"));
    // What cannot be read as it is refused as ever.
    let other = laptop(&bucket, "conf");
    other.file(CONF, "no assignment at all\n").cstore(["push", "--overwrite"]).run().fails(2).says("app.conf:1");
    // The catalog goes before the head.
    let raw = laptop(&bucket, "raw");
    raw.file(CONF, "no assignment at all\n").cstore(["push", "--overwrite"]).run().succeeds();
    assert_eq!(keys(&raw, "head"), "");
}
