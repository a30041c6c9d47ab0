//! Inputs that cannot be used are refused by name, with what to do instead, before anything is sent.

use cstore::option::OPTIONS;

use crate::harness::{Action, Bucket, shows};
use crate::story::{error_of, published, pull};

/// Holds a step to be refused for one input, and gives the message.
pub(crate) fn refused(step: &Action, row: &str, input: &str, problem: &str) -> String {
    let run = step.run();
    assert_eq!(run.code, 2, "{row}: it printed\n{}", run.printed());
    let error = error_of(&run);
    assert_eq!(error.title, format!("Input {input}"), "{row}");
    let (what, next) = error.message.split_once(". ").unwrap_or_else(|| panic!("{row}: no remedy in {error:?}"));
    assert!(what.starts_with(&format!("The input `{input}` ")), "{row}: {what}");
    assert!(what.contains(problem), "{row}: {problem:?} is not in {what:?}");
    assert!(next.len() > 5, "{row}: {next}");
    error.message.clone()
}

#[test]
fn malformed_ones() {
    let bucket = Bucket::missing();
    for (command, input, value, problem) in [
        ("pull", "command", "pul", "is \"pul\""),
        ("pull", "context", "-shop", "must begin with a letter or a digit"),
        ("pull", "context", "a/b", "may hold only"),
        ("pull", "bucket", "s3://configs", "is not a valid bucket name"),
        ("pull", "bucket", "Configs", "is not a valid bucket name"),
        ("pull", "catalog", "../cstore.yml", "`.` and `..`"),
        ("pull", "catalog", "/etc/passwd", "it is absolute"),
        ("push", "update-catalog", "yes", "neither true nor false"),
        ("pull", "update-catalog", "yes", "belongs to"),
        ("pull", "files", "../.env", "`.` and `..`"),
        ("pull", "files", "/etc/passwd", "it is absolute"),
        ("pull", "files", "a[b", "not closed"),
        ("pull", "tags", "dev&", "tag 2 of the expression is empty"),
        ("pull", "version", "release/1", "may hold only"),
        ("pull", "version", "^one", "cannot be used"),
        ("pull", "digest", "md5:0123", "cannot be used"),
        ("pull", "if-missing", "warn", "is \"warn\""),
        ("pull", "aws-region", "Frankfurt", "is not a valid region name"),
        ("pull", "expected-bucket-owner", "1234", "is not a valid account ID"),
        ("pull", "role-to-assume", "puller", "is not a valid role ARN"),
        ("pull", "role-to-assume", "arn:aws:iam::111122223333:user/puller", "is not a valid role ARN"),
        ("pull", "role-duration-seconds", "899", "from 900 to 43200"),
        ("pull", "role-duration-seconds", "43201", "from 900 to 43200"),
        ("pull", "role-duration-seconds", "1h", "from 900 to 43200"),
        ("pull", "role-session-name", "a b", "is not a valid session name"),
        ("pull", "role-chaining", "yes", "is \"yes\""),
        ("pull", "allowed-account-ids", "111122223333,1234", "is not a valid account ID"),
        ("pull", "timeout-seconds", "0", "from 1 to 21600"),
        ("pull", "timeout-seconds", "21601", "from 1 to 21600"),
        ("pull", "timeout-seconds", "soon", "from 1 to 21600"),
        ("pull", "endpoint-url", "s3.example.com", "is not a URL"),
        ("pull", "endpoint-url", "https://", "is not a URL"),
        ("pull", "endpoint-url", "ftp://s3.example.com", "is not a URL"),
        ("push", "kms-key-id", "a key", "is not a valid key ID"),
        ("pull", "output-prefix", "1_", "must begin with a letter"),
        ("pull", "output-prefix", "APP.", "hold only letters"),
        ("pull", "output-case", "Snake", "is \"Snake\""),
        ("pull", "separator", "=", "must have at most 8 characters"),
        ("pull", "separator", "_________", "must have at most 8 characters"),
        ("pull", "keys", "A\n!", "line 2: there is no pattern"),
        ("pull", "keys", "DB_* | DATABASE", "must be one key"),
        ("pull", "keys", "DB_PASS |", "the new name"),
        ("pull", "mask", "!", "cannot be used"),
        ("pull", "defaults", "A=1\nno equals sign here", "line 2"),
        ("pull", "on-duplicate", "first", "is \"first\""),
        ("pull", "format", "xml", "is \"xml\""),
        ("pull", "format-file", "../out.json", "`.` and `..`"),
        ("pull", "template", "/.env.example", "it is absolute"),
        ("pull", "schema", "../schema.json", "`.` and `..`"),
    ] {
        let step = Action::new(&bucket).input("command", command).version(super::story::VERSION).input(input, value);
        let row = format!("{input}: {value:?}");
        refused(&step, &row, input, problem);
    }
}

#[test]
fn booleans_are_true_or_false_as_yaml_has_them() {
    let bucket = Bucket::missing();
    for (command, input) in [
        ("push", "update-catalog"),
        ("pull", "allow-http"),
        ("pull", "restore-files"),
        ("pull", "export-env"),
        ("pull", "no-overwrite"),
        ("pull", "expand"),
        ("pull", "template-strict"),
        ("push", "overwrite"),
        ("pull", "dry-run"),
    ] {
        for value in ["yes", "1", "tRUE", "on"] {
            let step = Action::new(&bucket).input("command", command).version("v1.0.0").input(input, value);
            refused(&step, &format!("{input}: {value}"), input, "neither true nor false");
        }
    }

    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    for value in ["true", "True", "TRUE", " true\n"] {
        let run = pull(&bucket).input("dry-run", value).run().succeeds();
        assert!(!run.outputs.contains_key("TOKEN"), "dry-run: {value:?}");
    }
    for value in ["false", "False", "FALSE", "", "  "] {
        assert_eq!(pull(&bucket).input("dry-run", value).run().succeeds().output("TOKEN"), "swordfish", "{value:?}");
    }
}

#[test]
fn blanks_mean_not_given() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    let all_blank = OPTIONS
        .iter()
        .filter(|option| !["command", "bucket", "version"].contains(&option.name))
        .fold(pull(&bucket), |step, option| step.input(option.name, " \n\t"));
    assert_eq!(all_blank.run().succeeds().output("TOKEN"), "swordfish");
}

#[test]
fn blanks_around_a_value_do_not_count() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    let run = Action::pull(&bucket)
        .input("bucket", &format!(" {}\n", bucket.name()))
        .input("command", "pull\n")
        .input("context", " shop ")
        .version("v1.0.0\n")
        .input("output-case", "lower\n")
        .input("timeout-seconds", " 60")
        .input("aws-region", "us-east-1\n")
        .run()
        .succeeds();
    assert_eq!(run.output("token"), "swordfish");
}

#[test]
fn unknown_ones_are_refused_with_the_nearest() {
    let bucket = Bucket::missing();
    for (input, remedy) in [
        ("export_env", "Did you mean `export-env`?"),
        ("Export Env", "Did you mean `export-env`?"),
        ("file", "Did you mean `files`?"),
        ("buket", "Did you mean `bucket`?"),
        ("required keys", "Did you mean `required-keys`?"),
        ("zzz", "Remove it."),
    ] {
        let message = Action::pull(&bucket).input(input, "x").run().fails(2);
        let message = &error_of(&message).message;
        assert!(message.contains("does not exist") && message.ends_with(remedy), "{input}: {message}");
    }
}

#[test]
fn a_path_that_is_refused_can_be_excluded() {
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: .env\n- path: conf:a/.env\n";
    let bucket = Bucket::versioned();
    bucket.put("shop/.env", "TOKEN=swordfish\n", &[]);
    let step = || Action::pull(&bucket).version("head").repository_file("cstore.yml", catalog);
    step().run().fails(2).says("conf:a/.env");
    assert_eq!(step().input("files", "**\n!conf:a/.env").run().succeeds().output("TOKEN"), "swordfish");
    // What could exclude nothing is a mistake.
    step().input("files", "**\n!/conf:a/.env").run().fails(2).says("conf:a/.env");
}

#[test]
fn all_unknown_ones_are_named_at_once() {
    let step = Action::pull(&Bucket::missing()).input("zzz", "x").input("buket", "x").input("resolve", "x");
    let error = step.run().fails(2);
    let error = error_of(&error);
    assert_eq!(error.title, "Unknown inputs");
    assert_eq!(
        error.message,
        "These inputs do not exist: `buket` (did you mean `bucket`?), `resolve` (not supported by this version), `zzz`. \
         Correct these names, or remove them."
    );
}

#[test]
fn those_of_later_versions_are_named_as_such() {
    let bucket = Bucket::missing();
    for input in ["resolve", "resolve-files", "allow-secrets"] {
        let message =
            refused(&Action::pull(&bucket).input(input, "x"), input, input, "is not supported by this version");
        assert!(message.ends_with("Remove it."), "{message}");
    }
    let message = refused(&Action::new(&bucket).input("command", "doctor"), "doctor", "command", "does not have");
    assert!(message.contains("Use one of pull, push, "), "{message}");
}

#[test]
fn a_word_that_is_nearly_right_gets_a_suggestion() {
    let bucket = Bucket::missing();
    for (input, value, meant) in
        [("command", "pul", "pull"), ("output-case", "uper", "upper"), ("format", "k8s-secrets", "k8s-secret")]
    {
        let message =
            refused(&Action::pull(&bucket).input(input, value), value, input, "not one of the allowed values");
        assert!(message.ends_with(&format!("Did you mean {meant}?")), "{message}");
    }
}

#[test]
fn what_defaults_hold_is_not_shown_when_they_cannot_be_read() {
    let _shown = shows("T12", "values in an input that cannot be read", "the message does not quote it");
    Action::pull(&Bucket::missing())
        .input("defaults", "TOKEN=swordfish\nPASSWORD=\"not-closed-secret\n")
        .run()
        .fails(2)
        .says("line 2")
        .does_not_say("not-closed");
}
