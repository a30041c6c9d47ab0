//! What the Go tool did wrong in the recordings, and this tool does not: each step is the recorded one.

use crate::DEV;
use crate::harness::Bucket;
use crate::typed::{Retyped, evaluated};

#[test]
fn a_version_that_is_not_there_fails() {
    let retyped = Retyped::new("versions");
    retyped.step(1).run().succeeds();
    retyped.step(6).run().fails(6).says("v9.9.9");
}

#[test]
fn a_file_that_is_not_there_fails_and_leaves_no_empty_catalog() {
    let retyped = Retyped::new("errors");
    retyped.step(1).run().fails(2).says("cstore init");
    retyped.step(2).run().fails(6).says("nothing.env");
    assert_eq!(retyped.local("cstore.yml"), None);
}

#[test]
fn a_store_that_is_not_there_fails() {
    let retyped = Retyped::new("errors");
    retyped.file(DEV, "API_URL=https://dev.api.example.com\n");
    retyped.step(3).run().fails(2).says("nosuchstore").says("aws-s3");
    assert!(retyped.objects().is_empty() && retyped.local("cstore.yml").is_none());
}

#[test]
fn a_bucket_that_is_not_there_fails_and_leaves_no_catalog() {
    let retyped = Retyped::into("errors", Bucket::missing());
    retyped.file(DEV, "API_URL=https://dev.api.example.com\n");
    retyped.step(5).run().fails(6).says(retyped.bucket.name());
    assert_eq!(retyped.local("cstore.yml"), None);
}

#[test]
fn a_pull_of_an_object_that_is_gone_fails() {
    let retyped = Retyped::new("errors");
    retyped.file(DEV, "API_URL=https://dev.api.example.com\n");
    retyped.step(5).run().succeeds();
    retyped.bucket.delete("project/service/dev/.env");
    retyped.step(6).run().fails(6).says("project/service/dev/.env");
}

#[test]
fn answers_in_a_pipe_are_no_answers() {
    let retyped = Retyped::new("errors");
    retyped.file(DEV, "API_URL=https://dev.api.example.com\n");
    retyped.step(4).run().fails(2).says("--bucket").says("--kms-key-id");
    assert!(retyped.objects().is_empty() && retyped.local("cstore.yml").is_none());
}

#[test]
fn nothing_is_asked_for_at_every_push() {
    let retyped = Retyped::new("kms");
    retyped.step(1).run().fails(2);
    retyped.laptop.shell("cstore push service/dev/.env -s aws-s3").in_folder("project").run().succeeds();
    let again = retyped.step(2).run().succeeds();
    assert!(!again.stderr.contains('?') && !again.stderr.contains("AWS_STORE_KMS_KEY_ID"), "{}", again.stderr);
}

#[test]
fn what_somebody_else_stored_is_not_replaced() {
    let retyped = Retyped::new("conflict");
    retyped.step(1).run().succeeds();
    let theirs = "API_URL=https://theirs.example.com\n";
    retyped.bucket.put("project/service/dev/.env", theirs, &[]);
    // Neither a no nor a yes that comes through a pipe.
    for step in [2, 3] {
        retyped.step(step).run().fails(5).says(DEV);
        assert_eq!(retyped.objects()["project/service/dev/.env"], theirs);
    }
    retyped.laptop.shell("cstore push --overwrite").in_folder("project").run().succeeds();
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
}

#[test]
fn a_version_is_not_replaced_by_what_lies_here() {
    let retyped = Retyped::new("versions");
    retyped.step(1).run().succeeds();
    retyped.step(2).run().succeeds();
    let stored = retyped.objects();
    retyped.file(DEV, "API_URL=https://new.api.example.com\n");
    retyped.step(2).stdin("y\n").run().fails(4).says("v1.0.0");
    assert_eq!(retyped.objects(), stored);
}

#[test]
fn several_files_are_printed_apart_and_in_order() {
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    let first = retyped.step(4).prints_values().run().succeeds().stdout;
    let names: Vec<_> = first.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    let place =
        |wanted: &str| names.iter().position(|name| name.ends_with(wanted)).unwrap_or_else(|| panic!("{first}"));
    // In the catalog's order: the first file has no line break at its end in the recording either.
    assert!(place("QUOTED") < place("db_url"), "{first}");
    for _ in 0..3 {
        retyped.step(4).prints_values().run().succeeds().prints(&first);
    }
}

#[test]
fn a_quote_is_a_quote_to_the_shell() {
    let retyped = Retyped::new("many-files-tags");
    retyped.file(DEV, "API_URL=\"it's; touch here $(touch there)\"\n");
    retyped.step(1).run().succeeds();
    let printed = retyped.step(6).prints_values().run().succeeds().stdout;
    assert_eq!(evaluated(&printed, &["API_URL"]), ["it's; touch here $(touch there)"]);
}

#[test]
fn a_file_of_another_format_is_printed_too_and_never_half() {
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    // The Go tool printed {} and said that it cannot.
    assert_eq!(retyped.recorded_stdout(9), "{}");
    let printed = retyped.step(9).prints_values().run().succeeds().json();
    assert_eq!(printed["db_url"], "mongodb://x");
    retyped.laptop.shell("cstore pull certs/ca.pem -g json-object").in_folder("project").run().succeeds();
}

#[test]
fn values_are_no_references_to_secrets() {
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    retyped.step(8).run().fails(2).says("\"API_URL\"").prints("");
}

#[test]
fn a_purge_of_a_file_asks_first_and_keeps_the_local_one() {
    let retyped = Retyped::new("purge");
    retyped.file(DEV, "API_URL=https://dev.api.example.com\n");
    retyped.file("b/.env", "CONTACT=team@example.com\n");
    retyped.step(1).run().succeeds();
    let (objects, catalog) = (retyped.objects(), retyped.local("cstore.yml"));
    retyped.step(2).run().fails(2).says("Pass --yes.");
    retyped.step(3).run().fails(2).says("`REF` is not set.");
    assert_eq!((retyped.objects(), retyped.local("cstore.yml")), (objects, catalog));
    retyped.laptop.shell("cstore purge --yes b/.env").in_folder("project").run().succeeds();
    assert!(retyped.bucket.find("project/b/.env").is_none() && retyped.local("b/.env").is_some());
    Retyped::new("versions").step(7).run().fails(2).says("-v");
}

#[test]
fn secrets_are_not_injected_and_no_file_is_written_without_them() {
    let retyped = Retyped::new("secrets");
    retyped.step(1).run().succeeds();
    let mine = "PLAIN=my-own-value\n";
    retyped.file(DEV, mine);
    retyped.step(2).run().fails(2).says("Secrets Manager").prints("");
    retyped.step(3).run().fails(2).says("Secrets Manager").prints("");
    let variable = retyped.laptop.shell("env CSTORE_INJECT-SECRETS=true cstore pull").in_folder("project");
    variable.run().fails(2).says("Secrets Manager");
    assert_eq!(retyped.local(DEV).as_deref(), Some(mine));
    assert_eq!(retyped.local("service/dev/.env.secrets"), None);
}
