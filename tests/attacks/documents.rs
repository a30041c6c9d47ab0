//! Config files that somebody made, in the workspace of a push and in the bucket of a pull.

use std::fmt::Write as _;

use crate::harness::{Action, Bucket, Run, shows};
use crate::story::refused;

const MIB: usize = 1024 * 1024;

/// As many bytes as a file may have.
const LARGEST: usize = 16 * MIB;

/// A push of one file.
fn pushed(bucket: &Bucket, path: &str, contents: &[u8]) -> Action {
    // Their values are no secrets of anybody's, and the search for them would take longer than the step.
    Action::push(bucket).version("v1").files(&[path]).repository_file(path, contents).measured()
}

/// A pull of one file that no push of ours has checked.
fn planted(path: &str, contents: &[u8]) -> Action {
    let bucket = Bucket::versioned();
    bucket.put_unread(&format!("shop/{path}"), contents);
    let catalog = format!("version: v4\ncontext: shop\nfiles:\n- path: {path}\n  store: aws-s3\n");
    Action::pull(&bucket).version("head").repository_file("cstore.yml", catalog).measured()
}

/// Each level of it ten times the one before.
fn bomb(of: &str, levels: usize) -> String {
    let mut text = format!("a0: &a0 {of}\n");
    for level in 1..levels {
        let below = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", [below.as_str(); 10].join(", ")).unwrap();
    }
    text
}

#[test]
fn what_is_refused_is_refused_on_both_sides() {
    let shown = shows(
        "T6",
        "a config file: alias bombs, brackets in brackets (10,000 and 16 MiB of them), a key twice, a million values",
        "code 2, naming the file, in few words",
    );
    let merges = bomb("{x: y}", 9).replace(": [", ": {<<: [").replace("]\n", "]}\n");
    let quadratic = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(20_000), "*a, ".repeat(20_000));
    let rows: Vec<(&str, &str, String)> = vec![
        ("a.yml", "an alias bomb", bomb("lol", 12)),
        ("a.yml", "a merge bomb", merges),
        ("a.yml", "many aliases of a long list", quadratic),
        ("a.yml", "an alias of itself", "a: &a [*a]\n".to_owned()),
        ("a.yml", "lists in lists", "[".repeat(10_000)),
        ("a.yml", "16 MiB of lists in lists", "[".repeat(LARGEST)),
        ("a.yml", "lists in lists, by dashes", format!("{}x\n", "- ".repeat(10_000))),
        ("a.yml", "maps in maps", "{a: ".repeat(10_000)),
        ("a.yml", "questions", "? ".repeat(MIB)),
        ("a.yml", "16 MiB of values in brackets", format!("[{}]", "a,".repeat(LARGEST / 2 - 1))),
        ("a.yml", "16 MiB of pairs in braces", format!("{{{}", "&a !b c: d,".repeat(LARGEST / 11 - 2))),
        ("a.yml", "16 MiB of commas", format!("[{}", ",".repeat(LARGEST - 1))),
        ("a.yml", "a key twice", "a: 1\nb: 2\na: 3\n".to_owned()),
        ("a.yml", "a list for a key", "[a, b]: c\n".to_owned()),
        ("a.json", "lists in lists", "[".repeat(10_000)),
        ("a.json", "16 MiB of lists in lists", "[".repeat(LARGEST)),
        ("a.json", "closed lists in lists", "[".repeat(10_000) + &"]".repeat(10_000)),
        ("a.json", "maps in maps", "{\"a\":".repeat(10_000)),
        ("a.json", "a key twice", r#"{"a": 1, "b": 2, "a": 3}"#.to_owned()),
        ("a.json", "two keys that become one", r#"{"a": {"b": 1}, "a_b": 2}"#.to_owned()),
        ("a.json", "a million values", format!("[{}0]", "0,".repeat(1_000_000))),
        ("a.toml", "lists in lists", format!("a = {}", "[".repeat(10_000))),
        ("a.toml", "a dotted key of 10,000 parts", format!("{}b = 1\n", "a.".repeat(10_000))),
        ("a.toml", "a table of 10,000 parts", format!("[{}b]\n", "a.".repeat(10_000))),
        ("a.toml", "16 MiB of values", format!("a = [{}]", "1,".repeat(LARGEST / 2 - 4))),
        ("a.toml", "16 MiB of words", "a ".repeat(LARGEST / 2)),
        ("a.toml", "16 MiB of comments", "#\n".repeat(LARGEST / 2)),
        ("a.toml", "a key twice", "a = 1\na = 2\n".to_owned()),
        (".env", "a key twice", "A=1\nB=2\nA=3\n".to_owned()),
        (".env", "16 MiB of a quote that is not closed", format!("A=\"{}", "x".repeat(LARGEST - 3))),
        (".env", "16 MiB of quotes that are not closed", "\"'".repeat(LARGEST / 2)),
    ];
    for (path, case, contents) in rows {
        let case = format!("{path}: {case}");
        refused(&pushed(&Bucket::missing(), path, contents.as_bytes()), 2, &case).says(path);
        refused(&planted(path, contents.as_bytes()), 2, &case).says(path);
        shown.cases(2);
    }
}

#[test]
fn what_is_taken_takes_little() {
    let shown = shows(
        "T6",
        "a config file: one line of 16 MiB, a number of a million digits, a name of 10 MiB, a million lines, 16 MiB of \
         commas and colons inside a text",
        "taken, within 256 MiB and 5 seconds",
    );
    let digits = "9".repeat(MIB);
    let long = "n".repeat(10 * MIB);
    let blank_lines = "\n".repeat(LARGEST);
    let comments = "#\n".repeat(LARGEST / 2);
    // As a table, a certificate or a page of Markdown has them.
    let marks = "  - [a, b]: {c} = 'd' # e\n".repeat(LARGEST / 26 - 1);
    let small = |run: Run| {
        run.stays_small();
        shown.case();
    };
    for (path, contents) in [
        ("a.env", format!("A={}", "x".repeat(LARGEST - 2))),
        ("a.env", blank_lines),
        ("a.json", format!("{{\"A\":\"{}\"}}", "x".repeat(LARGEST - 8))),
        ("a.json", format!("{{\"A\":{digits}}}")),
        ("a.json", "{\"A\":1e999999999,\"B\":-1e-999999999}".to_owned()),
        ("a.json", format!("{{\"{long}\":1,\"A\":2}}")),
        ("a.yml", format!("A: {}", "x".repeat(LARGEST - 3))),
        ("a.yml", format!("A: {digits}\n")),
        ("a.yml", comments),
        ("a.yml", format!("A: \"{marks}  \"\n")),
        ("a.yml", format!("A: |\n{marks}")),
        ("a.toml", format!("A = \"{}\"", "x".repeat(LARGEST - 6))),
        ("a.toml", format!("A = \"\"\"{marks}\"\"\"\n")),
    ] {
        let bucket = Bucket::versioned();
        small(pushed(&bucket, path, contents.as_bytes()).run().succeeds());
        // The same parsers read it on a pull; the largest of what they give costs the harness more than the step.
        if contents.len() < 2 * MIB {
            small(Action::pull(&bucket).version("v1").measured().run().succeeds());
        }
    }
}

#[test]
fn what_is_delivered_whole_takes_little() {
    let shown = shows(
        "T6",
        "all that a file can give is delivered: 16 MiB in one value, 20 MiB by aliases",
        "delivered, within 256 MiB and 5 seconds",
    );
    let aliases = format!("a: &a {}\nb: [{}]\n", "x".repeat(MIB / 2), "*a, ".repeat(38));
    for (path, contents) in [("a.env", format!("A={}", "x".repeat(LARGEST - 2))), ("a.yml", aliases)] {
        let bucket = Bucket::versioned();
        pushed(&bucket, path, contents.as_bytes()).run().succeeds().stays_small();
        let run =
            Action::pull(&bucket).version("v1").input("export-env", "true").input("mask", "none").measured().run();
        run.succeeds().stays_small();
        shown.case();
    }
}

#[test]
fn many_keys_are_no_trouble() {
    let shown = shows("F26", "10,000 keys in one file", "all of them delivered, within 256 MiB and 5 seconds");
    let lines: String = (0..10_000).map(|n| format!("KEY_{n}=value-number-{n}\n")).collect();
    let bucket = Bucket::versioned();
    Action::push(&bucket)
        .version("v1")
        .files(&[".env"])
        .workspace_file(".env", lines)
        .measured()
        .run()
        .succeeds()
        .stays_small();
    let run = Action::pull(&bucket).version("v1").measured().run().succeeds().stays_small();
    assert_eq!(run.config_outputs().len(), 10_000);
    shown.case();
}

#[test]
fn patterns_that_explode_elsewhere_do_not_here() {
    let shown = shows(
        "T6",
        "patterns of keys, files and a schema that make other engines run for ever",
        "decided at once, or refused with code 2",
    );
    let bucket = Bucket::versioned();
    let key = "A".repeat(1_000);
    let contents = format!("{key}=first-value\n");
    Action::push(&bucket).version("v1").files(&["a.env"]).workspace_file("a.env", contents).run().succeeds();
    let pull = || {
        shown.case();
        Action::pull(&bucket).version("v1").measured()
    };
    let stars = "*A".repeat(10_000);
    pull().input("keys", &format!("{stars}B\nA*")).run().succeeds().stays_small();
    pull().input("mask", &format!("*\n!{stars}B")).run().succeeds().stays_small();
    for files in [format!("{}b", "**/*a".repeat(2_000)), "{a,{a,".repeat(5_000), format!("{}.env", "{a,b}".repeat(40))]
    {
        let run = pull().files(&[&files]).run().stays_small();
        assert!(matches!(run.code, 2 | 6), "{:.2000}", run.printed());
    }
    for (schema, code) in [
        (r#"{"propertyNames": {"pattern": "^(A+)+B$"}}"#, 2),
        (r#"{"propertyNames": {"pattern": "^(A|A)*B$"}}"#, 2),
        (r##"{"$ref": "#"}"##, 0),
        (r#"{"$ref": "http://127.0.0.1:1/schema.json"}"#, 2),
        (r#"{"$ref": "file:///etc/passwd"}"#, 2),
        (r#"{"$schema": "https://json-schema.example/x", "$id": "https://json-schema.example/y"}"#, 2),
    ] {
        let run = pull().repository_file("schema.json", schema).input("schema", "schema.json").run().stays_small();
        assert_eq!(run.code, code, "{schema}: {:.2000}", run.printed());
    }
    let deep = format!("{}{}", "{\"not\":".repeat(10_000), "}".repeat(10_000));
    pull().repository_file("schema.json", deep).input("schema", "schema.json").run().fails(2).stays_small();
}
