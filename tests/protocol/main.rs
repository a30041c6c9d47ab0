//! The store protocol, held by the real binary against an S3 server process: what a push leaves in the bucket, what
//! a pull accepts, and what both refuse. Each module is one part of the protocol's text.
//!
//! What must hold whatever the bucket's versioning is a function of a bucket, and [`in_each_bucket`] makes three tests
//! of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests, not what they call"
)]

#[path = "../harness/mod.rs"]
mod harness;

/// Makes a test of each function for a bucket with versioning, one where it is suspended, and one that never had it.
macro_rules! in_each_bucket {
    ($($promise:ident),+ $(,)?) => {
        mod in_a_versioned_bucket {
            $(#[test] fn $promise() { super::$promise(&crate::harness::Bucket::versioned()) })+
        }
        mod in_a_suspended_bucket {
            $(#[test] fn $promise() { super::$promise(&crate::harness::Bucket::suspended()) })+
        }
        mod in_an_unversioned_bucket {
            $(#[test] fn $promise() { super::$promise(&crate::harness::Bucket::unversioned()) })+
        }
    };
}

/// As [`in_each_bucket`], of the server in memory: for what asks so often that this counts.
macro_rules! in_each_bucket_in_memory {
    ($($promise:ident),+ $(,)?) => {
        mod in_a_versioned_bucket {
            use crate::harness::{Bucket, in_memory::Versioning};
            $(#[test] fn $promise() { super::$promise(&Bucket::in_memory(Versioning::Enabled)) })+
        }
        mod in_a_suspended_bucket {
            use crate::harness::{Bucket, in_memory::Versioning};
            $(#[test] fn $promise() { super::$promise(&Bucket::in_memory(Versioning::Suspended)) })+
        }
        mod in_an_unversioned_bucket {
            use crate::harness::{Bucket, in_memory::Versioning};
            $(#[test] fn $promise() { super::$promise(&Bucket::in_memory(Versioning::Off)) })+
        }
    };
}

mod before;
mod channel;
mod channel_pull;
mod channel_rollback;
mod choice;
mod claim;
mod conditions;
mod damage;
mod digest_pin;
mod dry_run;
mod encryption;
mod foreign;
mod head;
mod known_base;
mod library;
mod locked;
mod missing;
mod overwrite;
mod promote;
mod pull;
mod purge;
mod purge_files;
mod push;
mod pusher;
mod race;
mod repeat;
mod rollback;
mod shop;
mod size;
mod taken;
mod unfinished;
mod which_version;
