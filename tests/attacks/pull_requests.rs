//! A pull request that brings schema, template or catalog to a job that pulls values which its author must not know.

use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Annotation, Bucket, Proxy, Run, shows};

/// A bucket whose version `v1` has these values.
fn values(lines: &str) -> Bucket {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1").files(&[".env"]).workspace_file(".env", lines);
    step.run().succeeds();
    bucket
}

/// A pull that a check refuses.
fn refused(bucket: &Bucket, (input, code): (&str, i32), text: &str) -> Run {
    let step = Action::pull(bucket).version("v1").measured().repository_file("check", text).input(input, "check");
    step.env("RUNNER_DEBUG", "1").run().fails(code).stays_small()
}

fn errors(run: &Run) -> Vec<Annotation> {
    run.annotations.iter().filter(|annotation| annotation.level == "error").cloned().collect()
}

#[test]
fn a_schema_does_not_read_values_out() {
    let shown = shows(
        "T16",
        "a pull request's schema has rules that spell a value: by their place, their number, or what they name",
        "the log is the same whatever the value is",
    );
    let buckets =
        ["apple-pie-42", "bread-roll-7"].map(|value| values(&format!("PASS={value}\nONE=one-one\nTWO=two-two\n")));
    let letters = || 'a'..='z';
    let all_of = |rule: &dyn Fn(char) -> String| format!("[{}]", letters().map(rule).collect::<Vec<_>>().join(","));
    let begins = |letter| format!(r#"{{"properties": {{"PASS": {{"pattern": "^{letter}"}}}}}}"#);
    for schema in [
        format!(
            r#"{{"properties": {{"PASS": {{"allOf": {}}}}}}}"#,
            all_of(&|c| format!(r#"{{"not": {{"pattern": "^{c}"}}}}"#))
        ),
        format!(
            r#"{{"properties": {{"PASS": {{"allOf": {}}}}}}}"#,
            all_of(&|c| format!(r#"{{"pattern": "^[a-{c}]", "not": {{}}}}"#))
        ),
        format!(
            r#"{{"allOf": {}}}"#,
            all_of(&|c| format!(r#"{{"if": {}, "then": {{"required": ["IT_IS_{c}"]}}}}"#, begins(c)))
        ),
        format!(r#"{{"allOf": {}}}"#, all_of(&|c| format!(r#"{{"not": {}}}"#, begins(c)))),
        format!(
            r#"{{"if": {}, "then": {{"properties": {{"ONE": {{"maxLength": 1}}}}}}, "else": {{"properties": {{"TWO": {{"const": ""}}}}}}}}"#,
            begins('a')
        ),
        format!(
            r#"{{"$ref": "\#/$defs/x", "$defs": {{"x": {{"oneOf": {}}}}}}}"#,
            all_of(&|c| format!(r#"{{"allOf": [{}, false]}}"#, begins(c)))
        )
        .replace("\\#", "#"),
        format!(r#"{{"anyOf": [{}, {}], "unevaluatedProperties": false}}"#, begins('a'), begins('b')),
    ] {
        let said = buckets.each_ref().map(|bucket| {
            let run = refused(bucket, ("schema", 2), &schema).does_not_say("IT_IS").does_not_say("/");
            errors(&run)
        });
        assert_eq!(said[0], said[1], "{schema}");
        assert_eq!(said[0].len(), 1);
        shown.case();
    }
}

#[test]
fn no_check_names_more_than_ten_keys() {
    let shown = shows(
        "T16",
        "a schema, a template or `required-keys` that hundreds of keys break",
        "ten are named, the rest counted",
    );
    let keys: Vec<_> = (100..400).map(|n| format!("KEY_{n}")).collect();
    let bucket = values(&keys.iter().map(|key| format!("{key}=value-of-{key}\n")).collect::<String>());
    let other: String = (0..300).map(|n| format!("OTHER_{n}=\n")).collect();
    let strict = |run: Action| run.input("template", "check").input("template-strict", "true");
    let pull = || Action::pull(&bucket).version("v1").measured();
    for (step, code, named, counted) in [
        (
            pull().repository_file("check", r#"{"additionalProperties": {"type": "null"}}"#).input("schema", "check"),
            2,
            10,
            "and 290 more",
        ),
        (strict(pull()).repository_file("check", "KEY_100=\n"), 8, 10, "and 289 more"),
        (strict(pull()).repository_file("check", other.as_str()), 8, 10, "and 290 more; not in the template: 300"),
        (pull().input("required-keys", &other.replace('=', "")), 8, 10, "and 290 more"),
    ] {
        let run = step.run().fails(code).says(counted).does_not_say("value-of");
        let message = &errors(&run)[0].message;
        assert_eq!(message.matches("KEY_").count() + message.matches("OTHER_").count(), named, "{message}");
        shown.case();
    }
}

#[test]
fn keys_in_the_message_of_a_check_are_escaped() {
    let shown = shows("T16", "key names that would disturb the message of a check", "shown in quotes and escaped");
    let bucket = Bucket::versioned();
    let contents = r#"{"A, B and 9 more": "value-1", "C\n::error::D": "value-2"}"#;
    let step = Action::push(&bucket).version("v1").files(&["a.json"]).workspace_file("a.json", contents);
    step.run().succeeds();
    for (check, text) in [
        (("template-strict", 8), "X=\n"),
        (("schema", 2), r#"{"properties": {"X": true}, "additionalProperties": false}"#),
    ] {
        let run = match check {
            ("template-strict", code) => {
                let step = Action::pull(&bucket).version("v1").repository_file("check", text);
                step.input("template", "check").input("template-strict", "true").run().fails(code)
            }
            check => refused(&bucket, check, text),
        };
        let message = &errors(&run)[0].message;
        assert!(message.contains(r#""A, B and 9 more""#) && message.contains(r#""C\n::error::D""#), "{message}");
        shown.case();
    }
}

/// The rows of a run's summary that say which keys differ.
fn key_changes(run: &Run) -> Vec<&str> {
    let is_change =
        |line: &&str| ["| added |", "| changed |", "| removed |"].iter().any(|begin| line.starts_with(begin));
    run.summary.lines().filter(is_change).collect()
}

/// Pushes of what a pull request brings, over a head and over a version that have other values.
fn pushes_over_others() -> (Bucket, [Action; 2]) {
    let bucket = values("PASS=apple-pie-42\nGONE=bread-roll-7\n");
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: .env\n";
    let push = |lines: &str| {
        Action::push(&bucket).workspace_file(".env", lines).repository_file("cstore.yml", catalog).measured()
    };
    push("PASS=apple-pie-42\nGONE=bread-roll-7\n").run().succeeds();
    let steps = [
        push("PASS=guessed-word-1\n").input("version", "head"),
        push("PASS=guessed-word-1\n").input("version", "v1").input("overwrite", "true"),
    ];
    (bucket, steps)
}

const CHANGES: [&str; 2] = ["| changed | `PASS` |", "| removed | `GONE` |"];

/// What S3 answers where the role may get an object and may not decrypt it.
fn refuses_to_decrypt() -> Fault {
    let words = "User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: kms:Decrypt on the \
                 resource associated with this ciphertext";
    Fault::s3(403, "AccessDenied", words)
}

#[test]
fn a_dry_run_tells_which_keys_differ_to_those_alone_who_may_read_the_files() {
    let shown = shows(
        "T26",
        "a dry run of a push, in a pull request, asks which keys differ from what is published",
        "their names, never a value; without the right to read the files a notice in their place",
    );
    let (_bucket, steps) = pushes_over_others();
    for step in steps {
        let proxy = Proxy::start();
        let step = step.input("dry-run", "true").through(&proxy);
        let run = step.run().succeeds().stays_small().says("Would push").does_not_say("Changed keys");
        assert_eq!(key_changes(&run), CHANGES);
        shown.case();
        for (fault, action) in
            [(Fault::s3(403, "AccessDenied", "Access Denied"), "s3:GetObject"), (refuses_to_decrypt(), "kms:Decrypt")]
        {
            proxy.clear();
            proxy.on(get(".env").for_ever(), fault);
            let run = step.run().succeeds().says("Would push");
            assert!(key_changes(&run).is_empty() && !run.summary.contains("GONE"), "{}", run.summary);
            let notices = run.messages("notice");
            assert!(
                notices.iter().any(|notice| notice.contains(action) && notice.contains("not listed")),
                "{notices:?}"
            );
            assert_eq!(run.output("config-changed"), "true");
            shown.case();
        }
    }
}

#[test]
fn a_push_that_may_not_read_what_it_replaces_is_done_without_the_list() {
    let shown = shows("T26", "a push over files that its role may not read", "done; a notice in place of the keys");
    let (bucket, steps) = pushes_over_others();
    for (step, version) in steps.into_iter().zip(["head", "v1"]) {
        let proxy = Proxy::start();
        proxy.on(get(".env").for_ever(), refuses_to_decrypt());
        let run = step.through(&proxy).run().succeeds().says("Pushed").says("kms:Decrypt was denied");
        assert!(key_changes(&run).is_empty(), "{}", run.summary);
        let run = Action::pull(&bucket).version(version).run().succeeds();
        assert_eq!(run.output("PASS"), "guessed-word-1");
        shown.case();
    }
}
