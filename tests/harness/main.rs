//! The harness itself: that it sees what is there, and that it fails when it should.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "clippy takes only what is below #[test] for tests")]

#[path = "mod.rs"]
mod harness;

mod checks;
