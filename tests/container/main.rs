//! The images: the action's, started as GitHub's runner starts a container action, and the command line's, out of which
//! a task is started. What a step or a command does there is what it does outside, and tested there; here is what the
//! container adds: mounts, names of paths, owners, process 1, names and trust without a system around them.
//!
//! These tests need a Docker engine and the images: `make test` builds them and runs them where there is one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests; the functions beside them are to be loud, too"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod image;
mod network;
mod owner;
mod place;
mod signals;
mod story;
mod task;
