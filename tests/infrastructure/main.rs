//! `infrastructure/`: that the Terraform is sound, that the policies which it makes decide as documented, that it can be
//! applied, and that the action runs on what was applied.
//!
//! Most of these tests need terraform and its AWS provider, see [`terraform`]: `make test` runs them where they can be
//! had.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod account;
mod applied;
mod copy;
mod documents;
mod events;
mod examples;
mod guide;
mod owners;
mod policies;
mod refusals;
mod source;
mod stack;
mod terraform;
mod tool_requests;
mod without_terraform;
mod workflow;
