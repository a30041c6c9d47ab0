use super::values;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::option::FORMAT;

/// What a shell can `eval`.
const DEFAULT_FORMAT: &str = "shell";

/// Prints the values in a form.
pub(in crate::cli) async fn export(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    if raw.text(&FORMAT).is_none() {
        raw.set(&FORMAT, DEFAULT_FORMAT);
    }
    let pulled = values::pull(session, raw).await?;
    match &pulled.formatted {
        Some(formatted) => session.terminal.data(formatted.text.expose().as_bytes()),
        None => Ok(()),
    }
}
