use bytes::Bytes;

use super::amending::Amending;
use crate::cli::editor::{Editor, PrivateFolder};
use crate::cli::failure::Failure;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::cli::unamended::Unamended;
use crate::command::HeadFiles;
use crate::error::Error;
use crate::message::{headline, list};
use crate::request::{EditedFiles, HeadFile};
use crate::secret::Secret;
use crate::store::MAX_FILE_BYTES;

/// Opens a file of the head in an editor, and pushes what comes of it.
pub(in crate::cli) async fn edit(session: &Session) -> Result<(), Failure> {
    let amending = Amending::new(session)?;
    if !session.terminal.is_attended() {
        return Err(Unamended::NoTerminal.into());
    }
    let quit = quit().map_err(Failure::Process)?;
    tokio::select! {
        biased;
        () = quit => Err(Unamended::Quit.into()),
        done = edit_one(session, &amending) => done,
    }
}

async fn edit_one(session: &Session, amending: &Amending<'_>) -> Result<(), Failure> {
    let head = amending.read().await?;
    let file = only(session, &head)?;
    let others: Vec<_> = head.files.iter().filter(|other| other.path != file.path).cloned().collect();
    let name = file.path.as_str().rsplit('/').next().unwrap_or_default();
    let folder = PrivateFolder::make(&session.environment, name, file.content.expose()).map_err(Unamended::Kept)?;
    let editor = Editor::new(&session.environment);
    loop {
        editor.open(session, folder.file()).await?;
        let content = Bytes::from(folder.read(MAX_FILE_BYTES).map_err(Unamended::Kept)?.into_exposed());
        let changed = file.with(Secret::new(content)).into_iter().collect();
        let edited = EditedFiles { changed, others: others.clone() };
        let refused = match amending.store(&head, edited).await {
            Err(Failure::Unamended(Unamended::Core(error))) if is_about_content(&error) => error,
            done => return done,
        };
        if !session.terminal.can_ask() {
            return Err(Unamended::Core(refused).into());
        }
        let code = refused.code();
        session.failure(&Unamended::Core(refused).into());
        let question = Question { text: "Open it in the editor again?", flag: "a terminal" };
        if !session.confirm(question, Some(true)).await? {
            return Err(Failure::Declined(code));
        }
    }
}

/// The one file that was chosen.
fn only<'f>(session: &Session, head: &'f HeadFiles) -> Result<&'f HeadFile, Failure> {
    match head.files.as_slice() {
        [only] => Ok(only),
        several => {
            let shown: Vec<_> = several.iter().map(|file| session.shown(file.path.as_str())).collect();
            let what = format!("{}: {}.", headline("Several files could be meant in", &head.location), list(&shown));
            let first = several.first().map(|file| file.path.as_str());
            let next = format!("Name one, as in: {}", session.suggested(&["edit"], first));
            Err(Unamended::Which { what, next }.into())
        }
    }
}

/// Whether other content would pass.
const fn is_about_content(error: &Error) -> bool {
    matches!(
        error,
        Error::ConfigFiles { .. }
            | Error::RequiredKeys(_)
            | Error::Template { .. }
            | Error::SchemaMismatch { .. }
            | Error::Merge(_)
            | Error::SameName(_)
            | Error::Expand(_)
    )
}

/// Waits until somebody ends the terminal's processes with Ctrl-\, which ends other commands at once: the editor is not to
/// be left behind then.
#[cfg(unix)]
fn quit() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut quit = signal(SignalKind::quit())?;
    Ok(async move {
        quit.recv().await;
    })
}

#[cfg(not(unix))]
fn quit() -> std::io::Result<impl Future<Output = ()>> {
    Ok(std::future::pending())
}
