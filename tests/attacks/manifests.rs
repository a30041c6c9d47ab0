//! Manifests that somebody made who may write to the bucket.

use std::fmt::Write as _;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Bucket, Proxy, shows};
use crate::story::{MANIFEST, published, pull, push, put_json, refused};

const MIB: usize = 1024 * 1024;

/// Has the manifest that was published say something else.
fn crafted(bucket: &Bucket, published: &Value, craft: impl Fn(&mut Value)) {
    let mut manifest = published.clone();
    craft(&mut manifest);
    put_json(bucket, MANIFEST, &manifest);
}

#[test]
fn paths_that_lead_out_or_deceive() {
    let shown = shows(
        "T1",
        "a manifest's path, or the place to restore it at, leads out of the workspace or deceives who reads it",
        "code 5, naming the manifest; nothing written",
    );
    let bucket = published();
    let manifest = bucket.get(MANIFEST).json();
    let long = "x/".repeat(3_000) + "x";
    for path in [
        "..",
        "../a",
        "a/../../b",
        "a/..",
        "./a",
        "a/./b",
        "/etc/passwd",
        "//host/share",
        "C:/a",
        "c:a",
        "a\\..\\b",
        "\\\\host\\share",
        "a//b",
        "a/",
        "",
        "a\0b",
        "a\nb",
        "a\rb",
        "a\tb",
        "a\u{1b}[2Jb",
        "a\u{7f}b",
        "a\u{202e}vne.",
        "\u{feff}a",
        "a\u{200b}b",
        ".cstore/x",
        "a/.cstore/x",
        ".git::$INDEX_ALLOCATION/hooks/pre-commit",
        ".git./config",
        ".git /config",
        "GIT~1/config",
        ".g\u{200c}it/config",
        ".git\u{206f}/config",
        ".github./workflows/ci.yml",
        ".GITHUB /x",
        "GITHUB~1/workflows/ci.yml",
        ".gi\u{ad}thub/x",
        "a.env:stream",
        "a.env.",
        "a. /b",
        &long,
    ] {
        for field in ["path", "alternate_path"] {
            crafted(&bucket, &manifest, |manifest| manifest["files"][0][field] = json!(path));
            let run = refused(&pull(&bucket, "v1"), 5, &format!("{field} {path:?}")).says(MANIFEST);
            let unseen = ['\0', '\u{1b}', '\u{ad}', '\u{200b}', '\u{200c}', '\u{202e}', '\u{206f}'];
            assert!(!run.printed().contains(unseen), "{path:?}");
            shown.case();
        }
    }
}

#[test]
fn places_of_git_and_of_github() {
    let shown = shows(
        "T1",
        "a version holds a file of .git or .github",
        "code 2, naming the place; written only where an input names it",
    );
    for path in [
        ".git/config",
        ".git/hooks/pre-commit",
        ".GIT/config",
        "sub/.git/config",
        ".github/workflows/ci.yml",
        ".GitHub/x",
    ] {
        let bucket = Bucket::versioned();
        Action::push(&bucket).version("v1").files(&[path]).workspace_file(path, "# stolen-value\n").run().succeeds();
        refused(&pull(&bucket, "v1"), 2, path).says(path);
        refused(&pull(&bucket, "v1").files(&["**"]), 2, path).says(path);
        pull(&bucket, "v1").files(&[path]).run().succeeds();
        shown.case();
    }
}

/// A manifest with a million files.
static MILLION: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let mut text = r#"{"schema":1,"context":"shop","version":"v1","created_at":"2026-01-01T00:00:00Z","push_id":"p","tool":{"name":"t","version":"1"},"files":["#.to_owned();
    for n in 0..1_000_000 {
        let comma = if n == 0 { "" } else { "," };
        write!(text, r#"{comma}{{"path":"{n}.env","size":1,"sha256":"{digest}","etag":"e"}}"#).unwrap();
    }
    text.push_str("]}");
    text.into_bytes()
});

/// What the bucket has, whatever its size: bodies that the tests' server need not hold.
fn answered_with(body: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Proxy {
    let proxy = Proxy::start();
    let change = move |answer: &mut crate::harness::Response| {
        answer.body = body();
        answer.headers.retain(|(name, _)| !name.starts_with("x-amz-meta-") && !name.starts_with("x-amz-checksum"));
    };
    proxy.on(get(MANIFEST).for_ever(), Fault::Change(std::sync::Arc::new(change)));
    proxy
}

#[test]
fn what_is_too_large_is_not_read_to_its_end() {
    let shown =
        shows("T6", "a manifest of a million files, 127 MB; one with a name of 10 MiB", "code 5 after the first MiB");
    let bucket = published();
    type Body = fn() -> Vec<u8>;
    let bodies: [(&str, Body); 2] = [
        ("a million files", || MILLION.clone()),
        ("a name of 10 MiB", || {
            format!(r#"{{"schema":1,"files":[{{"path":"{}"}}]}}"#, "x".repeat(10 * MIB)).into_bytes()
        }),
    ];
    for (case, body) in bodies {
        for step in [pull(&bucket, "v1"), push(&bucket, "v1", "first-value")] {
            let proxy = answered_with(body);
            refused(&step.through(&proxy), 5, case).says(MANIFEST).says("1 MiB");
            shown.case();
        }
    }
}

/// A manifest of one file, in which a field of the file is something else; or with another field, in which case it is
/// of the version `v2`.
fn with(field: &str, value: &str) -> Vec<u8> {
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let entry = format!(r#"{{"path":"a","size":1,"sha256":"{digest}","etag":"e"}}"#);
    let whole = |version: &str, entry: &str, more: &str| {
        format!(
            r#"{{"schema":1,"context":"shop","version":"{version}","created_at":"2026-01-01T00:00:00Z","push_id":"p","tool":{{"name":"t","version":"1"}},"files":[{entry}]{more}}}"#
        )
    };
    let start = format!("\"{field}\":");
    match entry.split_once(&start) {
        Some((before, after)) => {
            let (_, rest) = after.split_at(after.find([',', '}']).unwrap());
            whole("v1", &format!("{before}{start}{value}{rest}"), "")
        }
        None => whole("v2", &entry, &format!(",{start}{value}")),
    }
    .into_bytes()
}

#[test]
fn what_fits_is_read_without_harm() {
    let shown = shows(
        "T6",
        "a manifest of just under 1 MiB: one name, one number, brackets in brackets, nothing but keys",
        "code 5, in few words",
    );
    let n = MIB - 400;
    let keys: String = (0..n / 13).map(|n| format!("\"{n:08}\":1,")).collect();
    let damaged = [
        ("one name", with("path", &format!("\"{}\"", "x".repeat(n))), "it is longer than 900 bytes"),
        ("one number", with("size", &"9".repeat(n)), "invalid number"),
        ("an exponent", with("size", "1e999999999"), "invalid number"),
        ("lists in lists", with("x", &"[".repeat(n)), "recursion limit exceeded"),
        ("closed lists in lists", with("x", &("[".repeat(n / 2) + &"]".repeat(n / 2))), "recursion limit exceeded"),
        ("maps in maps", with("x", &"{\"a\":".repeat(n / 5)), "recursion limit exceeded"),
        // All of them are read before it turns out to be of another version.
        ("nothing but keys", with("x", &format!("1,{keys}\"y\":1")), "another context or version"),
        ("escapes", with("path", &format!("\"{}\"", "\\u001b".repeat(n / 6))), "it is longer than 900 bytes"),
        ("a lone surrogate", with("path", "\"\\ud83d\""), "it is not JSON"),
        ("no UTF-8", b"{\"schema\":1,\"\xff\":1}".to_vec(), "it is not JSON"),
    ];
    for (case, body, why) in damaged {
        assert!(body.len() < MIB, "{case}: {}", body.len());
        let bucket = published();
        bucket.put(MANIFEST, &body, &[]);
        for step in [pull(&bucket, "v1"), push(&bucket, "v1", "first-value")] {
            refused(&step, 5, case).says(MANIFEST).says(why);
            shown.case();
        }
    }
}

#[test]
fn a_field_twice() {
    let shown = shows("T6", "a manifest has a field twice, or a path twice", "code 5; nothing written");
    for (old, new) in [
        (r#""files":["#, r#""files":[],"files":["#),
        (r#""schema":1,"#, r#""schema":1,"schema":1,"#),
        (r#""path":"#, r#""path":"other/.env","path":"#),
        (r#""tool":{"#, r#""tool":{"name":"x","#),
    ] {
        let bucket = published();
        let manifest = bucket.get(MANIFEST).text();
        assert!(manifest.contains(old), "{manifest}");
        bucket.put(MANIFEST, manifest.replacen(old, new, 1), &[]);
        refused(&pull(&bucket, "v1"), 5, new).says(MANIFEST).says("twice");
        shown.case();
    }
    let bucket = published();
    let manifest = bucket.get(MANIFEST).json();
    crafted(&bucket, &manifest, |manifest| {
        let entry = manifest["files"][0].clone();
        manifest["files"].as_array_mut().unwrap().push(entry);
    });
    refused(&pull(&bucket, "v1"), 5, "a path twice").says("twice");
    shown.case();
}

/// What a log or a summary would show as lines or letters of its own.
const DECEPTIVE: [&str; 4] = ["7\n::error::x", "7\r\nset-output", "7\u{1b}[31m", "7\u{202e}evil"];

#[test]
fn fields_that_only_people_read_hold_what_they_are_for() {
    let shown = shows(
        "T25",
        "a manifest's or claim's fields for people hold line breaks, escapes, or something else than they are for",
        "code 5, naming the field; nothing of it is shown",
    );
    let fields = [
        "repository",
        "repository_id",
        "sha",
        "ref",
        "event",
        "run_id",
        "run_attempt",
        "workflow_ref",
        "actor",
        "author",
    ];
    let sources = fields.iter().map(|field| (format!("source.{field}"), Some(*field)));
    let own = ["created_at", "push_id"].map(|field| (field.to_owned(), None));
    let bucket = published();
    let manifest = bucket.get(MANIFEST).json();
    let claim = bucket.get("shop/.cstore/claims/v1.json").json();
    for ((name, of_source), value) in
        own.into_iter().chain(sources).flat_map(|field| DECEPTIVE.iter().map(move |value| (field.clone(), *value)))
    {
        let craft = |document: &mut Value| match of_source {
            Some(field) => document["source"][field] = json!(value),
            None => document[&name] = json!(value),
        };
        crafted(&bucket, &manifest, craft);
        let run = refused(&pull(&bucket, "v1"), 5, &name);
        run.says(MANIFEST).says(&format!("`{name}`")).does_not_say("::error::x").does_not_say("evil");

        let mut squatted = claim.clone();
        squatted["version"] = json!("v2");
        craft(&mut squatted);
        put_json(&bucket, "shop/.cstore/claims/v2.json", &squatted);
        let run = refused(&push(&bucket, "v2", "second-value"), 5, &name);
        run.says("claims/v2.json").says(&format!("`{name}`")).does_not_say("::error::x").does_not_say("evil");
        shown.cases(2);
    }
    for value in ["refs/tags/../../../../user", "refs/tags/", "v1.0.0"] {
        crafted(&bucket, &manifest, |document| document["source"]["ref"] = json!(value));
        refused(&pull(&bucket, "v1"), 5, value).says("`source.ref`");
        shown.case();
    }
    // Whoever may overwrite replaces it.
    push(&bucket, "v2", "second-value").input("overwrite", "true").run().succeeds();
}

#[test]
fn a_manifests_message_has_no_characters_that_deceive() {
    let shown = shows(
        "T25",
        "a manifest's message holds escapes or a carriage return, or an author's name holds an address",
        "code 5, naming the field; nothing of it is shown",
    );
    let bucket = published();
    let manifest = bucket.get(MANIFEST).json();
    let long = "7".repeat(1001);
    for value in DECEPTIVE.iter().copied().skip(1).chain(["", long.as_str()]) {
        crafted(&bucket, &manifest, |document| document["message"] = json!(value));
        let run = refused(&pull(&bucket, "v1"), 5, value);
        run.says("`message`").does_not_say("evil");
        shown.case();
    }
    for value in ["mona@example.com", "Mona <mona@example.com>"] {
        crafted(&bucket, &manifest, |document| document["source"]["author"] = json!(value));
        refused(&pull(&bucket, "v1"), 5, value).says("`source.author`").does_not_say("example.com");
        shown.case();
    }
    // Several lines are none of these.
    crafted(&bucket, &manifest, |document| document["message"] = json!("7\n::error::x"));
    pull(&bucket, "v1").run().succeeds().does_not_say("::error::x");
}

#[test]
fn names_from_outside_are_code_in_the_summary() {
    let shown = shows("T25", "a context, path or key that Markdown would make a link of", "shown in a code span");
    let bucket = Bucket::versioned();
    for name in shown.each(["www.evil.example/login", "[a](www.evil.example)", "<b>a|b`c"]) {
        let catalog =
            format!("version: v4\ncontext: 'shop/{name}'\nfiles:\n- path: www.evil.example/a.env\n  store: aws-s3\n");
        let push = Action::push(&bucket).repository_file("cstore.yml", catalog);
        let run = push.workspace_file("www.evil.example/a.env", "TOKEN=first-value\n").run().succeeds();
        let outside: String = run.summary.split('`').step_by(2).collect();
        if !name.contains('`') {
            assert!(!outside.contains("evil") && !outside.contains("<b>"), "{}", run.summary);
        }
        assert!(run.summary.contains("`www.evil.example/a.env`"), "{}", run.summary);
    }
}
