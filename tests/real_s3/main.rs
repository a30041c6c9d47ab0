//! The action against a real S3 server, [SeaweedFS](https://github.com/seaweedfs/seaweedfs), which verifies what moto
//! takes on trust: signatures, conditions of requests at the same moment, tokens, certificates. What is known of other
//! services is in `docs/compatibility.md`.
//!
//! These tests need SeaweedFS, which `make test-setup` installs; `make test` runs them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests, not what they call"
)]

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../conformance/promises.rs"]
mod promises;
#[path = "../protocol/shop.rs"]
#[allow(dead_code, reason = "the tests of the protocol use the rest")]
mod shop;
#[path = "../conformance/subject.rs"]
mod subject;
#[path = "../conformance/suite.rs"]
#[allow(dead_code, reason = "SeaweedFS does not promise all of it")]
mod suite;
#[path = "../faults/victim.rs"]
mod victim;

/// Where the suite looks for the kinds of buckets.
mod memory {
    pub(crate) use crate::harness::Versioning;
}

mod certificates;
mod commands;
mod conformance;
mod differences;
mod encryption;
mod issuer;
mod kill;
mod lifetime;
mod module_roles;
mod oidc;
mod race;
mod roles;
mod seaweedfs;
