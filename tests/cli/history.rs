//! `cstore list`, `log` and `show`: names on standard output, a line each, and nothing else there.

use serde_json::json;

use crate::harness::{Action, Bucket, Laptop};

/// A bucket with two versions and the head.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let push = |version: &str, text: &str, message: &str| {
        let push = Action::push(&bucket).input("context", "shop").version(version).files(&["service/.env", "ca.pem"]);
        let push = push.workspace_file("service/.env", text).workspace_file("ca.pem", "certificate-one");
        push.input("message", message).run().succeeds();
    };
    push("v1.0.0", "HOST=first-host\n", "Begin");
    push("v1.1.0", "HOST=second-host\nNEW=new-value\n", "Move\nto \u{FFFD}another host");
    push("head", "HOST=second-host\n", "");
    bucket
}

#[test]
fn a_list_is_one_name_a_line() {
    let laptop = Laptop::new(&published());
    let prints = |arguments: &[&str], text: &str| {
        let ran = laptop.cstore_with(arguments.iter().map(ToString::to_string)).run();
        ran.succeeds().prints(text);
    };
    prints(&["list", "versions"], "v1.1.0\nv1.0.0\n");
    prints(&["ls"], "ca.pem\nservice/.env\n");
    prints(&["list", "files", "-v", "v1.0.0"], "ca.pem\nservice/.env\n");
    prints(&["list", "keys", "-v", "v1.1.0"], "HOST\nNEW\n");
    prints(&["list", "keys", "-v", "shop@^1"], "HOST\nNEW\n");
    prints(&["list", "tags"], "service\n");
    prints(&["list", "contexts"], "shop\n");
    laptop.cstore(["list", "secrets"]).run().fails(2).says("contexts, versions, files");
    laptop.cstore(["list", "-v", "v9"]).run().fails(6).says("v1.1.0");
    let said = laptop.cstore(["list", "versions"]).run().succeeds().says("2 versions of shop in s3://");
    laptop.cstore(["list", "versions", "-q"]).run().succeeds().prints(&said.stdout).does_not_say("2 versions");
}

#[test]
fn the_flags_of_the_go_cstore_name_tags_and_versions() {
    let laptop = Laptop::new(&published());
    laptop.cstore(["list", "-g"]).run().succeeds().prints("ca.pem\t\nservice/.env\tservice\n");
    laptop.cstore(["list", "-v"]).run().succeeds().prints("v1.1.0\nv1.0.0\n");
}

#[test]
fn a_log_is_one_version_a_line() {
    let laptop = Laptop::new(&published());
    let printed = laptop.cstore(["log"]).run().succeeds().stdout;
    let rows: Vec<Vec<_>> = printed.lines().map(|line| line.split('\t').collect()).collect();
    let names: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(names, ["head", "v1.1.0", "v1.0.0"]);
    let row = &rows[1];
    assert!(row[1].ends_with('Z') && row[1].as_bytes()[10] == b'T', "{row:?}");
    assert_eq!(row[2..], ["mona (run 1234567890)", "0123456", "Move", "+0 ~1 -0 files"]);
    let one = laptop.cstore(["log", "-n", "1"]).run().succeeds().stdout;
    assert_eq!(one.lines().count(), 2);
    let of_key = laptop.cstore(["log", "NEW"]).run().succeeds().stdout;
    let changes: Vec<_> =
        of_key.lines().filter_map(|line| Some((line.split('\t').next()?, line.split('\t').next_back()?))).collect();
    assert_eq!(changes, [("head", "- service/.env"), ("v1.1.0", "+ service/.env")]);
    laptop.cstore(["log", "-n", "0"]).run().fails(2).says("--limit");
}

#[test]
fn json_is_one_document() {
    let laptop = Laptop::new(&published());
    let log = laptop.cstore(["log", "--json"]).run().succeeds().json();
    assert_eq!((&log["schema"], &log["context"], &log["published"]), (&json!(1), &json!("shop"), &json!(2)));
    assert_eq!(log["versions"][1]["version"], "v1.1.0");
    let list = laptop.cstore(["list", "versions", "--json"]).run().succeeds().json();
    assert_eq!(list["versions"][0]["version"], "v1.1.0");
    let show = laptop.cstore(["show", "v1.1.0", "--keys", "--json"]).run().succeeds().json();
    assert_eq!(
        (&show["schema"], &show["version"], &show["compared_with"]),
        (&json!(1), &json!("v1.1.0"), &json!("v1.0.0"))
    );
    assert_eq!(show["changes"]["service/.env"]["added"], json!(["NEW"]));
}

#[test]
fn a_version_is_shown_with_its_whole_message() {
    let laptop = Laptop::new(&published());
    let printed = laptop.cstore(["show", "v1.1.0", "--keys"]).run().succeeds().stdout;
    assert!(printed.contains("Message:    Move\n            to \u{FFFD}another host\n"), "{printed}");
    assert!(printed.contains("Changes:    +0 ~1 -0 files from v1.0.0\n"), "{printed}");
    assert!(printed.ends_with("~ service/.env\n+ service/.env: NEW\n~ service/.env: HOST\n"), "{printed}");
    assert!(laptop.cstore(["show"]).run().succeeds().stdout.contains("Version:    head\n"));
    assert!(laptop.cstore(["show", "shop@latest"]).run().succeeds().stdout.contains("Version:    v1.1.0\n"));
    laptop.cstore(["show", "v9"]).run().fails(6).says("v1.1.0");
    laptop.cstore(["show", "."]).run().fails(2);
}
