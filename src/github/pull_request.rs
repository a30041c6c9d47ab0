//! Which pull request a workflow was started by
//! (<https://docs.github.com/rest/pulls/pulls#list-pull-requests>).

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::access::GitHub;
use super::error::GitHubError;
use super::repository::RepositoryName;

/// A commit that is, or was, the head of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeadCommit {
    /// Whose branch it is.
    pub(crate) owner: String,
    /// The branch.
    pub(crate) branch: String,
    /// The commit that the workflow ran for.
    pub(crate) sha: String,
}

#[derive(Debug, Deserialize)]
struct PullRequest {
    number: u64,
    head: Head,
}

#[derive(Debug, Deserialize)]
struct Head {
    sha: Option<String>,
}

impl GitHub {
    /// The number of the open pull request whose head is this commit; none where it has gone on, or there are several.
    pub(crate) async fn pull_request_of(
        &self,
        repository: &RepositoryName,
        commit: &HeadCommit,
    ) -> Result<Option<u64>, GitHubError> {
        let found = self.open_pull_requests(repository, commit).await?;
        let sha = &commit.sha;
        let mut numbers = found.iter().filter(|found| found.head.sha.as_ref() == Some(sha)).map(|found| found.number);
        let number = numbers.next();
        Ok(number.filter(|_| numbers.next().is_none()))
    }

    /// Whether the head of this open pull request is surely another commit by now.
    pub(super) async fn has_gone_on(
        &self,
        repository: &RepositoryName,
        number: u64,
        commit: &HeadCommit,
    ) -> Result<bool, GitHubError> {
        let found = self.open_pull_requests(repository, commit).await?;
        let of_number = found.iter().find(|found| found.number == number);
        Ok(of_number.and_then(|found| found.head.sha.as_ref()).is_some_and(|sha| *sha != commit.sha))
    }

    /// The open pull requests of a branch.
    async fn open_pull_requests(
        &self,
        repository: &RepositoryName,
        HeadCommit { owner, branch, .. }: &HeadCommit,
    ) -> Result<Vec<PullRequest>, GitHubError> {
        let head = utf8_percent_encode(&format!("{owner}:{branch}"), NON_ALPHANUMERIC).to_string();
        self.get(&format!("{}/pulls?state=open&head={head}&per_page=100", repository.route())).await
    }
}
