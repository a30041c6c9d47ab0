//! The comment on a pull request that says what it changes of the configuration.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::at_home::AtHome;
use super::comment_parts::Choice;
use super::comment_text::{CommentText, marker};
use super::{Job, Told, job, token, words};
use crate::action::event::{self, PullRequestOf};
use crate::action::step::Step;
use crate::command::Diffed;
use crate::environment::Environment;
use crate::github::{Doubt, GitHubError, Kept, Marked};
use crate::name::Digest;
use crate::option::{COMMENT, COMMENT_MODE, CommentMode, OptionError, RawOptions};
use crate::regular_file;
use crate::request::DiffRequest;

/// The most bytes of a workflow that is read: one that is larger is not told from others.
const LARGEST_WORKFLOW: u64 = 1024 * 1024;
/// What the fact and the warning are called.
const NAME: &str = "Comment";

/// A comment that is to be kept.
pub(in crate::action) struct Commenting {
    mode: CommentMode,
    job: Result<Job, GitHubError>,
    place: PullRequestOf,
    choice: Choice,
    at_home: AtHome,
}

impl Commenting {
    /// Reads the options; none where there is to be no comment. A connection to GitHub is opened while the bucket is
    /// asked.
    pub(in crate::action) fn new<W: Write + Send + 'static>(
        step: &Step<W>,
        raw: &RawOptions,
        request: &DiffRequest,
    ) -> Result<Option<Self>, OptionError> {
        let mode = raw.choice(&COMMENT_MODE, &CommentMode::ALL)?.unwrap_or(CommentMode::Differences);
        let (true, Some(token)) = (raw.flag(&COMMENT)? && mode != CommentMode::Never, token(raw)?) else {
            return Ok(None);
        };
        let (network, limit): (_, Duration) = (&request.target.connection.network, request.target.deadline);
        let place = event::pull_request(&step.environment);
        let head = match &place {
            PullRequestOf::Number { sha, .. } => sha.clone().or_else(|| step.environment.text("GITHUB_SHA")),
            PullRequestOf::Run(commit) => Some(commit.sha.clone()),
            PullRequestOf::None => None,
        };
        Ok(Some(Self {
            mode,
            job: job(step, token, network, limit),
            place,
            choice: Choice::new(raw, &head.unwrap_or_default(), workflow(&step.environment)),
            at_home: AtHome::new(raw),
        }))
    }

    /// Keeps it, and says what became of it. What is longer than a comment can be is in the step's summary in any case.
    pub(in crate::action) async fn keep<W: Write>(
        self,
        step: &Step<W>,
        request: &DiffRequest,
        diffed: &Diffed,
    ) -> Told {
        let failed = |error: &GitHubError| Told::failed(NAME, "The pull request has no comment on this.", error);
        let job = match &self.job {
            Ok(job) => job,
            Err(error) => return failed(error),
        };
        let work = self.kept(job, step, request, diffed);
        let kept = tokio::select! {
            kept = work => kept,
            // The diff is done, and whoever ends the run waits for nothing more.
            _ = step.cancellation.requested() => return Told::done(NAME, "perhaps not written: the run is cancelled".to_owned()),
        };
        match kept {
            Ok(Some((kept, doubt))) => told(kept, doubt),
            Ok(None) => Told::done(NAME, "none: this run is about no open pull request".to_owned()),
            Err(error) => failed(&error),
        }
    }

    async fn kept<W: Write>(
        &self,
        job: &Job,
        step: &Step<W>,
        request: &DiffRequest,
        diffed: &Diffed,
    ) -> Result<Option<(Kept, Option<Doubt>)>, GitHubError> {
        let (number, head) = match &self.place {
            PullRequestOf::Number { number, head, .. } => (Some(*number), head.as_ref()),
            // That this is its head is what it is found by.
            PullRequestOf::Run(commit) => (job.github.pull_request_of(&job.repository, commit).await?, None),
            PullRequestOf::None => (None, None),
        };
        let Some(number) = number else { return Ok(None) };
        let marker = marker(request, diffed);
        let text = CommentText { mode: self.mode, number, at_home: &self.at_home, request, diffed };
        let is_news = self.mode == CommentMode::Always || diffed.is_different() || !text.of_files().is_empty();
        let (choice, nothing) = (&self.choice, text.nothing());
        let part = |longest: usize| text.markdown(longest, &|path| step.log.with_written_paths(path));
        let wanted = Marked {
            marker: &marker,
            text: &|texts| choice.told_in(&marker, texts, is_news, &part, &nothing),
            is_news,
            head,
            may_be_younger: &|text| choice.may_be_older_than(text),
        };
        job.github.keep_comment(&job.repository, number, &wanted).await.map(Some)
    }
}

/// A digest of the workflow's file, as far as the checkout has it.
fn workflow(environment: &Environment) -> Option<String> {
    // It begins with the repository's owner and name, and ends with what was checked out.
    let reference = environment.text("GITHUB_WORKFLOW_REF")?;
    let path = reference.split('@').next()?.splitn(3, '/').nth(2)?;
    let file = Path::new(&environment.text("GITHUB_WORKSPACE")?).join(path);
    let content = [reference.into_bytes(), regular_file::read(&file, LARGEST_WORKFLOW)?].concat();
    Some(Digest::from_content(&content).short())
}

/// What is said of a comment that was kept.
fn told(kept: Kept, doubt: Option<Doubt>) -> Told {
    let (what, url) = match kept {
        Kept::Nothing => ("none: nothing differs", None),
        Kept::Unchanged(url) => ("unchanged", url),
        Kept::Created(url) => ("written", url),
        Kept::Edited(url) => ("brought up to date", url),
        Kept::NoRoom(url) => ("not written: what other jobs say leaves no room, and the summary has all of this", url),
        Kept::Outdated(url) => ("not written: the pull request has a newer commit", url),
    };
    let what = url.map_or_else(|| what.to_owned(), |url| format!("{what}: {url}"));
    let (left, text, error) = match doubt {
        None => return Told::done(NAME, what),
        Some(Doubt::Twin(error)) => (
            "another one may be left",
            "The comment says what there is to say. An older text of it may be left in another comment, which could not \
             be looked for or removed.",
            error,
        ),
        Some(Doubt::Unread(error)) => (
            "not read again",
            "The comment was written. It could not be read again, so another job may have overwritten what it says.",
            error,
        ),
        Some(Doubt::Probe(error)) => (
            "one that says so is left",
            "A comment that was written to find out whose the others are could not be removed. It says that nothing \
             differs.",
            error,
        ),
    };
    Told::warning(NAME, format!("{what} ({left})"), &format!("{text} {}", words::why(&error)))
}
