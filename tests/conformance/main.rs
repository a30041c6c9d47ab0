//! One suite for the adapter's trait, passed by the bucket that the simulation runs over and by the one behind the AWS
//! SDK, against a real S3 server process: so what was simulated is what runs.
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
mod suite;

use memory::Versioning;

/// Makes of each promise a test for both adapters, in each kind of bucket or in the one that it is about.
macro_rules! conformance {
    (
        in_each_kind: [$($promise:ident),+ $(,)?],
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
                use super::super::behind_the_sdk::{Subject, with_credentials};
                use super::*;
                $(#[test] fn $promise() {
                    with_credentials(concat!(module_path!(), "::", stringify!($promise)), || {
                        let subject = Subject::new($versioning);
                        subject.run(suite::$promise(&subject));
                    });
                })+
            }
        }
    };
}

conformance!(
    in_each_kind: [
        what_is_not_there_is_none,
        what_was_put_is_got,
        the_sha256_that_was_put_is_answered_and_an_object_is_in_no_archive,
        an_object_is_created_once,
        an_object_is_replaced_only_in_the_state_that_is_named,
        a_state_names_the_last_put,
        what_is_not_there_cannot_be_replaced,
        versions_are_kept_where_there_are_any,
        a_deleted_object_is_gone_and_can_be_created_anew,
        a_body_is_got_up_to_its_limit,
        bodies_share_a_budget_while_they_are_held,
        an_empty_body_is_a_body,
        metadata_comes_back_with_names_in_lower_case,
        any_key_is_the_key_that_was_put,
        keys_are_listed_by_prefix_in_order,
        objects_are_listed_with_their_state_and_size,
        an_object_is_deleted_only_in_the_state_that_is_named,
        what_is_not_there_can_be_deleted,
        a_kms_key_is_answered,
        of_many_who_create_one_does,
        of_many_who_replace_one_does,
        of_many_who_delete_one_state_one_does,
    ],
    in_a_versioned_bucket: [
        a_deleted_version_is_gone,
        versions_are_listed_with_markers_by_key_and_the_oldest_first,
        more_versions_than_a_page_are_listed,
    ],
    // The pages are the same in the others, and a thousand puts take their time.
    in_an_unversioned_bucket: [
        more_keys_than_a_page_are_listed,
        an_object_without_a_version_of_its_own_is_listed_and_deleted_as_null,
    ],
);
