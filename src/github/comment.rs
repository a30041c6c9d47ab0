//! One comment of a pull request that is kept up to date, however many jobs keep it at the same time
//! (<https://docs.github.com/rest/issues/comments>).

use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::access::GitHub;
use super::author::{Account, Author};
use super::error::{GitHubError, GitHubProblem};
use super::repository::RepositoryName;

/// The most pages of a hundred comments that are looked through.
const MOST_PAGES: u32 = 100;

/// The comment as it is to be.
#[derive(Debug)]
pub(crate) struct Marked<'a> {
    /// What its text begins with, and that of no other comment.
    pub(crate) marker: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
    /// Whether it is written where there is none yet.
    pub(crate) is_news: bool,
}

/// What became of the comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// There was none, and nothing to say.
    Nothing,
    /// It says so already.
    Unchanged(Option<String>),
    /// It was written; its URL.
    Created(Option<String>),
    /// It said something else; its URL.
    Edited(Option<String>),
}

#[derive(Debug, Deserialize)]
struct Comment {
    id: u64,
    body: Option<String>,
    user: Option<Account>,
    html_url: Option<String>,
}

impl GitHub {
    /// Keeps the comment of a pull request up to date. Of several, which jobs at the same time may have written, the oldest
    /// stays: each job finds its own and those before it.
    pub(crate) async fn keep_comment(
        &self,
        repository: &RepositoryName,
        pull_request: u64,
        wanted: &Marked<'_>,
    ) -> Result<Kept, GitHubError> {
        let author = self.author().await?;
        let route = format!("{}/issues/{pull_request}/comments", repository.route());
        let found = self.own_comments(&route, wanted.marker, author).await?;
        if let Some(kept) = self.edit_oldest(repository, found, wanted).await? {
            return Ok(kept);
        }
        if !wanted.is_news {
            return Ok(Kept::Nothing);
        }
        let created = self.send(Method::POST, &route, Some(&json!({ "body": wanted.text }))).await;
        let created = match created {
            Ok(answer) => Some(self.read::<Comment>(&Method::POST, &route, &answer.body)?),
            // It may be there all the same.
            Err(error) if error.problem.is_open() => match self.own_comments(&route, wanted.marker, author).await {
                Ok(found) if !found.is_empty() => None,
                _ => return Err(error),
            },
            Err(error) => return Err(error),
        };
        let found = self.own_comments(&route, wanted.marker, author).await?;
        let Some(created) = created else {
            return Ok(self.edit_oldest(repository, found, wanted).await?.unwrap_or(Kept::Nothing));
        };
        match found.first() {
            Some(oldest) if oldest.id < created.id => {
                self.delete_comment(repository, created.id).await?;
                let others = found.into_iter().filter(|comment| comment.id < created.id).collect();
                Ok(self.edit_oldest(repository, others, wanted).await?.unwrap_or(Kept::Nothing))
            }
            _ => Ok(Kept::Created(created.html_url)),
        }
    }

    /// Has the oldest of these comments say what is wanted, and removes the others. None where there is none.
    async fn edit_oldest(
        &self,
        repository: &RepositoryName,
        found: Vec<Comment>,
        wanted: &Marked<'_>,
    ) -> Result<Option<Kept>, GitHubError> {
        let mut found = found.into_iter();
        let Some(oldest) = found.next() else { return Ok(None) };
        for twin in found {
            self.delete_comment(repository, twin.id).await?;
        }
        if oldest.body.as_deref().is_some_and(|body| is_same(body, wanted.text)) {
            return Ok(Some(Kept::Unchanged(oldest.html_url)));
        }
        let route = format!("{}/issues/comments/{}", repository.route(), oldest.id);
        match self.send(Method::PATCH, &route, Some(&json!({ "body": wanted.text }))).await {
            Ok(_) => Ok(Some(Kept::Edited(oldest.html_url))),
            // Somebody has deleted it since.
            Err(GitHubError { problem: GitHubProblem::NotFound(_), .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Those of the first page that has any, oldest first.
    async fn own_comments(&self, route: &str, marker: &str, author: Author) -> Result<Vec<Comment>, GitHubError> {
        let is_own = |comment: &Comment| {
            author.is(comment.user.as_ref())
                && comment.body.as_deref().is_some_and(|body| body.trim_start().starts_with(marker))
        };
        let mut page = format!("{route}?per_page=100");
        for _ in 0..MOST_PAGES {
            let answer = self.send(Method::GET, &page, None).await?;
            let comments: Vec<Comment> = self.read(&Method::GET, route, &answer.body)?;
            let mut own: Vec<_> = comments.into_iter().filter(is_own).collect();
            if !own.is_empty() {
                own.sort_unstable_by_key(|comment| comment.id);
                return Ok(own);
            }
            match answer.next {
                Some(next) => page = next,
                None => break,
            }
        }
        Ok(Vec::new())
    }

    async fn delete_comment(&self, repository: &RepositoryName, id: u64) -> Result<(), GitHubError> {
        let route = format!("{}/issues/comments/{id}", repository.route());
        match self.send(Method::DELETE, &route, None).await {
            Ok(_) | Err(GitHubError { problem: GitHubProblem::NotFound(_), .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Whether two texts are the same to GitHub, which may give line ends back in another form.
fn is_same(body: &str, text: &str) -> bool {
    body.replace("\r\n", "\n").trim_end() == text.trim_end()
}
