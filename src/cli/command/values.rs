use std::collections::HashMap;

use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command::{self, Note, Pulled, StoredFile};
use crate::config::Provenance;
use crate::message::about_missing;
use crate::name::ConfigPath;
use crate::option::{Command, EXPORT_ENV, FILES, ON_DUPLICATE, OPTIONS, RawOptions, TAGS};
use crate::request::PullRequest;

/// Pulls for the sake of the values, and says what there is to say.
pub(super) async fn pull(session: &Session, raw: RawOptions) -> Result<Pulled, Failure> {
    pull_with(session, raw, Vec::new()).await
}

/// The same, with files that are taken as they are, whatever their tags.
pub(super) async fn pull_with(
    session: &Session,
    mut raw: RawOptions,
    as_they_are: Vec<ConfigPath>,
) -> Result<Pulled, Failure> {
    raw.set(&EXPORT_ENV, "true");
    let info = session.info()?;
    let mut request = PullRequest { makes_outputs: false, ..PullRequest::new(&raw, &info)? };
    request.target.as_they_are.clone_from(&as_they_are);
    raw.refuse_contradictions(session.invocation.command)?;
    let workspace = session.workspace()?;
    let pulled = command::pull(&request, &info, &workspace, session.observer(), &session.cancellation).await?;
    let speaker = session.speaker();
    pulled.missing.iter().for_each(|error| session.notice(&about_missing(error, speaker)));
    // Whoever prints values in a form says this of those that are printed.
    let is_said = |note: &&Note| match note {
        Note::ClearText { .. } => false,
        // Nobody wants values of files that are handed over as they are.
        Note::NoValues { raw, has_keys: false } if !raw.is_empty() => {
            raw.iter().any(|path| !as_they_are.contains(path))
        }
        _ => true,
    };
    let notes = pulled.notes.iter().filter(is_said);
    notes.for_each(|note| session.note(note));
    Ok(pulled)
}

/// The files, also of linked catalogs, that have each key; none where that cannot be found out.
pub(super) async fn files_by_key(session: &Session) -> HashMap<String, Vec<StoredFile>> {
    let mut raw = session.raw();
    let no_pulls = OPTIONS.iter().filter(|option| !option.commands.contains(&Command::Pull));
    no_pulls.copied().chain([&FILES, &TAGS]).for_each(|option| raw.clear(option));
    raw.set(&ON_DUPLICATE, "last");
    raw.set(&EXPORT_ENV, "true");
    let pull = async || -> Result<Pulled, Failure> {
        let info = session.info()?;
        let request = PullRequest { makes_outputs: false, ..PullRequest::new(&raw, &info)? };
        let workspace = session.workspace()?;
        Ok(command::pull(&request, &info, &workspace, session.observer(), &session.cancellation).await?)
    };
    let mut by_key = HashMap::<_, Vec<_>>::new();
    let Ok(pulled) = pull().await else { return by_key };
    for origin in &pulled.selected.origins {
        let Provenance::File { path, .. } = &origin.source else { continue };
        let file = pulled.files.iter().find(|file| file.path == *path);
        by_key.entry(origin.key.clone()).or_default().extend(file.map(|file| file.stored.clone()));
    }
    by_key
}
