use std::io::{self, IsTerminal as _};

use super::values;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::nearest::nearest;

/// Prints one value, as it is. A terminal gets a line break after it, so that the prompt has a line of its own.
pub(in crate::cli) async fn get(session: &Session) -> Result<(), Failure> {
    let key = session.invocation.argument("KEY").unwrap_or_default();
    let pulled = values::pull(session, session.raw()).await?;
    let selected = &pulled.selected;
    // By the name that the options give it; else as it stands in its file.
    let by_name = selected.settings.iter().find(|setting| setting.name == key);
    let by_key = || selected.origins.iter().position(|origin| origin.key == key).map(|index| &selected.settings[index]);
    let Some(setting) = by_name.or_else(by_key) else {
        let names = selected.settings.iter().map(|setting| setting.name.as_str());
        let meant = nearest(key, names).map(ToOwned::to_owned);
        return Err(Failure::NoKey { key: key.to_owned(), meant });
    };
    session.terminal.data(setting.value.text.expose().as_bytes())?;
    if io::stdout().is_terminal() {
        session.terminal.data(b"\n")?;
    }
    Ok(())
}
