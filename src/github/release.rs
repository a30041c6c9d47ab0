//! A release's notes (<https://docs.github.com/rest/releases/releases>).

use http::Method;
use serde::Deserialize;

use super::access::GitHub;
use super::error::{GitHubError, GitHubProblem};
use super::release_file::ReleaseFile;
use super::repository::{RepositoryName, escaped};
use super::shared_text::{Shared, Written};

/// The most pages of a hundred releases that are looked through for a draft.
const MOST_PAGES: u32 = 10;

/// Which release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReleaseId {
    /// The one that started the workflow.
    Number(u64),
    /// The published one of a tag, else its draft.
    Tag(String),
}

/// A release.
#[derive(Debug, Deserialize)]
pub(crate) struct Release {
    id: u64,
    tag_name: Option<String>,
    body: Option<String>,
    html_url: Option<String>,
    pub(super) draft: Option<bool>,
    pub(super) upload_url: Option<String>,
    pub(super) assets: Option<Vec<ReleaseFile>>,
}

impl Release {
    /// Its page.
    pub(crate) fn url(&self) -> Option<&str> {
        self.html_url.as_deref()
    }

    /// Its own path.
    pub(super) fn route(&self, repository: &RepositoryName) -> String {
        format!("{}/releases/{}", repository.route(), self.id)
    }
}

impl Shared for Release {
    fn text(&self) -> &str {
        self.body.as_deref().unwrap_or_default()
    }
}

impl GitHub {
    /// Has a release's notes be what `change` makes of them, which gives none where they have no room.
    pub(crate) async fn change_notes(
        &self,
        repository: &RepositoryName,
        id: &ReleaseId,
        change: impl Fn(&str) -> Option<String>,
    ) -> Result<(Written, Release), GitHubError> {
        let release = self.release(repository, id).await?;
        let own = release.route(repository);
        self.change_text(&own, release, change).await
    }

    async fn release(&self, repository: &RepositoryName, id: &ReleaseId) -> Result<Release, GitHubError> {
        let repository = repository.route();
        let tag = match id {
            ReleaseId::Number(number) => return self.get(&format!("{repository}/releases/{number}")).await,
            ReleaseId::Tag(tag) => tag,
        };
        match self.get(&format!("{repository}/releases/tags/{}", escaped(tag))).await {
            // Drafts are found so by nobody.
            Err(error @ GitHubError { problem: GitHubProblem::NotFound(_), .. }) => {
                self.draft(&repository, tag).await?.ok_or(error)
            }
            found => found,
        }
    }

    /// The draft of a tag, which only a token sees that may write. The newest are listed first.
    async fn draft(&self, repository: &str, tag: &str) -> Result<Option<Release>, GitHubError> {
        let route = format!("{repository}/releases");
        let mut page = format!("{route}?per_page=100");
        for _ in 0..MOST_PAGES {
            let answer = self.send(Method::GET, &page, None).await?;
            let releases: Vec<Release> = self.read(&Method::GET, &route, &answer.body)?;
            let is_it = |release: &Release| release.draft == Some(true) && release.tag_name.as_deref() == Some(tag);
            match (releases.into_iter().find(is_it), answer.next) {
                (None, Some(next)) => page = next,
                (found, _) => return Ok(found),
            }
        }
        Ok(None)
    }
}
