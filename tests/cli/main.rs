//! The command line: what a person types on a laptop, and what a running task starts with.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy takes only what is below #[test] for tests"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod agreed;
mod another_tool;
mod both_sides;
mod channel;
mod channel_target;
mod complete;
mod contexts;
mod credentials;
mod diff;
mod edit;
mod empty;
mod exec;
mod export;
mod flags;
mod folder_lock;
mod handing_over;
mod help;
mod history;
mod init;
mod json;
mod killed;
mod linked;
mod lock;
mod next;
mod pager;
mod pages;
mod place;
mod progress;
mod promote;
mod prompts;
mod pull;
mod purge;
mod purge_files;
mod purge_unread;
mod purge_values;
mod push;
mod push_choice;
mod push_newer_head;
mod push_types;
mod pushed_version;
mod requires;
mod rollback;
mod rotation;
mod semver_keys;
mod set;
mod shared;
mod shared_home;
mod signals;
mod source;
mod standard_output;
mod status;
mod told;
mod trust;
mod values;
mod verify;
