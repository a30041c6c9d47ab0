//! `infrastructure/`: that the Terraform is sound, that the policies which it makes decide as documented, that it can be
//! applied, and that the action runs on what was applied.
//!
//! These tests need terraform and its AWS provider, see [`terraform`]. Where they cannot be had, each test says by name
//! that it did not run; with `CSTORE_REQUIRE_TERRAFORM=1` it fails.

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
mod documents;
mod policies;
mod source;
mod terraform;
mod tool_requests;
