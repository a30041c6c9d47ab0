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
    let ran = laptop.cstore(["get", "-v", "v1.0.0", "TOKE"]).run().fails(6).prints("");
    ran.says("TOKE in v1.0.0 of shop in s3://")
        .says("Did you mean TOKEN?")
        .says("run: cstore list keys --ver v1.0.0\n");
    laptop.cstore(["list", "keys", "--ver", "v1.0.0"]).run().succeeds().prints("GREETING\nTOKEN\n");
}

#[test]
fn a_key_that_two_files_have_is_got_of_the_one_that_is_named() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").version("head").files(&["dev/.env", "prod/.env"]);
    let push = push.workspace_file("dev/.env", "TOKEN=swordfish\n").workspace_file("prod/.env", "TOKEN=mackerel\n");
    push.run().succeeds();
    let laptop = Laptop::new(&bucket);
    let ran = laptop.cstore(["get", "TOKEN"]).run().fails(2).prints("");
    ran.says("different values in dev/.env and prod/.env").says("`--files 'dev/**'`");
    laptop.cstore(["get", "TOKEN", "--files", "prod/.env"]).prints_values().run().succeeds().prints("mackerel");
}

#[test]
fn a_key_that_the_chosen_files_do_not_have_may_be_in_others() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").version("head").files(&["a.env", "b.env"]);
    push.workspace_file("a.env", "TOKEN=swordfish\n").workspace_file("b.env", "OTHER=mackerel\n").run().succeeds();
    let laptop = Laptop::new(&bucket);
    let ran = laptop.cstore(["get", "TOKEN", "--files", "b.env"]).run().fails(6);
    ran.says("There is no config key TOKEN in the chosen files of the head of shop").says("run: cstore list keys\n");
    laptop.cstore(["get", "TOKN"]).run().fails(6).says("There is no config key TOKN in the head of shop");
}

#[test]
fn a_variable_gives_what_no_flag_does() {
    let bucket = published();
    let laptop = Laptop::without_bucket(&bucket).with_env("CSTORE_BUCKET", "another-bucket");
    let get = ["get", "TOKEN", "--bucket", bucket.name(), "--context", "shop"];
    laptop.cstore(get).env("CSTORE_VERSION", "v1.0.0").prints_values().run().succeeds().prints("swordfish");
}
