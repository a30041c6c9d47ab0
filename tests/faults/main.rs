//! What happens when the network, S3 or somebody else's run fails a step in its midst: the step succeeds, or fails
//! with the right code, and the next pull gets the old state or the new one, whole.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod cancel;
mod damage;
mod job;
mod kill;
mod network;
mod not_s3;
mod others;
mod published;
mod purged;
mod refusals;
mod requests;
mod retries;
mod scenario;
mod set;
mod story;
mod victim;
mod walk;
mod workspace;
