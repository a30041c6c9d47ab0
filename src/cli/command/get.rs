use super::values;
use crate::cli::failure::Failure;
use crate::cli::session::Session;

/// Prints one value, as it is.
pub(in crate::cli) async fn get(session: &Session) -> Result<(), Failure> {
    let key = session.invocation.argument("KEY").unwrap_or_default();
    let pulled = values::pull(session, session.raw()).await?;
    let selected = pulled.selected.origins.iter().zip(&pulled.selected.settings);
    let found = selected.into_iter().find(|(origin, setting)| origin.key == key || setting.name == key);
    match found {
        Some((_, setting)) => session.terminal.data(setting.value.text.expose().as_bytes()),
        None => Err(Failure::NoKey(key.to_owned())),
    }
}
