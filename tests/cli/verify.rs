//! `cstore verify`: what is found, and its exit codes.

use crate::harness::{Action, Bucket, Laptop};

fn push(bucket: &Bucket, context: &str, version: &str, text: &str) {
    let push = Action::push(bucket).input("context", context).version(version).files(&["a/.env", "b/.env"]);
    push.workspace_file("a/.env", text).workspace_file("b/.env", "B=value-of-b\n").run().succeeds();
}

#[test]
fn all_findings_are_named_and_the_code_is_8() {
    let bucket = Bucket::unversioned();
    push(&bucket, "shop", "v1.0.0", "A=value-of-a\n");
    let laptop = Laptop::new(&bucket);
    laptop
        .cstore(["verify", "v1.0.0"])
        .run()
        .succeeds()
        .prints("")
        .says("2 files, sha256:")
        .says(", no problems found.");
    bucket.delete("shop/v1.0.0/a/.env");
    bucket.put("shop/v1.0.0/b/.env", "B=planted-value\n", &[]);
    let ran = laptop.cstore(["verify", "v1.0.0"]).run().fails(8).prints("");
    let ran = ran
        .says(", 2 problems found.")
        .says("a/.env is missing")
        .says("b/.env was replaced in the bucket by another tool")
        .says("--overwrite");
    assert!(!ran.stderr.contains("overwrite: true"), "{}", ran.stderr);
    let ran = laptop.cstore(["verify", "shop@^1", "--json"]).run().fails(8);
    let json = ran.json();
    assert_eq!((&json["schema"], &json["ok"]), (&1.into(), &false.into()));
    assert_eq!(json["objects"]["findings"][0]["problem"], "missing");
    assert_eq!(json["objects"]["findings"][1]["problem"], "foreign");
    laptop.cstore(["verify", "v9.9.9"]).run().fails(6);
    laptop.cstore(["verify", "."]).run().fails(2);
}

#[test]
fn two_environments_are_compared_by_their_keys() {
    let bucket = Bucket::versioned();
    push(&bucket, "shop", "head", "A=value-of-a\nONLY=here-alone\n");
    push(&bucket, "shop-prod", "head", "A=value-of-prod\n");
    let laptop = Laptop::new(&bucket);
    let ran = laptop.cstore(["verify", "--same-keys", "head", "shop-prod@head"]).run().fails(8);
    ran.says("ONLY (a/.env)").says("not in the head of shop-prod");
    let ran = laptop.cstore(["verify", "--same-keys", "head", "head"]).run().succeeds();
    ran.says("Both have the same keys.");
    laptop.cstore(["verify", "--same-keys", "head"]).run().fails(2);
}
