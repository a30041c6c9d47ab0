//! Two files that give one name different values.

use crate::story::{error_of, published, pull};

const BASE: (&str, &str) = ("base.env", "TOKEN=of-the-base\nURL=https://shop.example\n");
const DEV: (&str, &str) = ("dev/.env", "TOKEN=of-development\nURL=https://shop.example\n");

#[test]
fn the_step_fails_and_names_key_and_files() {
    let run = pull(&published(&[BASE, DEV])).run().fails(2).does_not_say("of-the-base").does_not_say("of-development");
    let message = &error_of(&run).message;
    assert!(message.contains("\"TOKEN\" has different values in base.env and dev/.env"), "{message}");
    assert!(message.contains("`files`") && message.contains("`on-duplicate: last`"), "{message}");
    assert!(!message.contains("URL"), "equal values are no conflict: {message}");
}

#[test]
fn every_key_is_named_with_all_its_files() {
    let third = ("third.env", "TOKEN=of-the-third\nURL=http://other.example\n");
    let run = pull(&published(&[BASE, DEV, third])).run().fails(2).does_not_say("of-the-third");
    let message = &error_of(&run).message;
    assert!(
        message.contains("\"TOKEN\" has different values in base.env, dev/.env and third.env; \"URL\""),
        "{message}"
    );
    assert!(message.contains("\"URL\" has different values in base.env and third.env."), "{message}");
}

#[test]
fn equal_values_agree_whatever_their_form() {
    let bucket = published(&[(".env", "PORT=5432\n"), ("a.json", r#"{"PORT": 5432}"#)]);
    assert_eq!(pull(&bucket).run().succeeds().output("PORT"), "5432");
}

#[test]
fn the_last_in_the_order_of_files_wins_when_asked_for() {
    let bucket = published(&[BASE, DEV]);
    for (files, token) in [
        (vec!["base.env", "dev/.env"], "of-development"),
        (vec!["dev/.env", "base.env"], "of-the-base"),
        (vec!["dev/*", "*.env"], "of-the-base"),
    ] {
        let run = pull(&bucket).files(&files).input("on-duplicate", "last").run().succeeds();
        assert_eq!(run.output("TOKEN"), token, "{files:?}");
    }
}

#[test]
fn one_file_alone_has_no_duplicates() {
    let bucket = published(&[BASE, DEV]);
    assert_eq!(pull(&bucket).files(&["dev/.env"]).run().succeeds().output("TOKEN"), "of-development");
}

#[test]
fn names_that_become_one_are_settled_in_the_same_way() {
    let bucket = published(&[("base.env", "DB_HOST=db.base.internal\n"), ("dev.env", "dbHost=db.dev.internal\n")]);
    let snake = || pull(&bucket).input("output-case", "snake");
    let run = snake().run().fails(2);
    let message = &error_of(&run).message;
    let said = "\"DB_HOST\" (line 1 of base.env) and \"dbHost\" (line 1 of dev.env) both give the name \"db_host\"";
    assert!(message.contains(said), "{message}");
    assert_eq!(snake().input("on-duplicate", "last").run().succeeds().output("db_host"), "db.dev.internal");

    // Within one file there is no later one.
    let bucket = published(&[(".env", "DB_HOST=db.one.internal\ndbHost=db.two.internal\n")]);
    pull(&bucket).input("output-case", "snake").input("on-duplicate", "last").run().fails(2);
}
