//! Runs the action: reads its inputs, runs the command, and delivers and reports its result.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::annotation::{Annotation, Level, budget, summed_up};
use super::deliver::{self, Delivering};
use super::delivery::{Delivery, Mask};
use super::environment_size::{LARGEST_VARIABLE, Room};
use super::export::exported;
use super::failure::Failure;
use super::file_command::{
    OUTPUT_MAX_BYTES, OUTPUT_WARN_BYTES, largest_outputs, overwritten_outputs, total_output_bytes,
};
use super::inputs;
use super::log::Log;
use super::mask::masks;
use super::output::{self, Output};
use super::restored;
use super::run_summary::{dry_run, pull_title, summary_of_pull, summary_of_push};
use super::summary::Summary;
use crate::cancellation::Cancellation;
use crate::command::{self, Location, Note, Pulled};
use crate::config::Unmatched;
use crate::environment::Environment;
use crate::error::Error;
use crate::message::{self, changes, list};
use crate::name::environment_name::refusal;
use crate::option::{COMMAND, Command, MASK, OptionError, OptionProblem, RawOptions};
use crate::request::{PullRequest, PushRequest, RunInfo};
use crate::workspace::Workspace;

/// Commands of later versions, for an error that says so.
const NOT_YET: [&str; 7] = ["list", "diff", "verify", "promote", "rollback", "purge", "doctor"];

/// Runs the action in this environment, and gives the exit code. Everything that it has to say goes to `log`, which
/// the runner reads as the step's standard output.
pub async fn run(environment: Environment, log: impl Write + Send + 'static, cancellation: Cancellation) -> u8 {
    let summary = environment.text("GITHUB_STEP_SUMMARY").map(PathBuf::from);
    let log = Log::new(log, environment.text("RUNNER_DEBUG").as_deref() == Some("1"), summary);
    let mut action = Action { log, environment, cancellation };
    match action.run().await {
        Ok(()) => 0,
        Err(failure) => action.log.fail(&failure),
    }
}

/// The annotations for notes.
fn annotations_of<'a>(notes: impl IntoIterator<Item = &'a Note>) -> impl Iterator<Item = Annotation> {
    notes.into_iter().map(|note| message::notice(note).into())
}

struct Action<W> {
    environment: Environment,
    log: Log<W>,
    cancellation: Cancellation,
}

impl<W: Write + Send + 'static> Action<W> {
    async fn run(&mut self) -> Result<(), Failure> {
        let raw = inputs::raw_options(&self.environment)?;
        self.note_unreadable();
        let run = inputs::run_info(&self.environment).map_err(Failure::Random)?;
        match command(&raw)? {
            Command::Pull => self.pull(&raw, &run).await,
            Command::Push => self.push(&raw, &run).await,
            // No other word is read.
            _ => Ok(()),
        }
    }

    /// Says which variables count as not set because they are no text.
    fn note_unreadable(&mut self) {
        let names: Vec<_> = self.environment.unreadable().collect();
        if !names.is_empty() {
            let message = format!("These variables are not UTF-8 text, and count as not set: {}.", list(&names));
            self.annotate(vec![Annotation::new(Level::Warning, "Unreadable variables", message)]);
        }
    }

    /// Opens what every command needs, once its options are read.
    fn workspace(&self) -> Result<Workspace, Failure> {
        let root = deliver::named_by(&self.environment, "GITHUB_WORKSPACE")?.unwrap_or_else(|| PathBuf::from("."));
        let workspace = Workspace::open(&root)?;
        // A push that could not tell its outcome is not to be half a success.
        deliver::check(&self.environment)?;
        Ok(workspace)
    }

    async fn pull(&mut self, raw: &RawOptions, run: &RunInfo) -> Result<(), Failure> {
        let request = PullRequest::new(raw, run)?;
        let delivery = Delivery::new(raw)?;
        raw.refuse_contradictions(Command::Pull)?;
        let workspace = self.workspace()?;
        let observer = Arc::new(self.log.clone());
        let until = Instant::now().checked_add(request.target.deadline);
        let mut pulled = command::pull(&request, run, &workspace, observer, &self.cancellation).await?;
        self.deliver(&delivery, &workspace, &mut pulled, until, request.selection.leaves_names_open())
    }

    /// `until`: when the step's time is up. `names_are_open`: whether the config files alone decide which names are published.
    fn deliver(
        &mut self,
        delivery: &Delivery,
        workspace: &Workspace,
        pulled: &mut Pulled,
        until: Option<Instant>,
        names_are_open: bool,
    ) -> Result<(), Failure> {
        // Masks go out before anything else does; nothing else is made of all that was read.
        let unmasked = match self.mask(&delivery.mask, pulled) {
            Ok(unmasked) => unmasked,
            Err(failure) => {
                // They may say why a key is not there.
                self.annotate(annotations_of(&pulled.notes).collect());
                return Err(failure.without_keys_of(std::mem::take(&mut pulled.missing)));
            }
        };
        (pulled.read, pulled.unkeyed) = (Vec::new(), Vec::new());
        let pulled = &*pulled;
        let variables = match delivery.export {
            Some(_) => pulled.selected.variables().map_err(Error::from)?,
            None => Cow::Borrowed(&[][..]),
        };
        let missing = pulled.missing.iter().map(|error| message::about_missing(error).into());
        let mut annotations: Vec<_> = missing.chain(annotations_of(&pulled.notes)).collect();
        let mut lines = vec![headline(pull_title(pulled, delivery), &pulled.location)];
        let (files, keys) = (counted(pulled.files.len(), "file"), counted(pulled.selected.settings.len(), "key"));
        let digest = if pulled.is_nothing() { String::new() } else { format!(", {}", pulled.digest.pin()) };
        lines.push(format!("{files}, {keys}{digest}"));

        let mut summary = summary_of_pull(pulled, delivery);
        let restored = pulled.files.iter().filter(|_| delivery.restore_files).map(|file| &file.destination.path);
        let restored: Vec<_> = restored.map(ToString::to_string).collect();
        let taken = restored::taken_along(workspace, pulled, delivery.restore(), until);
        let (written, unchanged): (Vec<_>, Vec<_>);
        if delivery.restore_files {
            annotations.extend(annotations_of(restored::passed_over(pulled).as_ref()));
        }
        if delivery.dry_run {
            pulled.check_restore(workspace, delivery.restore())?;
            deliver::outputs(&self.environment, &output::pull_facts(pulled))?;
            let standing = if delivery.restore_files { restored::standing(workspace, pulled) } else { HashSet::new() };
            (unchanged, written) = restored.into_iter().partition(|path| standing.contains(path));
        } else {
            let exported = delivery.export.as_ref().map(|export| {
                let keep = |name: &str| export.no_overwrite && self.environment.is_set(name);
                exported(&variables, export, Room::beside(&self.environment), keep)
            });
            if let Some(exported) = &exported {
                annotations.extend(about_export(&exported.refused));
                annotations.extend(about_size(&exported.too_large));
                annotations.extend((names_are_open && !exported.settings.is_empty()).then(about_open_names));
                summary.exported = exported.settings.iter().map(|setting| setting.name.clone()).collect();
                if !exported.kept.is_empty() {
                    lines.push(format!("Left as they are in the environment: {}", list(&exported.kept)));
                }
            }
            let delivering = Delivering {
                environment: &self.environment,
                workspace,
                pulled,
                delivery,
                exported: exported.map(|exported| exported.settings),
            };
            let outputs = output::pull_outputs(pulled);
            annotations.extend(about_outputs(&outputs));
            let delivered = delivering.run(outputs)?;
            let is_written: HashSet<_> = delivered.written.iter().collect();
            unchanged = restored.into_iter().filter(|path| !is_written.contains(path)).collect();
            written = delivered.written;
            summary.facts.extend(delivered.formatted.map(|path| ("Formatted file", path)));
            annotations.extend(delivered.left.map(|error| {
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
        annotations.extend(message::about_taken_along(taken, pulled, &written).into_iter().map(Annotation::from));
        self.lines(&lines);
        restored::say(&self.log, if delivery.dry_run { "Would write" } else { "Wrote" }, &written);
        restored::say(&self.log, "Unchanged:", &unchanged);
        self.annotate(annotations);
        self.summary(&summary);
        Ok(())
    }

    async fn push(&mut self, raw: &RawOptions, run: &RunInfo) -> Result<(), Failure> {
        let request = PushRequest::new(raw, run)?;
        raw.refuse_contradictions(Command::Push)?;
        let workspace = self.workspace()?;
        let pushed = command::push(&request, run, &workspace, Arc::new(self.log.clone()), &self.cancellation).await?;
        let verb = match (request.dry_run, pushed.changed) {
            (true, true) => "Would push",
            (true, false) => "Nothing would change in",
            (false, true) => "Pushed",
            (false, false) => "Nothing has changed in",
        };
        deliver::outputs(&self.environment, &output::push_outputs(&pushed)).map_err(|failure| {
            if request.dry_run {
                return failure;
            }
            let (location, replaces) = (pushed.location.clone(), request.replaces());
            Failure::AfterPush { location, replaces, cause: Box::new(failure) }
        })?;
        let mut lines = vec![
            headline(verb, &pushed.location),
            format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()),
        ];
        if let Some(replaced) = pushed.replaced {
            let verb = if request.dry_run { "Would replace" } else { "Replaced" };
            lines.push(format!("{verb} {}", replaced.pin()));
        }
        lines.extend(changes::lines(&pushed));
        self.lines(&lines);
        let gone = changes::about_gone(&pushed).map(Annotation::from);
        let annotations = gone.into_iter().chain(annotations_of(&pushed.notes)).collect();
        self.annotate(annotations);
        let mut summary = summary_of_push(verb, &pushed);
        summary.facts.extend(request.dry_run.then(dry_run));
        self.summary(&summary);
        Ok(())
    }

    /// Sends the masks; gives the keys whose values stay readable.
    fn mask(&mut self, mask: &Mask, pulled: &Pulled) -> Result<Vec<String>, Failure> {
        let entries = || pulled.read.iter().map(|entry| (entry.key.as_str(), &entry.value));
        let selected = pulled.selected.origins.iter().zip(&pulled.selected.settings);
        let names: HashMap<_, _> =
            selected.map(|(origin, setting)| (origin.key.as_str(), setting.name.as_str())).collect();
        // A key that is published under another name may be meant by either.
        let is_selected = |key: &str| match mask {
            Mask::All => true,
            Mask::None => false,
            Mask::Keys(patterns) => patterns.matches(key) || names.get(key).is_some_and(|name| patterns.matches(name)),
        };
        let (mut unmatched, mut absent) = (Vec::new(), Vec::new());
        if let Mask::Keys(patterns) = mask {
            let known: HashSet<_> =
                names.iter().flat_map(|(key, name)| [*key, *name]).chain(entries().map(|(key, _)| key)).collect();
            // A misspelled name must not leave a value readable. That of a key which is not to be masked only hides one.
            let is_wrong = |line: &Unmatched| line.names_one && pulled.missing.is_empty() || line.key.has_known;
            let (wrong, odd): (Vec<_>, Vec<_>) = patterns.unmatched(known).into_iter().partition(is_wrong);
            if !wrong.is_empty() {
                let keys = wrong.into_iter().map(|line| line.key).collect();
                return Err(OptionError::new(&MASK, OptionProblem::NoSuchKeys(keys)).into());
            }
            for Unmatched { key, names_one } in odd {
                let names = if names_one { &mut absent } else { &mut unmatched };
                names.push(key.name.trim_start_matches('!').to_owned());
            }
        }
        // What has no key cannot be named, and so not be excluded.
        let unkeyed: &[_] = if matches!(mask, Mask::None) { &[] } else { &pulled.unkeyed };
        let masks = masks(entries(), unkeyed, is_selected)?;
        // A value that cannot be masked is not to be delivered.
        self.log.masks(&masks.commands).map_err(Failure::Masks)?;
        if !absent.is_empty() {
            let names = list(&absent);
            self.annotate(vec![Annotation::new(
                Level::Warning,
                "Input mask",
                format!("The input `mask` names keys that the files which were found do not have: {names}."),
            )]);
        }
        if !unmatched.is_empty() {
            let names = list(&unmatched);
            self.annotate(vec![Annotation::new(
                Level::Warning,
                "Input mask",
                format!("The input `mask` excludes keys that these files do not have: {names}."),
            )]);
        }
        if matches!(mask, Mask::Keys(_)) && entries().next().is_some() && !entries().any(|(key, _)| is_selected(key)) {
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
        let lines = summed_up(&annotations);
        for annotation in budget(annotations) {
            self.log.annotation(annotation);
        }
        self.lines(&lines);
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.log.line(line);
        }
    }

    fn summary(&mut self, summary: &Summary) {
        let summary = summary.with_paths(|path| self.log.with_written_paths(path));
        self.log.summary(|max_bytes| summary.markdown(max_bytes));
    }
}

/// Which command is asked for.
fn command(raw: &RawOptions) -> Result<Command, OptionError> {
    match raw.text(&COMMAND) {
        Some(later) if NOT_YET.contains(&later) => {
            Err(OptionError::new(&COMMAND, OptionProblem::CommandNotYet(later.to_owned())))
        }
        _ => Ok(raw.choice(&COMMAND, &Command::IN_ACTION)?.unwrap_or(Command::Pull)),
    }
}

fn counted(number: usize, of_what: &str) -> String {
    format!("{number} {of_what}{}", if number == 1 { "" } else { "s" })
}

fn headline(verb: &str, location: &Location) -> String {
    let version = match location.version.as_str() {
        "head" => "the head",
        version => version,
    };
    format!("{verb} {version} of {} in s3://{}", location.context, location.bucket)
}

fn about_export(refused: &[String]) -> Vec<Annotation> {
    let mut annotations = Vec::new();
    if !refused.is_empty() {
        annotations.push(Annotation::new(Level::Warning, "Not exported", not_exported(refused)));
    }
    annotations
}

fn about_size(too_large: &[String]) -> Option<Annotation> {
    let message = format!(
        "These values are too large for the job's environment and were not exported: {}. A variable may have {} KiB, and \
         all together 1 MiB; with more, no later step could start a program (\"Argument list too long\"). They are \
         outputs all the same, and stand in the restored files.",
        list(too_large),
        LARGEST_VARIABLE / 1024
    );
    (!too_large.is_empty()).then(|| Annotation::new(Level::Warning, "Not exported", message))
}

/// What each name that is refused needs: `allow-env` lifts neither the runner's own rule nor that of a region's value.
fn not_exported(refused: &[String]) -> String {
    let (by_table, misleading): (Vec<_>, Vec<_>) = refused.iter().partition(|name| refusal(name).is_some());
    let (liftable, by_runner): (Vec<_>, Vec<_>) =
        by_table.into_iter().partition(|name| refusal(name).is_some_and(|rule| rule.can_be_allowed));
    let mut clauses =
        vec![format!("These names could take over later steps and were not exported: {}.", list(refused))];
    if !liftable.is_empty() {
        clauses.push("If one is meant, name it in `allow-env`.".to_owned());
    }
    if !by_runner.is_empty() {
        clauses.push(format!(
            "GitHub's runner itself refuses {}, whatever `allow-env` says; set it in the `env:` of the step that needs it.",
            list(&by_runner)
        ));
    }
    if !misleading.is_empty() {
        clauses.push(format!("The value is not a region's name, so `allow-env` does not help: {}.", list(&misleading)));
    }
    clauses.push("All of them are outputs.".to_owned());
    clauses.join(" ")
}

fn about_open_names() -> Annotation {
    Annotation::new(
        Level::Notice,
        "Exported names",
        "`keys` does not name them one by one, so whoever may write the config files chooses which variables later steps get. \
         Name in `keys` those that are needed.",
    )
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
    let bytes = total_output_bytes(pairs());
    if bytes > OUTPUT_WARN_BYTES {
        let what = if bytes > OUTPUT_MAX_BYTES {
            format!("have {:.1} MiB and exceed", bytes as f64 / OUTPUT_MAX_BYTES as f64)
        } else {
            "come near to".to_owned()
        };
        annotations.push(Annotation::new(
            Level::Warning,
            "Large outputs",
            format!(
                "The outputs {what} GitHub's limit of 1 MiB a job. The largest are: {}. \
                 Choose with `keys`, or read the restored files.",
                list(&largest_outputs(pairs(), 5).into_iter().map(|(name, _)| name).collect::<Vec<_>>())
            ),
        ));
    }
    annotations
}
