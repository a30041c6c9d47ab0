//! The commands as a person runs them: one file each, which makes the request and prints the result.

mod ago;
mod clean;
mod columns;
mod completions;
mod diff;
mod exec;
mod export;
mod get;
mod init;
mod list;
mod local;
mod lock;
mod log;
mod pull;
mod push;
mod show;
mod status;
mod values;
mod verify;

pub(super) use clean::clean;
pub(super) use completions::completions;
pub(super) use diff::diff;
pub(super) use exec::{Program, Start, StartError, exec, ignored};
pub(super) use export::{export, fail_evaluation};
pub(super) use get::get;
pub(super) use init::init;
pub(super) use list::list;
pub(super) use lock::lock;
pub(super) use log::log;
pub(super) use pull::pull;
pub(super) use push::push;
pub(super) use show::show;
pub(super) use status::status;
pub(super) use verify::verify;
