//! `cstore diff`: what differs, without a value unless it is asked for where somebody sees it.

use serde_json::json;

use crate::harness::{Action, Bucket, Laptop};
use crate::shared::{ENV, text, two_laptops};

/// A bucket with two versions of a file, the second of which is the head, too.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let old = "TOKEN=swordfish\nKEPT=good-morning\nGONE=old-friend\n";
    let new = "TOKEN=anglerfish\nKEPT=good-morning\nADDED=new-friend\n";
    for (version, text) in [("v1.0.0", old), ("v1.1.0", new), ("head", new)] {
        let push = Action::push(&bucket).input("context", "shop").version(version).files(&["service/.env"]);
        push.workspace_file("service/.env", text).run().succeeds();
    }
    bucket
}

const LINES: &str = "~ service/.env\n    + ADDED\n    ~ TOKEN\n    - GONE\n";

#[test]
fn files_and_keys_are_printed_and_no_value() {
    let laptop = Laptop::new(&published());
    let ran = laptop.cstore(["diff", "v1.0.0", "v1.1.0"]).run().succeeds();
    let ran = ran.says("Compared v1.0.0 of shop in s3://").says("1 file differs");
    assert_eq!(ran.stdout, LINES);
    laptop.cstore(["diff", "v1.0.0", "v1.1.0", "-q"]).run().succeeds().prints(LINES).does_not_say("Compared");
    laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--name-only"]).run().succeeds().prints("~ service/.env\n");
    laptop.cstore(["diff", "v1.1.0", "head"]).run().succeeds().prints("");
}

#[test]
fn the_head_and_the_working_files_are_what_it_compares_by_itself() {
    let laptop = Laptop::new(&published());
    // A catalog is looked for up to a repository's root.
    laptop.plain_file(".git/HEAD", "ref: refs/heads/main\n");
    laptop.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n  store: aws-s3\n");
    laptop.file("service/.env", "TOKEN=anglerfish\nKEPT=good-morning\nADDED=other-friend\n");
    laptop.cstore(["diff"]).run().succeeds().prints("~ service/.env\n    ~ ADDED\n");
    // Paths are as one sees them from where one stands.
    laptop.cstore(["diff"]).in_folder("service").run().succeeds().prints("~ .env\n    ~ ADDED\n");
    laptop.cstore(["diff", "v1.1.0"]).run().succeeds().prints("~ service/.env\n    ~ ADDED\n");
}

#[test]
fn a_difference_is_1_and_errors_without_a_code_are_125_where_that_is_asked_for() {
    let laptop = Laptop::new(&published());
    let ran = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--exit-code"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, LINES));
    laptop.cstore(["diff", "v1.1.0", "head", "--exit-code"]).run().succeeds().prints("");
    laptop.cstore(["diff", "v9.9.9", "--exit-code"]).run().fails(6);
    laptop.cstore(["diff", "a b", "--exit-code"]).run().fails(2);
    let other = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--exit-code"]);
    let answer = other.env("AWS_ENDPOINT_URL", &crate::diff::service_that_says_400());
    answer.run().fails(125);
}

/// The endpoint of a service that answers every request in S3's words with an error that has no code of its own here.
fn service_that_says_400() -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let body = "<?xml version=\"1.0\"?><Error><Code>InvalidRequest</Code><Message>no</Message></Error>";
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nServer: AmazonS3\r\nx-amz-request-id: 1\r\nContent-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // It ends with the test program.
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4096]);
            let _ = connection.write_all(answer.as_bytes());
        }
    });
    endpoint
}

#[test]
fn values_go_nowhere_but_to_a_terminal_unless_that_is_allowed() {
    let laptop = Laptop::new(&published());
    let ran = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--show-values"]).run().fails(2).says("--yes");
    assert_eq!(ran.stdout, "");
    let typed = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--show-values", "--yes"]).prints_values();
    typed.run().succeeds().prints(
        "~ service/.env\n    + ADDED\n        + new-friend\n    ~ TOKEN\n        - swordfish\n        + anglerfish\n    - \
         GONE\n        - old-friend\n",
    );
    // Whoever sees them on a terminal need not say so.
    let typed = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--show-values"]).env("CSTORE_PAGER", "cat");
    let shown = typed.on_a_terminal().ended_with_values().succeeds().stderr;
    assert!(shown.contains("- swordfish") && shown.contains("+ anglerfish"), "{shown}");
    // Values that go to a file are not seen by whoever sits at the terminal.
    let typed = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--show-values"]);
    typed.on_a_terminal_but_for(">shown").ended().fails(2).says("--yes");
    assert_eq!(laptop.workspace().read("shown"), b"");
    laptop.cstore(["diff", "--show-values", "--json"]).run().fails(2);
    laptop.cstore(["diff", "--show-values", "--name-only", "--yes"]).run().fails(2);
}

#[test]
fn json_has_a_schema_and_no_values() {
    let laptop = Laptop::new(&published());
    let json = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--json"]).run().succeeds().json();
    assert_eq!((&json["schema"], &json["different"]), (&json!(1), &json!(true)));
    assert_eq!(json["files"][0]["keys"], json!({"added": ["ADDED"], "changed": ["TOKEN"], "removed": ["GONE"]}));
    let json = laptop.cstore(["diff", "v1.0.0", "v1.1.0", "--json", "--name-only"]).run().succeeds().json();
    assert_eq!(json["files"], json!([{"path": "service/.env", "change": "changed"}]));
}

#[test]
fn other_contexts_and_buckets_are_named_by_references() {
    let bucket = published();
    let push = Action::push(&bucket).input("context", "shop-prod").version("head").files(&["service/.env"]);
    push.workspace_file("service/.env", "TOKEN=other-token\nKEPT=good-morning\n").run().succeeds();
    let laptop = Laptop::new(&bucket);
    let ran = laptop.cstore(["diff", "head", "shop-prod@head"]).run().succeeds();
    // The lines say which keys one side lacks.
    let ran = ran.does_not_say("Not in the head");
    assert_eq!(ran.stdout, "~ service/.env\n    ~ TOKEN\n    - ADDED\n");
    // They do not where each side has files of its own.
    let push = Action::push(&bucket).input("context", "shop-qa").version("head").files(&["qa/.env"]);
    push.workspace_file("qa/.env", "TOKEN=other-token\nKEPT=good-morning\n").run().succeeds();
    let ran = laptop.cstore(["diff", "shop-qa@head", "shop-prod@head"]).run().succeeds().does_not_say("Not in");
    assert_eq!(ran.stdout, "- qa/.env\n    - TOKEN\n    - KEPT\n+ service/.env\n    + TOKEN\n    + KEPT\n");
    let ran = laptop.cstore(["diff", "head", "shop-qa@head"]).run().succeeds();
    ran.says("Not in the head of shop-qa in s3://").says("ADDED (service/.env)").does_not_say("TOKEN");
    let other = format!("s3://{}/shop-prod", bucket.name());
    let nowhere = Laptop::without_bucket(&bucket);
    nowhere.plain_file("cstore.yml", "version: v4\n");
    nowhere.cstore(["diff", &other, &other]).run().succeeds().prints("");
}

#[test]
fn hostile_names_move_no_cursor() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&["a.json"]);
    push.workspace_file("a.json", "{\"\\u001b[2J\\u202e\": \"value-one\", \"a\\nb\": \"value-two\"}").run().succeeds();
    let laptop = Laptop::new(&bucket);
    let ran = laptop.cstore(["diff", "v1.0.0", "."]).run().succeeds();
    assert_eq!(ran.stdout.lines().count(), 3, "{}", ran.stdout);
    assert!(!ran.stdout.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.stdout);
}

#[test]
fn a_file_in_the_place_of_a_version_is_told_from_one() {
    let laptop = Laptop::new(&published());
    laptop.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n  store: aws-s3\n");
    laptop.file("service/.env", "TOKEN=anglerfish\nKEPT=good-morning\n").file("c.env", "A=swordfish\n");
    for (typed, file) in [
        (["diff", "service/.env", "c.env"], "service/.env"),
        (["diff", "head", "service/.env"], "service/.env"),
        (["diff", "c.env", "head"], "c.env"),
    ] {
        let ran = laptop.cstore(typed).run().fails(2).says(&format!("`{file}` is a file here"));
        ran.says(&format!("run: cstore diff head --files {file}\n")).does_not_say("--from");
    }
    laptop.cstore(["diff", "--files", "service/.env"]).run().succeeds().prints("~ service/.env\n    - ADDED\n");
    let ran = laptop.cstore(["diff", "no/file", "head"]).run().fails(2).says("`A` cannot be used");
    ran.says("`.` for your files").does_not_say("--from").does_not_say("workspace");
    let lock = ["pull", "--locked", "--lock-file", "/cstore.lock"];
    laptop.cstore(lock).run().fails(2).says("in the catalog's folder or below it").does_not_say("repository");
}

/// What git keeps may be a token, and a catalog comes with a repository.
#[test]
fn what_lies_in_a_folder_of_git_is_left_out_unless_it_is_named_and_all_else_is_compared() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.plain_file(".git/config", "[core]\n");
    let catalog = text(&one, "cstore.yml") + "- path: .git/config\n  store: aws-s3\n";
    one.plain_file("cstore.yml", catalog).file(ENV, "TOKEN=mackerel\n");
    for words in [&["diff"][..], &["diff", "v1.0.0"], &["status"], &["status", "--json"], &["clean", "--dry-run"]] {
        if words.contains(&"v1.0.0") {
            one.cstore(["push", "-v", "v1.0.0", ENV]).run().succeeds();
            one.file(ENV, "TOKEN=anglerfish\n");
        }
        let ran = one.cstore_with(words.iter().map(|word| (*word).to_owned())).run().succeeds();
        let ran = ran.says("Left out: .git/config.").says("you name it by its path");
        assert!(!ran.stdout.contains(".git/config"), "{words:?}: {}", ran.stdout);
        assert!(words[0] == "clean" || ran.stdout.contains(ENV), "{words:?}: {}", ran.stdout);
    }
    // Whoever names it means it.
    let named = one.cstore(["diff", ".", "head", "--files", ".git/config"]).run().succeeds().does_not_say("Left out");
    assert!(named.stdout.contains("- .git/config"), "{}", named.stdout);
    one.cstore(["status", ".git/config"]).run().succeeds().does_not_say("Left out");
    one.cstore(["push"]).run().fails(2).says(".git/config");
    one.cstore(["verify"]).run().succeeds();
}
