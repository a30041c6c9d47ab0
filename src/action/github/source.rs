//! Whether the tag that a version was pushed from still leads to the same commit, asked of GitHub while the bucket is
//! asked for the files: of a version's name at once, of what a requirement or a channel finds as soon as its manifest is
//! read.

use std::convert::Infallible;
use std::io::Write;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;

use super::heard::{Hearing, Tag};
use super::{Job, job, token, words};
use crate::action::annotation::{Annotation, Level};
use crate::action::failure::Failure;
use crate::action::step::Step;
use crate::command::{Pulled, PulledSource};
use crate::error::Error;
use crate::github::{GitHubError, SourceFinding, TagState};
use crate::message::{Message, UNDELIVERED};
use crate::name::{VersionName, VersionRequest};
use crate::observer::Observer;
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
    tag: Tag,
    repository_id: u64,
    commit: String,
}

/// What GitHub is asked of tags, all at the same time.
struct Asking<'a> {
    job: Option<&'a Job>,
    asked: Vec<Tag>,
    open: FuturesUnordered<LocalBoxFuture<'a, (Tag, TagState)>>,
    known: Vec<(Tag, TagState)>,
}

impl<'a> Asking<'a> {
    fn new(job: Option<&'a Job>) -> Self {
        Self { job, asked: Vec::new(), open: FuturesUnordered::new(), known: Vec::new() }
    }

    /// Begins to ask for a tag, once.
    fn begin(&mut self, tag: Tag) {
        let Some(job) = self.job.filter(|_| !self.asked.contains(&tag)) else { return };
        self.asked.push(tag.clone());
        self.open.push(Box::pin(async move {
            let state = job.github.tag_state(&tag.repository, &tag.name).await;
            (tag, state)
        }));
    }

    /// Does what is asked, for ever: to be dropped by who has what is wanted.
    async fn go_on(&mut self) -> Infallible {
        while let Some(known) = self.open.next().await {
            self.known.push(known);
        }
        std::future::pending().await
    }

    /// Waits for all of these. What was asked besides is not waited for.
    async fn wait_for(&mut self, tags: &[&Tag]) {
        while tags.iter().any(|tag| self.asked.contains(tag) && self.state(tag).is_none()) {
            match self.open.next().await {
                Some(known) => self.known.push(known),
                None => return,
            }
        }
    }

    fn state(&self, tag: &Tag) -> Option<&TagState> {
        self.known.iter().find(|(known, _)| known == tag).map(|(_, state)| state)
    }
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

    /// Checks what a pull finds, which is run with this observer. GitHub is asked at the same time, as soon as it is
    /// known or likely what for.
    pub(in crate::action) async fn beside<W: Write + Send + 'static>(
        &self,
        step: &Step<W>,
        pull: impl AsyncFnOnce(Arc<dyn Observer>) -> Result<Pulled, Error>,
    ) -> Result<(Pulled, Checked), Failure> {
        let mut asking = Asking::new(self.job.as_ref().ok());
        if let (Ok(job), Some(version)) = (&self.job, &self.likely) {
            asking.begin(Tag { repository: job.repository.clone(), name: version.to_string() });
        }
        let (hearing, mut heard) = Hearing::new(&step.log);
        let mut pull = pin!(pull(Arc::new(hearing)));
        let pulled = loop {
            tokio::select! {
                // The bucket comes first.
                biased;
                pulled = &mut pull => break pulled?,
                Some(tag) = heard.recv() => asking.begin(tag),
                never = asking.go_on() => match never {},
            }
        };
        let tagged: Vec<_> = pulled.sources.iter().map(tagged).collect();
        let tags: Vec<_> = tagged.iter().flatten().map(|tagged| &tagged.tag).collect();
        tags.iter().for_each(|tag| asking.begin((*tag).clone()));
        let patience = if self.is_required { Duration::MAX } else { PATIENCE };
        tokio::select! {
            waited = tokio::time::timeout(patience, asking.wait_for(&tags)) => {
                if waited.is_err() {
                    return Ok((pulled, Checked::unanswered()));
                }
            }
            signal = step.cancellation.requested() => return Err(Error::Cancelled(signal).into()),
        }
        let checked = self.checked(pulled.sources.iter().zip(&tagged), &asking)?;
        Ok((pulled, checked))
    }

    fn checked<'a>(
        &self,
        sources: impl Iterator<Item = (&'a PulledSource, &'a Option<Tagged>)>,
        asking: &Asking<'_>,
    ) -> Result<Checked, Failure> {
        let mut checked = Checked::default();
        let mut wrong = Vec::new();
        for (source, tagged) in sources {
            let Verdict { text, level, is_verified } = self.verdict(source, tagged.as_ref(), asking);
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

    fn verdict(&self, source: &PulledSource, tagged: Option<&Tagged>, asking: &Asking<'_>) -> Verdict {
        let subject = match &source.version {
            Some(version) => format!("Version {version} of {}", source.context),
            None => format!("The head of {}", source.context),
        };
        let Some(Tagged { tag, repository_id, commit }) = tagged else {
            let text = format!(
                "{subject} was not pushed from a tag by a workflow, so nothing can say whether it still is what the tag says."
            );
            return Verdict { text, level: None, is_verified: false };
        };
        let short = |commit: &str| commit.get(..7).unwrap_or(commit).to_owned();
        let state = match (&self.job, asking.state(tag)) {
            (Ok(_), Some(state)) => state.clone(),
            // Each was asked for and waited for.
            (Ok(_), None) => return Verdict { text: subject, level: Some(Level::Warning), is_verified: false },
            (Err(error), _) => {
                let text = format!(
                    "Whether {subject} is still what its tag says could not be determined. {}",
                    words::why(error)
                );
                return Verdict { text, level: Some(Level::Warning), is_verified: false };
            }
        };
        let Tag { repository, name: tag } = tag;
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
        tag: Tag::new(source.repository.as_deref()?, source.git_ref.as_deref()?)?,
        repository_id: source.repository_id.as_deref()?.parse().ok()?,
        commit: source.sha.clone()?,
    })
}
