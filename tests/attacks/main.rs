//! What somebody hostile would try who can write to the bucket, to the repository, or to the values. Each step here is
//! measured, and may take 5 seconds of CPU and 256 MiB at most.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests, not what they call"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod bounds;
mod catalogs;
mod checkout;
mod documents;
mod hostile_answers;
mod manifests;
mod memory;
mod once_open;
mod own_process;
mod pinned;
mod places;
mod planted;
mod pull_requests;
mod special_files;
mod stolen_token;
mod story;
mod values;
mod variables;
