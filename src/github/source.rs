//! Whether the commit that a push says it comes from is still the one that its tag leads to.

use futures_util::future::join;
use serde::Deserialize;

use super::access::GitHub;
use super::error::{GitHubError, GitHubProblem};
use super::repository::RepositoryName;

/// What GitHub says of a tag, and of the repository that it is in.
#[derive(Debug, Clone)]
pub(crate) struct TagState {
    /// The number of the repository, which no other repository gets.
    repository_id: Result<u64, GitHubError>,
    commit: Result<String, GitHubError>,
}

/// What that says of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SourceFinding {
    /// The tag leads to the commit that was pushed.
    Same,
    /// The tag leads to this commit now.
    Moved(String),
    /// The repository has no such tag any more.
    Deleted,
    /// What has the repository's name now is another repository, of this number.
    OtherRepository(u64),
    /// The repository is not there, or this token may not see it: nothing is known.
    NotVisible(GitHubError),
    /// GitHub did not say: nothing is known.
    Unknown(GitHubError),
}

#[derive(Debug, Deserialize)]
struct Repository {
    id: u64,
}

impl GitHub {
    /// What there is to know of a tag. Both questions are asked at the same time.
    pub(crate) async fn tag_state(&self, repository: &RepositoryName, tag: &str) -> TagState {
        let route = repository.route();
        let (found, commit) = join(self.get::<Repository>(&route), self.commit_of_tag(repository, tag)).await;
        TagState { repository_id: found.map(|repository| repository.id), commit }
    }
}

impl TagState {
    /// Compares it with what a push says of itself.
    pub(crate) fn compare(self, repository_id: u64, commit: &str) -> SourceFinding {
        match self.repository_id {
            Ok(id) if id != repository_id => return SourceFinding::OtherRepository(id),
            Ok(_) => {}
            Err(error) => return unknown(error),
        }
        match self.commit {
            Ok(now) if now.eq_ignore_ascii_case(commit) => SourceFinding::Same,
            Ok(now) => SourceFinding::Moved(now),
            // The repository is there to be seen, and for want of a right GitHub says 403 then.
            Err(GitHubError { problem: GitHubProblem::NotFound(_), .. }) => SourceFinding::Deleted,
            Err(error) => unknown(error),
        }
    }
}

fn unknown(error: GitHubError) -> SourceFinding {
    match error.problem {
        GitHubProblem::NotFound(_) | GitHubProblem::Forbidden { .. } | GitHubProblem::Token => {
            SourceFinding::NotVisible(error)
        }
        _ => SourceFinding::Unknown(error),
    }
}
