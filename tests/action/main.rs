//! The action from outside: the built binary in the environment that GitHub's runner gives it, against a real S3
//! server. One module is one subject of the contract: what inputs mean, what is delivered and where, what is said.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests; the functions beside them are to be loud, too"
)]

#[path = "../harness/mod.rs"]
mod harness;

#[allow(clippy::duplicate_mod, reason = "the harness keeps its own to itself")]
#[path = "../runner_rules/mod.rs"]
mod runner_rules;

mod catalog_update;
mod channel;
mod checks;
mod command_files;
mod connection;
mod contradictions;
mod declared;
mod diff;
mod dotenv_files;
mod duplicates;
mod environment;
mod files_input;
mod format_file;
mod handing_over;
mod history;
mod inputs;
mod lock;
mod masks;
mod messages;
mod names;
mod nested_files;
mod order;
mod outputs;
mod place;
mod promote;
mod purge;
mod push;
mod real_files;
mod requires;
mod restore;
mod restore_refused;
mod rollback;
mod secrecy;
mod semver_keys;
mod signals;
mod story;
mod summary;
mod unreadable;
mod values;
mod verify;
