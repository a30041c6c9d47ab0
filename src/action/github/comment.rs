//! The comment on a pull request that says what it changes of the configuration.

use std::io::Write;
use std::time::Duration;

use super::at_home::AtHome;
use super::comment_text::{CommentText, marker};
use super::{Job, Told, job, token, words};
use crate::action::event::{self, PullRequestOf};
use crate::action::step::Step;
use crate::command::Diffed;
use crate::github::{GitHubError, Kept, Marked};
use crate::option::{CATALOG, COMMENT, COMMENT_MODE, CommentMode, FILES, OptionError, RawOptions, TAGS};
use crate::request::DiffRequest;

/// What the fact and the warning are called.
const NAME: &str = "Comment";

/// A comment that is to be kept.
pub(in crate::action) struct Commenting {
    mode: CommentMode,
    job: Result<Job, GitHubError>,
    place: PullRequestOf,
    /// Which files are compared.
    selection: String,
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
        Ok(Some(Self {
            mode,
            job: job(step, token, network, limit),
            place: event::pull_request(&step.environment),
            selection: [&FILES, &TAGS, &CATALOG].map(|option| raw.text_or_default(option)).join("\n\n"),
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
            _ = step.cancellation.requested() => return Told::done(NAME, "not written: the run is cancelled".to_owned()),
        };
        match kept {
            Ok(Some((kept, untidied))) => {
                let (what, url) = match kept {
                    Kept::Nothing => return Told::done(NAME, "none: nothing differs".to_owned()),
                    Kept::Unchanged(url) => ("unchanged", url),
                    Kept::Created(url) => ("written", url),
                    Kept::Edited(url) => ("brought up to date", url),
                };
                let what = url.map_or_else(|| what.to_owned(), |url| format!("{what}: {url}"));
                match untidied {
                    None => Told::done(NAME, what),
                    Some(error) => {
                        let text = "The comment says what there is to say. An older text of it may be left in another \
                                    comment, which could not be looked for or removed.";
                        let why = words::why(&error);
                        Told::warning(NAME, format!("{what} (another one may be left)"), &format!("{text} {why}"))
                    }
                }
            }
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
    ) -> Result<Option<(Kept, Option<GitHubError>)>, GitHubError> {
        let number = match &self.place {
            PullRequestOf::Number(number) => Some(*number),
            PullRequestOf::Run(commit) => job.github.pull_request_of(&job.repository, commit).await?,
            PullRequestOf::None => None,
        };
        let Some(number) = number else { return Ok(None) };
        let marker = marker(request, diffed, &self.selection);
        let text = CommentText { mode: self.mode, number, at_home: &self.at_home, request, diffed };
        let is_news = self.mode == CommentMode::Always || diffed.is_different() || !text.of_files().is_empty();
        let text = text.markdown(&marker, &|path| step.log.with_written_paths(path));
        let wanted = Marked { marker: &marker, text: &text, is_news };
        job.github.keep_comment(&job.repository, number, &wanted).await.map(Some)
    }
}
