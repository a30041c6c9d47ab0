//! One comment of a pull request that is kept up to date, however many jobs keep it at the same time
//! (<https://docs.github.com/rest/issues/comments>).

use std::collections::VecDeque;

use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::access::GitHub;
use super::author::{Account, Author};
use super::error::{GitHubError, GitHubProblem};
use super::line_ends::is_same;
use super::pull_request::HeadCommit;
use super::repository::RepositoryName;
use super::shared_text::{Shared, Written};

/// The most pages of a hundred comments that are looked through.
const MOST_PAGES: u32 = 100;
/// How often a comment is posted at most that nobody can say was written.
const POSTS: u32 = 3;

/// The comment as it is to be.
pub(crate) struct Marked<'a> {
    /// What its text begins with, and that of no other comment.
    pub(crate) marker: &'a str,
    /// What it is to say where it says this, and its twins, which are younger, say that; what it says first where it is
    /// not there yet. None where there is no room.
    pub(crate) text: &'a dyn Fn(&[&str]) -> Option<String>,
    /// Whether it is written where there is none yet.
    pub(crate) is_news: bool,
    /// The commit that this is about, where it may be asked for.
    pub(crate) head: Option<&'a HeadCommit>,
    /// Whether a text may be about a younger commit.
    pub(crate) may_be_younger: &'a dyn Fn(&str) -> bool,
}

impl Marked<'_> {
    /// Whether the oldest of these comments is to say something else.
    fn is_to_change(&self, found: &[Comment]) -> bool {
        let texts: Vec<_> = found.iter().map(Shared::text).collect();
        let wanted = (self.text)(&texts);
        texts.first().zip(wanted).is_some_and(|(text, wanted)| !is_same(text, &wanted))
    }
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
    /// It has no room for more; its URL.
    NoRoom(Option<String>),
    /// It is about a younger commit; its URL.
    Outdated(Option<String>),
}

/// What is not as it is to be beside the comment, and why.
#[derive(Debug)]
pub(crate) enum Doubt {
    /// Another comment with an older text may be left: it could not be looked for or removed.
    Twin(GitHubError),
    /// Whether others have overwritten it is not known: it could not be read again.
    Unread(GitHubError),
    /// There was nothing to say. A comment that says so was written to find out whose those that are there are, and
    /// could not be removed.
    Probe(GitHubError),
}

#[derive(Debug, Deserialize)]
struct Comment {
    id: u64,
    body: Option<String>,
    user: Option<Account>,
    html_url: Option<String>,
}

impl Shared for Comment {
    fn text(&self) -> &str {
        self.body.as_deref().unwrap_or_default()
    }
}

/// A comment that says what is wanted.
struct Current {
    id: u64,
    kept: Kept,
    doubt: Option<Doubt>,
}

impl GitHub {
    /// Keeps the comment of a pull request up to date. Of several, which jobs at the same time may have written, the
    /// oldest stays: each job finds its own and those before it. A comment of another account is nobody's business.
    ///
    /// What is not as it is to be beside a comment that says what is wanted comes with it.
    pub(crate) async fn keep_comment(
        &self,
        repository: &RepositoryName,
        pull_request: u64,
        wanted: &Marked<'_>,
    ) -> Result<(Kept, Option<Doubt>), GitHubError> {
        let route = format!("{}/issues/{pull_request}/comments", repository.route());
        let marked = self.marked_comments(&route, wanted.marker).await?;
        let are_some_marked = !marked.is_empty();
        let mut author = Author::NotAsked;
        let own = self.own(marked, &mut author).await?;
        if wanted.is_to_change(&own)
            && let Some(later) = own.iter().find(|comment| (wanted.may_be_younger)(comment.text()))
            && let Some(head) = wanted.head
            // Who may not ask writes, as who is the first.
            && self.has_gone_on(repository, pull_request, head).await.unwrap_or(false)
        {
            return Ok((Kept::Outdated(later.html_url.clone()), None));
        }
        if let Some(Current { kept, doubt, .. }) = self.keep_oldest(repository, own, wanted).await? {
            return Ok((kept, doubt));
        }
        // Whose those are that are marked, what is written tells.
        if !wanted.is_news && (!are_some_marked || author != Author::Untold) {
            return Ok((Kept::Nothing, None));
        }
        let Some(text) = (wanted.text)(&[]) else { return Ok((Kept::NoRoom(None), None)) };
        let mut attempt = 1;
        loop {
            let answer = self.send(Method::POST, &route, Some(&json!({ "body": text }))).await;
            let error = match answer.and_then(|answer| self.read::<Comment>(&Method::POST, &route, &answer.body)) {
                Ok(created) => {
                    let created = Comment { body: Some(text), ..created };
                    return self.settle(repository, &route, created, author, wanted).await;
                }
                Err(error) if error.problem.is_open() => error,
                Err(error) => return Err(error),
            };
            // It may be there all the same.
            let Ok(marked) = self.marked_comments(&route, wanted.marker).await else { return Err(error) };
            let is_any_marked = !marked.is_empty();
            let own = self.own(marked, &mut author).await?;
            if let Some(Current { kept, doubt, .. }) = self.keep_oldest(repository, own, wanted).await? {
                return Ok((kept, doubt));
            }
            // One that arrives after all is a twin, which the next job to come removes. And one of an account that
            // nobody knows may be it.
            let may_be_there = is_any_marked && author == Author::Untold;
            if attempt == POSTS || may_be_there || matches!(error.problem, GitHubProblem::Unreadable(_)) {
                return Err(error);
            }
            attempt += 1;
            self.wait_to_send_again(&error, attempt).await;
        }
    }

    /// After a comment was written: of all up to this one the oldest stays, which is this one where no other is left.
    /// It is there, whatever comes of the others.
    async fn settle(
        &self,
        repository: &RepositoryName,
        route: &str,
        created: Comment,
        author: Author,
        wanted: &Marked<'_>,
    ) -> Result<(Kept, Option<Doubt>), GitHubError> {
        let (id, url) = (created.id, created.html_url.clone());
        let author = author.or_of(created.user.as_ref());
        let found = match self.marked_comments(route, wanted.marker).await {
            Ok(found) => found,
            Err(error) => return Ok((Kept::Created(url), Some(Doubt::Twin(error)))),
        };
        // Those after it remove themselves; and a list may lag behind what was written.
        let mut own: Vec<_> =
            found.into_iter().filter(|found| found.id < id && author.is(found.user.as_ref())).collect();
        if !wanted.is_news {
            // It was written to find out whose the others are, and says nothing that they do not.
            let (kept, doubt) = match self.keep_oldest(repository, own, wanted).await {
                Ok(current) => current.map_or((Kept::Nothing, None), |current| (current.kept, current.doubt)),
                Err(error) => return Ok((Kept::Created(url), Some(Doubt::Twin(error)))),
            };
            let removed = self.delete_comment(repository, id).await;
            return Ok((kept, removed.err().map(Doubt::Probe).or(doubt)));
        }
        own.push(created);
        Ok(match self.keep_oldest(repository, own, wanted).await {
            Ok(Some(Current { id: kept_id, kept, doubt })) if kept_id != id => (kept, doubt),
            Ok(current) => (Kept::Created(url), current.and_then(|current| current.doubt)),
            Err(error) => (Kept::Created(url), Some(Doubt::Twin(error))),
        })
    }

    /// Has the oldest of these comments that is still there say what is wanted, and then removes those after it. None where
    /// none is there.
    async fn keep_oldest(
        &self,
        repository: &RepositoryName,
        found: Vec<Comment>,
        wanted: &Marked<'_>,
    ) -> Result<Option<Current>, GitHubError> {
        let mut found = VecDeque::from(found);
        while let Some(oldest) = found.pop_front() {
            let (id, url) = (oldest.id, oldest.html_url.clone());
            let route = format!("{}/issues/comments/{id}", repository.route());
            let twins: Vec<_> = found.iter().map(Shared::text).collect();
            let change = |text: &str| (wanted.text)(&[&[text], &twins[..]].concat());
            let (kept, mut doubt) = match self.change_text(&route, oldest, change).await {
                Ok((Written::Unchanged, _)) => (Kept::Unchanged(url), None),
                Ok((Written::Changed, _)) => (Kept::Edited(url), None),
                Ok((Written::Unconfirmed(error), _)) => (Kept::Edited(url), Some(Doubt::Unread(error))),
                // What its twins say has not become a part of it.
                Ok((Written::NoRoom, _)) => return Ok(Some(Current { id, kept: Kept::NoRoom(url), doubt: None })),
                // Somebody has deleted it since.
                Err(GitHubError { problem: GitHubProblem::NotFound(_), .. }) => continue,
                Err(error) => return Err(error),
            };
            for twin in found {
                if let Err(error) = self.delete_comment(repository, twin.id).await {
                    doubt = Some(Doubt::Twin(error));
                    break;
                }
            }
            return Ok(Some(Current { id, kept, doubt }));
        }
        Ok(None)
    }

    /// Those of these comments that the token's own account has written. Nobody is asked about none.
    async fn own(&self, marked: Vec<Comment>, author: &mut Author) -> Result<Vec<Comment>, GitHubError> {
        if !marked.is_empty() && *author == Author::NotAsked {
            *author = self.author().await?;
        }
        Ok(marked.into_iter().filter(|comment| author.is(comment.user.as_ref())).collect())
    }

    /// All comments that begin with the marker, whoever wrote them, oldest first. Twins need not be on one page.
    async fn marked_comments(&self, route: &str, marker: &str) -> Result<Vec<Comment>, GitHubError> {
        let is_marked =
            |comment: &Comment| comment.body.as_deref().is_some_and(|body| body.trim_start().starts_with(marker));
        let mut page = format!("{route}?per_page=100");
        let mut marked = Vec::new();
        for _ in 0..MOST_PAGES {
            let answer = self.send(Method::GET, &page, None).await?;
            let comments: Vec<Comment> = self.read(&Method::GET, route, &answer.body)?;
            marked.extend(comments.into_iter().filter(is_marked));
            match answer.next {
                Some(next) => page = next,
                None => break,
            }
        }
        marked.sort_unstable_by_key(|comment| comment.id);
        Ok(marked)
    }

    async fn delete_comment(&self, repository: &RepositoryName, id: u64) -> Result<(), GitHubError> {
        let route = format!("{}/issues/comments/{id}", repository.route());
        match self.send(Method::DELETE, &route, None).await {
            Ok(_) | Err(GitHubError { problem: GitHubProblem::NotFound(_), .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
