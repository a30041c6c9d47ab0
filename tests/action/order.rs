//! What a message lists comes in the order in which somebody wrote it: in that of the input, or else of the file.

use serde_json::json;

use crate::harness::{Action, Bucket};
use crate::story::{VERSION, error_of, published, pull, titled};

/// As many as a message shows, in no order but this.
const NAMES: [&str; 10] = ["M", "C", "Z", "A", "Q", "B", "Y", "D", "X", "E"];

fn named(form: impl Fn(&str) -> String) -> Vec<String> {
    NAMES.iter().map(|name| form(name)).collect()
}

fn bucket() -> Bucket {
    published(&[(".env", "TOKEN=swordfish\n")])
}

fn with_files(step: Action, lines: &[String]) -> Action {
    step.files(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The step fails with a message that lists these in this order.
fn lists(code: i32, step: &Action, listed: &[String]) {
    let run = step.run().fails(code);
    let message = &error_of(&run).message;
    assert!(message.contains(&listed.join(", ")), "{message}");
}

#[test]
fn lines_of_files_that_match_nothing() {
    let patterns = named(|name| format!("{name}/*.env"));
    lists(6, &with_files(pull(&bucket()), &patterns), &patterns);
    lists(6, &with_files(Action::push(&bucket()).version("v2.0.0"), &patterns), &patterns);
}

#[test]
fn lines_of_files_that_match_in_no_catalog() {
    let bucket = bucket();
    let child = Action::push(&bucket).version(VERSION).input("context", "web").files(&["a.env"]);
    child.workspace_file("a.env", "OTHER=herring\n").run().succeeds();
    let catalog = |context: &str, path: &str| {
        format!("version: v4\ncontext: {context}\nfiles:\n- path: {path}\n  store: aws-s3\n")
    };
    let first = catalog("shop", ".env") + "- path: web/cstore.yml\n  isRef: true\n";
    let mut patterns = named(|name| format!("{name}/*.env"));
    let step = |lines: &[String]| {
        let step = with_files(Action::pull(&bucket).version(VERSION).input("context", ""), lines);
        step.repository_file("cstore.yml", &first).repository_file("web/cstore.yml", catalog("web", "a.env"))
    };
    // One of which each catalog has a match.
    patterns.insert(4, ".e*".to_owned());
    patterns.insert(2, "web/a.*".to_owned());
    let unmatched: Vec<_> = patterns.iter().filter(|line| NAMES.contains(&&line[..1])).cloned().collect();
    lists(6, &step(&patterns), &unmatched);
}

#[test]
fn a_line_of_files_that_stands_twice_is_missed_all_the_same() {
    pull(&bucket()).files(&[".env", "none/*", "none/*"]).run().fails(6).says("none/*");
}

#[test]
fn objects_that_are_not_there() {
    let bucket = bucket();
    bucket.put("shop/there.env", "OTHER=herring\n", &[]);
    let paths = named(|name| format!("{name}.env"));
    let entries: String = paths.iter().map(|path| format!("- path: {path}\n  store: aws-s3\n")).collect();
    let catalog = format!("version: v4\ncontext: shop\nfiles:\n- path: there.env\n  store: aws-s3\n{entries}");
    let step = Action::pull(&bucket).version("head").repository_file("cstore.yml", catalog);
    lists(6, &step, &paths);
}

#[test]
fn keys() {
    let names = NAMES.map(ToOwned::to_owned);
    let missing = named(|name| format!("{name} is missing"));
    lists(8, &pull(&bucket()).input("required-keys", &NAMES.join("\n")), &missing);
    let lines: String = names.iter().map(|name| format!("{name}=\n")).collect();
    let template = pull(&bucket()).repository_file(".env.example", &lines).input("template", ".env.example");
    lists(8, &template, &names);
    let patterns = named(|name| format!("{name}*"));
    let run = pull(&bucket()).input("keys", &format!("TOKEN\n{}", patterns.join("\n"))).run().succeeds();
    assert!(titled(&run, "Input keys")[0].contains(&patterns.join(", ")), "{:?}", run.annotations);
}

#[test]
fn keys_that_break_a_schema() {
    let values: serde_json::Map<_, _> = NAMES.iter().map(|name| ((*name).to_owned(), json!(1))).collect();
    let bucket = published(&[("a.json", &json!(values).to_string())]);
    let mut sorted = NAMES;
    sorted.sort_unstable();
    let properties: serde_json::Map<_, _> =
        sorted.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
    let schema = json!({ "properties": properties }).to_string();
    let broken = named(|name| format!("{name:?} breaks the schema's rule type"));
    lists(2, &pull(&bucket).repository_file("s.json", schema).input("schema", "s.json"), &broken);
    let schema = r#"{"properties": {"OTHER": true}, "additionalProperties": false}"#;
    let broken = named(|name| format!("{name:?} breaks the schema's rule additionalProperties"));
    lists(2, &pull(&bucket).repository_file("s.json", schema).input("schema", "s.json"), &broken);
}
