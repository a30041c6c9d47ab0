//! Runs a push.

use std::io::Write;
use std::sync::Arc;

use super::channel;
use crate::action::annotation::{Annotation, annotations_of};
use crate::action::checksums;
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::github;
use crate::action::github::notes::Noting;
use crate::action::output::{self, Output};
use crate::action::run_summary::{self, summary_of_push};
use crate::action::step::Step;
use crate::action::temporary_file::WrittenFile;
use crate::command::{self, Pushed};
use crate::message::{changes, counted, headline, push_verb};
use crate::option::{Command, RawOptions};
use crate::request::{PushRequest, RunInfo};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let mut request = PushRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::Push)?;
    let workspace = step.workspace()?;
    let noting = Noting::new(step, raw, &request)?;
    request.wants_manifest = noting.as_ref().is_some_and(Noting::attaches);
    request.wants_since_before = noting.is_some();
    let pushed = command::push(&request, run, &workspace, Arc::new(step.log.clone()), &step.cancellation).await?;
    let verb = push_verb(request.dry_run, pushed.changed);
    let about = unnamed_kms_keys(&request, &pushed).into_iter().collect();
    let told = Told { verb, noun: "push", dry_run: request.dry_run, replaces: request.replaces(), about };
    // Which page the version has depends on whether there is a release.
    told.deliver(step, &pushed, step.url_of(run.push.source.as_ref()).filter(|_| noting.is_none()))?;
    let moved = match request.channel {
        Some(mut channel) => {
            channel.follow_push(request.dry_run, &request.target.version, pushed.digest);
            channel::after_push(step, &channel, run).await.map(Some)
        }
        None => Ok(None),
    };
    // GitHub may keep this waiting, and whoever ends the step meanwhile has all that is in the bucket.
    let mut notes = Vec::new();
    if let Some(noting) = noting {
        let noted = noting.write(step, &pushed).await;
        let source = run.push.source.as_ref().map(|source| noted.page_of(source));
        told.add_outputs(step, &pushed, &Vec::from_iter(step.url_of(source.as_deref())))?;
        notes = noted.told;
    }
    told.tell(step, &pushed, &notes);
    moved?.iter().for_each(|moved| channel::tell(step, moved, request.dry_run));
    Ok(())
}

/// The KMS keys that no input names. Whoever writes the catalog chooses them, and from then on pushes record them.
fn unnamed_kms_keys(request: &PushRequest, pushed: &Pushed) -> Option<About> {
    let keys: Vec<_> = pushed.kms_keys.iter().map(String::as_str).collect();
    if keys.is_empty() || request.kms_keys.asked.is_some() {
        return None;
    }
    let text = format!("{}, which the catalog or an earlier push names, and `kms-key-id` does not", keys.join(", "));
    Some(About::new("Encrypted with the KMS key", "KMS key", text))
}

/// What is told of a push.
pub(super) struct Told {
    /// What was done, as the beginning of a headline.
    pub(super) verb: &'static str,
    /// What the push is called.
    pub(super) noun: &'static str,
    pub(super) dry_run: bool,
    /// Whether it replaces what was there.
    pub(super) replaces: bool,
    /// What else is to be said.
    pub(super) about: Vec<About>,
}

/// A line of the log, and a fact of the summary.
pub(super) struct About {
    begins: &'static str,
    fact: &'static str,
    text: String,
}

impl About {
    /// `begins`: how the line in the log begins; `fact`: what the fact is called.
    pub(super) const fn new(begins: &'static str, fact: &'static str, text: String) -> Self {
        Self { begins, fact, text }
    }
}

impl Told {
    /// Sets the outputs. `url`: the page of what was pushed.
    pub(super) fn deliver<W: Write>(
        &self,
        step: &Step<W>,
        pushed: &Pushed,
        url: Option<Output>,
    ) -> Result<(), Failure> {
        let mut outputs = output::push_outputs(pushed);
        outputs.extend(url);
        let files = pushed.files.iter().map(|file| (&file.path, file.digest));
        let checksums = if self.dry_run { None } else { checksums::leave(&step.environment, files) };
        let written = checksums.map(|(output, written)| {
            outputs.push(output);
            written
        });
        self.add_outputs(step, pushed, &outputs)?;
        written.into_iter().for_each(WrittenFile::keep);
        Ok(())
    }

    fn add_outputs<W: Write>(&self, step: &Step<W>, pushed: &Pushed, outputs: &[Output]) -> Result<(), Failure> {
        deliver::outputs(&step.environment, outputs).map_err(|failure| {
            if self.dry_run {
                return failure;
            }
            let Self { replaces, noun, .. } = *self;
            let location = pushed.location.clone();
            Failure::AfterPush { location, replaces, noun, cause: Box::new(failure) }
        })
    }

    /// Writes log and summary. `notes`: what became of the release's notes, and of what is attached to it.
    pub(super) fn tell<W: Write>(&self, step: &Step<W>, pushed: &Pushed, notes: &[github::Told]) {
        let Self { verb, dry_run, ref about, .. } = *self;
        let mut lines = vec![headline(verb, &pushed.location)];
        let line = |About { begins, text, .. }: &About| format!("{begins} {text}").trim_start().to_owned();
        lines.extend(about.iter().map(line));
        lines.push(format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()));
        if let Some(replaced) = pushed.replaced {
            let verb = if dry_run { "Would replace" } else { "Replaced" };
            lines.push(format!("{verb} {}", replaced.pin()));
        }
        lines.extend(changes::lines(pushed));
        lines.extend(notes.iter().map(github::Told::line));
        step.lines(&lines);
        let gone = changes::about_gone(pushed).map(Annotation::from);
        let unwritten = notes.iter().filter_map(|told| told.annotation.clone());
        let annotations = gone.into_iter().chain(annotations_of(&pushed.notes)).chain(unwritten).collect();
        step.annotate(annotations);
        let mut summary = summary_of_push(verb, pushed);
        summary.facts.extend(about.iter().map(|about| (about.fact, about.text.clone())));
        summary.facts.extend(notes.iter().map(|told| told.fact.clone()));
        summary.facts.extend(dry_run.then(run_summary::dry_run));
        step.summary(&summary);
    }
}
