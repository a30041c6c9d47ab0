//! Which files a push takes.

use std::fs;

use crate::harness::{Action, Bucket, Fixture, shows};
use crate::story::{VERSION, error_of, published, push};

const CATALOG: &str = "version: v4\ncontext: shop\nfiles:\n\
    - path: service/dev/.env\n  store: aws-s3\n  tags: [service, dev]\n\
    - path: service/qa/.env\n  store: aws-s3\n  tags: [service, qa]\n";

/// A push of [`VERSION`] in a repository with a catalog of two files, and one file that it does not know.
fn repository(bucket: &Bucket) -> Action {
    Action::push(bucket)
        .version(VERSION)
        .repository_file("cstore.yml", CATALOG)
        .workspace_file("service/dev/.env", "TOKEN=of-development\n")
        .workspace_file("service/qa/.env", "TOKEN=of-quality\n")
        .workspace_file("web/prod/.env", "TOKEN=of-production\n")
}

/// The paths that the version consists of.
fn pushed(bucket: &Bucket) -> Vec<String> {
    let manifest = bucket.get("shop/.cstore/versions/v1.0.0.json").json();
    manifest["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_catalogs_when_none_is_named() {
    let bucket = Bucket::versioned();
    repository(&bucket).run().succeeds();
    assert_eq!(pushed(&bucket), ["service/dev/.env", "service/qa/.env"]);
}

#[test]
fn those_that_are_named_known_to_the_catalog_or_not() {
    for (files, expected) in [
        (&["service/dev/.env"][..], &["service/dev/.env"][..]),
        (&["web/prod/.env"], &["web/prod/.env"]),
        (&["./service/dev/.env", "web/prod/.env"], &["service/dev/.env", "web/prod/.env"]),
        (&["service/**"], &["service/dev/.env", "service/qa/.env"]),
        (&["**/.env"], &["service/dev/.env", "service/qa/.env", "web/prod/.env"]),
        (&["**/.env", "!service/qa/.env"], &["service/dev/.env", "web/prod/.env"]),
        (&["!service/qa/.env"], &["service/dev/.env"]),
        (&["!service/**", "service/qa/.env"], &["service/qa/.env"]),
        (&["!service/qa/*", "web/**"], &["service/dev/.env", "web/prod/.env"]),
    ] {
        let bucket = Bucket::versioned();
        repository(&bucket).files(files).run().succeeds();
        assert_eq!(pushed(&bucket), expected, "{files:?}");
    }
}

#[test]
fn those_with_the_tags() {
    for (tags, expected) in [
        ("dev", &["service/dev/.env"][..]),
        ("service&qa", &["service/qa/.env"]),
        ("dev|qa", &["service/dev/.env", "service/qa/.env"]),
    ] {
        let bucket = Bucket::versioned();
        repository(&bucket).input("tags", tags).run().succeeds();
        assert_eq!(pushed(&bucket), expected, "{tags}");
    }
    let bucket = Bucket::versioned();
    repository(&bucket).input("tags", "nowhere").run().fails(6).says("`tags`");
    assert!(bucket.keys().is_empty());
}

#[test]
fn nothing_is_sent_when_one_is_missing() {
    let bucket = Bucket::versioned();
    let run = repository(&bucket).files(&["service/dev/.env", "typo/.env"]).run();
    run.fails(6).says("typo/.env");
    // A file of the catalog that is not in the workspace.
    let step = repository(&bucket);
    step.workspace().remove("service/qa/.env");
    step.run().fails(6).says("service/qa/.env");
    repository(&bucket).files(&["nothing/**"]).run().fails(6).says("nothing/**");
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
}

#[test]
fn a_file_whose_path_cannot_be_pushed_is_not_left_out_without_a_word() {
    let bucket = Bucket::versioned();
    let step = |files: &[&str]| repository(&bucket).files(files).workspace_file("web/a:b/.env", "TOKEN=of-a-colon\n");
    step(&["**/.env"]).run().fails(2).says("web/a:b/.env").says("contains a `:`");
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
    step(&["**/.env", "!web/a?b/*"]).run().succeeds();
    assert_eq!(pushed(&bucket), ["service/dev/.env", "service/qa/.env", "web/prod/.env"]);
}

#[test]
fn there_must_be_one() {
    let bucket = Bucket::versioned();
    Action::push(&bucket).version(VERSION).run().fails(2).says("`files`");
}

#[test]
fn what_is_only_not_excluded_is_pushed_by_the_catalog_alone() {
    let bucket = Bucket::versioned();
    let none =
        Action::push(&bucket).version(VERSION).workspace_file(".env", "TOKEN=of-nobody\n").files(&["!a", "!b/**"]);
    none.run().fails(2).says("lines with `!` only leave out files of the catalog, and there is no catalog");
    let all = repository(&bucket).files(&["!service/**"]).workspace_file("web/a:b/.env", "TOKEN=of-a-colon\n");
    all.run().fails(2).says("and it names no others");
    all.input("dry-run", "true").run().fails(2).says("and it names no others");
    assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
    repository(&bucket)
        .files(&["!service/qa/.env"])
        .input("tags", "service|prod")
        .workspace_file("web/a:b/.env", "TOKEN=of-a-colon\n")
        .run()
        .succeeds();
    assert_eq!(pushed(&bucket), ["service/dev/.env"]);
}

#[test]
fn what_is_no_regular_file_is_refused() {
    let _shown =
        shows("T2", "a push names a folder, or a link out of the workspace", "code 2, naming it; nothing sent");
    let bucket = Bucket::versioned();
    let push = |path| Action::push(&bucket).version(VERSION).files(&[path]);

    let step = push("folder.env");
    step.workspace().write("folder.env/file", "x");
    step.run().fails(2).says("folder.env").says("is a folder");

    let step = push("linked.env");
    fs::write(step.workspace().outside("passwd"), "TOKEN=of-the-runner\n").unwrap();
    step.workspace().link("linked.env", step.workspace().outside("passwd"));
    step.run().fails(2).says("linked.env").says("leads out of the workspace");
    assert!(bucket.keys().is_empty());
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version(VERSION).files(&["large.bin"]);
    step.workspace().write("large.bin", vec![0; 16 * 1024 * 1024 + 1]);
    step.run().fails(2).says("Object too large").says("large.bin").says("larger than");
    assert!(bucket.keys().is_empty());
}

#[test]
fn a_file_that_cannot_be_read_as_what_it_is_is_refused_with_its_line() {
    for (path, contents, line) in [
        ("a/.env", "A=1\nB=\"open quote of-a-secret\n", Some(2)),
        ("a.json", "{\n  \"a\": 1,\n  \"b\": of-a-secret\n}", Some(3)),
        ("a.yml", "a: 1\nb: [of-a-secret\nc: 2\n", Some(3)),
        ("a.toml", "a = 1\nb = of-a-secret\n", Some(2)),
    ] {
        let bucket = Bucket::versioned();
        let step = Action::push(&bucket).version(VERSION).files(&[path]).workspace_file(path, contents);
        let run = step.run().fails(2).does_not_say("of-a-secret");
        let error = error_of(&run);
        assert_eq!((error.file.as_deref(), error.line), (Some(path), line), "{error:?}");
        assert!(bucket.keys().is_empty(), "{path}");
    }
}

#[test]
fn a_malformed_catalog_is_refused_with_its_line() {
    let bucket = Bucket::versioned();
    let run = Action::push(&bucket).repository_file("cstore.yml", "version: v4\ncontext: [shop\n").run().fails(2);
    let error = error_of(&run);
    assert_eq!(error.file.as_deref(), Some("cstore.yml"));
    assert!(error.line.is_some_and(|line| line >= 2), "{error:?}");
}

#[test]
fn files_of_several_buckets_are_no_version_of_one() {
    let bucket = Bucket::versioned();
    let catalog = CATALOG.replacen("store: aws-s3", "store: aws-s3\n  data: {AWS_S3_BUCKET: one-bucket}", 1).replacen(
        "qa/.env\n  store: aws-s3",
        "qa/.env\n  store: aws-s3\n  data: {AWS_S3_BUCKET: other-bucket}",
        1,
    );
    let step = || repository(&bucket).repository_file("cstore.yml", &catalog);
    step().input("bucket", "").run().fails(2).says("one-bucket").says("other-bucket").says("`bucket`");
    // An input is not overruled by a file.
    step().run().succeeds();
    assert_eq!(pushed(&bucket).len(), 2);
}

#[test]
fn a_dry_run_sends_nothing() {
    let bucket = Bucket::versioned();
    let run = repository(&bucket).input("dry-run", "true").input("update-catalog", "true").run().succeeds();
    assert_eq!(run.output("config-changed"), "true");
    assert!(bucket.keys().is_empty());
    assert_eq!(run.file("cstore.yml"), CATALOG);
}

#[test]
fn linked_catalogs_are_left_to_steps_of_their_own() {
    let fixture = Fixture::load("linked-catalog");
    let step = fixture.action("push").version("v7").workspace_file("service/dev/.env", "TOKEN=swordfish\n");
    step.run().succeeds().says("Linked catalogs are not pushed with this one");
}

#[test]
fn an_overwrite_says_what_it_replaces_in_a_dry_run_too() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n"), ("old.env", "OLD=barracuda\n")]);
    let old = Action::pull(&bucket).version(VERSION).run().succeeds().output("config-digest").to_owned();
    let step = || push(&bucket, &[(".env", "TOKEN=tigershark\n")]).input("overwrite", "true");
    step().input("dry-run", "true").run().succeeds().says("Would push").says(&format!("Would replace {old}"));
    step().run().succeeds().says(&format!("Replaced {old}"));
    step().run().succeeds().does_not_say("Replaced");
}

/// What the version's manifest records beside its files.
fn message_of(bucket: &Bucket) -> serde_json::Value {
    bucket.get("shop/.cstore/versions/v1.0.0.json").json()["message"].clone()
}

#[test]
fn what_is_said_of_a_push_is_in_its_manifest() {
    let bucket = Bucket::versioned();
    repository(&bucket).run().succeeds();
    assert!(message_of(&bucket).is_null());
    let again = repository(&bucket).input("message", "  Rotate the key\r\n\r\nIt was in a log.\n");
    // The same content under the same name is the same version.
    again.run().succeeds();
    assert!(message_of(&bucket).is_null());
    again.input("overwrite", "true").run().succeeds();
    assert_eq!(message_of(&bucket), "Rotate the key\n\nIt was in a log.");
}

#[test]
fn a_message_that_is_too_long_or_deceives_is_refused() {
    let (long, fits) = ("ü".repeat(1001), "ü".repeat(1000));
    let why = ["is not a valid message", "it has the character U+001B", "it has the character U+202E"];
    for (text, why) in [&long, "a\r\nb\u{1b}[31m", "a\u{202e}b"].into_iter().zip(why) {
        let bucket = Bucket::versioned();
        repository(&bucket).input("message", text).run().fails(2).says("`message`").says("1,000").says(why);
        assert!(bucket.keys().is_empty());
    }
    let bucket = Bucket::versioned();
    repository(&bucket).input("message", &fits).run().succeeds();
    assert_eq!(message_of(&bucket), fits);
}

#[test]
fn the_message_of_a_release_is_its_title() {
    for (event, document, message) in [
        ("release", r#"{"release":{"name":" Autumn ","tag_name":"v1.0.0","body":"long"}}"#, Some("Autumn")),
        ("release", r#"{"release":{"name":null,"tag_name":"v1.0.0"}}"#, None),
        ("release", r#"{"release":{"name":"a\u001b[31m"}}"#, None),
        ("release", "no JSON", None),
        ("push", r#"{"release":{"name":"Autumn"}}"#, None),
    ] {
        let bucket = Bucket::versioned();
        repository(&bucket).event(event, document).run().succeeds();
        assert_eq!(message_of(&bucket).as_str(), message, "{event} {document}");
    }
    let bucket = Bucket::versioned();
    let release = repository(&bucket).event("release", r#"{"release":{"name":"Autumn"}}"#);
    release.input("message", "Winter").run().succeeds();
    assert_eq!(message_of(&bucket), "Winter");
}
