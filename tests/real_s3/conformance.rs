//! The suite that every adapter passes, in which SeaweedFS is the bucket.

use crate::harness::{Bucket, Versioning};
use crate::promises::promises;
use crate::seaweedfs::{KMS_KEY, PORT, server};
use crate::subject::{self, Subject};
use crate::suite;

/// See [`subject::with_credentials`].
fn with_credentials(test: &str, run: impl FnOnce()) {
    let port = [(PORT, server().port().to_string())];
    subject::with_credentials(test, "conformance::", &["--ignored"], &port, run);
}

/// Makes of each promise a test in each kind of bucket, or in the one that it is about.
macro_rules! conformance {
    (
        in_each_kind: [$($promise:ident),+ $(,)?],
        // SeaweedFS does not promise these; `differences.rs` shows it. No command of the action relies on them.
        of_keys_that_no_file_can_have: [$($of_keys:ident),+ $(,)?],
        of_deletes_at_once: [$($of_deletes:ident),+ $(,)?],
        // It encodes no keys in listings of versions, and writes U+FFFD for what XML cannot hold.
        of_versions_of_keys_that_no_xml_can_hold: [$($of_encoded:ident),+ $(,)?],
        in_a_versioned_bucket: [$($of_versioned:ident),+ $(,)?],
        in_an_unversioned_bucket: [$($of_unversioned:ident),+ $(,)?],
    ) => {
        conformance!(in_a_versioned_bucket, Versioning::Enabled, $($promise,)+ $($of_versioned),+);
        conformance!(in_a_suspended_bucket, Versioning::Suspended, $($promise),+);
        conformance!(in_an_unversioned_bucket, Versioning::Off, $($promise,)+ $($of_unversioned),+);
    };
    ($kind:ident, $versioning:expr, $($promise:ident),+) => {
        mod $kind {
            use super::*;
            $(#[test]
            #[ignore = "needs SeaweedFS"]
            fn $promise() {
                with_credentials(concat!(module_path!(), "::", stringify!($promise)), || {
                    let bucket = Bucket::on(server(), $versioning);
                    let subject = Subject::at(server().endpoint(), &bucket, $versioning, || KMS_KEY.to_owned());
                    subject.run(suite::$promise(&subject));
                });
            })+
        }
    };
}

promises!(conformance);
