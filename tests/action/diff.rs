//! `command: diff`: which files and keys differ, without a value anywhere.

use serde_json::json;

use crate::harness::{Action, Bucket};
use crate::story::{error_of, published, pull, push, titled};

/// A diff in the context of the stories.
fn diff(bucket: &Bucket) -> Action {
    Action::new(bucket).input("command", "diff").input("context", "shop")
}

/// A step that pushes these files into the head.
fn push_head(bucket: &Bucket, files: &[(&str, &str)]) -> Action {
    push(bucket, files).version("head").input("context", "shop")
}

const OLD: &[(&str, &str)] = &[
    ("service/.env", "KEPT=same-value\nGONE=secret-gone\nDB_HOST=old-host-name\n"),
    ("old.json", r#"{"a": {"b": "value-of-b"}}"#),
    ("ca.pem", "certificate-one\n"),
];
const NEW: &[(&str, &str)] = &[
    ("service/.env", "DB_HOST=new-host-name\nKEPT=same-value\nADDED=secret-added\n"),
    ("new.yaml", "c:\n  - value-of-c\n"),
    ("ca.pem", "certificate-two\n"),
];

#[test]
fn of_two_versions_names_files_and_keys_and_no_value() {
    let bucket = published(OLD);
    push(&bucket, NEW).version("v1.1.0").run().succeeds();
    let run = diff(&bucket).input("from", "v1.0.0").input("to", "v1.1.0").run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    let changes = json!({
        "ca.pem": {"file": "changed"},
        "new.yaml": {"file": "added", "added": ["c_0"], "changed": [], "removed": []},
        "old.json": {"file": "removed", "added": [], "changed": [], "removed": ["a_b"]},
        "service/.env": {"file": "changed", "added": ["ADDED"], "changed": ["DB_HOST"], "removed": ["GONE"]},
    });
    assert_eq!(run.json_output("config-changes"), changes);
    let all = run.json_output("config-diff");
    assert_eq!((&all["schema"], &all["different"]), (&json!(1), &json!(true)));
    assert_eq!(all["from"]["version"], "v1.0.0");
    assert_eq!(all["to"]["context"], "shop");
    assert_eq!(all["files"][0], json!({"path": "ca.pem", "change": "changed", "no_keys": "raw"}));
    assert_eq!(all["files"][3]["keys"]["changed"], json!(["DB_HOST"]));
    let log = "~ ca.pem (not read as keys)\n+ new.yaml\n  + c_0\n- old.json\n  - a_b\n~ service/.env\n  + ADDED\n  ~ DB_HOST\n  - GONE\n";
    let run = run.says(log);
    assert!(run.summary.contains("```diff\n~ ca.pem (not read as keys)\n+ new.yaml\n+   c_0\n"), "{}", run.summary);
    for (path, _) in OLD.iter().chain(NEW) {
        assert!(run.workspace.files().iter().all(|file| file != path), "a diff writes nothing");
    }
}

#[test]
fn of_the_head_and_the_workspace_is_what_it_is_without_inputs() {
    let bucket = Bucket::versioned();
    push_head(&bucket, OLD).run().succeeds();
    let step = NEW.iter().fold(diff(&bucket), |step, (path, text)| step.workspace_file(path, text));
    // Of what the head does not have only what the catalog or `files` names is meant.
    let run = step.run().succeeds().says("with the files here: 3 files differ");
    assert_eq!(run.json_output("config-changes").as_object().unwrap().len(), 3);
    let run = step.files(&["**"]).run().succeeds().says("+ new.yaml").says("- old.json").says("~ service/.env");
    assert_eq!(run.json_output("config-diff")["to"]["working"], true);
    let same = OLD.iter().fold(diff(&bucket), |step, (path, text)| step.workspace_file(path, text));
    let run = same.run().succeeds().says("no file differs");
    assert_eq!((run.output("config-changed"), run.output("config-changes")), ("false", "{}"));
}

#[test]
fn fails_with_a_code_of_its_own_only_where_that_is_asked_for() {
    let bucket = published(OLD);
    let step = || diff(&bucket).input("from", "v1.0.0").input("exit-code", "true");
    let same = OLD.iter().fold(step(), |step, (path, text)| step.workspace_file(path, text));
    assert_eq!(same.run().succeeds().output("config-changed"), "false");
    let other = same.workspace_file("service/.env", "KEPT=other-value\n");
    let run = other.run().fails(8).says("~ KEPT");
    assert_eq!(error_of(&run).title, "Difference");
    assert!(run.summary.contains("~   KEPT") && run.summary.contains("exit code is `8`"), "{}", run.summary);
}

#[test]
fn says_where_only_comments_and_order_differ() {
    let bucket = published(&[("a.env", "A=value-one\nB=value-two\n"), ("b.json", "[\"value-one\"]")]);
    push(&bucket, &[("a.env", "# note\nB='value-two'\nA=value-one\n"), ("b.json", "[\"value-two\"]")])
        .version("v2.0.0")
        .run()
        .succeeds();
    let run = diff(&bucket).input("from", "v1.0.0").input("to", "^2").run().succeeds();
    let run = run.says("~ a.env (the same values)").says("~ b.json (something differs that has no key)");
    let files = &run.json_output("config-diff")["files"];
    assert_eq!((&files[0]["same_values"], &files[1]["same_values"]), (&json!(true), &json!(false)));
}

#[test]
fn between_contexts_says_which_keys_one_side_lacks() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &[("dev/.env", "SHARED=dev-value\nONLY_DEV=dev-value\n")]).run().succeeds();
    push_head(&bucket, &[("prod/.env", "SHARED=prod-value\nONLY_PROD=prod-value\n")])
        .input("context", "shop-prod")
        .run()
        .succeeds();
    let other = format!("s3://{}/shop-prod", bucket.name());
    for to in ["shop-prod@head", &other] {
        let run = diff(&bucket).input("to", to).run().succeeds();
        let run = run.says("Not in the head of shop in").says(": ONLY_PROD (prod/.env)").says(": ONLY_DEV (dev/.env)");
        let lacking = run.json_output("config-diff")["lacking"].clone();
        assert_eq!(lacking["from"], json!([{"path": "prod/.env", "key": "ONLY_PROD"}]));
        assert_eq!(lacking["to"], json!([{"path": "dev/.env", "key": "ONLY_DEV"}]));
    }
}

#[test]
fn takes_files_and_tags_and_types() {
    let bucket = published(OLD);
    push(&bucket, NEW).version("v1.1.0").run().succeeds();
    let step = || diff(&bucket).input("from", "v1.0.0").input("to", "v1.1.0");
    let run = step().files(&["service/.env", "new.yaml"]).run().succeeds();
    let paths = |run: &crate::harness::Run| -> Vec<String> {
        run.json_output("config-diff")["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| file["path"].to_string())
            .collect()
    };
    assert_eq!(paths(&run), ["\"service/.env\"", "\"new.yaml\""]);
    let run = step().input("types", "*.yaml = raw\nservice/.env = raw").run().succeeds();
    run.says("+ new.yaml (not read as keys)").does_not_say("DB_HOST");
    step().files(&["service"]).run().fails(6).says("service/**");
    step().files(&["typo/.env"]).run().fails(6).says("typo/.env");
    step().input("tags", "nowhere").run().fails(6).says("`tags`");
    let tagged = step().input("tags", "service").run().succeeds();
    assert_eq!(paths(&tagged), ["\"service/.env\""]);
}

#[test]
fn what_is_not_there_is_told_from_what_is_empty() {
    let bucket = published(OLD);
    let step = || diff(&bucket).input("from", "v9.9.9");
    step().run().fails(6).says("v9.9.9");
    diff(&Bucket::missing()).run().fails(6);
    let run = diff(&bucket).input("to", "v1.0.0").run().succeeds().says("+ service/.env");
    assert_eq!(titled(&run, "Nothing found"), ["Nothing was ever pushed to the head of shop."]);
}

#[test]
fn of_a_version_with_itself_is_empty() {
    let bucket = published(OLD);
    let run = diff(&bucket).input("from", "v1.0.0").input("to", "v1.0.0").run().succeeds();
    assert_eq!((run.output("config-changed"), run.output("config-changes")), ("false", "{}"));
}

#[test]
fn reads_the_layout_of_the_go_cstore_and_says_so() {
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n  store: aws-s3\n- path: new/.env\n  store: aws-s3\n";
    let bucket = Bucket::versioned();
    bucket.put("shop/service/.env", "A=go-wrote-this\n", &[]);
    let step = Action::new(&bucket).input("command", "diff").repository_file("cstore.yml", catalog);
    let step = step.workspace_file("service/.env", "A=other-value\n").workspace_file("new/.env", "B=another-value\n");
    let run = step.run().succeeds().says("~ service/.env\n  ~ A\n").says("+ new/.env\n  + B\n");
    assert_eq!(titled(&run, "Go cStore layout").len(), 1);
    // What is beside a manifest, too.
    push_head(&bucket, &[("new/.env", "B=another-value\n")]).run().succeeds();
    let run = step.run().succeeds().says("~ service/.env\n  ~ A\n");
    assert_eq!(run.json_output("config-changes").as_object().unwrap().len(), 1);
}

#[test]
fn one_broken_file_does_not_keep_the_others_from_being_compared() {
    let bucket = Bucket::unversioned();
    push(&bucket, OLD).run().succeeds();
    push(&bucket, NEW).version("v1.1.0").run().succeeds();
    bucket.put("shop/v1.0.0/service/.env", "DB_HOST=planted-value\n", &[("x-amz-meta-cstore-version", "v1.0.0")]);
    bucket.delete("shop/v1.1.0/new.yaml");
    let run = diff(&bucket).input("from", "v1.0.0").input("to", "v1.1.0").run().succeeds();
    let run =
        run.says("~ service/.env (its keys are not compared: it could not be read)").says("- old.json\n  - a_b\n");
    let run = run.says("+ new.yaml (its keys are not compared: it could not be read)");
    assert_eq!(run.json_output("config-diff")["files"][3]["no_keys"], "unreadable");
}

#[test]
fn hostile_names_are_no_commands_and_no_escapes() {
    let hostile = "{\"\\n::error::x\": \"value-one\", \"##[add-mask]y\": \"value-two\", \"\\u001b[31m\": \"value-three\", \"```\\n# z\": \"v\"}";
    let bucket = published(&[("a.json", hostile)]);
    let run = diff(&bucket).input("from", "v1.0.0").run().succeeds().says("- a.json");
    assert_eq!(run.annotations, []);
    assert!(run.masks.is_empty());
    assert!(!run.stdout.contains('\u{1b}') && !run.summary.contains('\u{1b}'));
    assert_eq!(run.summary.lines().filter(|line| line.starts_with('#')).count(), 1, "{}", run.summary);
}

#[test]
fn reads_nothing_of_git_because_a_bucket_names_it() {
    let bucket = published(&[("a.env", "A=value-one\n")]);
    let manifest = bucket.get("shop/.cstore/versions/v1.0.0.json").text();
    bucket.put("shop/.cstore/versions/v1.0.0.json", manifest.replace("\"a.env\"", "\".git/config\""), &[]);
    let step = diff(&bucket).input("from", "v1.0.0").workspace_file(".git/config", "A=token-of-the-job\n");
    step.run().succeeds().does_not_say("- .git/config").says("Left out: .git/config.");
}

#[test]
fn references_that_cannot_be_are_refused() {
    let bucket = Bucket::missing();
    for (input, text) in [("from", "a b"), ("to", "shop@"), ("to", "s3://b"), ("from", "s3://A_B/shop"), ("from", "^x")]
    {
        let run = diff(&bucket).input(input, text).run().fails(2);
        assert_eq!(error_of(&run).title, format!("Input {input}"), "{text}");
    }
    let run = diff(&bucket).version("v1.0.0").run().fails(2);
    assert_eq!(error_of(&run).title, "Input version");
    let run = pull(&bucket).input("from", "head").run().fails(2);
    assert_eq!(error_of(&run).title, "Input from");
}
