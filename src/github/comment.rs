//! One comment of a pull request that is kept up to date, however many jobs keep it at the same time
//! (<https://docs.github.com/rest/issues/comments>).

use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::access::GitHub;
use super::author::{Account, Author};
use super::error::{GitHubError, GitHubProblem};
use super::line_ends::is_same;
use super::repository::RepositoryName;

/// The most pages of a hundred comments that are looked through.
const MOST_PAGES: u32 = 100;
/// How often a comment is posted at most that nobody can say was written.
const POSTS: u32 = 3;

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
    /// Keeps the comment of a pull request up to date. Of several, which jobs at the same time may have written, the
    /// oldest stays: each job finds its own and those before it.
    pub(crate) async fn keep_comment(
        &self,
        repository: &RepositoryName,
        pull_request: u64,
        wanted: &Marked<'_>,
    ) -> Result<Kept, GitHubError> {
        let author = self.author().await?;
        let route = format!("{}/issues/{pull_request}/comments", repository.route());
        let found = self.own_comments(&route, wanted.marker, author).await?;
        if let Some((_, kept)) = self.keep_oldest(repository, found, wanted).await? {
            return Ok(kept);
        }
        if !wanted.is_news {
            return Ok(Kept::Nothing);
        }
        let mut attempt = 1;
        loop {
            let answer = self.send(Method::POST, &route, Some(&json!({ "body": wanted.text }))).await;
            let error = match answer.and_then(|answer| self.read::<Comment>(&Method::POST, &route, &answer.body)) {
                Ok(created) => return self.settle(repository, &route, created, author, wanted).await,
                Err(error) if error.problem.is_open() => error,
                Err(error) => return Err(error),
            };
            // It may be there all the same.
            let Ok(found) = self.own_comments(&route, wanted.marker, author).await else { return Err(error) };
            if let Some((_, kept)) = self.keep_oldest(repository, found, wanted).await? {
                return Ok(kept);
            }
            // One that arrives after all is a twin, which the next job to come removes.
            if attempt == POSTS || matches!(error.problem, GitHubProblem::Unreadable(_)) {
                return Err(error);
            }
            attempt += 1;
            self.wait_to_send_again(&error, attempt).await;
        }
    }

    /// After a comment was written: of all up to this one the oldest stays, which is this one where no other is left.
    async fn settle(
        &self,
        repository: &RepositoryName,
        route: &str,
        created: Comment,
        author: Author,
        wanted: &Marked<'_>,
    ) -> Result<Kept, GitHubError> {
        let (id, url) = (created.id, created.html_url.clone());
        let mut found = self.own_comments(route, wanted.marker, author).await?;
        // Those after it remove themselves; and a list may lag behind what was written.
        found.retain(|comment| comment.id < id);
        found.push(created);
        Ok(match self.keep_oldest(repository, found, wanted).await? {
            Some((kept_id, kept)) if kept_id != id => kept,
            _ => Kept::Created(url),
        })
    }

    /// Has the oldest of these comments that is still there say what is wanted, and then removes those after it. None where
    /// none is there.
    async fn keep_oldest(
        &self,
        repository: &RepositoryName,
        found: Vec<Comment>,
        wanted: &Marked<'_>,
    ) -> Result<Option<(u64, Kept)>, GitHubError> {
        let mut found = found.into_iter();
        while let Some(oldest) = found.next() {
            let kept = if oldest.body.as_deref().is_some_and(|body| is_same(body, wanted.text)) {
                Kept::Unchanged(oldest.html_url)
            } else {
                let route = format!("{}/issues/comments/{}", repository.route(), oldest.id);
                match self.send(Method::PATCH, &route, Some(&json!({ "body": wanted.text }))).await {
                    Ok(_) => Kept::Edited(oldest.html_url),
                    // Somebody has deleted it since.
                    Err(GitHubError { problem: GitHubProblem::NotFound(_), .. }) => continue,
                    Err(error) => return Err(error),
                }
            };
            for twin in found {
                self.delete_comment(repository, twin.id).await?;
            }
            return Ok(Some((oldest.id, kept)));
        }
        Ok(None)
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
