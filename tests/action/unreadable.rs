//! Variables of the job that are not UTF-8 text.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::harness::Bucket;
use crate::story::{published, pull, push, titled};

fn no_text() -> &'static OsStr {
    OsStr::from_bytes(b"caf\xe9")
}

#[test]
fn one_is_named_once_and_nothing_else_changes() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    let run = pull(&bucket).env_bytes("STRANGE", no_text()).run().succeeds();
    let warnings = titled(&run, "Unreadable variables");
    assert_eq!(warnings.len(), 1, "{}", run.printed());
    assert!(warnings[0].contains("STRANGE"), "{:?}", warnings[0]);
    assert_eq!(run.output("TOKEN"), "swordfish");
    assert!(titled(&pull(&bucket).run().succeeds(), "Unreadable variables").is_empty());
}

#[test]
fn one_that_is_set_is_not_overwritten_where_that_is_asked_for() {
    let bucket = published(&[(".env", "TOKEN=swordfish\nOTHER=salmon-pink\n")]);
    let step = pull(&bucket).input("export-env", "true").input("no-overwrite", "true").env_bytes("TOKEN", no_text());
    let run = step.run().succeeds();
    assert_eq!(run.env.keys().collect::<Vec<_>>(), ["OTHER"]);
}

#[test]
fn one_that_a_value_refers_to_is_named_beside_the_error() {
    let bucket = published(&[(".env", "TOKEN=${STRANGE}-x\n")]);
    let run = pull(&bucket).input("expand", "true").env_bytes("STRANGE", no_text()).run().fails(2);
    run.says("refers to \"STRANGE\"").says("These variables are not UTF-8 text, and count as not set: STRANGE.");
}

#[test]
fn one_that_names_a_place_is_refused_by_name_and_no_other_place_taken() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    for name in ["GITHUB_WORKSPACE", "GITHUB_OUTPUT", "GITHUB_ENV", "RUNNER_TEMP"] {
        let step = pull(&bucket).input("export-env", "true").input("format", "json");
        let run = step.env_bytes(name, no_text()).run().fails(2);
        run.says(&format!("The variable {name} is not UTF-8 text, so what it names cannot be used."));
    }
    // Where it is not needed, it is no matter.
    pull(&bucket).env_bytes("RUNNER_TEMP", no_text()).run().succeeds();
    let keys = bucket.keys();
    let step = push(&bucket, &[("other.env", "OTHER=barracuda\n")]).version("v2");
    step.env_bytes("GITHUB_WORKSPACE", no_text()).run().fails(2).says("GITHUB_WORKSPACE");
    assert_eq!(bucket.keys(), keys);
}

#[test]
fn an_input_is_refused_by_name() {
    let run = pull(&Bucket::missing()).env_bytes("INPUT_FILES", no_text()).run().fails(2);
    run.says("The input `files` is not UTF-8 text. Write it in UTF-8.");
}
