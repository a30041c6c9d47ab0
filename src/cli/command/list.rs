use std::io::{self, IsTerminal as _};

use serde_json::{Map, Value, json};

use super::columns::columns;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command::{self, Found, Listed};
use crate::message::{list as joined, listing, notice};
use crate::option::{Command, JSON, LIST, ListKind, VERSION, WITH_TAGS};
use crate::request::ListRequest;

/// Names what there is, of one kind.
pub(in crate::cli) async fn list(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    // As the Go cStore has it, `-v` alone asks for versions.
    let versions = (session.invocation.argument(VERSION.flag_name()) == Some("")).then_some(ListKind::Versions);
    if let Some(word) = session.invocation.argument("WHAT").or(versions.map(ListKind::word)) {
        if !ListKind::ALL.iter().any(|(known, _)| *known == word) {
            return Err(Failure::NoList(word.to_owned()));
        }
        raw.set(&LIST, word);
    }
    session.add_files(&mut raw)?;
    let info = session.info()?;
    let request = ListRequest::new(&raw, &info)?;
    raw.refuse_contradictions(Command::List)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let listed = command::list(&request, &info, &workspace, observer, &session.cancellation).await?;
    listed.notes.iter().for_each(|note| session.notice(&notice(note, session.speaker())));
    let unread = listing::without_keys(&listed);
    if !unread.is_empty() {
        let text = format!("These files cannot be read, so their keys are not listed: {}.", joined(&unread));
        session.terminal.warning(&text);
    }
    if raw.flag(&JSON)? {
        return session.terminal.data(format!("{}\n", document(&listed)).as_bytes());
    }
    let lines = listing::lines(&listed);
    session.terminal.note(&format!("{}.", listing::heading(&listed, lines.len())));
    let is_terminal = io::stdout().is_terminal();
    let mut rows: Vec<_> = lines.into_iter().map(|line| vec![line.name, line.about]).collect();
    if let (Found::Files(files), ListKind::Files) = (&listed.found, listed.kind) {
        for (row, file) in rows.iter_mut().zip(files) {
            row[0] = session.shown(file.path.as_str());
        }
        if raw.flag(&WITH_TAGS)? {
            rows.iter_mut().zip(files).for_each(|(row, file)| row[1] = joined(&file.tags));
        } else if !is_terminal {
            rows.iter_mut().for_each(|row| row.truncate(1));
        }
    } else if !is_terminal {
        // Whoever reads on wants the names.
        rows.iter_mut().for_each(|row| row.truncate(1));
    }
    session.page(&columns(&rows, is_terminal))
}

fn document(listed: &Listed) -> Value {
    let mut document = Map::from_iter([("schema".to_owned(), json!(1)), ("bucket".to_owned(), json!(listed.bucket))]);
    if let Some(location) = &listed.location {
        document.insert("context".to_owned(), json!(location.context.as_str()));
        if listed.kind.is_of_version() {
            document.insert("version".to_owned(), json!(location.version));
        }
    }
    document.insert(listed.kind.word().to_owned(), json!(listing::json(listed)));
    Value::Object(document)
}
