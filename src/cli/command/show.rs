use std::io::{self, IsTerminal as _};
use std::iter;

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::ago::ago;
use crate::cli::change_lines::change_page;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::cli::terminal::shown as as_text;
use crate::command::{self, Location};
use crate::message::{history, objects};
use crate::option::JSON;
use crate::request::ShowRequest;

/// Tells of one version, or of the head.
pub(in crate::cli) async fn show(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let (request, info) = session.asked(&raw, ShowRequest::new)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let shown = command::show(&request, &info, &workspace, observer, &session.cancellation).await?;
    if raw.flag(&JSON)? {
        let Location { context, bucket, .. } = &shown.location;
        let mut document = json!({"schema": 1, "bucket": bucket, "context": context.as_str()});
        if let (Value::Object(document), Value::Object(version)) = (&mut document, history::json_of_one(&shown)) {
            document.extend(version);
        }
        document["objects"] = objects::document(&shown.objects);
        return session.terminal.document(&document);
    }
    let mut lines = Vec::new();
    let is_terminal = io::stdout().is_terminal();
    for (name, text) in history::facts(&shown) {
        let ago = (is_terminal && name == "Pushed").then(|| ago(&text, OffsetDateTime::now_utc())).flatten();
        let text = ago.map_or_else(|| text.clone(), |ago| format!("{text} ({ago})"));
        // Further lines of a message stand below its first one.
        let labels = iter::once(format!("{name}:")).chain(iter::repeat(String::new()));
        let labelled = labels.zip(text.split('\n')).map(|(label, line)| format!("{label:12}{}", as_text(line)));
        lines.extend(labelled.map(|line| line.trim_end().to_owned()));
    }
    let files = shown.changes.as_ref().map(|changes| changes.files.as_slice()).unwrap_or_default();
    session.page(&format!("{}\n{}", lines.join("\n"), change_page(session, files, shown.with_keys)))
}
