//! Catalogs that a pull request brings.

use std::fmt::Write as _;

use crate::harness::{Bucket, Proxy, shows};
use crate::story::{ENV, published, pull, push, refused};

const MIB: usize = 1024 * 1024;

/// `a0` is one thing, and each after it ten of the one before, between two brackets.
fn bomb(levels: usize, [open, close]: [&str; 2]) -> String {
    let mut text = "a0: &a0 {x: y}\n".to_owned();
    for level in 1..levels {
        let below = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} {open}{}{close}", [below.as_str(); 10].join(", ")).unwrap();
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
    let entries = (0..10_000).fold(String::new(), |text, n| text + &format!("- {{path: p{n}, tags: *a}}\n"));
    let long_list = format!("a: &a [{}]\nfiles:\n{entries}", "x,".repeat(20_000));
    let long_text = format!("a: &a {}\nfiles:\n- path: x\n  tags: [{}]\n", "x".repeat(MIB / 2), "*a, ".repeat(100_000));
    let million: String = (0..1_000_000).map(|n| format!("- path: {n}.env\n")).collect();
    for (case, text, why) in [
        ("many aliases of a long text", long_text.into(), "its aliases expand to too much"),
        ("many aliases of a long list", long_list.into(), "its aliases expand to too much"),
        (
            "an alias bomb",
            format!("{}files:\n- path: x\n  tags: *a8\n", bomb(9, ["[", "]"])).into(),
            "each item of tags must be a string",
        ),
        (
            "a merge bomb",
            format!("{}files:\n- <<: *a8\n  path: x\n", bomb(9, ["{<<: [", "]}"])).into(),
            "its aliases expand to too much",
        ),
        ("lists in lists", format!("files: {}", "[".repeat(MIB / 2)).into(), "nested too deeply"),
        ("lists in lists, by dashes", format!("files:\n{}", "- ".repeat(MIB / 4)).into(), "nested too deeply"),
        ("maps in maps", format!("files: {}", "{a: ".repeat(MIB / 8)).into(), "nested too deeply"),
        ("questions", "? ".repeat(MIB / 4).into(), "nested too deeply"),
        ("a million entries", format!("files:\n{million}").into(), "is larger than 1048576 bytes"),
        (
            "a name of 10 MiB",
            format!("files:\n- path: {}\n", "x".repeat(10 * MIB)).into(),
            "is larger than 1048576 bytes",
        ),
        (
            "a name of half a MiB that leads out",
            format!("files:\n- path: ../{}\n", "x".repeat(MIB / 2)).into(),
            "the path \"../x",
        ),
        ("a path twice", "files:\n- path: a\n- path: a\n".into(), "the path \"a\" is listed twice"),
        ("a field twice", "files:\n- path: a\n  path: b\n".into(), "the key \"path\" is given twice"),
        ("files twice", "files:\n- path: a\nfiles:\n- path: b\n".into(), "the key \"files\" is given twice"),
        (
            "control characters",
            "context: \"shop\\e[2J\"\nfiles: []\n".into(),
            "contains a control or formatting character",
        ),
        ("a context that leads out", "context: ../other\nfiles: []\n".into(), "`.` and `..` are not allowed"),
        ("a NUL", b"context: \0\nfiles: []\n".to_vec(), "there is a control character"),
        ("no UTF-8", b"context: \xff\nfiles: []\n".to_vec(), "not UTF-8"),
    ] {
        let (bucket, proxy) = (Bucket::missing(), Proxy::start());
        for step in [pull(&bucket, "v1"), push(&bucket, "v1", "first-value").files(&[])] {
            let step = step.repository_file("cstore.yml", &text).through(&proxy);
            refused(&step, 2, case).says("cstore.yml").says(why).does_not_say("\u{1b}");
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
