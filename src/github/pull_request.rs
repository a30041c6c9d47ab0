//! Which pull request a workflow was started by
//! (<https://docs.github.com/rest/pulls/pulls#list-pull-requests>).

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::access::GitHub;
use super::error::GitHubError;
use super::repository::RepositoryName;

/// What is known of a pull request whose number is not: that of another workflow's run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeadCommit {
    /// Whose branch it is.
    pub(crate) owner: String,
    /// The branch.
    pub(crate) branch: String,
    /// The commit that the other workflow ran for.
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
        let HeadCommit { owner, branch, sha } = commit;
        let head = utf8_percent_encode(&format!("{owner}:{branch}"), NON_ALPHANUMERIC).to_string();
        let route = format!("{}/pulls?state=open&head={head}&per_page=100", repository.route());
        let found: Vec<PullRequest> = self.get(&route).await?;
        let mut numbers = found.iter().filter(|found| found.head.sha.as_ref() == Some(sha)).map(|found| found.number);
        let number = numbers.next();
        Ok(number.filter(|_| numbers.next().is_none()))
    }
}
