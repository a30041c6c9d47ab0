//! Runs a pull, and delivers its files and values.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use super::masks;
use crate::action::annotation::{Annotation, Level, annotations_of};
use crate::action::deliver::{self, Delivering};
use crate::action::delivery::Delivery;
use crate::action::environment_size::Room;
use crate::action::export::{about_export, about_open_names, about_size, exported};
use crate::action::failure::Failure;
use crate::action::github::source::{Checked, Checking};
use crate::action::output;
use crate::action::restored;
use crate::action::run_summary::{pull_title, summary_of_pull};
use crate::action::step::Step;
use crate::command::{self, Pulled};
use crate::error::Error;
use crate::message::{self, counted, headline, list};
use crate::observer::Observer;
use crate::option::{Command, RawOptions};
use crate::request::{PullRequest, RunInfo};
use crate::workspace::Workspace;

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = PullRequest::new(raw, run)?;
    let delivery = Delivery::new(raw)?;
    raw.refuse_contradictions(Command::Pull)?;
    let workspace = step.workspace()?;
    let until = Instant::now().checked_add(request.target.deadline);
    let checking = Checking::new(step, raw, &request)?;
    let pull = async |observer: Arc<dyn Observer>| {
        command::pull(&request, run, &workspace, observer, &step.cancellation).await
    };
    let (mut pulled, checked) = match &checking {
        Some(checking) => checking.beside(step, pull).await?,
        None => (pull(Arc::new(step.log.clone())).await?, Checked::default()),
    };
    deliver(step, &delivery, &workspace, &mut pulled, checked, until, request.selection.leaves_names_open())
}

/// `until`: when the step's time is up. `names_are_open`: whether the config files alone decide which names are
/// published.
fn deliver<W: Write>(
    step: &Step<W>,
    delivery: &Delivery,
    workspace: &Workspace,
    pulled: &mut Pulled,
    checked: Checked,
    until: Option<Instant>,
    names_are_open: bool,
) -> Result<(), Failure> {
    // Masks go out before anything else does; nothing else is made of all that was read.
    let unmasked = match masks::send(step, &delivery.mask, pulled) {
        Ok(unmasked) => unmasked,
        Err(failure) => {
            // They may say why a key is not there.
            step.annotate(annotations_of(&pulled.notes).collect());
            return Err(failure.without_keys_of(std::mem::take(&mut pulled.missing)));
        }
    };
    (pulled.read, pulled.unkeyed) = (Vec::new(), Vec::new());
    let pulled = &*pulled;
    let variables = match delivery.export {
        Some(_) => pulled.selected.variables().map_err(Error::from)?,
        None => Cow::Borrowed(&[][..]),
    };
    let missing = pulled.missing.iter().map(|error| message::about_missing(error, message::Action).into());
    let mut annotations: Vec<_> = missing.chain(annotations_of(&pulled.notes)).collect();
    let mut lines = vec![headline(pull_title(pulled, delivery), &pulled.location)];
    let (files, keys) = (counted(pulled.files.len(), "file"), counted(pulled.selected.settings.len(), "key"));
    let digest = if pulled.is_nothing() { String::new() } else { format!(", {}", pulled.digest.pin()) };
    let locked = pulled.locked.as_ref().map(|file| format!(", as locked in {file}")).unwrap_or_default();
    lines.push(format!("{files}, {keys}{digest}{locked}"));
    lines.extend(checked.facts.iter().cloned());
    annotations.extend(checked.annotations);

    let mut summary = summary_of_pull(pulled, delivery);
    summary.facts.extend(checked.facts.into_iter().map(|fact| ("Source", fact)));
    let restored = pulled.files.iter().filter(|_| delivery.restore_files).map(|file| &file.destination.path);
    let restored: Vec<_> = restored.map(ToString::to_string).collect();
    let taken = restored::taken_along(workspace, pulled, delivery.restore(), until);
    let (written, unchanged): (Vec<_>, Vec<_>);
    if delivery.restore_files {
        annotations.extend(annotations_of(restored::passed_over(pulled).as_ref()));
    }
    let url = step.url_of(pulled.sources.first().and_then(|source| source.source.as_ref()));
    if delivery.dry_run {
        pulled.check_restore(workspace, delivery.restore())?;
        let outputs: Vec<_> = output::pull_facts(pulled).into_iter().chain(url).collect();
        deliver::outputs(&step.environment, &outputs)?;
        let standing = if delivery.restore_files { restored::standing(workspace, pulled) } else { HashSet::new() };
        (unchanged, written) = restored.into_iter().partition(|path| standing.contains(path));
    } else {
        let exported = delivery.export.as_ref().map(|export| {
            let keep = |name: &str| export.no_overwrite && step.environment.is_set(name);
            exported(&variables, export, Room::beside(&step.environment), keep)
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
            environment: &step.environment,
            workspace,
            pulled,
            delivery,
            exported: exported.map(|exported| exported.settings),
        };
        let outputs: Vec<_> = output::pull_outputs(pulled).into_iter().chain(url).collect();
        annotations.extend(output::about_sizes(&outputs));
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
        step.log.debug(&format!("not masked: {}", list(&unmasked)));
    }
    annotations
        .extend(message::about_taken_along(taken, pulled, &written, message::Action).into_iter().map(Annotation::from));
    step.lines(&lines);
    restored::say(&step.log, if delivery.dry_run { "Would write" } else { "Wrote" }, &written);
    restored::say(&step.log, "Unchanged:", &unchanged);
    step.annotate(annotations);
    step.summary(&summary);
    Ok(())
}
