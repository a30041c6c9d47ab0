use std::time::{Duration, Instant};

use bytes::Bytes;

use super::amending::Amending;
use crate::cli::editor::{Editor, PrivateFolder};
use crate::cli::failure::Failure;
use crate::cli::fatal_signals::FatalSignals;
use crate::cli::prompt::Question;
use crate::cli::session::Session;
use crate::cli::unamended::Unamended;
use crate::command::HeadFiles;
use crate::error::{Error, ExitCode};
use crate::message::{headline, list};
use crate::request::{EditedFiles, HeadFile};
use crate::secret::Secret;
use crate::store::MAX_FILE_BYTES;

/// Nobody writes something and closes a window in less.
const AT_ONCE: Duration = Duration::from_secs(3);

const OPEN_AGAIN: &str = "Open it in the editor again?";

/// Opens a file of the head in an editor, and pushes what comes of it.
pub(in crate::cli) async fn edit(session: &Session) -> Result<(), Failure> {
    let amending = Amending::new(session)?;
    if !session.terminal.is_attended() {
        return Err(Unamended::NoTerminal.into());
    }
    let head = amending.read().await?;
    let file = only(session, &head)?;
    let mut fatal = FatalSignals::start().map_err(Failure::Process)?;
    let name = file.path.as_str().rsplit('/').next().unwrap_or_default();
    let folder = PrivateFolder::make(&session.environment, name, file.content.expose()).map_err(Unamended::Kept)?;
    let editing =
        Editing { session, amending: &amending, head: &head, file, editor: Editor::new(&session.environment), folder };
    let done = tokio::select! {
        biased;
        signal = fatal.heard() => Err(Unamended::Ended(signal).into()),
        done = editing.until_stored() => done,
    };
    fatal.leave_to_system();
    editing.end(done)
}

/// What comes next for a text that is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Edit,
    Store,
    Discard,
}

/// A text in an editor. It is nowhere else, so it stays there until it is stored or discarded.
struct Editing<'a> {
    session: &'a Session,
    amending: &'a Amending<'a>,
    head: &'a HeadFiles,
    /// As it is stored.
    file: &'a HeadFile,
    editor: Editor,
    folder: PrivateFolder,
}

impl Editing<'_> {
    /// Opens the editor, and again, until what comes of it is stored.
    ///
    /// # Errors
    /// Why it is not; the person has discarded it.
    async fn until_stored(&self) -> Result<(), Failure> {
        let others: Vec<_> = self.head.files.iter().filter(|other| other.path != self.file.path).cloned().collect();
        let mut next = Next::Edit;
        loop {
            if next == Next::Edit {
                let opened = Instant::now();
                self.editor.open(self.session, self.folder.file()).await?;
                self.say_if_at_once(opened.elapsed());
            }
            let content = match self.folder.read(MAX_FILE_BYTES) {
                Ok(Some(content)) => Bytes::from(content.into_exposed()),
                Ok(None) => {
                    next = self.after(Unamended::FileGone.into(), false).await?;
                    self.folder.create(self.file.content.expose()).map_err(Unamended::Kept)?;
                    continue;
                }
                Err(error) => {
                    next = self.after(Unamended::NotReadBack(error).into(), false).await?;
                    continue;
                }
            };
            if self.is_emptied(&content) && !self.agrees_to_empty().await? {
                next = Next::Edit;
                continue;
            }
            let changed = self.file.with(Secret::new(content)).into_iter().collect();
            let edited = EditedFiles { changed, others: others.clone() };
            match self.amending.store(self.head, edited).await {
                Err(failure) if !self.amending.is_stored() => next = self.after(failure, true).await?,
                done => return done,
            }
        }
    }

    /// Removes the file, unless it has what somebody has written and neither stored nor discarded: that stays where it is,
    /// and the error says where. With the terminal the one has gone who could be told, and then nothing stays.
    fn end(self, done: Result<(), Failure>) -> Result<(), Failure> {
        match done {
            Err(failure)
                if !self.amending.is_stored()
                    && !matches!(failure, Failure::Declined(_) | Failure::Discarded(_))
                    && failure.code() != u8::from(ExitCode::HungUp)
                    && !self.folder.holds_only(self.file.content.expose()) =>
            {
                let kept = self.folder.keep(self.file.content.expose());
                Err(Failure::NotStored { cause: Box::new(failure), kept })
            }
            done => done,
        }
    }

    /// Says of an editor that has come back before anybody can have written something, that it may be told to wait.
    fn say_if_at_once(&self, elapsed: Duration) {
        if elapsed < AT_ONCE && self.folder.holds_only(self.file.content.expose()) {
            self.session.terminal.hint(&format!(
                "The editor {:?} returned immediately. If it opened a window, have it wait until the window is closed, as with CSTORE_EDITOR='code --wait'.",
                self.editor.command_line()
            ));
        }
    }

    /// Asks whether a file is to have nothing in it.
    async fn agrees_to_empty(&self) -> Result<bool, Failure> {
        let shown = self.session.shown(self.file.path.as_str());
        let text = format!("{shown} is now empty. Store an empty file?");
        if self.session.confirm(Question { text: &text, flag: "--yes" }, Some(false)).await? {
            return Ok(true);
        }
        let question = Question { text: OPEN_AGAIN, flag: "a terminal" };
        if self.session.confirm(question, Some(true)).await? {
            Ok(false)
        } else {
            Err(Failure::Declined(ExitCode::Other))
        }
    }

    /// Has a person decide what becomes of a text that was not stored, and tells why it was not. `may_store`: whether
    /// it might be stored as it is.
    ///
    /// # Errors
    /// That failure where nobody can be asked, and where the run is to end.
    async fn after(&self, failure: Failure, may_store: bool) -> Result<Next, Failure> {
        let is_over = matches!(&failure, Failure::Prompt(_)) || self.session.cancellation.is_requested();
        if is_over || !self.session.terminal.can_ask() {
            return Err(failure);
        }
        let may_store =
            may_store && !matches!(&failure, Failure::Unamended(Unamended::Core(error)) if is_about_content(error));
        let code = self.session.failure(&failure);
        if may_store {
            self.session.terminal.hint("store: try again to store your changes");
        }
        let what = match &failure {
            Failure::Unamended(Unamended::FileGone) => "as it is stored",
            Failure::Unamended(Unamended::NotReadBack(_)) => "as the editor has left it",
            _ => "with your changes",
        };
        self.session.terminal.hint(&format!("edit: open the file again, {what}"));
        self.session.terminal.hint("discard: lose your changes");
        let (text, default) = if may_store { ("Store, edit or discard", "store") } else { ("Edit or discard", "edit") };
        let question = Question { text, flag: "a terminal" };
        let next = self.session.ask(question, Some(default), |typed| match typed.to_lowercase().as_str() {
            "s" | "store" if may_store => Ok(Next::Store),
            "e" | "edit" => Ok(Next::Edit),
            "d" | "discard" => Ok(Next::Discard),
            _ if may_store => Err("Answer store, edit or discard.".to_owned()),
            _ => Err("Answer edit or discard.".to_owned()),
        });
        match next.await? {
            Next::Discard => Err(Failure::Discarded(code)),
            next => Ok(next),
        }
    }

    /// Whether nothing is left of a file that had something in it, as an editor leaves it that could not write.
    fn is_emptied(&self, content: &[u8]) -> bool {
        content.trim_ascii().is_empty() && !self.file.content.expose().trim_ascii().is_empty()
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
