//! One suite for the adapter's trait, passed by the bucket that the simulation runs over and by the one behind the AWS
//! SDK, against an S3 server process, moto: so what was simulated is what runs.
//!
//! Each promise is a function of a bucket, in each of the three kinds that S3 has.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests, not what they call"
)]

#[path = "../simulation/adapter.rs"]
mod adapter;
#[path = "../harness/mod.rs"]
mod harness;
#[path = "../simulation/memory.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod memory;
#[path = "../simulation/world.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod world;

mod behind_the_sdk;
mod in_memory;
mod promises;
mod subject;
mod suite;

use memory::Versioning;
use promises::promises;

/// Makes of each promise a test for both adapters, in each kind of bucket or in the one that it is about.
macro_rules! conformance {
    (
        in_each_kind: [$($promise:ident),+ $(,)?],
        of_keys_that_no_file_can_have: [$($of_keys:ident),+ $(,)?],
        of_deletes_at_once: [$($of_deletes:ident),+ $(,)?],
        // Neither moto nor SeaweedFS encodes keys in listings of versions; `behind_the_sdk.rs` asks the benchmark's server.
        of_versions_of_keys_that_no_xml_can_hold: [$($of_encoded:ident),+ $(,)?],
        in_a_versioned_bucket: [$($of_versioned:ident),+ $(,)?],
        in_an_unversioned_bucket: [$($of_unversioned:ident),+ $(,)?],
    ) => {
        conformance!(in_a_versioned_bucket, Versioning::Enabled, $($promise,)+ $($of_keys,)+ $($of_deletes,)+ $($of_versioned),+);
        conformance!(in_a_suspended_bucket, Versioning::Suspended, $($promise,)+ $($of_keys,)+ $($of_deletes),+);
        conformance!(in_an_unversioned_bucket, Versioning::Off, $($promise,)+ $($of_keys,)+ $($of_deletes,)+ $($of_unversioned),+);
    };
    ($kind:ident, $versioning:expr, $($promise:ident),+) => {
        mod $kind {
            use super::*;
            mod in_memory {
                use super::super::in_memory::subjects;
                use super::*;
                $(#[test] fn $promise() {
                    for subject in subjects($versioning) {
                        subject.run(suite::$promise(&subject));
                    }
                })+
            }
            mod behind_the_sdk {
                use super::super::behind_the_sdk::{subject, with_credentials};
                use super::*;
                $(#[test] fn $promise() {
                    with_credentials(concat!(module_path!(), "::", stringify!($promise)), || {
                        let subject = subject($versioning);
                        subject.run(suite::$promise(&subject));
                    });
                })+
            }
        }
    };
}

promises!(conformance);
