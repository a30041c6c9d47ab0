//! What is told of a push, a status and a log, once and no more.

use crate::harness::{Bucket, Laptop, Ran};
use crate::shared::{ENV, JSON, laptop, two_laptops};

#[test]
fn files_that_disagree_are_told_of_when_they_begin_to() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.file("dev/.env", "HOST=dev-host\n").file("prod/.env", "HOST=prod-host\n");
    let environments = "several environments";
    one.cstore(["push", "dev/.env", "prod/.env"]).run().succeeds().says(environments);
    one.file("dev/.env", "HOST=dev-host\nOTHER=other-value\n");
    one.cstore(["push"]).run().succeeds().says("OTHER").does_not_say(environments);
    one.file("dev/.env", "HOST=dev-host\nOTHER=other-value\nPORT=first-port\n");
    one.file("prod/.env", "HOST=prod-host\nPORT=second-port\n");
    one.cstore(["push"]).run().succeeds().says(environments);
}

#[test]
fn a_new_file_without_keys_has_none() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.file("arr.json", "[\"an-item\"]\n").cstore(["push", "arr.json"]).run().succeeds().says("+ arr.json (no keys)");
    one.file("arr.json", "[\"another-item\"]\n");
    one.cstore(["push"]).run().succeeds().says("~ arr.json (something differs that has no key)");
}

#[test]
fn a_key_that_no_program_gets_is_told_of_when_it_is_stored() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let note = "refuse variables of these names, which could take over a program: PATH.";
    one.cstore(["set", "--files", ENV, "PATH=/planted"]).run().succeeds().says(note);
    one.cstore(["set", "--files", ENV, "TOKEN=another-token"]).run().succeeds().does_not_say(note);
    one.file("new.env", "LD_PRELOAD=planted.so\n").cstore(["push", "new.env"]).run().succeeds().says("LD_PRELOAD");
    let pushed = one.file("f.json", "{\"BASH_FUNC_f%%\": \"() { planted; }\"}\n").cstore(["push", "f.json"]).run();
    pushed.succeeds().says("They then need `--keys '!BASH_FUNC_f%%'` or `--allow-env BASH_FUNC_f__`.");
}

#[test]
fn a_value_that_becomes_a_string_is_told_of() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file(JSON, "{\"port\": 8080, \"host\": \"localhost\", \"on\": true}\n").cstore(["push"]).run().succeeds();
    let set = |text: &str| one.cstore(["set", "--files", JSON, text]).run().succeeds();
    set("port=9090").does_not_say("becomes a string");
    set("port=some-port").says("port was a number, and becomes a string.").says("`cstore edit`");
    set("on=yes-please").says("on was true or false, and becomes a string.");
    set("host=other-host").does_not_say("becomes a string");
}

#[test]
fn a_status_names_a_few_versions_and_a_log_says_once_that_there_are_more() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    for minor in 0..7 {
        one.file(ENV, format!("TOKEN=the-token-of-{minor}\n"))
            .cstore(["push", "-v", &format!("v1.{minor}.0")])
            .run()
            .succeeds();
    }
    let ran = other.cstore(["status"]).run().succeeds();
    let end = "v1.6.0, v1.5.0, v1.4.0, v1.3.0, v1.2.0 and 2 more (cstore list versions)\n";
    assert!(ran.stdout.ends_with(end), "{}", ran.stdout);
    let ran = one.cstore(["log", "-n", "4"]).run().succeeds();
    assert_eq!(ran.stderr.matches("not shown").count() + ran.stdout.matches("not shown").count(), 1);
    let typist =
        one.clone().with_env("PAGER", "cat").with_env("TERM", "xterm").cstore(["log", "-n", "4"]).on_a_terminal();
    let said = typist.ended().succeeds().stderr;
    assert_eq!(said.matches("not shown").count(), 1, "{said}");
}

#[test]
fn a_tag_that_is_probably_several_is_refused() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.file("a.env", "A=some-value\n");
    for tags in ["a,b", "a b", "c&a,b"] {
        one.cstore(["push", "a.env", "-t", tags]).run().fails(2).says("has a comma or a blank").says("service&dev");
    }
    assert!(bucket.keys().is_empty());
    one.cstore(["push", "a.env", "-t", "a&b"]).run().succeeds();
}

#[test]
fn a_flag_is_described_for_its_command() {
    let one = Laptop::new(&Bucket::missing());
    let help = |command: &str| one.cstore([command, "--help"]).run().succeeds().stdout.replace("\n          ", " ");
    assert!(help("push").contains("The version to publish, such as v1.2.3. Default: the head"));
    assert!(help("pull").contains("a requirement (`^1.2`"));
    assert!(help("push").contains("the tags that these files get"));
    assert!(!help("pull").contains("the tags that these files get"));
    assert!(help("push").contains("Replaces a published version"));
    assert!(help("set").contains("Changes the file as it is in the bucket"));
    assert!(help("status").contains("Those with another one count as changed"));
    assert!(help("push").contains("[default: the catalog's files]") && help("export").contains("[default: all files]"));
}

#[test]
fn tags_are_taken_away_by_none() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    let listed = || one.cstore(["list", "--with-tags"]).run().succeeds().stdout;
    one.file("service/.env", "A=some-value\n").file("service/b.env", "B=some-value\n");
    one.cstore(["push", "service/.env", "-t", "a&b"]).run().succeeds();
    // Of a new file the folders' names are none either.
    one.cstore(["push", "service/b.env", "-t", ""]).run().succeeds();
    assert_eq!(listed(), "service/.env\ta, b\nservice/b.env\t\n");
    one.cstore(["push", "service/.env", "-t", ""]).run().succeeds().says("~ service/.env (settings changed here)");
    assert_eq!(listed(), "service/.env\t\nservice/b.env\t\n");
    // Neither a later push nor an empty variable brings back or takes away any.
    one.cstore(["push"]).run().succeeds();
    one.cstore(["push", "service/b.env", "-t", "b"]).run().succeeds();
    one.clone().with_env("CSTORE_TAGS", "").cstore(["push", "service/b.env"]).run().succeeds();
    assert_eq!(listed(), "service/.env\t\nservice/b.env\tb\n");
    one.cstore(["pull", "-t", "service"]).run().fails(6).says("No file has the tags");
}

#[test]
fn a_line_is_named_once_in_what_is_said_of_it() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.file(ENV, "TOKEN=swordfish\nexport ONE TWO\n");
    let ran = one.cstore(["push", "--dry-run", ENV]).run().succeeds();
    ran.says("warning: service/dev/.env:2: without a `=` a name gives no key: ONE, TWO. If the line belongs to");
    one.file(ENV, "TOKEN=swordfish\nexport ONE TWO\nTHREE\n");
    let ran = one.cstore(["push", "--dry-run", ENV]).run().succeeds();
    ran.says("gives no key: line 2 (ONE, TWO), line 3. If a line belongs to");
}

#[test]
fn what_another_tool_wrote_is_told_when_a_push_records_it() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=first-token\nOTHER=first-other\n").cstore(["push"]).run().succeeds();
    bucket.put(&format!("shop/{ENV}"), "TOKEN=second-token\n", &[]);
    one.cstore(["pull"]).run().succeeds();
    let told = |ran: Ran| ran.succeeds().says(&format!("~ {ENV}\n    ~ TOKEN\n    - OTHER\n"));
    told(one.cstore(["push", "--dry-run"]).run());
    told(one.cstore(["push"]).run());
}
