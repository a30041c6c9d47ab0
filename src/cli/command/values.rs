use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command::{self, Note, Pulled};
use crate::message::about_missing;
use crate::name::ConfigPath;
use crate::option::{EXPORT_ENV, RawOptions};
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
