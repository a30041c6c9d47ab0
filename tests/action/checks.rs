//! What must be so of the values: of a pull before anything is delivered, of a push before anything is sent.

use crate::harness::{Action, Annotation, Bucket};
use crate::story::{error_of, published, pull, push};

const ENV: &str = "DB_HOST=db.internal\nDB_PASS=swordfish\nEMPTY=\n";

/// Runs a pull and a push of [`ENV`] with these inputs and files of the repository; both must fail alike.
fn both_fail(code: i32, inputs: &[(&str, &str)], files: &[(&str, &str)]) -> Annotation {
    let with = |step: Action| {
        let step = inputs.iter().fold(step, |step, (name, value)| step.input(name, value));
        files.iter().fold(step, |step, (path, contents)| step.repository_file(path, contents))
    };
    let pulled = with(pull(&published(&[(".env", ENV)]))).run().fails(code);

    let bucket = Bucket::versioned();
    let pushed = with(push(&bucket, &[(".env", ENV)])).run().fails(code);
    assert!(bucket.keys().is_empty(), "the push sent {:?}", bucket.keys());
    assert_eq!(error_of(&pulled), error_of(&pushed));
    error_of(&pushed).clone()
}

/// Runs a pull and a push of [`ENV`] in the same way; both must succeed. Gives the warnings of both.
fn both_succeed(inputs: &[(&str, &str)], files: &[(&str, &str)]) -> [Vec<String>; 2] {
    let bucket = Bucket::versioned();
    [push(&bucket, &[(".env", ENV)]), pull(&bucket)].map(|step| {
        let step = inputs.iter().fold(step, |step, (name, value)| step.input(name, value));
        let step = files.iter().fold(step, |step, (path, contents)| step.repository_file(path, contents));
        step.run().succeeds().messages("warning").into_iter().map(str::to_owned).collect()
    })
}

#[test]
fn required_keys_are_there_and_not_empty() {
    let error = both_fail(8, &[("required-keys", "DB_HOST\nDB_PORT\nEMPTY\nDB_NAME")], &[]);
    for part in ["DB_PORT is missing", "EMPTY is empty", "DB_NAME is missing"] {
        assert!(error.message.contains(part), "{error:?}");
    }
    assert!(!error.message.contains("DB_HOST"), "{error:?}");
    both_succeed(&[("required-keys", "DB_HOST\n\n  DB_PASS  \n")], &[]);
}

#[test]
fn a_required_key_that_is_written_otherwise_leads_to_the_one_that_is_meant() {
    for (required, said) in [
        ("DB_HOTS", "DB_HOTS (did you mean DB_HOST?) is missing"),
        ("db.host", "db.host (did you mean DB_HOST?) is missing"),
        ("DB_*", "DB_* (no pattern here: name each key) is missing"),
        ("QUEUE_?", "QUEUE_? (no pattern here: name each key) is missing"),
        ("QUEUE", "missing or empty: QUEUE is missing."),
        ("all", "missing or empty: all is missing."),
    ] {
        let error = both_fail(8, &[("required-keys", required)], &[]);
        assert!(
            error.message.contains(said) && error.message.contains("remove them from `required-keys`"),
            "{error:?}"
        );
    }
    for list in ["DB_HOST, DB_PASS", "DB_HOST DB_PASS", "- DB_HOST", "[DB_HOST, DB_PASS]", "NOPE, OTHER", "DB_*, NOPE"]
    {
        let error = both_fail(8, &[("required-keys", list)], &[]);
        assert!(error.message.contains("(write one name a line) is missing"), "{list}: {error:?}");
        assert!(error.message.contains("Write each name on a line of its own"), "{list}: {error:?}");
    }
    let bucket = published(&[("a.env", "x.y=swordfish\n")]);
    let error = pull(&bucket).input("required-keys", "x_y").run().fails(8);
    let error = error_of(&error);
    assert!(error.message.contains("x_y (did you mean x.y?) is missing"), "{error:?}");
}

#[test]
fn a_required_key_may_come_from_the_defaults() {
    let bucket = published(&[(".env", ENV)]);
    pull(&bucket).input("required-keys", "DB_PORT").input("defaults", "DB_PORT=5432").run().succeeds();
}

#[test]
fn a_template_names_the_keys_that_must_be_there() {
    let template = [(".env.example", "# copy me\nDB_HOST=localhost\nDB_PORT=\nDB_NAME=\n")];
    let error = both_fail(8, &[("template", ".env.example")], &template);
    assert!(error.message.contains("missing: DB_PORT, DB_NAME"), "{error:?}");
    assert_eq!(error.file.as_deref(), Some(".env.example"));
}

#[test]
fn a_key_that_the_template_does_not_know_is_a_warning_or_strictly_an_error() {
    let template = [("deploy/template", "DB_HOST=\n")];
    let warnings = both_succeed(&[("template", "deploy/template")], &template);
    for warnings in warnings {
        assert_eq!(warnings, ["The template deploy/template does not have these keys: DB_PASS, EMPTY."]);
    }
    let error = both_fail(8, &[("template", "deploy/template"), ("template-strict", "true")], &template);
    assert!(error.message.contains("not in the template: DB_PASS, EMPTY"), "{error:?}");
}

#[test]
fn a_schema_failure_names_key_and_rule() {
    let schema =
        r#"{"properties": {"DB_HOST": {"maxLength": 3}, "DB_PASS": {"const": "octopus-2"}}, "required": ["URL"]}"#;
    let error = both_fail(2, &[("schema", "schema.json")], &[("schema.json", schema)]);
    for part in ["\"DB_HOST\"", "maxLength", "\"DB_PASS\"", "const", "URL"] {
        assert!(error.message.contains(part), "{part}: {error:?}");
    }
    assert!(!error.message.contains("octopus") && !error.message.contains("/properties"), "{error:?}");
    both_succeed(&[("schema", "schema.json")], &[("schema.json", r#"{"required": ["DB_HOST"]}"#)]);
}

#[test]
fn a_schema_that_cannot_be_used() {
    for (schema, part) in [
        ("{not json", "not valid JSON (line 1"),
        (r#"{"type": "strnig"}"#, "not valid at"),
        (r#"{"$ref": "https://example.com/schema.json"}"#, "https://example.com/schema.json"),
        (r#"{"$ref": "file:///etc/passwd"}"#, "file:///etc/passwd"),
    ] {
        let error = both_fail(2, &[("schema", "schema.json")], &[("schema.json", schema)]);
        assert!(error.message.contains(part), "{schema}: {error:?}");
        assert_eq!(error.file.as_deref(), Some("schema.json"), "{schema}");
    }
}

#[test]
fn files_that_are_not_there() {
    for input in ["template", "schema"] {
        let error = both_fail(2, &[(input, "deploy/none")], &[]);
        assert_eq!(error.title, format!("Input {input}"));
        assert!(error.message.contains("names deploy/none, which does not exist"), "{error:?}");
        assert!(error.message.contains("actions/checkout"), "{error:?}");
    }
}

#[test]
fn defaults_are_for_keys_that_no_file_has() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    let run =
        pull(&bucket).input("defaults", "TOKEN=not-this-one\nURL='https://shop.example'\n# no\n").run().succeeds();
    assert_eq!(run.output("TOKEN"), "swordfish");
    assert_eq!(run.output("URL"), "https://shop.example");
    assert_eq!(run.file(".env"), "TOKEN=swordfish\n", "files are restored as they were pushed");
}

#[test]
fn references_are_expanded_when_asked_for() {
    let env = "HOST=db.internal\nURL=mysql://${HOST}:${port}/${GITHUB_JOB}\nKEPT='${HOST}-kept'\nESCAPED=\"\\${HOST}-kept\"\n";
    let bucket = published(&[(".env", env), ("a.json", r#"{"port": 5432, "text": "${HOST}-in-json"}"#)]);
    let plain = pull(&bucket).run().succeeds();
    assert_eq!(plain.output("URL"), "mysql://${HOST}:${port}/${GITHUB_JOB}");

    let expand = || pull(&bucket).input("expand", "true").input("variables", "GITHUB_JOB");
    let run = expand().run().succeeds();
    assert_eq!(run.output("URL"), "mysql://db.internal:5432/deploy");
    assert_eq!(run.output("KEPT"), "${HOST}-kept");
    assert_eq!(run.output("ESCAPED"), "${HOST}-kept");
    assert_eq!(run.output("text"), "${HOST}-in-json");

    // The set comes before the job's environment.
    let run = expand().env("HOST", "of-the-job").run().succeeds();
    assert_eq!(run.output("URL"), "mysql://db.internal:5432/deploy");
}

#[test]
fn a_reference_to_nothing_is_an_error() {
    let bucket = published(&[(".env", "TOKEN=swordfish\nURL=${TOKEN}@${NOWHERE}\n")]);
    let run = pull(&bucket).input("expand", "true").run().fails(2);
    assert!(error_of(&run).message.contains("\"URL\" refers to \"NOWHERE\""), "{:?}", run.annotations);
    // An input is no variable of the job.
    let bucket = published(&[(".env", "URL=${INPUT_BUCKET}\n")]);
    pull(&bucket).input("expand", "true").run().fails(2);
}

#[test]
fn a_schema_of_numbers_for_a_dotenv_file_says_that_its_values_are_text() {
    let bucket = published(&[(".env", "PORT=5432\n")]);
    let step = |rule: &str| {
        let schema = format!(r#"{{"properties": {{"PORT": {rule}}}}}"#);
        pull(&bucket).repository_file("schema.json", schema).input("schema", "schema.json").run()
    };
    let error = step(r#"{"type": "integer"}"#).fails(2);
    error.says("breaks the schema's rule type").says("dotenv file holds is always text").says("`pattern`");
    step(r#"{"type": "string", "pattern": "^[0-9]+$"}"#).succeeds();
    step(r#"{"maxLength": 1}"#).fails(2).does_not_say("dotenv");
}
