//! Versioned application configuration, kept in an S3 bucket.
//!
//! # Words
//!
//! | word | meaning |
//! | --- | --- |
//! | context | the project's name, the first part of every key ([`name::Context`]) |
//! | path | a config file's path relative to its catalog ([`name::ConfigPath`]) |
//! | version | a name for an immutable snapshot of a set of files ([`name::VersionName`]) |
//! | head | the mutable state that a push without a version writes |
//! | manifest | the one object that says which files a version, or the head, consists of ([`store::Manifest`]) |
//! | catalog | `cstore.yml` in the repository ([`catalog::Catalog`]) |
//! | digest | the SHA-256 of a configuration: one name for exactly these files ([`name::Digest`]) |
//!
//! # Guarantees
//!
//! - Of any number of pushes of one version exactly one content wins ([`store::Store::push_version`]).
//! - A pull gives every file as its manifest says, or fails ([`store::Store::fetch`]).
//! - Every put carries a condition ([`s3::Condition`]).
//! - What is restored stays below the workspace ([`workspace::Workspace`]), and all of it is replaced or none.
//! - No configuration value is printed: values are [`secret::Secret`]s.
//!
//! # The way through
//!
//! A front end ([`action`], [`cli`]) reads [`option`](mod@option)s into a [`request`], runs a [`command`], and turns
//! its result, or the [`error`], into text, with words that are the same for every front end ([`message`]). Below the
//! commands lie the protocol ([`store`]), the adapter to S3 ([`s3`]), who asks ([`identity`]) and how requests travel
//! ([`network`]); beside them what is pure: [`catalog`], [`config`], [`format`](mod@format), [`lock`], [`name`]. What
//! binaries share is in [`environment`], [`process`] and [`cancellation`].

pub mod action;
pub mod backoff;
pub mod cancellation;
pub mod catalog;
pub mod checkout;
pub mod cli;
pub mod command;
pub mod config;
pub mod environment;
pub mod error;
pub mod format;
mod github;
pub mod identity;
pub mod lock;
pub mod message;
pub mod name;
pub mod network;
pub mod observer;
pub mod option;
pub mod process;
pub mod request;
pub mod s3;
pub mod secret;
pub mod store;
mod wildcard;
pub mod workspace;

mod excerpt;
mod merge_marks;
mod nearest;
mod ordered;
mod regular_file;
mod splices;
#[cfg(test)]
#[path = "../tests/harness/tried.rs"]
mod tried;
mod yaml;
