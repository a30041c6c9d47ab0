//! The section of a release's notes that says which configuration belongs to it.

use std::borrow::Cow;
use std::io::Write;

use super::notes_text::NotesText;
use super::{Job, Told, job, token, words};
use crate::action::event;
use crate::action::step::Step;
use crate::command::{Location, Pushed};
use crate::github::{Attached, GitHubError, Release, ReleaseId, Written};
use crate::option::{OptionError, RELEASE_MANIFEST, RELEASE_NOTES, RawOptions};
use crate::request::PushRequest;
use crate::store::PushSource;

/// What the fact and the warning are called.
const NAME: &str = "Release notes";

/// What the same is called of the manifest.
const MANIFEST: &str = "Release manifest";

/// A section that is to be written.
pub(in crate::action) struct Noting {
    job: Result<Job, GitHubError>,
    release: Option<ReleaseId>,
    attaches: bool,
}

/// What became of it.
pub(in crate::action) struct Noted {
    pub(in crate::action) told: Vec<Told>,
    /// Whether the push is of a tag that has a release.
    is_of_release: bool,
}

impl Noted {
    fn without_release(told: Told) -> Self {
        Self { told: vec![told], is_of_release: false }
    }

    /// What was pushed from, as far as its page on GitHub goes: that is the release's, if there is one.
    pub(in crate::action) fn page_of<'a>(&self, source: &'a PushSource) -> Cow<'a, PushSource> {
        if self.is_of_release {
            Cow::Owned(PushSource { event: Some("release".to_owned()), ..source.clone() })
        } else {
            Cow::Borrowed(source)
        }
    }
}

impl Noting {
    /// Reads the options; none where nothing is to be written.
    pub(in crate::action) fn new<W: Write + Send + 'static>(
        step: &Step<W>,
        raw: &RawOptions,
        request: &PushRequest,
    ) -> Result<Option<Self>, OptionError> {
        let (true, Some(token)) = (raw.flag(&RELEASE_NOTES)? && !request.dry_run, token(raw)?) else {
            return Ok(None);
        };
        let variable = |name| step.environment.text(name);
        let tag = || variable("GITHUB_REF_NAME").filter(|_| variable("GITHUB_REF_TYPE").as_deref() == Some("tag"));
        let number = event::release_number(&step.environment).map(ReleaseId::Number);
        let release = number.or_else(|| tag().map(ReleaseId::Tag));
        let job = job(step, token, &request.target.connection.network, request.target.deadline);
        Ok(Some(Self { job, release, attaches: raw.flag(&RELEASE_MANIFEST)? }))
    }

    /// Whether the version's manifest is attached to the release, too.
    pub(in crate::action) const fn attaches(&self) -> bool {
        self.attaches
    }

    /// Writes it, and says what became of it. The version is published in any case.
    pub(in crate::action) async fn write<W: Write>(self, step: &Step<W>, pushed: &Pushed) -> Noted {
        let failed = |error: &GitHubError| {
            Noted::without_release(Told::failed(NAME, "The release says nothing of this version.", error))
        };
        let Some(release) = self.release.as_ref().filter(|_| !pushed.location.is_head()) else {
            let why = "not written: this push is of no version, or in no workflow of a release or a tag";
            return Noted::without_release(Told::done(NAME, why.to_owned()));
        };
        let job = match &self.job {
            Ok(job) => job,
            Err(error) => return failed(error),
        };
        let text = NotesText::new(pushed, &|path| step.log.with_written_paths(path));
        let work = async {
            let changed = job.github.change_notes(&job.repository, release, |notes| text.within(notes)).await;
            let (written, release) = match changed {
                Ok(done) => done,
                Err(error) => return failed(&error),
            };
            let at_release = |what: &str| release.url().map_or_else(|| what.to_owned(), |url| format!("{what}: {url}"));
            let mut told = vec![match written {
                Written::Unchanged => Told::done(NAME, at_release("unchanged")),
                Written::Changed => Told::done(NAME, at_release("written")),
                Written::Unconfirmed(error) => {
                    let text = "The release's notes were written. They could not be read again, so another job may have \
                                overwritten the section.";
                    let text = format!("{text} {}", words::why(&error));
                    Told::warning(NAME, at_release("written, and not read again"), &text)
                }
                Written::NoRoom => {
                    Told::done(NAME, at_release("not written: the notes are as long as GitHub takes them"))
                }
            }];
            if self.attaches {
                told.push(attached(job, &release, pushed).await);
            }
            Noted { told, is_of_release: true }
        };
        tokio::select! {
            noted = work => noted,
            _ = step.cancellation.requested() => {
                Noted::without_release(Told::done(NAME, "perhaps not written: the run is cancelled".to_owned()))
            }
        }
    }
}

/// Attaches the manifest, and says what became of it.
async fn attached(job: &Job, release: &Release, pushed: &Pushed) -> Told {
    let Some(manifest) = &pushed.manifest else {
        let text = "The manifest was not attached to the release: it could not be read from the bucket again.";
        return Told::warning(MANIFEST, "not attached: it could not be read from the bucket again".to_owned(), text);
    };
    let name = file_name(&pushed.location);
    match job.github.attach(&job.repository, release, &name, manifest).await {
        Ok(Attached::Unchanged) => Told::done(MANIFEST, format!("unchanged: {name}")),
        Ok(Attached::Uploaded) => Told::done(MANIFEST, format!("attached: {name}")),
        Ok(Attached::Published) => {
            Told::done(MANIFEST, "not attached: the release is published, and only a draft gets files".to_owned())
        }
        Err(error) => Told::failed_to(MANIFEST, "attached", "The manifest was not attached to the release.", &error),
    }
}

/// What the file is called: as the steps of a matrix cannot both call theirs, and of characters that GitHub leaves as
/// they are.
fn file_name(Location { bucket, context, version, .. }: &Location) -> String {
    let name = format!("manifest_{bucket}_{context}_{version}.json");
    name.replace(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'), ".")
}
