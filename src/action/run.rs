//! One run of the action.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::sync::Arc;

use super::annotation::{Annotation, Level, budget, log_line};
use super::deliver::{self, Delivery};
use super::export::exported;
use super::file_command::{OUTPUT_WARN_BYTES, largest_outputs, overwritten_outputs, total_output_bytes};
use super::inputs::{self, Environment, get};
use super::log::Log;
use super::mask::masks;
use super::note::{self, list};
use super::output::{self, Output};
use super::summary::{Changes, FileRow, SUMMARY_MAX_BYTES, Summary};
use crate::command;
use crate::error::Error;
use crate::outcome::{Location, Outcome, Pulled, Pushed};
use crate::request::{Command, InputError, Mask, Pull, Request};
use crate::secret::Secret;
use crate::store::Stage;
use crate::workspace::Workspace;

/// Runs the action in this environment, and gives the exit code. Everything that it has to say goes to `log`, which
/// the runner reads as the step's standard output.
pub async fn run(environment: Environment, log: impl Write + Send + 'static) -> u8 {
    let log = Log::new(log, get(&environment, "RUNNER_DEBUG").as_deref() == Some("1"));
    let mut action = Action { log, environment };
    match action.run().await {
        Ok(()) => 0,
        Err(error) => {
            let report = error.report();
            let annotation = Annotation {
                file: report.file.clone(),
                line: report.line,
                ..Annotation::new(Level::Error, report.title.clone(), report.message())
            };
            action.log.say(&annotation.command());
            report.code
        }
    }
}

struct Action<W> {
    environment: Environment,
    log: Log<W>,
}

impl<W: Write + Send + 'static> Action<W> {
    async fn run(&mut self) -> Result<(), Error> {
        let given = inputs::given(&self.environment)?;
        let tag = inputs::tag(&self.environment);
        let request = Request::new(&given, tag.as_deref(), inputs::job(self.environment.clone()))?;
        let workspace = Workspace::open(&request.job.workspace)?;
        // A push that could not tell its outcome is not to be half a success.
        deliver::check(&self.environment)?;
        // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
        let outcome = Box::pin(command::run(&request, &workspace, Arc::new(self.log.clone()))).await?;
        match (outcome, &request.command) {
            (Outcome::Pulled(mut pulled), Command::Pull(pull)) => self.pulled(&request, pull, &workspace, &mut pulled),
            (Outcome::NothingToPull { place, report }, _) => {
                deliver::outputs(&self.environment, &output::of_nothing(&place))?;
                self.annotate(vec![Annotation::new(Level::Notice, report.title, report.what)]);
                Ok(())
            }
            (Outcome::Pushed(pushed), _) => self.pushed(&request, &pushed),
            (Outcome::Pulled(_), Command::Push(_)) => Ok(()),
        }
    }

    fn pulled(
        &mut self,
        request: &Request,
        pull: &Pull,
        workspace: &Workspace,
        pulled: &mut Pulled,
    ) -> Result<(), Error> {
        // Masks go out before anything else does; nothing else is made of all that was read.
        let unmasked = self.mask(pull, pulled)?;
        pulled.read = Vec::new();
        let pulled = &*pulled;
        let mut annotations: Vec<_> = pulled.notes.iter().map(note::annotation).collect();
        let mut lines = vec![headline(if request.dry_run { "Would pull" } else { "Pulled" }, &pulled.place)];
        let (files, keys) = (counted(pulled.files.len(), "file"), counted(pulled.settings.len(), "key"));
        lines.push(format!("{files}, {keys}, {}", pulled.digest.pin()));

        if request.dry_run {
            deliver::outputs(&self.environment, &output::facts_of_pull(pulled))?;
        } else {
            let exported = pull.export.as_ref().map(|export| {
                exported(&pulled.settings, export, |name| {
                    pull.no_overwrite && request.job.environment.contains_key(name)
                })
            });
            if let Some(exported) = &exported {
                annotations.extend(about_export(&exported.refused, &exported.unnameable));
                if !exported.kept.is_empty() {
                    lines.push(format!("Left as they are in the environment: {}", list(&exported.kept)));
                }
            }
            let delivery = Delivery {
                environment: &self.environment,
                workspace,
                pulled,
                restore_files: pull.restore_files,
                exported: exported.map(|exported| exported.settings),
            };
            let outputs = output::of_pull(pulled);
            annotations.extend(about_outputs(&outputs));
            let left = delivery.run(outputs)?;
            annotations.extend(left.map(|error| {
                let message = format!("The pull is delivered, but an earlier file could not be removed: {error}.");
                Annotation::new(Level::Warning, "Backup left", message)
            }));
        }
        if !unmasked.is_empty() {
            lines.push(format!(
                "{} {} too short or too common to mask",
                counted(unmasked.len(), "value"),
                if unmasked.len() == 1 { "is" } else { "are" }
            ));
            self.log.debug(&format!("not masked: {}", list(&unmasked)));
        }
        self.lines(&lines);
        self.annotate(annotations);
        self.summary(&summary_of_pull(pulled));
        Ok(())
    }

    fn pushed(&mut self, request: &Request, pushed: &Pushed) -> Result<(), Error> {
        let verb = match (request.dry_run, pushed.changed) {
            (true, true) => "Would push",
            (true, false) => "Nothing would change in",
            (false, true) => "Pushed",
            (false, false) => "Nothing has changed in",
        };
        deliver::outputs(&self.environment, &output::of_push(pushed)).map_err(|error| {
            let stage = if request.dry_run { Stage::Untouched } else { Stage::Published };
            error.in_push(stage, pushed.place.clone())
        })?;
        let mut lines = vec![
            headline(verb, &pushed.place),
            format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()),
        ];
        if let Some(replaced) = pushed.replaced {
            lines.push(format!("In place of {}", replaced.pin()));
        }
        self.lines(&lines);
        self.annotate(pushed.notes.iter().map(note::annotation).collect());
        self.summary(&summary_of_push(verb, pushed));
        Ok(())
    }

    /// Sends the masks; gives the keys whose values stay readable.
    fn mask(&mut self, pull: &Pull, pulled: &Pulled) -> Result<Vec<String>, Error> {
        let entries = || pulled.read.iter().map(|entry| (entry.key.as_str(), &entry.value.text));
        let names: HashMap<_, _> = pulled.names.iter().map(|(key, name)| (key.as_str(), name.as_str())).collect();
        // A key that is published under another name may be meant by either.
        let is_selected = |key: &str| match &pull.mask {
            Mask::All => true,
            Mask::None => false,
            Mask::Keys(patterns) => patterns.matches(key) || names.get(key).is_some_and(|name| patterns.matches(name)),
        };
        if let Mask::Keys(patterns) = &pull.mask {
            let known: HashSet<_> =
                names.iter().flat_map(|(key, name)| [*key, *name]).chain(entries().map(|it| it.0)).collect();
            // A slip of the pen is not to lay a value open.
            if let Some(unknown) = patterns.names().find(|name| !known.contains(name)) {
                let problem = format!("names {unknown:?}, which is no key of these files");
                let remedy =
                    "Correct it; for a key that only some of your files have write a pattern, such as `DB_PASS*`.";
                return Err(InputError::new("mask", problem, remedy).into());
            }
        }
        let masks = masks(entries(), is_selected);
        // A value that cannot be masked is not to be delivered.
        self.log.masks(&masks.commands).map_err(|error| Error::Masks(error.to_string()))?;
        if matches!(pull.mask, Mask::Keys(_)) && !entries().any(|(key, _)| is_selected(key)) {
            self.annotate(vec![Annotation::new(
                Level::Warning,
                "Nothing is masked",
                "The input `mask` matches no key, so no value is hidden in the log. Write `none` if that is meant.",
            )]);
        }
        let mut unmasked = masks.unmasked;
        unmasked.sort_unstable();
        unmasked.dedup();
        Ok(unmasked)
    }

    fn annotate(&mut self, annotations: Vec<Annotation>) {
        for annotation in budget(annotations) {
            self.log.say(&annotation.command());
        }
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.log.say(&log_line(line));
        }
    }

    /// The summary is a courtesy: a runner without one, or one that cannot be written, does not fail the step.
    fn summary(&mut self, summary: &Summary) {
        let Some(path) = get(&self.environment, "GITHUB_STEP_SUMMARY") else { return };
        let append = || -> io::Result<()> {
            let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&path)?;
            let before = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
            file.write_all(summary.markdown(SUMMARY_MAX_BYTES.saturating_sub(before)).as_bytes())
        };
        if let Err(error) = append() {
            self.log.debug(&format!("the step summary was not written: {error}"));
        }
    }
}

fn counted(number: usize, of_what: &str) -> String {
    format!("{number} {of_what}{}", if number == 1 { "" } else { "s" })
}

fn headline(verb: &str, place: &Location) -> String {
    format!("{verb} {} of {} in s3://{}", place.version, place.context, place.bucket)
}

fn about_export(refused: &[String], unnameable: &[String]) -> Vec<Annotation> {
    let mut annotations = Vec::new();
    if !refused.is_empty() {
        annotations.push(Annotation::new(
            Level::Warning,
            "Not exported",
            format!(
                "These names could take over later steps and were not exported: {}. \
                 If one is meant, name it in `allow-env`; they are outputs all the same.",
                list(refused)
            ),
        ));
    }
    if !unnameable.is_empty() {
        annotations.push(Annotation::new(
            Level::Warning,
            "Not exported",
            format!(
                "No environment variable can have these names: {}. Rename them with `keys` or `output-case: snake`.",
                list(unnameable)
            ),
        ));
    }
    annotations
}

fn about_outputs(outputs: &[Output]) -> Vec<Annotation> {
    let pairs = || outputs.iter().map(|(name, value)| (name.as_str(), value));
    let mut annotations = Vec::new();
    let lost: Vec<_> = overwritten_outputs(pairs()).into_iter().map(|(lost, by)| format!("{lost} by {by}")).collect();
    if !lost.is_empty() {
        annotations.push(Annotation::new(
            Level::Warning,
            "Outputs differ only in case",
            format!("GitHub does not tell outputs apart by case, so some are hidden by others: {}.", list(&lost)),
        ));
    }
    if total_output_bytes(pairs()) > OUTPUT_WARN_BYTES {
        annotations.push(Annotation::new(
            Level::Warning,
            "Large outputs",
            format!(
                "The outputs come near to GitHub's limit of 1 MiB a job. The largest are: {}. \
                 Choose with `keys`, or read the restored files.",
                list(&largest_outputs(pairs(), 5).into_iter().map(|(name, _)| name).collect::<Vec<_>>())
            ),
        ));
    }
    annotations
}

fn summary_of_pull(pulled: &Pulled) -> Summary {
    let version = &pulled.place.version;
    let rows = pulled
        .files
        .iter()
        .map(|file| FileRow {
            path: file.path.to_string(),
            version: version.clone(),
            size: size(&file.content),
            keys: file.keys,
            digest: file.digest.short(),
        })
        .collect();
    let mut facts = facts(&pulled.place, &pulled.digest.pin());
    facts.push(("Integrity".to_owned(), if pulled.verified { "verified" } else { "unmanaged" }.to_owned()));
    Summary { title: format!("Config pulled {} {version}", pulled.place.context), facts, files: rows, changes: None }
}

fn summary_of_push(verb: &str, pushed: &Pushed) -> Summary {
    let version = &pushed.place.version;
    let rows = pushed
        .files
        .iter()
        .map(|file| FileRow {
            path: file.path.to_string(),
            version: version.clone(),
            size: file.size,
            keys: file.keys.as_ref().map(Vec::len),
            digest: file.digest.short(),
        })
        .collect();
    let changes = pushed.changes.clone().map(|changes| Changes {
        added: changes.added,
        changed: changes.changed,
        removed: changes.removed,
    });
    Summary {
        title: format!("{verb} {} {version}", pushed.place.context),
        facts: facts(&pushed.place, &pushed.digest.pin()),
        files: rows,
        changes,
    }
}

fn facts(place: &Location, digest: &str) -> Vec<(String, String)> {
    [
        ("Context", place.context.to_string()),
        ("Version", place.version.clone()),
        ("Bucket", place.bucket.clone()),
        ("Digest", digest.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn size(content: &Secret<bytes::Bytes>) -> u64 {
    content.expose().len() as u64
}
