//! Who asks, and how requests travel: the job's OIDC token, STS, accounts, regions, proxies and certificates.

#![allow(clippy::unwrap_used, reason = "clippy takes only what is below #[test] for tests, not what they call")]

mod accounts;
mod at_hand;
mod chaining;
mod github;
mod messages;
mod networks;
mod promote;
mod region;
mod renewal;
mod role;
mod sts;
mod sts_answers;
mod variables;

#[path = "../harness/mod.rs"]
mod harness;
