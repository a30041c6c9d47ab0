use serde_json::json;
use time::OffsetDateTime;

use super::ago::ago;
use super::columns::{Reader, columns};
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command;
use crate::message::channel_moved::{self as words, MoveLine};
use crate::message::counted;
use crate::option::{Command, JSON};
use crate::request::{ChannelLogRequest, RunInfo};

/// Tells the moves of a channel, a line each.
pub(super) async fn channel_log(session: &Session, request: &ChannelLogRequest, info: &RunInfo) -> Result<(), Failure> {
    let raw = session.raw();
    raw.refuse_contradictions(Command::Log)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let log = command::channel_log(request, info, &workspace, observer, &session.cancellation).await?;
    let name = log.channel.name();
    if raw.flag(&JSON)? {
        let mut moves = words::json(&log.channel);
        moves.truncate(request.limit);
        return session.terminal.document(&json!({
            "schema": 1,
            "bucket": log.bucket,
            "context": log.context.as_str(),
            "channel": name.as_str(),
            "moves": moves,
        }));
    }
    let mut lines = words::lines(&log.channel);
    let older = lines.len().saturating_sub(request.limit);
    let number = counted(lines.len(), "move");
    let not_shown = if older == 0 { String::new() } else { format!(" {} not shown.", counted(older, "older move")) };
    session.terminal.note(&format!("{number} of :{name} of {} in s3://{}.{not_shown}", log.context, log.bucket));
    lines.truncate(request.limit);
    let (reader, now) = (Reader::of_output(), OffsetDateTime::now_utc());
    let rows = lines.into_iter().map(|MoveLine { version, time, who, from, about, push_id }| {
        let time = if reader.is_person() { ago(&time, now).unwrap_or(time) } else { time };
        let from = if from.is_empty() { from } else { format!("from {from}") };
        vec![version, time, who, from, about, push_id]
    });
    session.page(&columns(&rows.collect::<Vec<_>>(), reader))
}
