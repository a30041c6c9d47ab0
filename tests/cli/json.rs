//! `--json`: one form for all commands, and docs/json.md, whose examples are what the commands print.
//! `make tables` writes these anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use cstore::option::{Command, FrontEnd, OPTIONS};

use crate::harness::{Bucket, Laptop};

const CATALOG: &str = "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n  store: aws-s3\n  type: env\n  tags:\n  - service\n- path: ca.pem\n  store: aws-s3\n";

/// A machine of a team, whose catalog names two files.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).without_env("CSTORE_CONTEXT").with_env("CSTORE_AUTHOR", "Jo Doe");
    laptop.plain_file("cstore.yml", CATALOG);
    laptop
}

/// The command lines of the page, each with what it prints, one after the other in a shop where two versions and a head
/// are pushed, and the second machine has changed a file.
fn printed() -> Vec<(&'static str, String)> {
    let bucket = Bucket::versioned();
    let [one, other] = [laptop(&bucket), laptop(&bucket)];
    one.file("service/.env", "HOST=first-host\nGONE=old-friend\n").plain_file("ca.pem", "certificate-one\n");
    let mut printed = Vec::new();
    let mut run = |laptop: &Laptop, line: &'static str| {
        let words = line.split(' ').skip(1).map(ToOwned::to_owned);
        let ran = laptop.cstore_with(words).run().succeeds();
        printed.push((line, ran.stdout.replace(bucket.name(), "cstore-shop")));
    };
    run(&one, "cstore push -v v1.0.0 --json");
    one.file("service/.env", "HOST=second-host\nNEW=new-friend\n");
    run(&one, "cstore push -v v1.1.0 -m Move --json");
    for line in [
        "cstore list contexts --json",
        "cstore list versions --json",
        "cstore list files -v v1.1.0 --json",
        "cstore list tags -v v1.1.0 --json",
        "cstore list keys -v v1.1.0 --json",
        "cstore log -n 1 --json",
        "cstore log -n 1 HOST --json",
        "cstore show v1.1.0 --keys --json",
        "cstore diff v1.0.0 v1.1.0 --json",
        "cstore verify v1.1.0 --json",
        "cstore lock -v ^1 --json",
        "cstore promote v1.1.0 --to shop-prod --json",
        "cstore purge shop-prod@v1.1.0 --yes --json",
        "cstore promote v1.0.0 --to :prod --json",
        "cstore promote v1.1.0 --to :prod -m Release --json",
        "cstore list channels --json",
        "cstore log :prod --json",
        "cstore rollback :prod v1.0.0 --json",
        "cstore push --json",
    ] {
        run(&one, line);
    }
    run(&other, "cstore pull --json");
    other.file("service/.env", "HOST=third-host\nNEW=new-friend\n");
    run(&other, "cstore status --json");
    run(&other, "cstore clean --dry-run --json");
    run(&one, "cstore set --files service/.env HOST=fourth-host --json");
    run(&one, "cstore unset NEW --json");
    let line = "cstore edit service/.env --json";
    let typed = one.cstore_with(line.split(' ').skip(1).map(ToOwned::to_owned));
    let typed = typed.env("CSTORE_EDITOR", "sed -i s/fourth/fifth/");
    typed.on_a_terminal_but_for("> ../printed").ended().succeeds();
    let text = fs::read_to_string(one.workspace().path("../printed")).unwrap();
    printed.push((line, text.replace(bucket.name(), "cstore-shop")));
    let line = "cstore rollback --json";
    let ran = one.cstore_with(line.split(' ').skip(1).map(ToOwned::to_owned)).run().succeeds();
    printed.push((line, ran.stdout.replace(bucket.name(), "cstore-shop")));
    printed
}

/// What a run prints, without what differs from run to run.
fn steady(value: &mut Value, key: &str) {
    match value {
        Value::String(text) if key.ends_with("_at") => *text = "2026-03-07T12:00:00Z".to_owned(),
        Value::String(text) if ["push_id", "move", "restores"].contains(&key) => {
            *text = "3f0c1b7e-2d7c-4b7e-9d0f-6a5c4b3e2d1f".to_owned()
        }
        Value::String(text) if key == "s3_version" => *text = "3HL4kqtJvjVBH40Nrjfkd".to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| steady(item, key)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| steady(value, key)),
        _ => {}
    }
}

#[test]
fn the_examples_of_the_page_are_what_the_commands_print() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let mut page = fs::read_to_string(&file).unwrap();
    let present = page.clone();
    let mut shown = 0;
    for (line, text) in printed() {
        let head = format!("<!-- made by a test -->\n\n```console\n$ {line}\n");
        let Some(at) = page.find(&head) else { continue };
        let mut document = serde_json::from_str(&text).unwrap();
        steady(&mut document, "");
        let begin = at + head.len();
        let end = begin + page[begin..].find("```\n").unwrap();
        page.replace_range(begin..end, &format!("{document:#}\n"));
        shown += 1;
    }
    assert_eq!(shown, page.matches("<!-- made by a test -->").count(), "a command line of the page is not tried");
    if std::env::var_os("CSTORE_WRITE_TABLES").is_some() {
        fs::write(&file, &page).unwrap();
    } else {
        assert!(page == present, "docs/json.md does not say what the commands print; `make tables` writes it anew");
    }
}

#[test]
fn every_command_that_prints_json_has_an_example_on_the_page() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md")).unwrap();
    let json = OPTIONS.iter().find(|option| option.name == "json").unwrap();
    let commands = Command::ALL.iter().filter(|(_, command)| json.is_offered(FrontEnd::CommandLine, *command));
    let commands: BTreeSet<_> = commands.map(|(name, _)| *name).collect();
    // Only what stands below such a line is tried.
    let examples = page.split("<!-- made by a test -->\n\n```console\n$ cstore ").skip(1);
    let lines: Vec<_> = examples.map(|example| example.lines().next().unwrap()).collect();
    assert!(lines.iter().all(|line| line.ends_with(" --json")), "{lines:?}");
    assert_eq!(lines.iter().map(|line| line.split(' ').next().unwrap()).collect::<BTreeSet<_>>(), commands);
    let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
    assert_eq!(headings.collect::<BTreeSet<_>>(), commands);
}

/// The names of all fields. Files are named with a dot in this shop.
fn fields(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| fields(item, names)),
        Value::Object(object) => {
            names.extend(object.keys().filter(|name| !name.contains('.')).cloned());
            object.values().for_each(|value| fields(value, names));
        }
        _ => {}
    }
}

#[test]
fn every_field_that_a_command_prints_is_on_the_page_or_on_one_that_it_leads_to() {
    let page = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let [json, history, inputs] = ["docs/json.md", "docs/history.md", "docs/inputs.md"].map(page);
    let mut all: Vec<(String, Value)> =
        printed().into_iter().map(|(line, text)| (line.to_owned(), serde_json::from_str(&text).unwrap())).collect();
    // What no example shows.
    let bucket = Bucket::versioned();
    let [one, other] = [laptop(&bucket), laptop(&bucket)];
    one.file("service/.env", "HOST=first-host\nKEPT=good-morning\n").plain_file("ca.pem", "certificate-one\n");
    one.cstore(["push"]).run().succeeds();
    other.cstore(["pull"]).run().succeeds();
    one.file("service/.env", "HOST=second-host\nKEPT=good-morning\n").cstore(["push"]).run().succeeds();
    other.file("service/.env", "HOST=first-host\nKEPT=good-morning\nNEW=new-friend\n");
    one.file("service/.env", "ONLY=in-prod-alone\n").cstore(["push", "--context", "shop-prod"]).run().succeeds();
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    bucket.delete("shop/v1.0.0/ca.pem");
    for line in [
        "cstore diff --json",
        "cstore diff head shop-prod@head --json",
        "cstore diff head shop-prod@head --show-values --yes --json",
        "cstore verify --same-keys head shop-prod@head --json",
        "cstore verify v1.0.0 --json",
        "cstore pull --json",
        "cstore push --dry-run --json",
        "cstore status --json",
        "cstore log -n 1 HOST --json",
        "cstore lock -v ^1 --json",
        "cstore lock --check --json",
        "cstore clean --dry-run --json",
    ] {
        let words = line.split(' ').skip(1).map(ToOwned::to_owned);
        let ran = other.cstore_with(words).prints_values().run();
        assert!(ran.code == 0 || ran.code == 8, "{line}: {}", ran.stderr);
        all.push((line.to_owned(), ran.json()));
    }
    for (line, document) in all {
        let mut names = BTreeSet::new();
        fields(&document, &mut names);
        for name in names {
            let quoted = [format!("\"{name}\""), format!("`{name}`"), format!("| {name} "), format!(" {name},")];
            let is_named = [&json, &history, &inputs].iter().any(|page| quoted.iter().any(|name| page.contains(name)));
            assert!(is_named, "{line}: {name} is not documented");
        }
    }
}

#[test]
fn every_document_is_one_line_in_a_pipe_and_names_its_schema_and_version() {
    let all = printed();
    let tried: BTreeSet<_> = all.iter().map(|(line, _)| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(tried.len(), 16, "{tried:?}");
    for (line, text) in all {
        assert!(text.ends_with("}\n") && text.lines().count() == 1, "{line}: {text}");
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["schema"], 1, "{line}");
        let first = document.as_object().unwrap().keys().next().unwrap();
        assert_eq!(first, "schema", "{line}");
        // The head has a name like any version.
        if ["cstore push --json", "cstore pull --json", "cstore status --json", "cstore clean --dry-run --json"]
            .contains(&line)
        {
            assert_eq!(document["version"], "head", "{line}");
        }
    }
}

#[test]
fn a_document_is_indented_on_a_terminal_and_moves_no_cursor_there() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let tags = "- path: service/.env\n  store: aws-s3\n  tags:\n  - \"a\\u202e\\u009bb\"\n";
    laptop.plain_file("cstore.yml", format!("version: v4\ncontext: shop\nfiles:\n{tags}"));
    laptop.file("service/.env", "HOST=first-host\n").cstore(["push"]).run().succeeds();
    let piped = laptop.cstore(["list", "tags", "--json"]).run().succeeds();
    let shown = laptop.cstore(["list", "tags", "--json", "-q"]).on_a_terminal().ended().succeeds().stderr;
    assert!(shown.starts_with("{\r\n  \"schema\": 1,\r\n"), "{shown}");
    assert!(shown.contains("\\u202e") && !shown.contains(['\u{202e}', '\u{9b}', '\u{1b}']), "{shown:?}");
    let same: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(same, piped.json());
    assert_eq!(same["tags"][0], json!({"tag": "a\u{202e}\u{9b}b", "files": ["service/.env"], "contexts": ["shop"]}));
}
