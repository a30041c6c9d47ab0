//! What every parser, and the writer of the runner's files, promise of any bytes at all. Each module states it once:
//! here it is tried on random pieces of the language in question, and `fuzz/` searches for bytes that break it. What
//! the fuzzer has kept in `fuzz/corpus/` is tried here, too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "the modules are shared with fuzz/, and clippy takes only what is below #[test] for tests"
)]

mod catalog;
mod crc;
mod documents;
mod dotenv;
mod edit;
mod file_command;
mod glob;
mod inputs;
mod key_pattern;
mod lock;
mod manifest;
mod merge3;
mod tag;
mod tree;
mod types;
mod version;

#[path = "../runner_rules/mod.rs"]
mod runner_rules;
#[path = "../harness/tried.rs"]
mod tried;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

/// Pieces of a language, with other bytes between them now and then.
fn pieces(language: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => proptest::sample::select(language).prop_map(|piece| piece.as_bytes().to_vec()),
        2 => "[a-zA-Z0-9_.-]{1,6}".prop_map(String::into_bytes),
        1 => "\\PC{1,3}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 1..3),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A first line, then others, of few letters: what is to match has to be met often.
fn lines(first: &'static str, other: &'static str) -> impl Strategy<Value = Vec<u8>> {
    (first, proptest::collection::vec(other, 0..4))
        .prop_map(|(first, others)| format!("{first}\n{}", others.join("\n")).into_bytes())
}

/// Names and values that mean something to the reader of the runner's files, or to its writer.
fn names_and_values() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        "[A-Z]{1,3}",
        "[A<=\n\r \u{FEFF}]{0,4}\0?",
        "(\n|\r|A<<|ghadelimiter_|0{31}[1-9]|EOF|=|::add-mask::|\u{FEFF}|\\PC){0,6}",
        "ghadelimiter_0{31}[1-9]",
    ];
    let name = prop_oneof![3 => "[A-Z]{1,3}", 1 => text.clone()];
    proptest::collection::vec((name, text), 0..6).prop_map(|pairs| {
        let texts: Vec<&[u8]> = pairs.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]).collect();
        texts.join(&0xFF)
    })
}

/// Either of two, so that what is nearly right comes as often as what is anything.
fn either(
    right: impl Strategy<Value = String>,
    anything: impl Strategy<Value = Vec<u8>>,
) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![right.prop_map(String::into_bytes), anything]
}

/// Assignments, in each kind of quotes.
fn assignments() -> impl Strategy<Value = String> {
    let value = r#"[ab$'"\\\\` ]{0,4}|[ab ]{0,2}\$\{[AB]\}|"[ab$' ]{0,3}(\$\{[AB]\})?'?(\\\\[$n"])?[ab'\n]{0,3}"|'[ab$"` \n]{0,5}'"#;
    proptest::collection::vec(("[A-F]", value), 0..4)
        .prop_map(|lines| lines.into_iter().map(|(key, value)| format!("{key}={value}\n")).collect())
}

/// Catalogs that are read, for the most part.
fn catalogs() -> impl Strategy<Value = String> {
    let fields = proptest::sample::subsequence(
        vec![
            "  store: aws-s3\n",
            "  data: # why\n    AWS_S3_BUCKET: x\n",
            "  tags:\n  - a\n",
            "  versions: []\n",
            "  isRef: true\n",
        ],
        0..4,
    );
    let entry =
        ("(a|b|added|\\$\\{E\\})/\\.env", fields).prop_map(|(path, rest)| format!("- path: {path}\n{}", rest.concat()));
    ("(version: v4\n)?(context: shop\n)?(later: 1\n)?", proptest::collection::vec(entry, 0..4), "(# end)?")
        .prop_map(|(head, entries, end)| format!("{head}files:\n{}{end}", entries.concat()))
}

/// Requirements, names, and what is nearly one.
fn versions() -> impl Strategy<Value = Vec<u8>> {
    let number = r"([0-39*xX]|[0-2]{2})(\.([0-3*xX]|[0-2]{2})){0,3}(-[a-z0]{1,3})?";
    let requirement = format!(r"[\^~><=]{{0,2}} ?v?{number}(, ?<[0-9.]{{1,4}})?");
    let other = r"latest|head|:[a-z0]{0,4}|[a-zA-Z0-9._+-]{0,6}|\PC{0,4}";
    let short = r"[\^~=]v?[0-2](\.[0-2]){0,2}";
    let text = proptest::string::string_regex(&format!("{requirement}|{short}|{other}")).unwrap();
    text.prop_map(String::into_bytes)
}

/// A path, then a pattern that is made of it, part by part.
fn globs() -> impl Strategy<Value = Vec<u8>> {
    let pattern_of = |part: &str, how: usize| match how {
        0 => "*".to_owned(),
        1 => "**".to_owned(),
        2 => "?".repeat(part.chars().count()),
        3 => format!("{}*", &part[..part.char_indices().nth(1).map_or(part.len(), |(at, _)| at)]),
        _ => part.to_owned(),
    };
    proptest::collection::vec(("[abé.]{1,3}", 0..6_usize), 1..4).prop_map(move |parts| {
        let path: Vec<_> = parts.iter().map(|(part, _)| part.as_str()).collect();
        let pattern: Vec<_> = parts.iter().map(|(part, how)| pattern_of(part, *how)).collect();
        format!("{}\n{}", path.join("/"), pattern.join("/")).into_bytes()
    })
}

/// Manifests with fields that are right, wrong, there twice, or not.
fn manifests() -> impl Strategy<Value = Vec<u8>> {
    let path = prop_oneof![6 => "[ab]{1,3}", 1 => "[ab./\\\\:]{0,5}", 1 => "(\\\\u001b|\\\\u202e|\\PC){0,3}"];
    let other = proptest::sample::select(vec![
        "",
        "",
        "",
        ",\"later\":1.10",
        ",\"path\":\"b\"",
        ",\"size\":2",
        ",\"tags\":[\"a\"]",
        ",\"size\":-1",
    ]);
    let entry = (path.clone(), proptest::option::of(path), other).prop_map(|(path, alternate, other)| {
        let alternate = alternate.map_or_else(String::new, |path| format!(r#","alternate_path":"{path}""#));
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        format!(r#"{{"path":"{path}","size":1,"etag":"e","sha256":"{digest}"{alternate}{other}}}"#)
    });
    let more =
        proptest::sample::select(vec!["", "", ",\"later\":{\"n\":[1]}", ",\"files\":[]", ",\"version\":\"v1\"", "}"]);
    let text = prop_oneof![4 => "[A-Za-z ]{1,9}", 1 => "([ab@<.]|\\\\n|\\\\u001b|\\\\u202e|\\PC){0,6}"];
    let told = (text.clone(), text)
        .prop_map(|(message, author)| format!(r#","message":"{message}","source":{{"author":"{author}"}}"#));
    let told = proptest::option::of(told).prop_map(Option::unwrap_or_default);
    (proptest::collection::vec(entry, 0..3), more, told).prop_map(|(entries, more, told)| {
        let (files, tool) = (entries.join(","), r#"{"name":"t","version":"1"}"#);
        format!(
            r#"{{"schema":1,"context":"shop","created_at":"2026-01-01T00:00:00Z","push_id":"p","tool":{tool},"files":[{files}]{told}{more}}}"#
        )
        .into_bytes()
    })
}

/// A small file of each type.
fn flat(form: usize, values: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    match form {
        0 => values.map(|(key, value)| format!("{key}={value}\n")).collect(),
        1 => values.map(|(key, value)| format!("{key}: {value} # {key}\n")).collect(),
        2 => values.map(|(key, value)| format!("{key} = {value}\n")).collect(),
        _ => {
            let fields: Vec<_> = values.map(|(key, value)| format!("\n  \"{key}\": {value}")).collect();
            format!("{{{}\n}}\n", fields.join(","))
        }
    }
}

const FLAT_KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn flat_value() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["1", "2", "\"x\"", "\"y z\"", "true"])
}

/// A change of a key, and a file that has it, or could.
fn edits() -> impl Strategy<Value = String> {
    let small = (proptest::collection::vec(flat_value(), 0..5), 0..4_usize)
        .prop_map(|(values, form)| flat(form, FLAT_KEYS.into_iter().zip(values)));
    let asked = r#"(a|b|c|d|a_b|b_0|A|D)(=[a-c #'"$\\,{é\n]{0,4}|:-?[1-9][0-9]{0,2}|:true|)"#;
    let file = prop_oneof![2 => tree::documents(), 1 => assignments(), 3 => small];
    (asked, file).prop_map(|(asked, file)| format!("{asked}\0{file}"))
}

/// Three versions of a file of one type, of which the last two differ from the first by some lines.
fn merges() -> impl Strategy<Value = String> {
    // The value in the base, and what each side makes of it; without any, the line is not there.
    let line = (proptest::option::weighted(0.8, flat_value()), side(), side());
    (proptest::collection::vec(line, 1..6), 0..4_usize).prop_map(|(lines, form)| {
        let version = |choose: &dyn Fn(usize) -> Option<&'static str>| {
            flat(form, (0..lines.len()).filter_map(|at| Some((FLAT_KEYS[at], choose(at)?))))
        };
        let versions: [String; 3] = [
            version(&|at| lines[at].0),
            version(&|at| lines[at].1.unwrap_or(lines[at].0)),
            version(&|at| lines[at].2.unwrap_or(lines[at].0)),
        ];
        versions.join("\0")
    })
}

/// What a side makes of a line: nothing, mostly; else another value, or none.
fn side() -> impl Strategy<Value = Option<Option<&'static str>>> {
    proptest::option::weighted(0.3, proptest::option::weighted(0.7, flat_value()))
}

/// Lock files, some of which are right but for a line.
fn locks() -> impl Strategy<Value = String> {
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let facts = proptest::sample::select(vec![
        ("^1.2", "v1.4.2"),
        ("head", "head"),
        ("v1", "v1"),
        (">=1, <2", "1.0.0"),
        ("latest", "v2.0.0"),
        ("^1.2", "1.9.0"),
        ("^1.2", "v2.0.0"),
    ]);
    let name = prop_oneof![4 => "[a-d]", 1 => "\"default/[ab]\"", 1 => "\"(\\\\u001b|\\PC){0,3}\""];
    let more = proptest::sample::select(vec!["", "", "", "", "bucket = \"x\"\n", "version = \"v1\"\n", "<<<<<<< a\n"]);
    let entry = (name, "[ab]{1,2}", facts, more).prop_map(move |(name, context, (requirement, version), more)| {
        format!(
            "[config.{name}]\ncontext = \"{context}\"\nrequirement = \"{requirement}\"\nversion = \"{version}\"\n\
             digest = \"{digest}\"\nsettings = \"{digest}\"\n{more}\n"
        )
    });
    let format = proptest::sample::select(vec!["1", "1", "1", "1", "1", "2", "x"]);
    (format, proptest::collection::vec(entry, 0..3))
        .prop_map(|(format, entries)| format!("format = {format}\n{}", entries.concat()))
}

/// What asserts that a promise is kept of some bytes, and names the kinds of what it has met.
type Hold = fn(&[u8]) -> Vec<&'static str>;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// Tries what the fuzzer has kept.
fn try_corpus(name: &str, hold: Hold) {
    let folder = fuzz().join("corpus").join(name);
    let mut tried = 0;
    for file in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        hold(&fs::read(file.unwrap().path()).unwrap());
        tried += 1;
    }
    assert!(tried > 0, "{} is empty", folder.display());
}

macro_rules! properties {
    ($($name:ident, [$($met:literal: $least:literal),*]: $bytes:expr;)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Of each, a test of random pieces, one of what is among them, and one of the corpus.
        mod of {
            $(mod $name {
                use super::super::*;

                proptest! {
                    #![proptest_config(ProptestConfig::with_cases(1_000))]

                    #[test]
                    fn any_pieces(bytes in $bytes) {
                        crate::$name::hold(&bytes);
                    }
                }

                #[test]
                fn the_pieces_make_something_of_every_kind() {
                    let hold = |bytes: Vec<u8>| crate::$name::hold(&bytes);
                    crate::tried::always_meets(1_000, &$bytes, &[$(($met, $least)),*], hold);
                }

                #[test]
                fn all_of_the_corpus() {
                    try_corpus(stringify!($name), crate::$name::hold);
                }
            })*
        }
    };
}

properties! {
    dotenv, ["read back": 120, "a reference": 70, "a warning": 30, "a replaced value": 20]: either(assignments(), pieces(&[
        "A=", "B=", "KEY", "export ", "=", "\"", "'", "`", "\\", "\\n", "$", "${A}", "${", "}", "#", " #", " ", "\t", "\n", "\r\n",
        "\r", "\u{FEFF}", "value", "two words",
    ]));
    documents, ["JSON": 30, "YAML": 60, "TOML": 50]: either(tree::documents(), pieces(&[
        "{", "}", "[", "]", ":", ": ", ",", "\"a\"", "\"b\"", "a", "b", "- ", "\n", "\n  ", "\n    ", "? ", "&x ", "*x", "<<", "!!str ", "!t ",
        "|", ">", "'", "\"", "\\u0000", "\\ud83d", "1.10", "1e400", "-0", "0x1F", "true", "null", "~", "---", "...", "#", " = ", "[a]\n", "[[a]]\n",
        "'''", "\"\"\"", "1979-05-27T07:32:00Z", "inf", "nan",
    ]));
    edit, ["dotenv": 80, "JSON": 100, "YAML": 120, "TOML": 100, "set": 40, "added": 300, "removed": 8, "refused": 300]: either(edits(), pieces(&[
        "\0", "a", "b", "a_b", "=", ":", ": ", "1", "true", "x", "\n", "\r\n", "\n  ", "- ", "{", "}", "[", "]", ",", "\"", "'", "#", " # c\n", "|\n", "&k ", "*k",
        "<<: ", "!t ", " = ", "[a]\n", "[[a]]\n", "\"\"\"", "export ", "// c\n", "/* c */", "---\n", "\u{FEFF}", "0x1F", "1979-05-27",
    ]));
    merge3, ["merged": 100, "one side": 200, "conflict": 100]: either(merges(), pieces(&[
        "\0", "\0a: 1\n", "\0a=1\n", "a", "b", "=", ": ", "1", "2", "x", "\n", "\n  ", "- ", "{", "}", "[", "]", ",", "\"", "'", " # c\n", "|\n", "&k ", "*k", " = ",
        "[a]\n", "export ",
    ]));
    catalog, ["read": 140, "added to": 120, "added to and changed": 60]: either(catalogs(), pieces(&[
        "version: v4\n", "version: v2\n", "context: shop\n", "files:\n", "files: []\n", "- path: a/.env\n", "- path: b/${ENV}/.env\n", "  a:\n",
        "  store: aws-s3\n", "  data:\n", "    AWS_S3_BUCKET: x\n", "  tags: [a, b]\n", "  tags:\n  - a\n", "  versions:\n  - v1\n", "  isRef: true\n",
        "  alternatePath: c\n", "&x ", "*x", "<<: *x\n", "{", "}", "[", "]", "'", "\"", "|\n", "# why\n", " ", "\n", "\r\n", "!!str ", "? ", "---\n", "~",
    ]));
    manifest, ["a file": 35, "an alternate path": 15, "a message": 10, "an author": 10]: manifests();
    version, ["head": 80, "a name": 50, "a channel": 60, "a requirement that is met": 80, "a requirement that several names meet alike": 15, "a requirement that is not met": 40, "refused": 200]: versions();
    tag, ["matched": 60, "not matched": 200, "refused": 200]: lines("[ab]( ?[&|][ab]){0,3}|[ab&| ]{0,6}", "[ab]{0,2}");
    glob, ["matched": 250, "not matched": 150, "braces": 450]: prop_oneof![
        globs(),
        lines("[abé.]{1,3}(/[abé.]{1,3}){0,3}", "[abé?*.\\[\\]{},!\\\\-]{0,6}(/([ab?*]{1,3}|\\*\\*)){0,3}"),
    ];
    key_pattern, ["included": 20, "excluded": 30, "matched by none": 300, "refused": 60]: lines("[abü]{0,5}", "!?[ab?*ü #]{0,5}");
    lock, ["no entry": 60, "an entry": 25, "several entries": 5, "refused": 300]: either(locks(), pieces(&[
        "format = 1\n", "[config.a]\n", "[config", "context = ", "\"shop\"\n", "requirement = ", "\"^1\"\n", "version", "=", "\n", "]", "\"",
    ]));
    types, ["decided": 200, "left open": 150, "refused": 100]: lines(
        "[ab](/[ab])?", "(\\./)?([ab*]|\\*\\*)(/[ab?*])? ?= ?(raw|JSON|yaml|toml|dotenv|env)"
    );
    inputs, ["a request": 200, "an error": 250]: pieces(&[
        "\0", "\0\0", "\0\0\0\0", "true", "false", "True", "pull", "push", "v1", "^1", "latest", "head", "shop", "a-bucket", "a/.env", "**/*", "!", "\n",
        "sha256:", "arn:aws:iam::111122223333:role/x", "us-east-1", "111122223333", "https://", "http://127.0.0.1:1", "/", "..", "last", "snake", "json",
        "A=1", "A | B", "all", "none", "900", "ignore",
    ]);
    file_command, ["written": 200, "drawn again": 15, "a name refused": 150, "a NUL refused": 90]: names_and_values();
}

#[test]
fn each_is_a_target_of_the_fuzzer() {
    let targets = fs::read_dir(fuzz().join("fuzz_targets")).unwrap();
    let targets: BTreeSet<_> =
        targets.map(|target| target.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(targets, NAMES.iter().map(|name| (*name).to_owned()).collect());
}
