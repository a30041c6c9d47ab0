//! Runs a program with the values in its environment.

mod error;
mod files;
mod program;
mod start;
mod variables;

use crate::cli::failure::Failure;
use crate::cli::refused_names::RefusedName;
use crate::cli::session::Session;
use crate::error::Error;

pub(in crate::cli) use self::error::StartError;
use self::files::FileVariables;
pub(in crate::cli) use self::program::Program;
pub(in crate::cli) use self::start::{Start, ignored};
use self::variables::Handover;
use super::values;

/// Gets and checks all that the program is to have. It is started when nothing else is under way.
pub(in crate::cli) async fn exec(session: &Session) -> Result<Program, Failure> {
    let mut raw = session.raw();
    let handover = Handover::new(&raw)?;
    let files = FileVariables::take(&mut raw, &session.place)?;
    let pulled = values::pull_with(session, raw, files.paths()).await?;
    let settings = pulled.selected.variables().map_err(Error::from)?;
    // What this process itself was given: nothing is lost of what is no text, and nothing is added.
    let refused = |name: &str| RefusedName::new(name, &pulled.selected);
    let mut variables = handover.variables(std::env::vars_os(), &settings, refused)?;
    let files = files.hand_over(&pulled.files, &mut variables)?;
    let mut words = session.invocation.os_arguments("COMMAND").map(ToOwned::to_owned);
    Ok(Program { name: words.next().unwrap_or_default(), arguments: words.collect(), variables, files })
}
