//! Which keys become outputs, and under which names.

use std::collections::BTreeMap;

use crate::harness::{Action, Bucket, shows};
use crate::story::{error_of, published, pull, titled};

const ENV: &str = "DB_HOST=db.shop.internal\nlogLevel=verbose-mode\napi-key=swordfish\n";

fn names(step: &Action) -> Vec<String> {
    step.run().succeeds().config_outputs().into_keys().map(str::to_owned).collect()
}

#[test]
fn the_case_changes_names_and_never_values() {
    let bucket = published(&[(".env", ENV)]);
    for (case, names) in [
        ("keep", ["DB_HOST", "logLevel", "api-key"]),
        ("lower", ["db_host", "loglevel", "api-key"]),
        ("upper", ["DB_HOST", "LOGLEVEL", "API-KEY"]),
        ("snake", ["db_host", "log_level", "api_key"]),
        ("kebab", ["db-host", "log-level", "api-key"]),
    ] {
        let run = pull(&bucket).input("output-case", case).run().succeeds();
        let expected: BTreeMap<_, _> =
            names.into_iter().zip(["db.shop.internal", "verbose-mode", "swordfish"]).collect();
        assert_eq!(run.config_outputs(), expected, "{case}");
    }
}

#[test]
fn the_prefix_goes_before_the_cased_name() {
    let bucket = published(&[(".env", ENV)]);
    let step = pull(&bucket).input("output-prefix", "APP_").input("output-case", "snake");
    assert_eq!(names(&step), ["APP_api_key", "APP_db_host", "APP_log_level"]);
}

#[test]
fn nested_keys_are_joined_by_the_separator() {
    let json =
        r#"{"db": {"host": "db.shop.internal", "flags": ["first-flag", "other-flag"]}, "none": [], "empty": {}}"#;
    let yaml = "db:\n  host: db.shop.internal\n  flags: [first-flag, other-flag]\nnone: []\nempty: {}\n";
    let toml = "none = []\n[db]\nhost = \"db.shop.internal\"\nflags = [\"first-flag\", \"other-flag\"]\n[empty]\n";
    for (path, contents) in [("a.json", json), ("a.yml", yaml), ("a.toml", toml)] {
        let bucket = published(&[(path, contents)]);
        for (separator, expected) in [
            ("", ["db_flags_0", "db_flags_1", "db_host"]),
            ("__", ["db__flags__0", "db__flags__1", "db__host"]),
            ("-", ["db-flags-0", "db-flags-1", "db-host"]),
        ] {
            assert_eq!(names(&pull(&bucket).input("separator", separator)), expected, "{path} with {separator:?}");
        }
    }
}

#[test]
fn keys_are_chosen_by_patterns_and_renamed_one_by_one() {
    let bucket = published(&[(".env", "DB_HOST=db.internal\nDB_PASS=swordfish\nDB_DEBUG=verbose\nOTHER=something\n")]);
    for (keys, expected) in [
        ("DB_*\n!DB_DEBUG", vec!["DB_HOST", "DB_PASS"]),
        ("!DB_*", vec!["OTHER"]),
        ("OTHER\nDB_????", vec!["DB_HOST", "DB_PASS", "OTHER"]),
        ("DB_PASS | DATABASE_PASSWORD", vec!["DATABASE_PASSWORD"]),
        ("*\nDB_PASS | DATABASE_PASSWORD", vec!["DATABASE_PASSWORD", "DB_DEBUG", "DB_HOST", "OTHER"]),
    ] {
        assert_eq!(names(&pull(&bucket).input("keys", keys)), expected, "{keys:?}");
    }
    let run =
        pull(&bucket).input("keys", "DB_PASS | DATABASE_PASSWORD").input("output-prefix", "APP_").run().succeeds();
    assert_eq!(run.output("APP_DATABASE_PASSWORD"), "swordfish");
    assert_eq!(run.output("config-keys"), r#"["APP_DATABASE_PASSWORD"]"#);
}

#[test]
fn a_line_of_keys_that_matches_nothing_is_told() {
    let bucket = published(&[(".env", ENV)]);
    let run = pull(&bucket).input("keys", "DB_*\nDATABASE_*").run().succeeds();
    assert_eq!(titled(&run, "Input keys"), ["These lines of `keys` match no key: DATABASE_*."]);
    let run = pull(&bucket).input("keys", "NOPE").run().succeeds();
    let said = "These lines of `keys` match no key: NOPE. No key is left, so no value is delivered.";
    assert_eq!(titled(&run, "Input keys"), [said]);

    let run = pull(&bucket).input("keys", "DB_PORT | PORT").run().fails(2);
    assert!(error_of(&run).message.contains("\"DB_PORT\" is to be renamed but is not there"));
}

#[test]
fn names_of_the_actions_own_fail_the_step() {
    let shown = shows(
        "T5",
        "keys named like the action's own outputs, in any case and by any input",
        "code 2, with two remedies",
    );
    for (path, contents, inputs) in shown.each([
        ("a.json", r#"{"config-digest": "forged-value"}"#, vec![]),
        ("a.json", r#"{"CONFIG-Digest": "forged-value"}"#, vec![]),
        ("a.yml", "config-whatever: forged-value\n", vec![]),
        (".env", "Config-Json=forged-value\n", vec![]),
        ("a.json", r#"{"config-ü": "forged-value"}"#, vec![]),
        ("a.json", r#"{"config": {"version": "forged-value"}}"#, vec![("separator", "-")]),
        ("a.json", r#"{"configVersion": "forged-value"}"#, vec![("output-case", "kebab")]),
        (".env", "version=forged-value\n", vec![("output-prefix", "config-")]),
        (".env", "A=forged-value\n", vec![("keys", "A | Config-File")]),
    ]) {
        let bucket = published(&[(path, contents)]);
        let step = inputs.iter().fold(pull(&bucket), |step, (name, value)| step.input(name, value));
        let run = step.measured().run().fails(2);
        let message = &error_of(&run).message;
        assert!(message.contains("names that begin with `config-` are the action's own"), "{contents}: {message}");
        assert!(message.contains("`keys`") && message.contains("`output-prefix`"), "{contents}: {message}");
    }
    // What the message advises helps.
    let bucket = published(&[("a.json", r#"{"config-digest": "forged-value", "config_digest": "other-value"}"#)]);
    assert_eq!(names(&pull(&bucket).input("output-prefix", "APP_")), ["APP_config-digest", "APP_config_digest"]);
    assert_eq!(names(&pull(&bucket).input("keys", "!config-*")), ["config_digest"]);
}

#[test]
fn a_key_of_an_env_file_without_a_name_is_refused() {
    let bucket = published(&[("service/.env", "db.host=db.internal\ndb.port=5432\n")]);
    let run = pull(&bucket).run().fails(2);
    let message = &error_of(&run).message;
    assert!(message.contains("\"db.host\" of service/.env") && message.contains("(and 1 more)"), "{message}");
    assert_eq!(names(&pull(&bucket).input("output-case", "snake")), ["db_host", "db_port"]);
}

#[test]
fn a_nested_key_without_a_name_is_left_out_with_a_warning() {
    let bucket = published(&[("a.json", r#"{"a b": "left-value", "1st": "left-value", "good": "kept-value"}"#)]);
    let run = pull(&bucket).run().succeeds();
    assert_eq!(run.config_outputs(), BTreeMap::from([("good", "kept-value")]));
    let warning = "These keys cannot be names of outputs and were left out: a b, 1st. Rename them with `keys`.";
    assert_eq!(titled(&run, "Keys left out"), [warning]);
}

#[test]
fn outputs_that_differ_only_in_case_are_warned_of() {
    let bucket = published(&[(".env", "Token=swordfish\nTOKEN=octopus-2\n")]);
    let run = pull(&bucket).run().succeeds();
    let [warning] = titled(&run, "Outputs differ only in case")[..] else { panic!("{:?}", run.annotations) };
    assert!(warning.contains("Token by TOKEN"), "{warning}");
}

#[test]
fn a_file_of_no_known_form_has_no_keys() {
    let bucket = Bucket::versioned();
    let pem = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----\n";
    crate::story::push(&bucket, &[("certs/ca.pem", pem)]).run().succeeds();
    let run = pull(&bucket).run().succeeds();
    assert_eq!(run.config_outputs(), BTreeMap::new());
    assert_eq!(run.file("certs/ca.pem"), pem);
}
