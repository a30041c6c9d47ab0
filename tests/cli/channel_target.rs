//! What a channel points at, damaged or gone since: whatever asks for the channel fails, and names it and the version.

use crate::harness::{Bucket, Laptop};

const ENV: &str = "service/.env";
const FILE: &str = "shop/v1.0.0/service/.env";
const MANIFEST: &str = "shop/.cstore/versions/v1.0.0.json";
const PROD: &str = "shop/.cstore/channels/prod.json";

/// What reads files of the version.
const READ_FILES: [&[&str]; 4] = [
    &["export", "-v", ":prod", "-g", "dotenv"],
    &["get", "TOKEN", "-v", ":prod"],
    &["list", "keys", "-v", ":prod"],
    &["promote", ":prod", "--to", "other", "-y"],
];

/// What reads its manifest alone.
const READ_MANIFEST: [&[&str]; 6] = [
    &["diff", ":prod", "v1.1.0"],
    &["show", ":prod"],
    &["list", "files", "-v", ":prod"],
    &["status", "-v", ":prod"],
    &["lock", "-v", ":prod"],
    &["promote", ":prod", "--to", ":staging"],
];

/// A machine of a shop whose channel prod points at v1.0.0.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket);
    for (version, text) in [("v1.0.0", "TOKEN=swordfish\n"), ("v1.1.0", "TOKEN=anglerfish\n")] {
        laptop.file(ENV, text).cstore(["push", "-v", version, ENV]).run().succeeds();
    }
    laptop.cstore(["promote", "v1.0.0", "--to", ":prod"]).run().succeeds();
    laptop
}

#[test]
fn whatever_asks_for_the_channel_names_both() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let (manifest, channel) = (bucket.get(MANIFEST).text(), bucket.get(PROD).text());
    let verify: [&[&str]; 1] = [&["verify", ":prod"]];
    let refused = |lines: &[&[&str]], code: i32, said: &str| {
        for line in lines {
            let ran = laptop.cstore_with(line.iter().map(|word| (*word).to_owned())).run().fails(code);
            let ran = ran.says(&format!("The channel prod points at version v1.0.0{said}"));
            assert!(!ran.stdout.contains("TOKEN"), "{line:?}: {}", ran.stdout);
        }
        assert!(bucket.find("shop/.cstore/channels/staging.json").is_none());
        assert!(!bucket.keys().iter().any(|key| key.starts_with("other/")), "{:?}", bucket.keys());
        assert_eq!(bucket.get(PROD).text(), channel);
    };
    let all: Vec<_> = READ_FILES.into_iter().chain(READ_MANIFEST).collect();
    bucket.put(MANIFEST, "{", &[]);
    refused(&all, 5, &format!(". {MANIFEST} cannot be trusted"));
    refused(&verify, 8, ". The manifest");
    bucket.delete(MANIFEST);
    let all: Vec<_> = all.into_iter().chain(verify).collect();
    refused(&all, 6, ", which is not published any more.");
    bucket.put(MANIFEST, manifest.as_bytes(), &[]);

    let pin = bucket.get(FILE).version_id().unwrap().to_owned();
    bucket.delete_version(FILE, &pin);
    refused(&READ_FILES, 6, &format!(". {MANIFEST} names files of version v1.0.0 that are gone: {FILE}"));
    refused(&verify, 8, ". The file service/.env is missing");
    laptop.file(ENV, "TOKEN=turbot\n").cstore(["push", "-v", "v1.0.0", "--overwrite", ENV]).run().succeeds();
    refused(&all, 5, " with sha256:");
    // Beside the version that it is by now, on whichever side.
    for sides in [["v1.0.0", ":prod"], [":prod", "v1.0.0"]] {
        let [from, to] = sides;
        laptop.cstore(["diff", from, to]).run().fails(5).says(" with sha256:");
        laptop.cstore(["verify", "--same-keys", from, to]).run().fails(5).says(" with sha256:");
    }
    // The version by its name is what it is by now.
    laptop.cstore(["verify", "v1.0.0"]).run().succeeds();
}
