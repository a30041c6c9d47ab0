//! The GitHub front end: inputs from the environment, outcomes to outputs, masks, annotations, environment, files and
//! the step summary. It decides nothing.

mod annotation;
mod budget;
mod changes;
mod checksums;
mod deliver;
mod delivery;
mod diff_block;
mod environment_size;
mod escape;
mod event;
mod export;
mod failure;
mod failure_message;
mod failure_summary;
pub mod file_command;
mod github;
pub mod inputs;
mod log;
pub mod mask;
mod named_place;
mod oidc;
mod output;
mod restored;
mod run;
mod run_summary;
mod step;
pub mod summary;
mod summary_file;
mod temporary_file;
mod version_url;
mod written_paths;

pub use run::run;

#[cfg(test)]
#[path = "../../tests/runner_rules/mod.rs"]
mod runner_rules;
