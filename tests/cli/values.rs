use crate::harness::{Action, Bucket, Laptop};

/// A bucket with a version of one file.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&[".env"]);
    push.workspace_file(".env", "TOKEN=swordfish\nGREETING=good-morning\n").run().succeeds();
    bucket
}

#[test]
fn export_prints_what_a_shell_can_evaluate() {
    let laptop = Laptop::new(&published());
    let printed = laptop.cstore(["export", "-v", "v1.0.0"]).prints_values().run().succeeds().stdout;
    assert!(printed.contains("TOKEN='swordfish'") || printed.contains("TOKEN=swordfish"), "{printed}");
    let json = laptop.cstore(["export", "-v", "^1", "-g", "json"]).prints_values().run().succeeds().json();
    assert_eq!(json["TOKEN"], "swordfish");
}

#[test]
fn get_prints_one_value_and_nothing_else() {
    let laptop = Laptop::new(&published());
    laptop.cstore(["get", "-v", "v1.0.0", "TOKEN"]).prints_values().run().succeeds().prints("swordfish");
    laptop.cstore(["get", "-v", "v1.0.0", "TOKE"]).run().fails(2).says("cstore list keys");
}

#[test]
fn a_variable_gives_what_no_flag_does() {
    let bucket = published();
    let laptop = Laptop::without_bucket(&bucket).with_env("CSTORE_BUCKET", "another-bucket");
    let get = ["get", "TOKEN", "--bucket", bucket.name(), "--context", "shop"];
    laptop.cstore(get).env("CSTORE_VERSION", "v1.0.0").prints_values().run().succeeds().prints("swordfish");
}
