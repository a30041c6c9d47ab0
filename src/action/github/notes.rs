//! The section of a release's notes that says which configuration belongs to it.

use std::io::Write;

use super::notes_text::NotesText;
use super::{Job, Told, job, token};
use crate::action::event;
use crate::action::step::Step;
use crate::command::Pushed;
use crate::github::{GitHubError, ReleaseId, Written};
use crate::option::{OptionError, RELEASE_NOTES, RawOptions};
use crate::request::PushRequest;

/// What the fact and the warning are called.
const NAME: &str = "Release notes";

/// A section that is to be written.
pub(in crate::action) struct Noting {
    job: Result<Job, GitHubError>,
    release: Option<ReleaseId>,
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
        Ok(Some(Self { job, release }))
    }

    /// Writes it, and says what became of it. The version is published in any case.
    pub(in crate::action) async fn write<W: Write>(self, step: &Step<W>, pushed: &Pushed) -> Told {
        let failed = |error: &GitHubError| Told::failed(NAME, "The release says nothing of this version.", error);
        let Some(release) = self.release.filter(|_| !pushed.location.is_head()) else {
            return Told::done(
                NAME,
                "not written: this push is of no version, or in no workflow of a release or a tag".to_owned(),
            );
        };
        let Job { github, repository } = match &self.job {
            Ok(job) => job,
            Err(error) => return failed(error),
        };
        let text = NotesText::new(pushed, &|path| step.log.with_written_paths(path));
        let work = github.change_notes(repository, &release, |notes| text.within(notes));
        let written = tokio::select! {
            written = work => written,
            _ = step.cancellation.requested() => return Told::done(NAME, "not written: the run is cancelled".to_owned()),
        };
        match written {
            Ok((written, release)) => {
                let what = match written {
                    Written::Unchanged => "unchanged",
                    Written::Changed => "written",
                    Written::NoRoom => "not written: the notes are as long as GitHub takes them",
                };
                Told::done(NAME, release.url().map_or_else(|| what.to_owned(), |url| format!("{what}: {url}")))
            }
            Err(error) => failed(&error),
        }
    }
}
