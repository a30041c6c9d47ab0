//! What speed is made of and no noise moves: requests, round trips, connections, bytes of the binary. Seen from the
//! outside, by a server that counts. And that this server, which `make bench` measures with and other tests run against,
//! answers as moto does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod binary;
mod both;
mod connections;
mod front;
mod growth;
mod likeness;
mod shop;
mod trips;
mod typed;
