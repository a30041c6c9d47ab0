use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::catalog::{Catalog, CatalogVersion};
use crate::name::{Context, VersionName};
use crate::tried::holds;

fn update(path: &str) -> EntryUpdate {
    EntryUpdate { path: path.to_owned(), ..EntryUpdate::default() }
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn tags(tags: &[&str]) -> Option<Vec<String>> {
    Some(tags.iter().map(|&tag| tag.to_owned()).collect())
}

fn version(name: &str) -> Option<VersionName> {
    Some(VersionName::new(name).unwrap())
}

fn run(original: &str, entries: &[EntryUpdate]) -> Result<String, String> {
    let update = CatalogUpdate { entries: entries.to_vec(), ..CatalogUpdate::default() };
    edit(Some(original.as_bytes()), &update).map_err(|error| error.to_string())
}

fn edited(original: &str, entry: EntryUpdate) -> String {
    run(original, &[entry]).unwrap()
}

/// The lines that differ, as `diff` would show them.
fn diff(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.split('\n').collect(), after.split('\n').collect());
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let tail = before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let show = |sign: &str, lines: &[&str]| lines.iter().map(|line| format!("{sign}{line}\n")).collect::<String>();
    show("-", &before[head..before.len() - tail]) + &show("+", &after[head..after.len() - tail])
}

const V4: &str = include_str!("../../../tests/go_cstore/fixtures/many-files-tags/workspace/cstore.yml");
const V2: &str = include_str!("../../../tests/go_cstore/fixtures/v2-push/workspace/cstore.yml");

const BY_HAND: &str = "\
# Our own remarks.

version: v4   # do not touch
owner: {team: \"shop\"}
context: 'shop'

files:
  # the main one
  - path: service/dev/.env   # local
    type: env
    note: |
      several
        lines

    data: {AWS_S3_BUCKET: old-bucket, X: \"1\"} # flow
    tags: [service, dev]   # two
    versions: [v1, 'v2']

  # no data, no tags
  -   path: \"bare.json\" # quoted
      versions: [] # none yet
  # the end
trailer:
- 1
";

#[test]
fn nothing_to_change_changes_nothing() {
    for original in [V4, V2, BY_HAND, "", "# x", "---\n", "files: []"] {
        assert_eq!(run(original, &[]).unwrap(), original);
    }
    let mut same = update("service/dev/.env");
    same.bucket = text("cstore-project");
    same.tags = tags(&["dev", "service"]);
    same.version = version("v1.0.0");
    same.file_type = text("env");
    assert_eq!(edited(V2, same), V2);
}

#[test]
fn a_version_is_one_line_more() {
    let mut entry = update("service/dev/.env");
    entry.version = version("v1.1.0");
    assert_eq!(diff(V2, &edited(V2, entry.clone())), "+    - v1.1.0\n");
    assert_eq!(diff(V4, &edited(V4, entry)), "-  versions: []\n+  versions:\n+  - v1.1.0\n");
}

#[test]
fn a_key_is_one_line_more_and_a_bucket_one_changed() {
    let mut entry = update("web/dev/config.json");
    entry.kms_key = text("arn:aws:kms:eu-west-1:1:key/a");
    let keyed = edited(V4, entry.clone());
    assert_eq!(diff(V4, &keyed), "+    AWS_STORE_KMS_KEY_ID: arn:aws:kms:eu-west-1:1:key/a\n");
    entry.bucket = text("other");
    entry.kms_key = None;
    assert_eq!(
        diff(&keyed, &edited(&keyed, entry)),
        "-    AWS_S3_BUCKET: project-configs\n+    AWS_S3_BUCKET: other\n"
    );
}

#[test]
fn tags_that_stay_keep_their_lines() {
    let original = "files:\n- path: a\n  tags:\n  - one # 1\n  # about two\n  - two\n  - three\n  x: y\n";
    let mut entry = update("a");
    entry.tags = tags(&["new", "three", "one", "new"]);
    let expected = "files:\n- path: a\n  tags:\n  - one # 1\n  # about two\n  - three\n  - new\n  x: y\n";
    assert_eq!(edited(original, entry.clone()), expected);
    entry.tags = tags(&[]);
    assert_eq!(edited(original, entry), "files:\n- path: a\n  tags: []\n  # about two\n  x: y\n");
}

#[test]
fn new_fields_go_where_the_go_tool_has_them() {
    let mut entry = update("service/dev/.env");
    entry.alternate_path = text(".env");
    assert_eq!(diff(V4, &edited(V4, entry)), "+  alternatePath: .env\n");

    let original = "files:\n- path: a\n  vaults: {}\n  # last\n";
    let mut entry = update("a");
    entry.file_type = text("env");
    entry.bucket = text("b");
    entry.kms_key = text("k");
    entry.tags = tags(&["t"]);
    entry.version = version("v1");
    let expected = "files:\n- path: a\n  type: env\n  data:\n    AWS_S3_BUCKET: b\n    AWS_STORE_KMS_KEY_ID: k\n  tags:\n  - t\n  \
                    vaults: {}\n  versions:\n  - v1\n  # last\n";
    assert_eq!(edited(original, entry), expected);
}

#[test]
fn what_a_person_wrote_stays() {
    let mut first = update("service/dev/.env");
    first.bucket = text("new-bucket");
    first.kms_key = text("alias/k");
    first.tags = tags(&["dev", "x y"]);
    first.version = version("v3");
    let mut second = update("bare.json");
    second.tags = tags(&["t"]);
    second.version = version("1.0");
    let new = update("web/qa/.env");
    let changed = run(BY_HAND, &[first, second, new]).unwrap();
    let expected = BY_HAND
        .replace("{AWS_S3_BUCKET: old-bucket, X: \"1\"}", "{AWS_S3_BUCKET: new-bucket, X: \"1\", AWS_STORE_KMS_KEY_ID: alias/k}")
        .replace("[service, dev]", "[dev, 'x y']")
        .replace("[v1, 'v2']", "[v1, 'v2', v3]")
        .replace(
            "      versions: [] # none yet\n",
            "      versions: # none yet\n      - '1.0'\n  - path: web/qa/.env\n    store: aws-s3\n    type: env\n    tags:\n    \
             - web\n    - qa\n    versions: []\n",
        )
        .replace("# quoted\n", "# quoted\n      tags:\n      - t\n");
    assert_eq!(changed, expected);
}

#[test]
fn entries_are_added_as_the_go_tool_would() {
    let mut entry = update("b/.env");
    entry.bucket = text("cstore-project");
    let mut expected = "\
- path: b/.env
  store: aws-s3
  type: env
  data:
    AWS_S3_BUCKET: cstore-project
  tags:
  - b
  versions: []
"
    .to_owned();
    assert_eq!(edited(V4, entry.clone()), V4.to_owned() + &expected);

    entry.version = version("v1.0.0");
    expected = "  4a4aeebf7cd5a8bd3d2ae50f10a3a7a8:\n    path: b/.env\n    store: aws-s3\n    isRef: false\n    type: env\n    \
                data:\n      AWS_S3_BUCKET: cstore-project\n    tags:\n    - b\n    versions:\n    - v1.0.0\n"
        .replace("4a4aeebf7cd5a8bd3d2ae50f10a3a7a8", &crate::yaml::scalar(&write::key_of("b/.env")));
    assert_eq!(edited(V2, entry), V2.to_owned() + &expected);
}

#[test]
fn the_first_entry_of_an_empty_catalog() {
    let entry = "- path: a\n  store: aws-s3\n  versions: []\n";
    for (original, expected) in [
        ("version: v4\ncontext: p\nfiles: []\n", format!("version: v4\ncontext: p\nfiles:\n{entry}")),
        ("version: v4\nfiles: {} # c\n", format!("version: v4\nfiles: # c\n{entry}")),
        ("version: v4\nfiles:\nx: y", format!("version: v4\nfiles:\n{entry}x: y")),
        ("context: p\nx: y\n", format!("context: p\nfiles:\n{entry}x: y\n")),
        ("# mine", format!("# mine\nversion: v4\nfiles:\n{entry}")),
        ("---\n", format!("---\nversion: v4\nfiles:\n{entry}")),
    ] {
        assert_eq!(edited(original, update("a")), expected);
    }
    let v2 = edited("version: v2\nfiles: {}\n", update("a"));
    let expected = "version: v2\nfiles:\n  0cc175b9c0f1b6a831c399e269772661:\n    path: a\n    store: aws-s3\n    isRef: false\n    \
                    versions: []\n";
    assert_eq!(v2, expected);
}

#[test]
fn a_new_catalog_begins_with_a_header() {
    let mut entry = update("service/dev/.env");
    entry.bucket = text("cstore-shop");
    let update = CatalogUpdate {
        context: Some(Context::new("shop").unwrap()),
        entries: vec![entry],
        ..CatalogUpdate::default()
    };
    insta::assert_snapshot!(edit(None, &update).unwrap(), @"
    # Where this project's configuration is stored; the files themselves are in the S3 bucket.
    # Written by cstore, which keeps what is changed here by hand. Paths are relative to this file's folder.
    version: v4
    context: shop
    files:
    - path: service/dev/.env
      store: aws-s3
      type: env
      data:
        AWS_S3_BUCKET: cstore-shop
      tags:
      - service
      - dev
      versions: []
    ");
    let empty = Catalog::read(edit(None, &CatalogUpdate::default()).unwrap().as_bytes()).unwrap();
    assert_eq!(empty, Catalog { version: Some(CatalogVersion::V4), ..Catalog::default() });
}

#[test]
fn a_context_is_written_where_there_is_none() {
    let with = |original: &str| {
        let update =
            CatalogUpdate { context: Some(Context::from_catalog("my team/x").unwrap()), ..CatalogUpdate::default() };
        edit(Some(original.as_bytes()), &update).unwrap()
    };
    assert_eq!(with("version: v4\nfiles: []\n"), "version: v4\ncontext: 'my team/x'\nfiles: []\n");
    assert_eq!(with("context: # c\nfiles: []\n"), "context: 'my team/x' # c\nfiles: []\n");
    assert_eq!(with("context: mine\n"), "context: mine\n");
}

#[test]
fn line_endings_and_a_missing_last_one_are_kept() {
    let mut entry = update("a");
    entry.version = version("v1");
    entry.bucket = text("b");
    let expected = "version: v4\r\nfiles:\r\n- path: a\r\n  data:\r\n    AWS_S3_BUCKET: b\r\n  versions:\r\n  - v1\r\n";
    assert_eq!(edited("version: v4\r\nfiles:\r\n- path: a\r\n  versions: []\r\n", entry.clone()), expected);
    assert_eq!(
        edited("files:\n- path: a", entry),
        "files:\n- path: a\n  data:\n    AWS_S3_BUCKET: b\n  versions:\n  - v1"
    );
    assert_eq!(
        edited("\u{feff}files:\n- path: ü", update("b")),
        "\u{feff}files:\n- path: ü\n- path: b\n  store: aws-s3\n  versions: []"
    );
}

#[test]
fn an_entry_after_the_end_mark_or_a_block_scalar() {
    let added = "- path: b\n  store: aws-s3\n  versions: []\n";
    for (head, tail) in [
        ("---\nfiles:\n- path: a\n", "...\n"),
        ("files:\n- path: a\n  note: |+\n    x\n\n", ""),
        ("files:\n- path: a\n  note: >-\n    x\n\n", "# c\n"),
        ("files:\n- path: a\n  note: 'x\n    y' # c\n", "# d\n"),
        ("files:\n- path: a\n  note: x\n    y\n", "z: 1\n"),
    ] {
        assert_eq!(edited(&[head, tail].concat(), update("b")), [head, added, tail].concat());
    }
}

#[test]
fn what_cannot_be_changed_safely_is_refused() {
    let mut entry = update("a");
    entry.bucket = text("b");
    entry.version = version("v9");
    let cases = [
        ("{files: [{path: a}]}", "line 1: the entry is written in a form that cannot be changed in place"),
        ("files: [{path: a}]", "line 1: the entry is written"),
        ("files:\n- &x\n  path: a\n", "line 2: the entry is written"),
        ("x: &x {path: a}\nfiles:\n- *x\n", "line 3: the entry is written"),
        ("files: &x\n- path: a\n", "line 2: files is written"),
        ("x: &x {tags: [t]}\nfiles:\n- path: a\n  <<: *x\n", "line 3: the entry is written"),
        ("files:\n- path: a\n  data: &x {K: v}\n", "line 3: data is written"),
        ("x: &x {K: v}\nfiles:\n- path: a\n  data: *x\n", "line 4: data is written"),
        (
            "files:\n- path: a\n  data:\n    AWS_S3_BUCKET: !!str x\n    AWS_STORE_KMS_KEY_ID: &y z\n  versions: &v [v1]\n",
            "line 6: versions is written",
        ),
        (
            "files:\n- path: a\n  data:\n    AWS_S3_BUCKET: |\n      x\n",
            "line 2: the bucket has characters that cannot be shown",
        ),
        ("files:\n- path: a\n  data:\n    AWS_S3_BUCKET: &y x\n", "line 4: AWS_S3_BUCKET is written"),
        ("files:\n- path: a\n  versions:\n  -\n    v1\n", "line 4: versions is written"),
        ("files:\n- path: a\n  versions: &v []\n", "line 3: versions is written"),
        ("files:\n- path: a\n  versions:\n    # c\n    []\n", "line 3: versions is written"),
        ("files:\n- path: a\n  isRef: true\n", r#"line 2: the path "a" names another catalog and is not a file"#),
        ("files: [", "line 1: it is not valid YAML at column 8"),
    ];
    for (original, message) in cases {
        let error = run(original, std::slice::from_ref(&entry)).unwrap_err();
        assert!(error.starts_with(message), "{original:?}: {error}");
    }
    let stale = format!("version: v2\nfiles:\n  {}:\n    path: b\n", write::key_of("a"));
    assert_eq!(run(&stale, &[entry]).unwrap_err(), r#"line 3: another entry has the key of the path "a""#);
}

#[test]
fn updates_that_no_catalog_can_hold_are_refused() {
    let mut empty = update("a");
    empty.bucket = text("");
    let mut control = update("a");
    control.tags = tags(&["x", "a\nb"]);
    let mut outside = update("a");
    outside.alternate_path = text("../x");
    let cases = [
        (empty, r#"the new bucket of "a" is empty or has a control or formatting character"#),
        (control, r#"the new tag of "a" is empty or has a control or formatting character"#),
        (outside, r#""../x" is not a valid path: `.` and `..` are not allowed in it"#),
        (update("../x"), r#""../x" is not a valid path: `.` and `..` are not allowed in it"#),
        (update(""), r#""" is not a valid path: it is empty"#),
    ];
    for (bad, message) in cases {
        assert_eq!(run("files: []\n", &[bad]).unwrap_err(), message);
    }
    let twice = run("files:\n- path: a\n", &[update("a"), update("a")]);
    assert_eq!(twice.unwrap_err(), r#"the path "a" is to be changed twice"#);
}

/// A value that YAML could take for something else.
fn awkward() -> impl Strategy<Value = String> {
    "([a-z0-9]|[ .:#'\"{}\\[\\],&*!|>%@`~?=-]|ü){1,8}"
        .prop_filter("a path", |value| ConfigPath::new(value).is_ok() && value.trim() == value)
}

fn any_update() -> impl Strategy<Value = EntryUpdate> {
    use proptest::option::of;
    let path = prop_oneof![
        Just("service/dev/.env".to_owned()),
        Just("bare.json".to_owned()),
        Just("certs/ca.pem".to_owned()),
        awkward()
    ];
    let tags = proptest::collection::vec(prop_oneof![Just("dev".to_owned()), awkward()], 0..4);
    let version = "[a-z0-9][a-z0-9.]{0,4}".prop_map(|name| VersionName::new(&name).unwrap());
    let deletes = of(any::<bool>());
    (path, of(awkward()), deletes, of(awkward()), of(awkward()), of(awkward()), of(tags), of(version)).prop_map(
        |(path, alternate_path, delete_after_push, file_type, bucket, kms_key, tags, version)| EntryUpdate {
            path,
            alternate_path,
            delete_after_push,
            file_type,
            bucket,
            kms_key,
            tags,
            version,
            omits_versions: false,
        },
    )
}

proptest! {
    /// Success means that the result says what was wanted and nothing else: `edit` itself checks that. Here: it does
    /// succeed and says so, it is stable, and no comment is lost.
    #[test]
    fn ordinary_catalogs_take_any_update(
        original in prop_oneof![Just(V4), Just(V2), Just(BY_HAND), Just("files: []\n"), Just("# x\n")],
        mut entries in proptest::collection::vec(any_update(), 1..4),
        crlf: bool,
        ended: bool,
    ) {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|a, b| a.path == b.path);
        let original = if ended { original } else { original.trim_end() };
        let original = if crlf { original.replace('\n', "\r\n") } else { original.to_owned() };
        let changed = run(&original, &entries);
        prop_assert!(changed.is_ok(), "{:?}", changed);
        let changed = changed.unwrap();
        prop_assert_eq!(&run(&changed, &entries).unwrap(), &changed);
        is_in(&entries, &changed);
        for comment in original.split('\n').filter_map(|line| Some(&line[line.find('#')?..])) {
            prop_assert!(changed.contains(comment), "{} is lost", comment);
        }
        prop_assert_eq!(original.contains("\r\n"), changed.contains("\r\n"));
    }
}

/// Asserts that a catalog says what was wanted.
fn is_in(entries: &[EntryUpdate], catalog: &str) {
    let catalog = Catalog::read(catalog.as_bytes()).unwrap();
    for entry in entries {
        let file = catalog.files.iter().find(|file| file.path.as_str() == entry.path).unwrap();
        let alternate = file.alternate_path.as_ref().map(|path| path.as_str().to_owned());
        assert!(entry.alternate_path.is_none() || entry.alternate_path == alternate, "{file:?}");
        assert!(entry.file_type.is_none() || entry.file_type == file.file_type, "{file:?}");
        assert!(entry.bucket.is_none() || entry.bucket == file.bucket, "{file:?}");
        assert!(entry.kms_key.is_none() || entry.kms_key == file.kms_key, "{file:?}");
        assert!(entry.version.iter().all(|version| file.versions.contains(&version.to_string())), "{file:?}");
        let sorted = |tags: &[String]| tags.iter().cloned().collect::<BTreeSet<_>>();
        assert!(entry.tags.as_ref().is_none_or(|tags| sorted(tags) == sorted(&file.tags)), "{file:?}");
    }
}

/// Whatever the text: it is changed as wanted or refused.
#[test]
fn other_texts_are_changed_rightly_or_refused() {
    let line = "(files:|- path: [ab]|  data:|  tags:|  versions:|  - v[12]|    AWS_S3_BUCKET: x|    [XY]: &x z|  u: \\||  # c|)\
                ( \\[\\]| \\{\\}| &x| 'q' # c| \\*x| \\[a,)?";
    let entry = "- path: [ab](\n  data:( # c)?\n    AWS_S3_BUCKET: x)?(\n  tags: \\[a\\])?(\n  versions:\n  - v[12])?(\n  # c)?";
    let entries = proptest::collection::vec(entry, 0..3);
    let texts = prop_oneof![
        proptest::collection::vec(line, 0..10).prop_map(|lines| lines.join("\n")),
        entries.prop_map(|entries| format!("files:\n{}", entries.join("\n"))),
    ];
    let kinds = [("changed", 8), ("added", 50), ("refused", 50)];
    holds(256, &(texts, any_update(), "[ab]|x/\\.env"), &kinds, |(text, mut entry, path)| {
        entry.path = path;
        let entry = [entry];
        let Ok(changed) = run(&text, &entry) else { return vec!["refused"] };
        is_in(&entry, &changed);
        vec![if text.contains(&format!("path: {}", entry[0].path)) { "changed" } else { "added" }]
    });
}

#[test]
fn the_catalogs_own_bucket_is_replaced_and_not_added() {
    let moved = |original: &str| {
        let update = CatalogUpdate { bucket: text("new-bucket"), ..CatalogUpdate::default() };
        edit(Some(original.as_bytes()), &update).unwrap()
    };
    let text = "context: a # c\ndata:\n  X: y\n  AWS_S3_BUCKET: old # mine\nfiles: []\n";
    assert_eq!(diff(text, &moved(text)), "-  AWS_S3_BUCKET: old # mine\n+  AWS_S3_BUCKET: new-bucket # mine\n");
    let text = "data: {AWS_S3_BUCKET: \"old\", X: y}\n";
    assert_eq!(moved(text), "data: {AWS_S3_BUCKET: new-bucket, X: y}\n");
    for text in ["context: a\n", "context: a\ndata: {X: y}\n", "data:\n  AWS_S3_BUCKET: new-bucket\n"] {
        assert_eq!(moved(text), text);
    }
}
