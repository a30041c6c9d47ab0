use std::io::{self, IsTerminal as _};

use super::values;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command;
use crate::config::Provenance;
use crate::error::{Error, NoSuchKey, Searched};
use crate::name::ConfigPath;
use crate::nearest::nearest;
use crate::option::{EXPORT_ENV, FILES, KEYS, ON_DUPLICATE, TAGS};
use crate::request::PullRequest;

/// Prints one value, as it is. A terminal gets a line break after it, so that the prompt has a line of its own.
pub(in crate::cli) async fn get(session: &Session) -> Result<(), Failure> {
    let key = session.invocation.argument("KEY").unwrap_or_default();
    let mut raw = session.raw();
    let pulled = match values::pull(session, raw.clone()).await {
        // What files disagree about is another key, or this one among others.
        Err(Failure::Core(Error::Merge(mut error))) if raw.text(&KEYS).is_none() => {
            error.conflicts.retain(|conflict| conflict.key == key);
            if !error.conflicts.is_empty() {
                return Err(Error::Merge(error).into());
            }
            raw.set(&ON_DUPLICATE, "last");
            values::pull(session, raw).await?
        }
        pulled => pulled?,
    };
    let selected = &pulled.selected;
    // By the name that the options give it; else as it stands in its file.
    let by_name = selected.settings.iter().find(|setting| setting.name == key);
    let by_key = || selected.origins.iter().position(|origin| origin.key == key).map(|index| &selected.settings[index]);
    let Some(setting) = by_name.or_else(by_key) else {
        let names = selected.settings.iter().map(|setting| setting.name.as_str());
        let meant = nearest(key, names).map(ToOwned::to_owned);
        let location = pulled.location.clone();
        let is_chosen = [&FILES, &TAGS].iter().any(|option| session.invocation.raw.text(option).is_some());
        let searched = if is_chosen { Searched::Chosen(location) } else { Searched::Files(location) };
        let elsewhere = if is_chosen { elsewhere(session, key).await } else { Vec::new() };
        let (key, channel) = (key.to_owned(), None);
        return Err(Error::NoSuchKey(Box::new(NoSuchKey { key, meant, searched, elsewhere, channel })).into());
    };
    let text = setting.value.text.expose();
    if io::stdout().is_terminal() {
        return session.terminal.values(&format!("{text}\n"));
    }
    session.terminal.values(text)
}

/// The files that have a key, of all that were not chosen; none where that cannot be found out.
async fn elsewhere(session: &Session, key: &str) -> Vec<ConfigPath> {
    let mut raw = session.raw();
    [&FILES, &TAGS].into_iter().for_each(|option| raw.clear(option));
    raw.set(&ON_DUPLICATE, "last");
    raw.set(&EXPORT_ENV, "true");
    let pull = async || -> Result<Vec<ConfigPath>, Failure> {
        let info = session.info()?;
        let request = PullRequest { makes_outputs: false, ..PullRequest::new(&raw, &info)? };
        let workspace = session.workspace()?;
        let pulled = command::pull(&request, &info, &workspace, session.observer(), &session.cancellation).await?;
        let origins = pulled.selected.origins.into_iter();
        let having = origins.filter(|origin| origin.key == key).filter_map(|origin| match origin.source {
            Provenance::File { path, .. } => Some(path),
            Provenance::Defaults => None,
        });
        Ok(having.collect())
    };
    pull().await.unwrap_or_default()
}
