//! What a step tells GitHub and asks it, beside its work in the bucket: nothing of that work is undone or kept from
//! being done because GitHub did not answer, but where the input `verify-source` says so.

mod at_home;
pub(super) mod comment;
mod comment_parts;
mod comment_text;
mod heard;
pub(super) mod notes;
mod notes_text;
pub(super) mod source;
mod words;

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::annotation::{Annotation, Level};
use super::step::Step;
use crate::github::{Access, GitHub, GitHubError, GitHubProblem, RepositoryName};
use crate::network::Network;
use crate::option::{GITHUB_TOKEN, OptionError, OptionProblem, RawOptions};
use crate::secret::Secret;

/// Where the API is where the runner does not say.
const API: &str = "https://api.github.com";

/// What a step asks GitHub with, and about which repository.
pub(super) struct Job {
    github: GitHub,
    repository: RepositoryName,
}

/// What is said of something that was told to GitHub, or could not be.
pub(super) struct Told {
    /// A fact of the summary.
    pub(super) fact: (&'static str, String),
    /// What deserves a look.
    pub(super) annotation: Option<Annotation>,
}

impl Told {
    /// A line of the log.
    pub(super) fn line(&self) -> String {
        let (name, text) = &self.fact;
        format!("{name} {text}")
    }

    fn done(what: &'static str, text: String) -> Self {
        Self { fact: (what, text), annotation: None }
    }

    fn failed(what: &'static str, text: &str, error: &GitHubError) -> Self {
        Self::failed_to(what, "written", text, error)
    }

    /// The same of what was to be `done`.
    fn failed_to(what: &'static str, done: &str, text: &str, error: &GitHubError) -> Self {
        let why = words::why(error);
        Self::warning(what, format!("not {done}: {why}"), &format!("{text} {why}"))
    }

    fn warning(what: &'static str, fact: String, text: &str) -> Self {
        Self { fact: (what, fact), annotation: Some(Annotation::new(Level::Warning, what, text.to_owned())) }
    }
}

/// The token of the input, which is masked before anything else is said.
pub(super) fn token(raw: &RawOptions) -> Result<Option<Secret<String>>, OptionError> {
    let Some(token) = raw.text(&GITHUB_TOKEN) else { return Ok(None) };
    if token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Some(Secret::from(token)))
    } else {
        Err(OptionError::new(&GITHUB_TOKEN, OptionProblem::NotA("token")))
    }
}

/// Gets ready to ask GitHub, for as long as a step of this time limit that begins now may take.
pub(super) fn job<W: Write + Send + 'static>(
    step: &Step<W>,
    token: Secret<String>,
    network: &Network,
    limit: Duration,
) -> Result<Job, GitHubError> {
    let variable = |name: &str| step.environment.text(name);
    let repository = variable("GITHUB_REPOSITORY").and_then(|name| RepositoryName::new(&name));
    let repository = repository
        .ok_or_else(|| GitHubError { operation: "GITHUB_REPOSITORY".to_owned(), problem: GitHubProblem::NoAddress })?;
    let access = Access {
        api_url: variable("GITHUB_API_URL").unwrap_or_else(|| API.to_owned()),
        token,
        network: network.clone(),
        until: Instant::now().checked_add(limit),
        observer: Arc::new(step.log.clone()),
    };
    Ok(Job { github: access.open()?, repository })
}
