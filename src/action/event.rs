//! What the event that started the workflow says, of which GitHub's runner leaves a copy
//! (<https://docs.github.com/en/webhooks/webhook-events-and-payloads>). Nothing of a configuration depends on it, so
//! what cannot be read is not there.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::environment::Environment;
use crate::github::HeadCommit;
use crate::regular_file;
use crate::store::message_of;

/// The most bytes of an event that are read. GitHub sends none above 25 MB, and those of releases have some 100 KB.
const LONGEST_EVENT: u64 = 25 * 1024 * 1024;

/// Where a comment would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PullRequestOf {
    /// The pull request of this number.
    Number {
        number: u64,
        /// The commit that its head was when the workflow was started, as far as that is told.
        sha: Option<String>,
        /// The same with its branch; none where the repository of that was deleted.
        head: Option<HeadCommit>,
    },
    /// The one that the run of another workflow was for, by its commit.
    Run(HeadCommit),
    /// The workflow is about no pull request.
    None,
}

#[derive(Deserialize)]
struct OfRelease {
    release: Release,
}

#[derive(Deserialize)]
struct Release {
    id: Option<u64>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct OfPullRequest {
    pull_request: Numbered,
}

#[derive(Deserialize)]
struct Numbered {
    number: u64,
    head: Option<Head>,
}

#[derive(Deserialize)]
struct Head {
    sha: Option<String>,
    #[serde(rename = "ref")]
    branch: Option<String>,
    repo: Option<HeadRepository>,
}

#[derive(Deserialize)]
struct HeadRepository {
    owner: Option<Owner>,
}

#[derive(Deserialize)]
struct OfRun {
    workflow_run: WorkflowRun,
}

#[derive(Deserialize)]
struct WorkflowRun {
    event: String,
    head_branch: String,
    head_sha: String,
    head_repository: Repository,
}

#[derive(Deserialize)]
struct Repository {
    owner: Owner,
}

#[derive(Deserialize)]
struct Owner {
    login: String,
}

impl From<Numbered> for PullRequestOf {
    fn from(Numbered { number, head }: Numbered) -> Self {
        let Some(Head { sha, branch, repo }) = head else { return Self::Number { number, sha: None, head: None } };
        let owner = repo.and_then(|repo| repo.owner);
        let head = match (owner, branch, &sha) {
            (Some(Owner { login: owner }), Some(branch), Some(sha)) => {
                Some(HeadCommit { owner, branch, sha: sha.clone() })
            }
            _ => None,
        };
        Self::Number { number, sha, head }
    }
}

/// The release's title, in a workflow that a release started and where it has one. A tag's own message is in no event.
pub(super) fn release_title(environment: &Environment) -> Option<String> {
    message_of(&release(environment)?.name?)
}

/// The number of the release that started the workflow.
pub(super) fn release_number(environment: &Environment) -> Option<u64> {
    release(environment)?.id
}

/// The pull request that the workflow is about.
pub(super) fn pull_request(environment: &Environment) -> PullRequestOf {
    let name = environment.text("GITHUB_EVENT_NAME").unwrap_or_default();
    if name.starts_with("pull_request") {
        let event = read::<OfPullRequest>(environment);
        return event.map_or(PullRequestOf::None, |event| event.pull_request.into());
    }
    let run = if name == "workflow_run" { read::<OfRun>(environment) } else { None };
    match run.map(|event| event.workflow_run).filter(|run| run.event == "pull_request") {
        Some(WorkflowRun { head_branch: branch, head_sha: sha, head_repository: Repository { owner }, .. }) => {
            PullRequestOf::Run(HeadCommit { owner: owner.login, branch, sha })
        }
        None => PullRequestOf::None,
    }
}

fn release(environment: &Environment) -> Option<Release> {
    if environment.text("GITHUB_EVENT_NAME")? != "release" {
        return None;
    }
    Some(read::<OfRelease>(environment)?.release)
}

/// The event, as far as it is wanted.
pub(super) fn read<T: DeserializeOwned>(environment: &Environment) -> Option<T> {
    let content = regular_file::read(Path::new(&environment.text("GITHUB_EVENT_PATH")?), LONGEST_EVENT)?;
    serde_json::from_slice(&content).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::secret::Secret;

    #[test]
    fn an_event_that_is_a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("event.json");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
        let (done, is_done) = mpsc::channel();
        std::thread::spawn(move || {
            let variables = [("GITHUB_EVENT_NAME", "release"), ("GITHUB_EVENT_PATH", pipe.to_str().unwrap())];
            let text = |(name, value): (&str, &str)| (name.to_owned(), Secret::new(value.to_owned()));
            done.send(release_title(&variables.map(text).into_iter().collect())).unwrap();
        });
        assert_eq!(is_done.recv_timeout(Duration::from_secs(20)), Ok(None));
    }
}
