use std::io::{self, IsTerminal as _};

use super::values;
use crate::cli::failure::Failure;
use crate::cli::output_file;
use crate::cli::refused_names::RefusedName;
use crate::cli::session::Session;
use crate::cli::standard_output;
use crate::command::{Formatted, Pulled, environment_files, formatted, is_refused};
use crate::config::Setting;
use crate::error::Error;
use crate::format::Written;
use crate::option::{ALLOW_ENV, FORMAT, NAME_SUFFIX, NO_OVERWRITE, OUTPUT, OptionError, OptionProblem};
use crate::request::variable_names;
use crate::secret::Secret;

/// What a shell can `eval`: it sets the variables, and exports them.
const DEFAULT_FORMAT: &str = "shell";

/// What stands for standard output among files.
const STANDARD_OUTPUT: &str = "-";

/// Has a shell fail that evaluates what a failed export has printed: `eval "$(cstore export)"` would otherwise succeed
/// with nothing set, since a shell does not tell `eval` of the exit code of a substitution.
pub(in crate::cli) fn fail_evaluation(format: Option<&str>, file: Option<&str>) {
    let is_evaluated = format.is_none_or(|format| format == DEFAULT_FORMAT)
        && file.is_none_or(|file| file == STANDARD_OUTPUT)
        && !io::stdout().is_terminal();
    if is_evaluated {
        // Whoever cannot be told this evaluates nothing.
        let _ = standard_output::write(b"false\n");
    }
}

/// Prints the values in a form, or writes them to a file.
pub(in crate::cli) async fn export(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    if raw.text(&FORMAT).is_none() {
        raw.set(&FORMAT, DEFAULT_FORMAT);
    }
    let written = raw.choice(&FORMAT, &Written::ALL)?;
    let names_by_digest = raw.text(&NAME_SUFFIX).is_some();
    let allowed = variable_names(&raw, &ALLOW_ENV)?;
    let keeps_set = raw.flag(&NO_OVERWRITE)?;
    let file = raw.text(&OUTPUT).map(str::trim).filter(|file| *file != STANDARD_OUTPUT).map(ToOwned::to_owned);
    if let Some(file) = &file {
        output_file::check(file)?;
    }
    session.add_files(&mut raw)?;
    let pulled = values::pull(session, raw).await?;
    let format = match written {
        None => return Ok(()),
        Some(Written::EnvironmentFiles) if keeps_set => {
            let why = "ECS loads the stored files as they are.";
            return Err(OptionError::new(&NO_OVERWRITE, OptionProblem::Excluded { other: &FORMAT, why }).into());
        }
        Some(Written::EnvironmentFiles) => {
            let formatted = environment_files(&pulled.files, names_by_digest)?;
            return print(session, &pulled, &formatted, file).await;
        }
        Some(Written::Values(format)) => format,
    };

    let is_wanted = |setting: &Setting| !(keeps_set && session.environment.is_set(&setting.name));
    if format.name() == DEFAULT_FORMAT {
        // Whoever evaluates it runs whatever comes next with these variables.
        let settings = pulled.selected.variables().map_err(Error::from)?;
        let refused = settings
            .iter()
            .filter(|setting| is_wanted(setting) && !allowed.contains(&setting.name) && is_refused(setting, &[]));
        let refused: Vec<_> = refused.map(|setting| RefusedName::new(&setting.name, &pulled.selected)).collect();
        if !refused.is_empty() {
            return Err(Failure::RefusedNames(refused));
        }
    }
    let context = pulled.location.context.as_str();
    let (formatted, note) = formatted(&pulled.selected, format, context, names_by_digest, is_wanted)?;
    if let Some(note) = note {
        session.note(&note);
    }
    print(session, &pulled, &formatted, file).await
}

/// Prints a text, or writes it to a file.
async fn print(session: &Session, pulled: &Pulled, formatted: &Formatted, file: Option<String>) -> Result<(), Failure> {
    match file {
        Some(path) => {
            session.agree_to_replace(&path, pulled).await?;
            output_file::write(&path, Secret::new(formatted.text.expose().as_bytes()))?;
            session.terminal.line(&format!("written    {path}"));
            Ok(())
        }
        None => session.terminal.values(formatted.text.expose()),
    }
}
