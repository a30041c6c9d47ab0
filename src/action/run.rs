//! Runs the action: reads its inputs, and runs the command that they select.

mod channel;
mod diff;
mod list;
mod log;
mod masks;
mod promote;
mod pull;
mod purge;
mod push;
mod rollback;
mod show;
mod verify;

use std::io::Write;
use std::path::PathBuf;

use super::annotation::{Annotation, Level, annotations_of};
use super::failure::Failure;
use super::github;
use super::inputs;
use super::log::Log;
use super::mask;
use super::step::Step;
use crate::cancellation::Cancellation;
use crate::command::{catalog_channel, catalog_notes};
use crate::environment::Environment;
use crate::message::list;
use crate::option::{CATALOG, COMMAND, Command, OptionError, OptionProblem, RawOptions};
use crate::request::RunInfo;

/// Commands of later versions, for an error that says so.
const NOT_YET: [&str; 1] = ["doctor"];

/// Runs the action in this environment, and gives the exit code. Everything that it has to say goes to `log`, which
/// the runner reads as the step's standard output.
pub async fn run(environment: Environment, log: impl Write + Send + 'static, cancellation: Cancellation) -> u8 {
    let summary = environment.text("GITHUB_STEP_SUMMARY").map(PathBuf::from);
    let log = Log::new(log, environment.text("RUNNER_DEBUG").as_deref() == Some("1"), summary);
    let step = Step { log, environment, cancellation };
    match command(&step).await {
        Ok(()) => {
            step.log.end();
            0
        }
        Err(failure) => step.log.fail(&failure),
    }
}

/// Runs the command that the inputs select.
async fn command<W: Write + Send + 'static>(step: &Step<W>) -> Result<(), Failure> {
    let raw = inputs::raw_options(&step.environment)?;
    if let Some(token) = github::token(&raw)? {
        // Nothing prints it; the mask is for whatever else of the job comes to know it.
        let _ = step.log.masks(&[mask::from_credential(&token)]);
    }
    note_unreadable(step);
    note_catalog(step, &raw);
    let command = selected(&raw)?;
    let mut run = inputs::run_info(&step.environment).map_err(Failure::Random)?;
    if let Some(path) = raw.path(&CATALOG)?.filter(|_| RunInfo::has_default_channel(command)) {
        run.default_channel = catalog_channel(&path, &step.workspace()?)?;
    }
    match command {
        Command::Pull => pull::run(step, &raw, &run).await,
        Command::Push => push::run(step, &raw, &run).await,
        Command::Diff => diff::run(step, &raw, &run).await,
        Command::Verify => verify::run(step, &raw, &run).await,
        Command::List => list::run(step, &raw, &run).await,
        Command::Log => log::run(step, &raw, &run).await,
        Command::Show => show::run(step, &raw, &run).await,
        Command::Promote => promote::run(step, &raw, &run).await,
        Command::Rollback => rollback::run(step, &raw, &run).await,
        Command::Purge => purge::run(step, &raw, &run).await,
        // No other word is read.
        _ => Ok(()),
    }
}

/// Says which variables count as not set because they are no text.
fn note_unreadable<W: Write>(step: &Step<W>) {
    let names: Vec<_> = step.environment.unreadable().collect();
    if !names.is_empty() {
        let message = format!("These variables are not UTF-8 text, and count as not set: {}.", list(&names));
        step.log.annotate_besides(vec![Annotation::new(Level::Warning, "Unreadable variables", message)]);
    }
}

/// Says what is odd in the catalog.
fn note_catalog<W: Write>(step: &Step<W>, raw: &RawOptions) {
    // Whatever is wrong with either, the command says.
    if let (Ok(Some(path)), Ok(workspace)) = (raw.path(&CATALOG), step.workspace()) {
        step.log.annotate_besides(annotations_of(&catalog_notes(&path, &workspace)).collect());
    }
}

/// Which command is asked for.
fn selected(raw: &RawOptions) -> Result<Command, OptionError> {
    match raw.text(&COMMAND) {
        Some(later) if NOT_YET.contains(&later) => {
            Err(OptionError::new(&COMMAND, OptionProblem::CommandNotYet(later.to_owned())))
        }
        _ => Ok(raw.choice(&COMMAND, &Command::IN_ACTION)?.unwrap_or(Command::Pull)),
    }
}
