use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::columns::{Reader, columns};
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command::{self, Location, Log};
use crate::message::history::{self, HistoryLine};
use crate::message::notice;
use crate::option::{Command, JSON, KEY};
use crate::request::LogRequest;

/// Tells the history of a context, a line a version.
pub(in crate::cli) async fn log(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    if let Some(key) = session.invocation.argument("KEY") {
        raw.set(&KEY, key);
    }
    let info = session.info()?;
    let request = LogRequest::new(&raw, &info)?;
    raw.refuse_contradictions(Command::Log)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let log = command::log(&request, &info, &workspace, observer, &session.cancellation).await?;
    log.notes.iter().for_each(|note| session.notice(&notice(note, session.speaker())));
    history::about_unread(&log, session.speaker()).for_each(|said| session.notice(&said));
    if raw.flag(&JSON)? {
        let Log { location: Location { context, bucket, .. }, published, .. } = &log;
        let versions = history::json(&log, session.speaker());
        let document = json!({
            "schema": 1, "bucket": bucket, "context": context.as_str(), "published": published, "versions": versions,
        });
        return session.terminal.document(&document);
    }
    session.terminal.note(&format!("{}.", history::heading(&log)));
    if log.published == 0 && log.entries.is_empty() {
        session.terminal.next("cstore push");
    }
    let reader = Reader::of_output();
    let now = OffsetDateTime::now_utc();
    let rows = log.entries.iter().map(|entry| {
        let HistoryLine { name, time, who, commit, files, message } = HistoryLine::new(entry, session.speaker());
        let time = if reader.is_person() { ago(&time, now).unwrap_or(time) } else { time };
        vec![name, time, who, commit, files, message]
    });
    session.page(&columns(&rows.collect::<Vec<_>>(), reader))
}

/// "3 days ago"; none of a time that is none, or that has not come yet.
pub(super) fn ago(time: &str, now: OffsetDateTime) -> Option<String> {
    let passed = now - OffsetDateTime::parse(time, &Rfc3339).ok()?;
    if passed < Duration::ZERO {
        return None;
    }
    let units = [
        (passed.whole_days() / 365, "year"),
        (passed.whole_days() / 30, "month"),
        (passed.whole_days(), "day"),
        (passed.whole_hours(), "hour"),
        (passed.whole_minutes(), "minute"),
    ];
    let (number, unit) =
        units.into_iter().find(|(number, _)| *number > 0).unwrap_or((passed.whole_seconds(), "second"));
    Some(format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_told_in_its_largest_unit() {
        let now = OffsetDateTime::parse("2026-03-10T12:00:00Z", &Rfc3339).unwrap();
        for (time, expected) in [
            ("2026-03-07T12:00:00Z", Some("3 days ago")),
            ("2026-03-09T12:00:01Z", Some("23 hours ago")),
            ("2026-03-10T11:59:00Z", Some("1 minute ago")),
            ("2026-03-10T12:00:00+01:00", Some("1 hour ago")),
            ("2026-03-10T12:00:00Z", Some("0 seconds ago")),
            ("2025-01-01T00:00:00Z", Some("1 year ago")),
            ("2026-03-11T12:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(ago(time, now).as_deref(), expected, "{time}");
        }
    }
}
