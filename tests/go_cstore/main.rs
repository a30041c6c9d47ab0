//! Whoever used the Go cStore can go on with this tool: same bucket, same catalog, nothing copied.
//!
//! `fixtures/` holds what the Go tool itself left behind, see its README. `recorded` pulls each of those recordings;
//! `formats` holds what is printed against what the Go tool printed; `choosing` is about versions, tags and parts;
//! `moving` pushes from the same catalogs into the same buckets; `catalogs` is about catalogs that the recordings do
//! not have; `trust` about what a catalog may not do; `unreadable` about files that are not what they
//! are called. `typed`, `typed_flags` and `typed_faults` type the recorded command lines at this tool. `guide` runs the steps of `docs/moving-from-go.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests; here too a failure is to be loud"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod catalogs;
mod choosing;
mod digest;
mod formats;
mod guide;
mod lists;
mod moving;
mod recorded;
mod trust;
mod typed;
mod typed_faults;
mod typed_flags;
mod unreadable;

use self::digest::digest_by_sha256sum;
use self::harness::Run;

/// The path of the one file that most recordings have.
const DEV: &str = "service/dev/.env";

/// Holds a pull to what is promised of the Go layout: these files, unmanaged, with a notice, under the digest that
/// anybody can compute.
fn assert_unmanaged(run: &Run, files: &[(&str, &[u8])]) {
    assert_eq!(run.output("config-integrity"), "unmanaged");
    let notices: Vec<_> = run.annotations.iter().filter(|note| note.title == "Go cStore layout").collect();
    assert!(notices.len() == 1 && notices[0].level == "notice", "{:?}", run.annotations);
    assert!(!run.outputs.contains_key("config-manifest"));
    assert_files(run, files);
}

/// Holds a pull to these files, of which a manifest vouches for every one.
fn assert_verified(run: &Run, files: &[(&str, &[u8])]) {
    assert_eq!(run.output("config-integrity"), "verified");
    assert!(run.annotations.is_empty(), "{:?}", run.annotations);
    assert_files(run, files);
}

fn assert_files(run: &Run, files: &[(&str, &[u8])]) {
    let pulled: Vec<String> = serde_json::from_str(run.output("config-files")).unwrap();
    let mut paths: Vec<_> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    let mut sorted = pulled;
    sorted.sort_unstable();
    paths.sort_unstable();
    assert_eq!(sorted, paths);
    assert_eq!(run.output("config-digest"), digest_by_sha256sum(files));
}
