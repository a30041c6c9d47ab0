//! Config files that somebody made, in the workspace of a push and in the bucket of a pull.

use std::fmt::Write as _;

use cstore::config::{FileType, ParseError, Parsed, parse};
use cstore::name::ConfigPath;

use crate::harness::{Action, Bucket, shows};
use crate::own_process::measured_in_its_own;
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
    bucket.put_foreign(&format!("shop/{path}"), contents, &[]);
    let catalog = format!("version: v4\ncontext: shop\nfiles:\n- path: {path}\n  store: aws-s3\n");
    Action::pull(&bucket).version("head").repository_file("cstore.yml", catalog).measured()
}

/// Each level of it ten times the one before, between two brackets.
fn bomb(of: &str, levels: usize, [open, close]: [&str; 2]) -> String {
    let mut text = format!("a0: &a0 {of}\n");
    for level in 1..levels {
        let below = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} {open}{}{close}", [below.as_str(); 10].join(", ")).unwrap();
    }
    text
}

/// Reads a file as pushes and pulls do.
fn read(path: &str, contents: &str) -> Result<Parsed, ParseError> {
    parse(FileType::detect(&ConfigPath::new(path).unwrap()), contents.as_bytes(), "_")
}

/// What a row's file holds: made when its turn comes, since all of them together are larger than any may be.
type Contents = fn() -> String;

/// Files that nobody takes: path, case, contents, and why.
const BAD: [(&str, &str, Contents, &str); 30] = [
    ("a.yml", "an alias bomb", || bomb("lol", 12, ["[", "]"]), "holds more than 100000 values"),
    (
        "a.yml",
        "many merges of a long map",
        || {
            format!(
                "a: &a {{{}}}\nb: [{}]\n",
                (0..10_000).fold(String::new(), |keys, n| keys + &format!("k{n}: x, ")),
                "{<<: *a}, ".repeat(20)
            )
        },
        "holds more than 100000 values",
    ),
    (
        "a.yml",
        "many aliases of a long list",
        || format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(20_000), "*a, ".repeat(20_000)),
        "holds more than 100000 values",
    ),
    ("a.yml", "an alias of itself", || "a: &a [*a]\n".to_owned(), "an alias refers to what contains it"),
    ("a.yml", "lists in lists", || "[".repeat(10_000), "nested too deeply"),
    ("a.yml", "16 MiB of lists in lists", || "[".repeat(LARGEST), "nested too deeply"),
    ("a.yml", "lists in lists, by dashes", || format!("{}x\n", "- ".repeat(10_000)), "nested too deeply"),
    ("a.yml", "maps in maps", || "{a: ".repeat(10_000), "nested too deeply"),
    ("a.yml", "questions", || "? ".repeat(MIB), "nested too deeply"),
    (
        "a.yml",
        "16 MiB of values in brackets",
        || format!("[{}]", "a,".repeat(LARGEST / 2 - 1)),
        "holds more than 100000 values",
    ),
    (
        "a.yml",
        "16 MiB of pairs in braces",
        || format!("{{{}", "&a !b c: d,".repeat(LARGEST / 11 - 2)),
        "holds more than 100000 values",
    ),
    ("a.yml", "16 MiB of commas", || format!("[{}", ",".repeat(LARGEST - 1)), "a value is missing between brackets"),
    ("a.yml", "a key twice", || "a: 1\nb: 2\na: 3\n".to_owned(), "occurs twice"),
    ("a.yml", "a list for a key", || "[a, b]: c\n".to_owned(), "a map or list cannot be a key"),
    ("a.json", "lists in lists", || "[".repeat(10_000), "nested too deeply"),
    ("a.json", "16 MiB of lists in lists", || "[".repeat(LARGEST), "nested too deeply"),
    ("a.json", "closed lists in lists", || "[".repeat(10_000) + &"]".repeat(10_000), "nested too deeply"),
    ("a.json", "maps in maps", || "{\"a\":".repeat(10_000), "nested too deeply"),
    (
        "a.json",
        "two keys that become one",
        || r#"{"a": {"b": 1}, "a_b": 2}"#.to_owned(),
        r#"both become the key "a_b""#,
    ),
    ("a.json", "a million values", || format!("[{}0]", "0,".repeat(1_000_000)), "holds more than 100000 values"),
    ("a.toml", "lists in lists", || format!("a = {}", "[".repeat(10_000)), "nested too deeply"),
    ("a.toml", "a dotted key of 10,000 parts", || format!("{}b = 1\n", "a.".repeat(10_000)), "nested too deeply"),
    ("a.toml", "a table of 10,000 parts", || format!("[{}b]\n", "a.".repeat(10_000)), "nested too deeply"),
    (
        "a.toml",
        "16 MiB of values",
        || format!("a = [{}]", "1,".repeat(LARGEST / 2 - 4)),
        "holds more than 100000 values",
    ),
    ("a.toml", "16 MiB of words", || "a ".repeat(LARGEST / 2), "holds more than 100000 values"),
    ("a.toml", "16 MiB of comments", || "#\n".repeat(LARGEST / 2), "holds more than 100000 values"),
    ("a.toml", "a key twice", || "a = 1\na = 2\n".to_owned(), "a key occurs twice"),
    (".env", "a million values of one key", || "A=1\nA=2\n".repeat(500_000), "holds more than 100000 values"),
    (
        ".env",
        "16 MiB of a quote that is not closed",
        || format!("A=\"{}", "x".repeat(LARGEST - 3)),
        "the quote that begins here is not closed",
    ),
    (".env", "16 MiB of quotes that are not closed", || "\"'".repeat(LARGEST / 2), "a key holds only letters"),
];

#[test]
fn what_is_refused_is_refused_quickly_and_in_few_words() {
    let is_own = measured_in_its_own("documents::what_is_refused_is_refused_quickly_and_in_few_words", |rows| {
        for (path, case, contents, why) in BAD {
            let contents = contents();
            let error = rows.row(&format!("{path}: {case}"), || read(path, &contents).unwrap_err().to_string());
            assert!(error.contains(why) && error.len() < 400, "{path}, {case}: {error}");
        }
    });
    if is_own {
        return;
    }
    shows(
        "T6",
        "a config file: alias bombs, brackets in brackets (10,000 and 16 MiB of them), a key twice, a million values",
        "a push: code 2, naming the file, in few words; a pull: its bytes alone, with a warning",
    )
    .cases(BAD.len());
}

#[test]
fn what_is_refused_of_a_push_gives_a_pull_nothing_but_its_bytes() {
    for row in ["an alias bomb", "a million values", "16 MiB of a quote that is not closed"] {
        let (path, _, contents, why) = BAD.into_iter().find(|(_, case, ..)| *case == row).unwrap();
        let contents = contents();
        refused(&pushed(&Bucket::missing(), path, contents.as_bytes()), 2, row).says(path).says(why);
        // It is there, so it is restored; but nothing is made of it.
        let run = planted(path, contents.as_bytes()).run().succeeds().stays_small().says(path).says(why);
        assert!(run.config_outputs().is_empty(), "{row}");
    }
}

/// A number.
fn digits() -> String {
    "9".repeat(MIB)
}

/// Marks that mean something elsewhere, as a table, a certificate or a page of Markdown has them.
fn marks() -> String {
    "  - [a, b]: {c} = 'd' # e\n".repeat(LARGEST / 26 - 1)
}

/// Files that are as hard as they may be: path, case and contents.
const HARD: [(&str, &str, Contents); 14] = [
    ("a.env", "one line", || format!("A={}", "x".repeat(LARGEST - 2))),
    ("a.env", "blank lines", || "\n".repeat(LARGEST)),
    ("a.json", "one text", || format!("{{\"A\":\"{}\"}}", "x".repeat(LARGEST - 8))),
    ("a.json", "a number", || format!("{{\"A\":{}}}", digits())),
    ("a.json", "exponents", || "{\"A\":1e999999999,\"B\":-1e-999999999}".to_owned()),
    ("a.json", "a name", || format!("{{\"{}\":1,\"A\":2}}", "n".repeat(10 * MIB))),
    ("a.yml", "one text", || format!("A: {}", "x".repeat(LARGEST - 3))),
    ("a.yml", "a number", || format!("A: {}\n", digits())),
    // What is merged again and again stays one key.
    ("a.yml", "a merge bomb", || bomb("{x: y}", 9, ["{<<: [", "]}"])),
    ("a.yml", "comments", || "#\n".repeat(LARGEST / 2)),
    ("a.yml", "marks in quotes", || format!("A: \"{}  \"\n", marks())),
    ("a.yml", "marks in a block", || format!("A: |\n{}", marks())),
    ("a.toml", "one text", || format!("A = \"{}\"", "x".repeat(LARGEST - 6))),
    ("a.toml", "marks in quotes", || format!("A = \"\"\"{}\"\"\"\n", marks())),
];

#[test]
fn what_is_taken_takes_little() {
    let is_own = measured_in_its_own("documents::what_is_taken_takes_little", |rows| {
        for (path, case, contents) in HARD {
            let contents = contents();
            let parsed = rows.row(&format!("{path}: {case}"), || read(path, &contents).unwrap());
            let nothing = ["blank lines", "comments"].contains(&case);
            assert_eq!(parsed.entries.is_empty(), nothing, "{path}: {case}");
        }
    });
    if is_own {
        return;
    }
    shows(
        "T6",
        "a config file: one line of 16 MiB, a number of a million digits, a name of 10 MiB, a million lines, 16 MiB of \
         commas and colons inside a text",
        "taken, within 256 MiB and 5 seconds",
    )
    .cases(HARD.len());
}

#[test]
fn what_is_taken_takes_little_on_both_sides() {
    for row in [("a.env", "one line"), ("a.json", "a number"), ("a.yml", "marks in quotes")] {
        let (path, _, contents) = HARD.into_iter().find(|(path, case, _)| (*path, *case) == row).unwrap();
        let contents = contents();
        let bucket = Bucket::versioned();
        pushed(&bucket, path, contents.as_bytes()).run().succeeds().stays_small();
        // The same parsers read it on a pull; the largest of what they give costs the harness more than the step.
        if contents.len() < 2 * MIB {
            Action::pull(&bucket).version("v1").measured().run().succeeds().stays_small();
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
