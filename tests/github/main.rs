//! What the action tells GitHub, and asks it: the built binary before a server that holds each request against GitHub's
//! own description of its REST API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests; the functions beside them are to be loud, too"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod annotations;
mod at_home;
mod author;
mod comment;
mod comment_parts;
mod fork;
mod manifest;
mod network;
mod notes;
mod outputs;
mod refusals;
mod source;
mod story;
