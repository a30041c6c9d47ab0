use std::io::{self, IsTerminal as _};

use crate::cli::change_lines::change_page;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command;
use crate::message::{diff as words, notice};
use crate::option::{Command, JSON, RawOptions, YES};
use crate::request::DiffRequest;

/// Says what differs between two sides.
pub(in crate::cli) async fn diff(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let run = session.info()?;
    let request = DiffRequest::new(&raw, &run)?;
    raw.refuse_contradictions(Command::Diff)?;
    require_consent(&request, &raw)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let diffed = command::diff(&request, &run, &workspace, observer, &session.cancellation).await?;
    for note in &diffed.notes {
        session.notice(&notice(note, session.speaker()));
    }
    if raw.flag(&JSON)? {
        session.terminal.document(&words::document(&diffed))?;
    } else {
        session.terminal.note(&format!("{}: {}.", words::compared(&diffed), words::how_many(&diffed)));
        session.page(&change_page(session, &diffed.files, diffed.by_key))?;
        for keys in words::lacking_beside_lines(&diffed, &|path| session.shown(path)) {
            session.terminal.note(&keys);
        }
    }
    if request.fails_on_difference && diffed.is_different() { Err(Failure::Differs) } else { Ok(()) }
}

/// Values are shown to who sees them on a terminal, or says that it may be elsewhere.
fn require_consent(request: &DiffRequest, raw: &RawOptions) -> Result<(), Failure> {
    if !request.with_values || raw.flag(&YES)? || io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::ValuesElsewhere)
}
