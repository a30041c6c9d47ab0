//! Catalogs that a pull request brings.

use std::fmt::Write as _;

use crate::harness::{Bucket, Proxy, shows};
use crate::story::{ENV, published, pull, push, refused};

const MIB: usize = 1024 * 1024;

/// `a0` is one thing, and each after it ten of the one before.
fn bomb(levels: usize) -> String {
    let mut text = "a0: &a0 {x: y}\n".to_owned();
    for level in 1..levels {
        let below = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", [below.as_str(); 10].join(", ")).unwrap();
    }
    text
}

#[test]
fn a_hostile_catalog_is_refused_before_anything_is_asked_for() {
    let shown = shows(
        "T6",
        "a catalog: alias bombs, merge bombs, brackets in brackets, a million entries, a name of 10 MiB, a path twice",
        "code 2, naming the catalog, in few words; no request",
    );
    let merges = bomb(9).replace(": [", ": {<<: [").replace("]\n", "]}\n");
    let million: String = (0..1_000_000).map(|n| format!("- path: {n}.env\n")).collect();
    for (case, text) in [
        ("an alias bomb", format!("{}files: *a8\n", bomb(9))),
        ("a merge bomb", format!("{merges}files:\n- <<: *a8\n  path: x\n")),
        ("lists in lists", format!("files: {}", "[".repeat(MIB / 2))),
        ("lists in lists, by dashes", format!("files:\n{}", "- ".repeat(MIB / 4))),
        ("maps in maps", format!("files: {}", "{a: ".repeat(MIB / 8))),
        ("questions", "? ".repeat(MIB / 4)),
        ("a million entries", format!("files:\n{million}")),
        ("a name of 10 MiB", format!("files:\n- path: {}\n", "x".repeat(10 * MIB))),
        ("a name of half a MiB that leads out", format!("files:\n- path: ../{}\n", "x".repeat(MIB / 2))),
        ("a path twice", "files:\n- path: a\n- path: a\n".to_owned()),
        ("a field twice", "files:\n- path: a\n  path: b\n".to_owned()),
        ("files twice", "files:\n- path: a\nfiles:\n- path: b\n".to_owned()),
        ("control characters", "context: \"shop\\e[2J\"\nfiles: []\n".to_owned()),
        ("a context that leads out", "context: ../other\nfiles: []\n".to_owned()),
        ("no UTF-8", "context: \u{0}\nfiles: []\n".to_owned()),
    ] {
        let (bucket, proxy) = (Bucket::missing(), Proxy::start());
        for step in [pull(&bucket, "v1"), push(&bucket, "v1", "first-value").files(&[])] {
            let step = step.repository_file("cstore.yml", &text).through(&proxy);
            refused(&step, 2, case).says("cstore.yml").does_not_say("\u{1b}");
            shown.case();
        }
        assert!(proxy.requests().is_empty(), "{case}: {:#?}", proxy.lines());
    }
}

#[test]
fn paths_that_lead_to_another_file_on_some_file_system() {
    let shown = shows(
        "T1",
        "a catalog's path, or the place to restore it at, leads to .git, to .github or to another file on Windows or macOS",
        "code 2, naming the path and the rule; nothing written, and nothing sent by a push",
    );
    for (path, said, rule) in [
        (".git::$INDEX_ALLOCATION/config", ".git::$INDEX_ALLOCATION/config", "contains a `:`"),
        (".git./config", ".git./config", "ends with a dot or a blank"),
        (".github /workflows/ci.yml", ".github /workflows/ci.yml", "ends with a dot or a blank"),
        ("GIT~1/config", "GIT~1/config", "leads to `.git` or `.github`"),
        ("GITHUB~1/workflows/ci.yml", "GITHUB~1/workflows/ci.yml", "leads to `.git` or `.github`"),
        (".g\u{200c}it/config", r".g\u{200c}it/config", "formatting character"),
        (".gi\u{ad}t/config", r".gi\u{ad}t/config", "leads to `.git` or `.github`"),
        ("prod:service.env", "prod:service.env", "contains a `:`"),
    ] {
        let (bucket, proxy) = (published(), Proxy::start());
        let named = format!("context: shop\nfiles:\n- path: \"{path}\"\n");
        let moved = format!("context: shop\nfiles:\n- path: {ENV}\n  alternatePath: \"{path}\"\n");
        let push = || push(&bucket, "v2", "other-value");
        let asking = pull(&bucket, "v1").repository_file("cstore.yml", &moved);
        refused(&asking, 2, path).says(said).says(rule);
        shown.case();
        for step in [
            pull(&bucket, "v1").repository_file("cstore.yml", &named),
            push().files(&[]).repository_file("cstore.yml", named),
            push().files(&[]).repository_file("cstore.yml", moved),
            push().files(&[path]),
        ] {
            refused(&step.through(&proxy), 2, path).says(said).says(rule);
            shown.case();
        }
        assert!(proxy.requests().is_empty(), "{path}: {:#?}", proxy.lines());
    }
}
