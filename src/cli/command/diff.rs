use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::cli::terminal::shown;
use crate::command::{self, Change, Diffed, FileChange, ValueChange};
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
        session.terminal.data(format!("{}\n", words::document(&diffed)).as_bytes())?;
    } else {
        session.terminal.note(&format!("{}: {}.", words::compared(&diffed), words::how_many(&diffed)));
        session.page(&page(session, &diffed))?;
        for keys in words::lacking(&diffed, &|path| session.shown(path)) {
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

/// What differs, a line a file or key, coloured on a terminal.
fn page(session: &Session, diffed: &Diffed) -> String {
    let has_colours = io::stdout().is_terminal() && AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    let mut page = String::new();
    for file in &diffed.files {
        for line in words::lines_of(file, diffed.by_key, session.shown(file.path.as_str())) {
            let style = style(line.change, has_colours);
            let indent = if line.key.is_some() { "    " } else { "" };
            // Nothing keeps a text from being written to.
            let _ = writeln!(page, "{indent}{style}{} {}{style:#}", words::sign(line.change), shown(&line.text));
            if let Some(value) = line.key.and_then(|key| value_of(file, key)) {
                values(&mut page, value, has_colours);
            }
        }
    }
    page
}

fn style(change: Change, has_colours: bool) -> Style {
    let colour = match change {
        Change::Added => AnsiColor::Green,
        Change::Changed => AnsiColor::Yellow,
        Change::Removed => AnsiColor::Red,
    };
    if has_colours { colour.on_default() } else { Style::new() }
}

fn value_of<'a>(file: &'a FileChange, key: &str) -> Option<&'a ValueChange> {
    file.keys.as_ref().ok()?.values.iter().find(|value| value.key == key)
}

/// The values of a key, before and after.
fn values(page: &mut String, value: &ValueChange, has_colours: bool) {
    for (change, text) in [(Change::Removed, &value.before), (Change::Added, &value.after)] {
        let style = style(change, has_colours);
        let text = text.as_ref().map(|text| text.expose().as_str());
        for line in text.into_iter().flat_map(|text| text.split('\n')) {
            let _ = writeln!(page, "        {style}{} {}{style:#}", words::sign(change), shown(line));
        }
    }
}
