//! Whether the tag that a version was pushed from still leads to the same commit, asked of GitHub while the bucket is
//! asked for the files.

use std::io::Write;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::{Job, job, token, words};
use crate::action::annotation::{Annotation, Level};
use crate::action::failure::Failure;
use crate::action::step::Step;
use crate::command::{Pulled, PulledSource};
use crate::error::Error;
use crate::github::{GitHubError, RepositoryName, SourceFinding, TagState};
use crate::message::{Message, UNDELIVERED};
use crate::name::{VersionName, VersionRequest};
use crate::option::{GITHUB_TOKEN, OptionError, OptionProblem, RawOptions, SourceCheck, VERIFY_SOURCE};
use crate::request::PullRequest;

/// What facts, warnings and the error are called.
const NAME: &str = "Source";

/// How long a pull that is done waits for what would only be a warning.
const PATIENCE: Duration = Duration::from_secs(10);

/// A check that is to be made.
pub(in crate::action) struct Checking {
    is_required: bool,
    job: Result<Job, GitHubError>,
    /// The tag that the version is most likely of.
    likely: Option<VersionName>,
}

/// What is said of the sources of a pull.
#[derive(Default)]
pub(in crate::action) struct Checked {
    /// Lines of the log, which are facts of the summary, too.
    pub(in crate::action) facts: Vec<String>,
    pub(in crate::action) annotations: Vec<Annotation>,
}

impl Checked {
    fn unanswered() -> Self {
        let text = format!(
            "Whether the tag that this was pushed from is still there could not be determined: GitHub did not answer within {} s.",
            PATIENCE.as_secs()
        );
        Self { annotations: vec![Annotation::new(Level::Warning, NAME, text.clone())], facts: vec![text] }
    }
}

/// What a manifest says of the tag that its version was pushed from.
struct Tagged {
    repository: RepositoryName,
    repository_id: u64,
    tag: String,
    commit: String,
}

/// What is known of one source.
struct Verdict {
    text: String,
    /// How it matters where it is no error; none where all is well, or where there is nothing to check.
    level: Option<Level>,
    is_verified: bool,
}

impl Checking {
    /// Reads the options; none where nothing is to be checked.
    pub(in crate::action) fn new<W: Write + Send + 'static>(
        step: &Step<W>,
        raw: &RawOptions,
        request: &PullRequest,
    ) -> Result<Option<Self>, OptionError> {
        let asked = raw.choice(&VERIFY_SOURCE, &SourceCheck::ALL)?;
        let Some(token) = token(raw)? else {
            return match asked {
                None | Some(SourceCheck::Off) => Ok(None),
                Some(_) => {
                    let problem = OptionProblem::Needs { other: &GITHUB_TOKEN, why: "" };
                    Err(OptionError::new(&VERIFY_SOURCE, problem))
                }
            };
        };
        let mode = asked.unwrap_or(SourceCheck::Warn);
        if mode == SourceCheck::Off {
            return Ok(None);
        }
        let likely = match &request.target.version {
            VersionRequest::Exact(name) => Some(name.clone()),
            _ => None,
        };
        let job = job(step, token, &request.target.connection.network, request.target.deadline);
        Ok(Some(Self { is_required: mode == SourceCheck::Require, job, likely }))
    }

    /// Checks what a pull finds. Where the version is named, GitHub is asked for its tag at the same time.
    pub(in crate::action) async fn beside<W: Write>(
        &self,
        step: &Step<W>,
        pull: impl Future<Output = Result<Pulled, Error>>,
    ) -> Result<(Pulled, Checked), Failure> {
        let ahead = pin!(self.ahead());
        let (pulled, ahead) = match select(pin!(pull), ahead).await {
            Either::Left((pulled, ahead)) => (pulled?, Either::Left(ahead)),
            Either::Right((state, pull)) => (pull.await?, Either::Right(state)),
        };
        let check = async {
            // Of what was not pushed from this tag nothing is waited for.
            let ahead = match ahead {
                Either::Left(ahead) if self.is_of_likely_tag(&pulled) => ahead.await,
                Either::Left(_) => None,
                Either::Right(state) => state,
            };
            self.checked(&pulled, ahead).await
        };
        let patience = if self.is_required { Duration::MAX } else { PATIENCE };
        let checked = tokio::select! {
            checked = tokio::time::timeout(patience, check) => checked.unwrap_or_else(|_| Ok(Checked::unanswered()))?,
            signal = step.cancellation.requested() => return Err(Error::Cancelled(signal).into()),
        };
        Ok((pulled, checked))
    }

    async fn ahead(&self) -> Option<TagState> {
        let (Ok(Job { github, repository }), Some(version)) = (&self.job, &self.likely) else { return None };
        Some(github.tag_state(repository, version.as_str()).await)
    }

    fn is_of_likely_tag(&self, pulled: &Pulled) -> bool {
        pulled.sources.iter().filter_map(tagged).any(|tagged| self.is_likely(&tagged))
    }

    fn is_likely(&self, tagged: &Tagged) -> bool {
        let is_here = self.job.as_ref().is_ok_and(|job| job.repository == tagged.repository);
        is_here && self.likely.as_ref().is_some_and(|version| version.as_str() == tagged.tag)
    }

    async fn checked(&self, pulled: &Pulled, mut ahead: Option<TagState>) -> Result<Checked, Failure> {
        let mut checked = Checked::default();
        let mut wrong = Vec::new();
        for source in &pulled.sources {
            let Verdict { text, level, is_verified } = self.verdict(source, &mut ahead).await;
            if self.is_required && !is_verified {
                wrong.push(Message {
                    next: "Find out why. What was reviewed can be pinned with `digest`, and then `verify-source: warn` is \
                           enough."
                        .to_owned(),
                    ..Message::new(NAME, text).leaving(UNDELIVERED)
                });
                continue;
            }
            checked.annotations.extend(level.map(|level| Annotation::new(level, NAME, text.clone())));
            if level.is_some() || is_verified {
                checked.facts.push(text);
            }
        }
        if wrong.is_empty() { Ok(checked) } else { Err(Failure::Source(wrong)) }
    }

    async fn verdict(&self, source: &PulledSource, ahead: &mut Option<TagState>) -> Verdict {
        let subject = match &source.version {
            Some(version) => format!("Version {version} of {}", source.context),
            None => format!("The head of {}", source.context),
        };
        let Some(tagged) = tagged(source) else {
            let text = format!(
                "{subject} was not pushed from a tag by a workflow, so nothing can say whether it still is what the tag says."
            );
            return Verdict { text, level: None, is_verified: false };
        };
        let Tagged { repository, repository_id, tag, commit } = &tagged;
        let short = |commit: &str| commit.get(..7).unwrap_or(commit).to_owned();
        let job = match &self.job {
            Ok(job) => job,
            Err(error) => {
                let text = format!(
                    "Whether {subject} is still what its tag says could not be determined. {}",
                    words::why(error)
                );
                return Verdict { text, level: Some(Level::Warning), is_verified: false };
            }
        };
        let state = match ahead.take().filter(|_| self.is_likely(&tagged)) {
            Some(state) => state,
            None => job.github.tag_state(repository, tag).await,
        };
        let pushed = format!("{subject} was pushed from commit {} at tag {tag} of {repository}", short(commit));
        let (text, level) = match state.compare(*repository_id, commit) {
            SourceFinding::Same => (format!("{pushed}, where the tag still is."), None),
            SourceFinding::Moved(now) => {
                (format!("{pushed}, and the tag leads to commit {} now.", short(&now)), Some(Level::Warning))
            }
            SourceFinding::Deleted => (format!("{pushed}, and that tag is not there any more."), Some(Level::Warning)),
            SourceFinding::OtherRepository(now) => (
                format!(
                    "{pushed}, and what has this name now is another repository: number {now} in place of {repository_id}."
                ),
                Some(Level::Warning),
            ),
            SourceFinding::NotVisible(error) => (
                format!("{pushed}. Whether the tag is still there could not be determined. {}", words::why(&error)),
                Some(Level::Notice),
            ),
            SourceFinding::Unknown(error) => (
                format!("{pushed}. Whether the tag is still there could not be determined. {}", words::why(&error)),
                Some(Level::Warning),
            ),
        };
        Verdict { text, is_verified: level.is_none(), level }
    }
}

/// What is to be compared; none where the push was of no tag.
fn tagged(PulledSource { source, .. }: &PulledSource) -> Option<Tagged> {
    let source = source.as_ref()?;
    Some(Tagged {
        repository: RepositoryName::new(source.repository.as_deref()?)?,
        repository_id: source.repository_id.as_deref()?.parse().ok()?,
        tag: source.git_ref.as_deref()?.strip_prefix("refs/tags/")?.to_owned(),
        commit: source.sha.clone()?,
    })
}
