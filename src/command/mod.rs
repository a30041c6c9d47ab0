//! What the tool does, one file per command. Each reads like the protocol's text, and none prints, reads the
//! environment, or knows which front end it was called from.

mod catalogs;
mod checks;
mod location;
mod pull;
mod push;

use std::sync::Arc;
use std::time::Instant;

use crate::error::Error;
use crate::observer::Observer;
use crate::outcome::Outcome;
use crate::request::{Command, Request};
use crate::workspace::Workspace;

/// Runs the command that is asked for, within its deadline. What its front end is to know before it is done, `observer` hears.
///
/// # Errors
/// Whatever kept it from being done; then nothing was delivered.
pub async fn run(request: &Request, workspace: &Workspace, observer: Arc<dyn Observer>) -> Result<Outcome, Error> {
    let command = async {
        match &request.command {
            Command::Pull(pull) => pull::run(request, pull, workspace, observer).await,
            Command::Push(push) => {
                let pushed = push::run(request, push, workspace, observer).await?;
                Ok(Outcome::Pushed(Box::new(pushed)))
            }
        }
    };
    let begun = Instant::now();
    let outcome = tokio::time::timeout(request.deadline, command).await;
    // Work between two requests is not interrupted, so it may have gone on for too long.
    match outcome {
        Ok(outcome) if begun.elapsed() <= request.deadline || outcome.is_err() => outcome,
        _ => Err(Error::Deadline(request.deadline)),
    }
}
