//! Names of contexts: one rule, wherever one is named.

use crate::harness::{Action, Bucket, Laptop};
use crate::shared::{ENV, laptop};

const NO_CONTEXTS: [&str; 4] = ["clob/dev", "bad ctx", ".hidden", "a~b"];

#[test]
fn what_is_no_context_is_refused_wherever_it_is_named() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=swordfish\n").cstore(["push", "-v", "v1.0.0", ENV]).run().succeeds();
    let before = bucket.keys();
    for name in NO_CONTEXTS {
        let reference = format!("{name}@v1.0.0");
        for line in [
            &["promote", "v1.0.0", "--to", name][..],
            &["promote", "v1.0.0", "--to", &reference],
            &["promote", &reference, "--to", "other"],
            &["show", &reference],
            &["verify", &reference],
            &["verify", "--same-keys", "v1.0.0", &reference],
            &["diff", &reference, "v1.0.0"],
            &["pull", "-v", &reference],
            &["lock", "-v", &reference],
            &["list", "--context", name],
            &["push", "--context", name],
        ] {
            let typed = laptop.cstore_with(line.iter().map(|word| (*word).to_owned()));
            typed.run().fails(2).says(name);
        }
        let promote = Action::new(&bucket).input("command", "promote").input("context", "shop").input("from", "v1.0.0");
        promote.input("to", name).run().fails(2).says("`to`");
    }
    assert_eq!(bucket.keys(), before);
}

/// A machine with a catalog as the Go cStore may have written it.
fn with_old_context(bucket: &Bucket, context: &str) -> Laptop {
    let laptop = laptop(bucket);
    laptop.plain_file("cstore.yml", format!("version: v4\ncontext: {context}\nfiles:\n- path: {ENV}\n  type: env\n"));
    laptop.file(ENV, "TOKEN=swordfish\n");
    laptop
}

#[test]
fn an_old_context_of_the_catalog_is_known_to_context_too_and_no_other() {
    let bucket = Bucket::versioned();
    let laptop = with_old_context(&bucket, "My Old Project");
    laptop.cstore(["push"]).run().succeeds().does_not_say("is inside");
    laptop.cstore(["list", "--context", "My Old Project"]).run().succeeds().prints("service/dev/.env\n");
    laptop.cstore(["pull", "--context", "My Old Project"]).run().succeeds();
    for other in ["My Other Project", "My Old Project/dev"] {
        laptop.cstore(["list", "--context", other]).run().fails(2).says("is not a valid context");
    }
    // What is in it can be moved to a name that can be typed.
    laptop.cstore(["promote", "head", "--to", "my-new-project"]).run().succeeds();
    assert_eq!(bucket.get(&format!("my-new-project/{ENV}")).text(), "TOKEN=swordfish\n");
}

/// With its bucket it is named by every command that reads or goes back, and by no push.
#[test]
fn a_context_of_several_segments_is_named_with_its_bucket() {
    let bucket = Bucket::versioned();
    let laptop = with_old_context(&bucket, "clob/dev").without_env("CSTORE_CONTEXT");
    laptop.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    laptop.file(ENV, "TOKEN=mackerel-in-a-tin\n").cstore(["push"]).run().succeeds();
    let bare = Laptop::without_bucket(&bucket);
    let at = |rest: &str| format!("s3://{}/clob/dev{rest}", bucket.name());
    let (version, head) = (at("@v1.0.0"), at("@head"));
    let run = |words: &[&str]| bare.cstore_with(words.iter().map(|word| (*word).to_owned())).prints_values().run();
    for words in [
        &["show", &version][..],
        &["verify", &version],
        &["list", "-v", &version],
        &["export", "-v", &version],
        &["get", "TOKEN", "-v", &version],
        &["diff", &head, &version],
        &["purge", &version, "--dry-run"],
        &["log", "--context", "clob/dev", "--bucket", bucket.name()],
        &["show", "v1.0.0", "--context", "clob/dev", "--bucket", bucket.name()],
    ] {
        run(words).succeeds();
    }
    run(&["rollback", &version, "-y"]).succeeds().says("clob/dev");
    assert_eq!(bucket.get(&format!("clob/dev/{ENV}")).text(), "TOKEN=swordfish\n");
    // What a message suggests about it can be typed.
    run(&["show", &at("@v9.0.0")]).fails(6).says("--context clob/dev").says(&format!("--bucket {}", bucket.name()));
    for words in [
        &["log", "--context", "clob/dev"][..],
        &["show", "clob/dev@v1.0.0"],
        &["show", &format!("s3://{}/clob/v1.0.0", bucket.name())],
        &["push", "--context", "clob/dev", "--bucket", bucket.name(), ENV],
    ] {
        run(words).fails(2);
    }
}

#[test]
fn a_catalogs_context_within_the_keys_of_another_is_told_with_its_line() {
    let bucket = Bucket::versioned();
    let laptop = with_old_context(&bucket, "clob/dev");
    laptop
        .cstore(["push"])
        .run()
        .succeeds()
        .says("cstore.yml:2")
        .says("The context \"clob/dev\" is inside the context \"clob\"");
}
