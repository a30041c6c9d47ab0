//! Much work in little text: what a pull request or a bucket can make a step do is bounded, in number, in bytes and by
//! `timeout-seconds`.

use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Action, Bucket, Response, Service, shows};
use crate::story::refused;

const OUTCOME: &str = "code 2, within 256 MiB and the CPU of a few seconds";
const WALKED: &str = "looked at, within 256 MiB and the CPU of a few seconds";

#[test]
fn catalogs_that_link_each_other_many_ways() {
    let shown = shows("T18", "catalogs that link each other twelve ways in each of seven levels", OUTCOME);
    let step = Action::pull(&Bucket::missing()).measured();
    for level in 0..7 {
        let folder = if level == 0 { String::new() } else { format!("l{level}/") };
        let mut catalog = "version: v4\ncontext: shop\nfiles:\n".to_owned();
        for way in 0..12 {
            writeln!(catalog, "- path: n{way}/cstore.yml\n  isRef: true").unwrap();
            let next = if level == 0 { "l1".to_owned() } else { format!("../l{}", level + 1) };
            step.workspace().link(&format!("{folder}n{way}"), next);
        }
        step.workspace().write(&format!("{folder}cstore.yml"), catalog);
    }
    step.workspace().write("l7/cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: .env\n  store: aws-s3\n");
    refused(&step, 2, "links").says("the most that are read are 200").says("cstore.yml");
    shown.case();

    // Few of them, each of which its aliases make large.
    let step = Action::pull(&Bucket::missing()).measured();
    let many = "*a, ".repeat(4_000);
    let large = format!("a: &a {}\nfiles:\n- path: x\n  store: aws-s3\n  tags: [{many}]\n", "x".repeat(4_000));
    let links = (0..20).fold("version: v4\nfiles:\n".to_owned(), |text, n| {
        step.workspace().write(&format!("c{n}/cstore.yml"), &large);
        text + &format!("- path: c{n}/cstore.yml\n  isRef: true\n")
    });
    step.workspace().write("cstore.yml", links);
    refused(&step, 2, "aliases").says("32 MiB together");
    shown.case();
}

#[test]
fn a_path_of_a_hundred_thousand_variables() {
    let _shown = shows("T18", "a catalog's path of a hundred thousand variables", OUTCOME);
    let path = "${GITHUB_REF_NAME}".repeat(50_000);
    let step = Action::pull(&Bucket::missing()).branch(&"b".repeat(8 * 1024)).measured();
    let step = step.repository_file("cstore.yml", format!("version: v4\ncontext: shop\nfiles:\n- path: {path}\n"));
    refused(&step, 2, "variables").says("longer than 900 bytes");
}

#[test]
fn a_listing_that_never_ends() {
    let _shown = shows("T18", "a listing that never ends", OUTCOME);
    static PAGE: AtomicUsize = AtomicUsize::new(0);
    let endless = Service::start(|_| {
        let page = PAGE.fetch_add(1, Ordering::Relaxed);
        let mut body = "<ListBucketResult><IsTruncated>true</IsTruncated>".to_owned();
        write!(body, "<NextContinuationToken>t{page}</NextContinuationToken>").unwrap();
        for n in 0..1_000 {
            let key = format!("shop/.cstore/versions/{}-{page}-{n}.json", "x".repeat(100));
            let rest = "<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>\"e\"</ETag><Size>1</Size>";
            write!(body, "<Contents><Key>{key}</Key>{rest}</Contents>").unwrap();
        }
        Response::new(200, body + "</ListBucketResult>")
    });
    let step =
        Action::pull(&Bucket::missing()).version("latest").env("AWS_ENDPOINT_URL", &endless.endpoint()).measured();
    refused(&step, 2, "a listing").says("more than 100000 objects").says("`version`");
    assert_eq!(endless.count(), 101);
}

/// A push of what a pattern matches, which is nothing.
fn pattern() -> Action {
    Action::push(&Bucket::missing()).version("v1").files(&["**/nothing-of-this-name"]).measured()
}

#[test]
fn links_that_lead_through_thousands_of_folders() {
    let _shown = shows("T18", "20,000 links, each through hundreds of folders", WALKED);
    let step = pattern();
    let deep = "L/".repeat(440);
    step.workspace().write(&format!("{deep}f.env"), "A=1\n");
    for n in 0..20_000 {
        step.workspace().link(&format!("x{n}.env"), format!("{deep}f.env"));
    }
    refused(&step, 6, "links").says("not in the workspace");
}

#[test]
fn thousands_of_folders_hundreds_deep() {
    let _shown = shows("T18", "20,000 folders, each 440 deep", WALKED);
    let step = pattern();
    let deep = step.workspace().path(&"L/".repeat(439));
    fs::create_dir_all(&deep).unwrap();
    for n in 0..20_000 {
        fs::create_dir(deep.join(n.to_string())).unwrap();
    }
    refused(&step, 6, "folders").says("not in the workspace");
}

/// A step that checks its files against a schema.
fn checked(step: Action, schema: &str) -> Action {
    step.measured().input("schema", "check.json").repository_file("check.json", schema)
}

#[test]
fn a_schema_that_takes_longer_than_the_deadline() {
    let shown = shows(
        "T18",
        "a schema, or files, that take longer to check than `timeout-seconds`",
        "code 7 when the time is up; nothing delivered, nothing sent by a push",
    );
    let value = "x".repeat(1_000_000);
    let bucket = Bucket::versioned();
    let push = || Action::push(&bucket).version("v1").files(&[".env"]).workspace_file(".env", format!("KEY={value}\n"));
    push().run().succeeds();
    let rules: Vec<_> =
        (0..200).map(|n| format!(r#"{{"properties": {{"KEY": {{"pattern": "(x+x?){{50,90}}y{n}"}}}}}}"#)).collect();
    let schema = format!(r#"{{"anyOf": [{}]}}"#, rules.join(","));
    for step in shown.each([Action::pull(&bucket).version("v1"), push().version("v2")]) {
        refused(&checked(step.input("timeout-seconds", "2"), &schema), 7, "a schema").says("timeout-seconds");
    }
    assert!(!bucket.keys().iter().any(|key| key.contains("v2")));
}

#[test]
fn a_cancelled_step_ends_while_its_thread_is_busy() {
    let _shown = shows("T18", "SIGTERM while a schema is checked", "143 within the time that GitHub's runner gives");
    let rules: Vec<_> =
        (0..200).map(|n| format!(r#"{{"properties": {{"KEY": {{"pattern": "(x+x?){{50,90}}y{n}"}}}}}}"#)).collect();
    let schema = format!(r#"{{"anyOf": [{}]}}"#, rules.join(","));
    let step = Action::push(&Bucket::missing()).version("v1").files(&[".env"]).input("schema", "check.json");
    let step = step.repository_file("check.json", schema);
    let started = step.workspace_file(".env", format!("KEY={}\n", "x".repeat(1_000_000))).start().once_busy();
    kill_process(Pid::from_child(&started.process), Signal::TERM).unwrap();
    assert_eq!(started.ends().code, 143);
}

#[test]
fn a_schema_whose_rules_multiply() {
    let shown = shows(
        "T18",
        "a schema of a few kilobytes that stands for millions of rules, or of patterns that fill the memory",
        OUTCOME,
    );
    let mut doubling = r##"{"$ref": "#/$defs/d0", "$defs": {"d24": {"required": ["ZZ"]}"##.to_owned();
    for level in 0..24 {
        let next = format!(r##"{{"$ref": "#/$defs/d{}"}}"##, level + 1);
        write!(doubling, r#", "d{level}": {{"allOf": [{next}, {next}]}}"#).unwrap();
    }
    doubling.push_str("}}");
    let patterns: Vec<_> = (0..4_000).map(|n| format!(r#""^K{n}[a-z]{{1,6000}}$": {{"minLength": 1}}"#)).collect();
    let large = format!(r#"{{"patternProperties": {{{}}}}}"#, patterns.join(","));
    let rules: Vec<_> = (0..2_000).map(|n| format!(r#""^K{n}": {{"minLength": 1}}"#)).collect();
    let for_each_key = format!(r#"{{"patternProperties": {{{}}}}}"#, rules.join(","));
    let keys: String = (0..5_000).map(|n| format!("KEY_{n}=value-{n}\n")).collect();
    for (case, schema) in [("references", doubling), ("patterns", large), ("rules for each key", for_each_key)] {
        let step = Action::push(&Bucket::missing()).version("v1").files(&[".env"]).workspace_file(".env", &keys);
        refused(&checked(step, &schema), 2, case).says("check.json");
        shown.case();
    }
}
