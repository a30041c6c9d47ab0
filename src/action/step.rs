//! A step while it runs: its log, its environment, and what every command needs of them.

use std::io::Write;
use std::path::PathBuf;

use super::annotation::Annotation;
use super::deliver;
use super::failure::Failure;
use super::log::Log;
use super::named_place::named_by;
use super::output::{self, Output};
use super::summary::Summary;
use super::version_url::version_url;
use crate::cancellation::Cancellation;
use crate::environment::Environment;
use crate::store::PushSource;
use crate::workspace::Workspace;

/// The most lines of a list in a log; the output has all of it.
const MOST_LINES: usize = 1_000;

/// A run of the action.
pub(super) struct Step<W> {
    pub(super) environment: Environment,
    pub(super) log: Log<W>,
    pub(super) cancellation: Cancellation,
}

/// A list under its heading, as far as a log shows it.
pub(super) fn listed(heading: String, items: Vec<String>) -> Vec<String> {
    let left_out = items.len().saturating_sub(MOST_LINES);
    let more = (left_out > 0).then(|| format!("… and {left_out} more"));
    [heading].into_iter().chain(items.into_iter().take(MOST_LINES)).chain(more).collect()
}

impl<W: Write> Step<W> {
    /// Opens what every command needs, once its options are read.
    pub(super) fn workspace(&self) -> Result<Workspace, Failure> {
        let root = named_by(&self.environment, "GITHUB_WORKSPACE")?.unwrap_or_else(|| PathBuf::from("."));
        let workspace = Workspace::open(&root)?;
        // A push that could not tell its outcome is not to be half a success.
        deliver::check(&self.environment)?;
        Ok(workspace)
    }

    pub(super) fn annotate(&self, annotations: Vec<Annotation>) {
        self.log.annotate(annotations);
    }

    pub(super) fn lines(&self, lines: &[String]) {
        for line in lines {
            self.log.line(line);
        }
    }

    /// The output that leads to where something was pushed from.
    pub(super) fn url_of(&self, source: Option<&PushSource>) -> Option<Output> {
        let server = self.environment.text("GITHUB_SERVER_URL")?;
        version_url(&server, source?).as_deref().map(output::config_url)
    }

    pub(super) fn summary(&self, summary: &Summary) {
        let summary = summary.with_paths(|path| self.log.with_written_paths(path));
        self.log.summary(|max_bytes| summary.markdown(max_bytes));
    }
}
