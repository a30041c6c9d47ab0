//! What the tool does, one file per command. Each reads like the protocol's text, and none prints, reads the
//! environment, or knows which front end it was called from.

mod catalogs;
mod checks;
mod deadline;
mod location;
mod pull;
mod push;

use std::sync::Arc;

use crate::error::Error;
use crate::observer::Observer;
use crate::outcome::Outcome;
use crate::request::{Command, Request};
use crate::workspace::Workspace;

use self::deadline::keep_to;

/// Runs the command that is asked for, within its deadline. What its front end is to know before it is done, `observer` hears.
///
/// # Errors
/// Whatever kept it from being done; then nothing was delivered.
pub async fn run(request: &Request, workspace: &Workspace, observer: Arc<dyn Observer>) -> Result<Outcome, Error> {
    match &request.command {
        Command::Pull(pull) => keep_to(request.deadline, pull::run(request, pull, workspace, observer)).await,
        Command::Push(push) => {
            let pushed = push::run(request, push, workspace, observer).await?;
            Ok(Outcome::Pushed(Box::new(pushed)))
        }
    }
}
