//! How most attacks begin.

use crate::harness::{Action, Bucket};

/// The one file of most versions.
pub(crate) const ENV: &str = "service/.env";

/// The manifest of the version `v1`.
pub(crate) const MANIFEST: &str = "shop/.cstore/versions/v1.json";

/// The most that a step may print, however large that is which it refuses.
const MOST_PRINTED: usize = 16 * 1024;

/// A push of [`ENV`] with one value.
pub(crate) fn push(bucket: &Bucket, version: &str, value: &str) -> Action {
    Action::push(bucket).version(version).files(&[ENV]).workspace_file(ENV, format!("TOKEN={value}\n")).measured()
}

/// A pull.
pub(crate) fn pull(bucket: &Bucket, version: &str) -> Action {
    Action::pull(bucket).version(version).measured()
}

/// Puts a document into the bucket.
pub(crate) fn put_json(bucket: &Bucket, key: &str, value: &serde_json::Value) {
    bucket.put(key, value.to_string().as_bytes(), &[]);
}

/// A bucket in which `v1` consists of [`ENV`].
pub(crate) fn published() -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket, "v1", "first-value").run().succeeds();
    bucket
}

/// Runs a step that is to be refused with a code, quickly, in few words, and without touching anything.
pub(crate) fn refused(step: &Action, code: i32, case: &str) -> crate::harness::Run {
    let run = step.run();
    assert_eq!(run.code, code, "{case}; it printed\n{:.2000}", run.printed());
    let run = run.fails(code).stays_small();
    assert!(run.printed().len() < MOST_PRINTED, "{case}: {} bytes printed", run.printed().len());
    run
}
