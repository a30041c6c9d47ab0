//! Where a tag leads (<https://docs.github.com/rest/git/refs>, <https://docs.github.com/rest/git/tags>).

use serde::Deserialize;

use super::access::GitHub;
use super::error::{GitHubError, GitHubProblem};
use super::repository::{RepositoryName, escaped};

/// How many tags may stand between a tag and its commit: annotated ones, which may name each other.
const MOST_TAGS: u32 = 10;

#[derive(Debug, Deserialize)]
struct Pointer {
    object: Object,
}

#[derive(Debug, Deserialize)]
struct Object {
    sha: String,
    #[serde(rename = "type")]
    kind: String,
}

impl GitHub {
    /// The commit that a tag leads to.
    pub(super) async fn commit_of_tag(&self, repository: &RepositoryName, tag: &str) -> Result<String, GitHubError> {
        let repository = repository.route();
        let route = format!("{repository}/git/ref/tags/{}", escaped(tag));
        let failed = |why: &str| {
            let problem = GitHubProblem::Unreadable(why.to_owned());
            GitHubError { operation: format!("GET {route}"), problem }
        };
        let mut object = self.get::<Pointer>(&route).await?.object;
        for _ in 0..MOST_TAGS {
            object = match object.kind.as_str() {
                "commit" => return Ok(object.sha),
                "tag" => self.get::<Pointer>(&format!("{repository}/git/tags/{}", escaped(&object.sha))).await?.object,
                _ => return Err(failed("the tag does not lead to a commit")),
            };
        }
        Err(failed("a tag of tags has no end"))
    }
}
