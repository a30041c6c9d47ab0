//! Questions: on a terminal they are asked, and nowhere else does anything wait.

use std::fs;
use std::process::{self, Stdio};

use cstore::cli::arguments::grammar;
use cstore::option::Command;

use crate::harness::{Bucket, Laptop, Ran};
use crate::shared::{ENV, JSON, stored, text, two_laptops};

fn laptop() -> Laptop {
    let laptop = Laptop::without_bucket(&Bucket::missing());
    laptop.plain_file("My Shop/README.md", "");
    laptop
}

#[test]
fn an_answer_that_cannot_be_used_is_asked_for_again() {
    let laptop = laptop();
    laptop.plain_file("My Shop/.git/HEAD", "");
    let typed = laptop.cstore(["init"]).in_folder("My Shop").on_a_terminal();
    let ran = typed
        .sees("Context, the project's name in the bucket: ")
        .types("")
        .sees("That cannot be a context")
        .sees("Context")
        .types("  shop ")
        .sees("S3 bucket [cstore-shop]: ")
        .types("s3://cstore-shop")
        .sees("3 to 63 lower-case letters")
        .sees("S3 bucket")
        .types("")
        .sees("KMS key")
        .types("")
        .sees("[Y/n]")
        .types("perhaps")
        .sees("Answer y or n.")
        .sees("[Y/n]")
        .types("No")
        .ended();
    ran.succeeds();
}

#[test]
fn ctrl_c_at_a_question_ends_the_run_at_once_and_leaves_the_terminal_as_it_was() {
    let laptop = laptop();
    let typed = laptop.cstore(["init"]).in_folder("My Shop").on_a_terminal().sees("Context");
    assert!(typed.terminal_is_usual());
    let asked = typed.presses("\x03");
    assert!(asked.terminal_is_usual());
    asked.ended().fails(130);
    assert_eq!(laptop.workspace().files(), ["My Shop/README.md"]);
}

/// Whoever breaks off at any question has changed nothing, and is asked the same the next time.
#[test]
fn ctrl_c_at_the_last_question_leaves_everything_as_it_was() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file("shop/.env", "TOKEN=swordfish\n").plain_file("shop/.git/HEAD", "");
    let before = (laptop.workspace().files(), bucket.keys());
    let settings = |words: &[&str]| {
        let typed = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).in_folder("shop").on_a_terminal();
        typed.sees("Context").types("").sees("S3 bucket").types(bucket.name()).sees("KMS key").types("")
    };
    for words in [&["init"][..], &["push", ".env"]] {
        let ended = settings(words).sees("Have git ignore").presses("\x03").ended().fails(130);
        ended.says("Nothing was changed.");
        assert_eq!((laptop.workspace().files(), bucket.keys()), before, "{words:?}");
    }
    settings(&["push", ".env"]).sees("Have git ignore /.env").types("n").ended().succeeds();
    laptop.cstore(["list"]).in_folder("shop").run().succeeds();
}

#[test]
fn the_end_of_the_input_is_no_answer() {
    let typed = laptop().cstore(["init"]).in_folder("My Shop").on_a_terminal();
    typed.sees("Context").presses("\x04").ended().fails(2).says("The input ended").says("--context");
}

#[test]
fn a_terminal_is_not_asked_where_somebody_says_so() {
    for (flag, variable) in [
        (Some("--yes"), None),
        (Some("-y"), None),
        (Some("--non-interactive"), None),
        (None, Some(("CSTORE_NON_INTERACTIVE", "true"))),
        (None, Some(("CI", "true"))),
        (None, Some(("CI", "1"))),
    ] {
        let arguments = ["init"].into_iter().chain(flag).map(str::to_owned);
        let mut typed = laptop().cstore_with(arguments).in_folder("My Shop");
        if let Some((name, value)) = variable {
            typed = typed.env(name, value);
        }
        typed.on_a_terminal().ended().fails(2).says("--context");
    }
    let typed = laptop().cstore(["init"]).in_folder("My Shop").env("CI", "false").on_a_terminal();
    typed.sees("Context").presses("\x04").ended().fails(2);
}

/// Whether somebody could answer and be asked, both ends say.
#[test]
fn a_question_that_nobody_could_read_or_answer_is_not_asked() {
    let unanswered = laptop().cstore(["init"]).in_folder("My Shop").on_a_terminal_but_for("</dev/null");
    unanswered.ended().fails(2).says("This needs an answer, and there is no terminal").says("--context");
    let laptop = laptop();
    let unread = laptop.cstore(["init"]).in_folder("My Shop").on_a_terminal_but_for("2>../said");
    assert_eq!(unread.presses("\x04").ended().code, 2);
    let said = fs::read_to_string(laptop.workspace().path("said")).unwrap();
    assert!(said.contains("This needs an answer, and there is no terminal"), "{said}");
}

/// What has each question left unasked at a terminal: a flag, a variable, or an end of it that leads elsewhere.
const UNASKED: [&str; 6] =
    ["--yes", "--non-interactive", "CSTORE_NON_INTERACTIVE=true", "CI=true", "</dev/null", "2>/dev/null"];

/// Types a line at a terminal where nobody answers, and one of these says that nobody is to be asked.
fn unasked(laptop: &Laptop, folder: &str, words: &[&str], why: &str) -> Ran {
    let flag = why.starts_with('-').then_some(why);
    let mut typed = laptop.cstore_with(words.iter().copied().chain(flag).map(str::to_owned)).in_folder(folder);
    if why.contains(['<', '>']) {
        return typed.on_a_terminal_but_for(why).ended();
    }
    if let Some((name, value)) = why.split_once('=') {
        typed = typed.env(name, value);
    }
    typed.on_a_terminal().ended()
}

/// Whether what it said to standard error can be read.
fn is_heard(why: &str) -> bool {
    !why.starts_with("2>")
}

#[test]
fn init_asks_none_of_its_questions_where_nobody_is_to_be_asked() {
    for why in UNASKED {
        let laptop = Laptop::without_bucket(&Bucket::missing());
        laptop.plain_file("shop/README.md", "").plain_file("shop/.git/HEAD", "");
        unasked(&laptop, "shop", &["init"], why).exits(0);
        assert!(text(&laptop, "shop/cstore.yml").contains("AWS_S3_BUCKET: cstore-shop\n"), "{why}");
        assert_eq!(text(&laptop, "shop/.gitignore"), ".env\n.env.*\n!.env.example\n.cstore-*.tmp\n", "{why}");
    }
}

#[test]
fn the_first_push_asks_nothing_where_nobody_is_to_be_asked() {
    for why in UNASKED {
        let bucket = Bucket::versioned();
        let laptop = Laptop::without_bucket(&bucket);
        laptop.file("shop/.env", "TOKEN=swordfish\n").plain_file("shop/.git/HEAD", "");
        unasked(&laptop, "shop", &["push", ".env", "--bucket", bucket.name()], why).exits(0);
        assert_eq!(stored(&bucket, ".env"), "TOKEN=swordfish\n", "{why}");
        assert_eq!(text(&laptop, "shop/.gitignore"), "/.env\n.cstore-*.tmp\n", "{why}");
        let everything = unasked(&laptop, "shop", &["push", ".env", "--bucket", bucket.name(), "-p"], why).exits(2);
        assert!(!is_heard(why) || everything.stderr.contains("-p asks for everything"), "{why}: {}", everything.stderr);
    }
}

#[test]
fn a_catalog_is_not_trusted_where_nobody_is_to_be_asked() {
    let bucket = Bucket::versioned();
    let [_, laptop] = two_laptops(&bucket);
    let laptop = laptop.without_env("CSTORE_BUCKET");
    let catalog = text(&laptop, "cstore.yml") + &format!("data: {{AWS_S3_BUCKET: {}}}\n", bucket.name());
    laptop.plain_file("cstore.yml", catalog).workspace().remove(ENV);
    for why in UNASKED {
        let refused = unasked(&laptop, "", &["pull"], why).exits(2);
        assert!(!is_heard(why) || refused.stderr.contains("is not trusted"), "{why}: {}", refused.stderr);
        assert!(!laptop.workspace().path(ENV).exists(), "{why}");
    }
    laptop.cstore(["pull"]).on_a_terminal().sees("Trust it?").types("y").ended().succeeds();
}

#[test]
fn clean_deletes_nothing_where_nobody_is_to_be_asked_and_nobody_has_agreed() {
    let bucket = Bucket::versioned();
    let [_, laptop] = two_laptops(&bucket);
    for why in UNASKED.into_iter().filter(|why| *why != "--yes") {
        let refused = unasked(&laptop, "", &["clean"], why).exits(2);
        assert!(
            !is_heard(why) || refused.stderr.contains("This needs confirmation, and there is no terminal"),
            "{why}: {}",
            refused.stderr
        );
        assert_eq!(laptop.workspace().files(), ["cstore.yml", ENV, JSON], "{why}");
    }
    unasked(&laptop, "", &["clean"], "--yes").succeeds();
    assert_eq!(laptop.workspace().files(), ["cstore.yml"]);
}

#[test]
fn a_push_asks_nothing_where_nobody_is_to_be_asked() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    for (number, why) in UNASKED.into_iter().enumerate() {
        one.file(ENV, format!("TOKEN=mackerel-{number}\n"));
        unasked(&one, "", &["push", "-v", &format!("v1.{number}.0")], why).exits(0);
        assert!(bucket.find(&format!("shop/.cstore/versions/v1.{number}.0.json")).is_some(), "{why}");
    }
    // What others have changed is replaced by whoever says just that.
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "TOKEN=my-own-token\nGREETING=good-morning\n");
    for why in UNASKED {
        unasked(&other, "", &["push"], why).exits(4);
        assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nGREETING=good-morning\n", "{why}");
    }
}

/// A command line of each command that can be typed, with something in the place of what it needs.
fn command_lines() -> Vec<Vec<String>> {
    let line = |command: &clap::Command| {
        let needed = command.get_positionals().filter(|argument| argument.is_required_set());
        let needed = needed.map(|argument| if argument.is_last_set() { "-- true" } else { "files" });
        let line = std::iter::once(command.get_name()).chain(needed.flat_map(|text| text.split(' ')));
        line.map(str::to_owned).collect()
    };
    let lines: Vec<Vec<String>> = grammar().get_subcommands().map(line).collect();
    for (name, _) in Command::ALL {
        assert!(lines.iter().any(|line| line[0] == name), "{name} cannot be typed");
    }
    lines
}

/// A run that waits would go on for this many seconds, and end with 124.
const TIMEOUT: [&str; 2] = ["timeout", "60"];

#[test]
fn no_command_waits_for_an_input_that_does_not_come() {
    for line in command_lines() {
        // No input at all, none that ever ends, and one that is closed.
        for script in ["exec \"$@\" </dev/null", "exec \"$@\"", "exec \"$@\" <&-"] {
            let laptop = Laptop::new(&Bucket::missing());
            laptop.plain_file(".env", "A=1\n");
            let typed = laptop.cstore_with(line.clone());
            let plain = typed.command();
            let set = plain.get_envs().filter_map(|(name, value)| Some((name, value?)));
            let mut command = process::Command::new("sh");
            command.args(["-c", script, "sh"]).args(TIMEOUT).arg(plain.get_program()).args(plain.get_args());
            command.env_clear().envs(set).current_dir(laptop.workspace().path(""));
            let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            // The other end stays open, and says nothing.
            let mut started = started.unwrap();
            let kept_open = started.stdin.take();
            let output = started.wait_with_output().unwrap();
            drop(kept_open);
            let code = output.status.code();
            assert!(code.is_some_and(|code| code != 124), "{line:?} {script}: {code:?}");
        }
    }
}
