//! A job whose files for outputs are not there.

use crate::harness::shows;
use crate::story::{NEW, pull, push, versioned};

#[test]
fn without_a_place_for_outputs_the_step_says_so() {
    let _shown = shows(
        "F14",
        "GITHUB_OUTPUT or GITHUB_ENV is missing or cannot be written, and needed",
        "code 1, naming it; nothing delivered",
    );
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    pull(&bucket, "v1").without_env("GITHUB_OUTPUT").run().fails(1).says("GITHUB_OUTPUT");
    pull(&bucket, "v1").env("GITHUB_OUTPUT", "/nowhere/at/all").run().fails(1).says("GITHUB_OUTPUT");
    let export = || pull(&bucket, "v1").input("export-env", "true");
    export().without_env("GITHUB_ENV").run().fails(1).says("GITHUB_ENV");
    export().env("GITHUB_ENV", "/nowhere/at/all").run().fails(1).says("GITHUB_ENV");
}

#[test]
fn what_is_not_needed_is_not_missed() {
    let _shown =
        shows("F14", "GITHUB_ENV or GITHUB_STEP_SUMMARY is missing, and not needed", "success, without a word");
    let bucket = versioned();
    push(&bucket, NEW).without_env("GITHUB_STEP_SUMMARY").without_env("GITHUB_ENV").run().succeeds();
    let quiet = pull(&bucket, "v1").without_env("GITHUB_STEP_SUMMARY").without_env("GITHUB_ENV").run().succeeds();
    assert!(quiet.annotations.is_empty(), "{}", quiet.printed());
    pull(&bucket, "v1").env("GITHUB_STEP_SUMMARY", "/nowhere/at/all").run().succeeds();
}
