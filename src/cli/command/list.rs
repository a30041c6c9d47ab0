use std::collections::HashSet;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::ago::ago;
use super::columns::{Reader, columns};
use crate::cli::contradiction::Contradiction;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command::{self, Found, FoundChannel, Listed};
use crate::message::{list as joined, listing};
use crate::nearest::nearest;
use crate::option::{JSON, LIST, ListKind, WITH_TAGS};
use crate::request::ListRequest;

/// Names what there is, of one kind.
pub(in crate::cli) async fn list(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    // As the Go cStore has it, `-v` alone asks for versions.
    let versions = session.invocation.lists_versions().then_some(ListKind::Versions.word());
    let typed = session.invocation.argument("WHAT");
    if let Some(word) = typed.or(versions) {
        let words = || ListKind::ALL.iter().map(|(word, _)| *word);
        if !words().any(|known| known == word) {
            return Err(Failure::NoList { name: word.to_owned(), meant: nearest(word, words()) });
        }
        if versions.is_some_and(|versions| versions != word) {
            return Err(Contradiction::between(word, "-v", "lists").into());
        }
        raw.set(&LIST, word);
    }
    let (request, info) = session.asked(&raw, ListRequest::new)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let listed = command::list(&request, &info, &workspace, observer, &session.cancellation).await?;
    listed.notes.iter().for_each(|note| session.note(note));
    let unread = listing::without_keys(&listed);
    if !unread.is_empty() {
        let text = format!("These files cannot be read, so their keys are not listed: {}.", joined(&unread));
        session.terminal.warning(&text);
    }
    if raw.flag(&JSON)? {
        return session.terminal.document(&document(&listed));
    }
    let lines = listing::lines(&listed);
    if lines.is_empty() && listed.kind == ListKind::Versions {
        // A note says that there is none.
        session.next(&session.suggested_push(&["push", "-v", "v1.0.0"]));
    } else {
        session.terminal.note(&format!("{}.", listing::heading(&listed)));
        if lines.is_empty() && listed.kind == ListKind::Contexts {
            session.next(&session.suggested_push(&["push"]));
        }
    }
    let reader = Reader::of_output();
    let mut rows: Vec<_> = lines.into_iter().map(|line| vec![line.name, line.about]).collect();
    if let Found::Channels(channels) = &listed.found {
        let rows: Vec<_> = channels.iter().map(|channel| channel_row(channel, reader)).collect();
        return session.page(&columns(&rows, reader));
    }
    if let (Found::Files(files), ListKind::Files) = (&listed.found, listed.kind) {
        for (row, file) in rows.iter_mut().zip(files) {
            row[0] = session.shown(file.path.as_str());
        }
        if raw.flag(&WITH_TAGS)? {
            rows.iter_mut().zip(files).for_each(|(row, file)| row[1] = joined(&file.tags));
        } else if !reader.is_person() {
            rows.iter_mut().for_each(|row| row.truncate(1));
            // Of two catalogs that have it a note tells.
            let mut named = HashSet::new();
            rows.retain(|row| named.insert(row.clone()));
        }
    } else if !reader.is_person() {
        // Whoever reads on wants the names.
        rows.iter_mut().for_each(|row| row.truncate(1));
    } else if listed.kind == ListKind::Versions {
        let now = OffsetDateTime::now_utc();
        for row in &mut rows {
            row[1] = ago(&row[1], now).unwrap_or_else(|| row[1].clone());
        }
    }
    session.page(&columns(&rows, reader))
}

/// A channel, its version, when and by whom it was moved there, and how far behind that is.
fn channel_row(channel: &FoundChannel, reader: Reader) -> Vec<String> {
    let [version, time, who, behind] = listing::channel_parts(channel);
    let when = reader.is_person().then(|| ago(&time, OffsetDateTime::now_utc())).flatten();
    vec![channel.name.to_string(), version, when.unwrap_or(time), who, behind]
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
