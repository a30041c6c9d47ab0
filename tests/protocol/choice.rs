//! Which files of a version or of the head a pull delivers.

use crate::harness::{Action, Bucket};
use crate::shop::{Files, State, assert_pulls, catalog, catalog_with, pull, push, push_head, with_files};

const FILES: [(&str, &str); 4] = [
    ("certs/ca.pem", "contents-of-ca\n"),
    ("service/dev/.env", "DEV=value-dev\n"),
    ("service/qa/.env", "QA=value-qa\n"),
    ("web/dev/config.json", "{\"web\":\"value-web\"}\n"),
];

fn pulled(action: &Action) -> Vec<String> {
    let run = action.run().succeeds();
    let files = run.json_output("config-files");
    files.as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned()).collect()
}

fn rows_hold(bucket: &Bucket, version: &str, catalog: Option<&str>) {
    let start = || {
        let action = pull(bucket, version);
        catalog.map_or_else(|| pull(bucket, version), |text| action.repository_file("cstore.yml", text))
    };
    for (lines, expected) in [
        (&["service/qa/.env"][..], &["service/qa/.env"][..]),
        (&["./service/qa/.env"], &["service/qa/.env"]),
        (&["web/dev/config.json", "service/dev/.env"], &["web/dev/config.json", "service/dev/.env"]),
        (&["service/**"], &["service/dev/.env", "service/qa/.env"]),
        (&["**/dev/*"], &["service/dev/.env", "web/dev/config.json"]),
        (&["!certs/*"], &["service/dev/.env", "service/qa/.env", "web/dev/config.json"]),
        (&["service/*/.env", "!service/qa/.env"], &["service/dev/.env"]),
    ] {
        assert_eq!(pulled(&start().files(lines)), expected, "files: {lines:?}, catalog: {}", catalog.is_some());
    }
    for (tags, expected) in [
        ("dev", &["service/dev/.env", "web/dev/config.json"][..]),
        ("service&dev", &["service/dev/.env"]),
        ("qa|web", &["service/qa/.env", "web/dev/config.json"]),
    ] {
        assert_eq!(pulled(&start().input("tags", tags)), expected, "tags: {tags}, catalog: {}", catalog.is_some());
    }
    start().input("tags", "blue").run().fails(6).says("`tags`");
    start().files(&["service/dev/.env", "no/such/.env"]).run().fails(6).says("no/such/.env");
    start().files(&["no/*"]).run().fails(6).says("no/*");
}

/// A catalog with the tags that the folders give.
fn tagged_catalog() -> String {
    catalog_with(&[
        ("certs/ca.pem", "tags: [certs]"),
        ("service/dev/.env", "tags: [service, dev]"),
        ("service/qa/.env", "tags: [service, qa]"),
        ("web/dev/config.json", "tags: [web, dev]"),
    ])
}

#[test]
fn files_and_tags_choose_among_a_version_without_a_catalog() {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", &FILES).run().succeeds();
    rows_hold(&bucket, "v1", None);
}

#[test]
fn files_and_tags_choose_among_a_version_with_a_catalog() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", &FILES).run().succeeds();
    rows_hold(&bucket, "v1", Some(&tagged_catalog()));
}

#[test]
fn files_and_tags_choose_among_the_head_without_a_catalog() {
    let bucket = Bucket::unversioned();
    push_head(&bucket, &FILES).run().succeeds();
    rows_hold(&bucket, "head", None);
}

#[test]
fn files_and_tags_choose_among_the_head_with_a_catalog() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &FILES).run().succeeds();
    rows_hold(&bucket, "head", Some(&tagged_catalog()));
}

#[test]
fn tags_of_the_manifest_are_those_of_the_catalog_at_the_push() {
    let bucket = Bucket::versioned();
    let catalog = catalog_with(&[("service/dev/.env", "tags: [blue]"), ("service/qa/.env", "")]);
    push(&bucket, "v1", &FILES[1..3]).repository_file("cstore.yml", catalog).run().succeeds();
    assert_eq!(pulled(&pull(&bucket, "v1").input("tags", "blue")), ["service/dev/.env"]);
    assert_eq!(pulled(&pull(&bucket, "v1").input("tags", "qa")), ["service/qa/.env"]);
}

#[test]
fn the_head_is_what_manifest_and_catalog_name_together() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &FILES[..2]).run().succeeds();
    bucket.put("shop/web/dev/config.json", FILES[3].1, &[]);
    let both = catalog(&[FILES[1], FILES[3]]);
    let run = pull(&bucket, "head").repository_file("cstore.yml", both).run().succeeds();
    let mut files = run.workspace.files();
    files.retain(|path| path != "cstore.yml");
    assert_eq!(files, ["certs/ca.pem", "service/dev/.env", "web/dev/config.json"]);
    // No manifest vouches for the last.
    assert_eq!(run.output("config-integrity"), "unmanaged");
    assert!(run.messages("warning").iter().any(|text| text.contains("web/dev/config.json")), "{}", run.printed());
}

#[test]
fn a_part_of_the_head_is_never_delivered_as_the_whole() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &FILES[..2]).run().succeeds();
    let run = pull(&bucket, "head").repository_file("cstore.yml", catalog(&FILES)).run().fails(6);
    run.says(": service/qa/.env, web/dev/config.json.");
}

#[test]
fn a_catalog_of_several_buckets_is_refused_where_there_is_a_manifest() {
    let (bucket, other) = (Bucket::versioned(), Bucket::versioned());
    let in_bucket = |bucket: &Bucket| format!("data:\n  AWS_S3_BUCKET: {}", bucket.name());
    let catalog = catalog_with(&[("service/dev/.env", &in_bucket(&bucket)), ("service/qa/.env", &in_bucket(&other))]);
    let of = |action: Action| action.input("bucket", "").repository_file("cstore.yml", &catalog);
    let files: &Files<'_> = &FILES[1..3];

    let before = State::from_bucket(&bucket);
    of(with_files(Action::push(&bucket).version("v1"), files)).run().fails(2).says(bucket.name()).says(other.name());
    assert_eq!(State::from_bucket(&bucket), before);
    // `files` settles it, and `bucket` does.
    of(with_files(Action::push(&bucket).version("v1"), files)).files(&["service/dev/.env"]).run().succeeds();
    of(pull(&bucket, "v1")).run().fails(2).says(other.name());
    of(pull(&bucket, "v1")).files(&["service/dev/.env"]).run().succeeds();
    of(with_files(Action::push(&bucket).version("v2"), files)).input("bucket", bucket.name()).run().succeeds();
    assert_pulls(&bucket, "v2", files);
}
