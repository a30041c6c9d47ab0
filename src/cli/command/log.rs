use serde_json::json;
use time::OffsetDateTime;

use super::ago::ago;
use super::channel_log::channel_log;
use super::columns::{Reader, columns};
use crate::cli::contradiction::Contradiction;
use crate::cli::failure::Failure;
use crate::cli::reference::require_channel;
use crate::cli::session::Session;
use crate::command::{self, Location, Log};
use crate::error::ExitCode;
use crate::message::history::{self, HistoryLine};
use crate::message::with_value;
use crate::name::ChannelReference;
use crate::option::{CHANNEL, Command, JSON, KEY, Kind, LIMIT, RawOptions, SEPARATOR};
use crate::request::{ChannelLogRequest, LogRequest, RunInfo};

/// Tells the history of a context, a line a version.
pub(in crate::cli) async fn log(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    let typed = session.invocation.argument("KEY");
    let is_channel = |typed: &&str| typed.starts_with(':') || typed.starts_with("s3://");
    match typed {
        Some(channel) if is_channel(&channel) => {
            require_channel(channel)?;
            raw.set(&CHANNEL, channel);
        }
        Some(channel) if matches!(ChannelReference::new(channel), Ok(Some(_))) => {
            raw.set(&CHANNEL, channel);
        }
        Some(key) => raw.set(&KEY, key),
        None => {}
    }
    if let (Some(typed), Some(key)) = (typed, session.invocation.raw.text(&KEY)) {
        return Err(Contradiction::between(typed, &with_value(KEY.flag_name(), key), "histories").into());
    }
    let info = session.info()?;
    let Some(request) = ChannelLogRequest::new(&raw, &info)? else {
        return show(session, &raw, &read(session, &raw, &info).await?);
    };
    let told = channel_log(session, &request, &info).await;
    // What a colon joins may be a config key as well.
    let is_either = |typed: &&str| !is_channel(typed);
    if let (true, Some(typed)) = (told.is_ok(), typed.filter(is_either)) {
        let key = session.suggested(&["log", &format!("--{}={typed}", KEY.flag_name())], []);
        session.terminal.note(&format!("{typed} is taken for a channel. For the config key, run: {key}"));
    }
    let not_there = [ExitCode::NotFound, ExitCode::NotAllowed].map(u8::from);
    let code = told.as_ref().err().map(Failure::code);
    let is_not_there = code.is_some_and(|code| not_there.contains(&code));
    match typed.filter(is_either).filter(|_| is_not_there) {
        // A config key may hold a colon, too: it is one that some version has.
        Some(key) => {
            raw.clear(&CHANNEL);
            raw.set(&KEY, key);
            match read(session, &raw, &info).await {
                Ok(read) if !read.0.entries.is_empty() => {
                    let why = if code == Some(ExitCode::NotAllowed.into()) {
                        "a channel of that name may not be read"
                    } else {
                        "no channel has that name"
                    };
                    session.terminal.note(&format!("{key} is taken for a config key, since {why}."));
                    show(session, &raw, &read)
                }
                _ => told,
            }
        }
        None => told,
    }
}

/// The log of versions, and of how many at most it was asked for.
async fn read(session: &Session, raw: &RawOptions, info: &RunInfo) -> Result<(Log, usize), Failure> {
    let request = LogRequest::new(raw, info)?;
    raw.refuse_contradictions(Command::Log)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let log = command::log(&request, info, &workspace, observer, &session.cancellation).await?;
    Ok((log, request.limit))
}

fn show(session: &Session, raw: &RawOptions, (log, limit): &(Log, usize)) -> Result<(), Failure> {
    log.notes.iter().for_each(|note| session.note(note));
    history::about_unread(log, session.speaker()).for_each(|said| session.notice(&said));
    if raw.flag(&JSON)? {
        let Log { location: Location { context, bucket, .. }, published, older, .. } = log;
        let document = json!({
            "schema": 1,
            "bucket": bucket,
            "context": context.as_str(),
            "published": published,
            "older": older,
            "versions": history::json(log, session.speaker()),
        });
        return session.terminal.document(&document);
    }
    let not_shown = history::not_shown(log);
    let reader = Reader::of_output();
    // Whoever reads a page sees it at its end.
    let of_page = not_shown.as_ref().filter(|_| !reader.is_person());
    let rest = of_page.map(|rest| format!(" {rest}.")).unwrap_or_default();
    session.terminal.note(&format!("{}.{rest}", history::heading(log)));
    if log.published == 0 && log.entries.is_empty() {
        session.next(&session.suggested_push(&["push"]));
    } else if log.older > 0 {
        session.next(&with_older(session, log, *limit));
    }
    let now = OffsetDateTime::now_utc();
    let rows = log.entries.iter().map(|entry| {
        let HistoryLine { name, time, who, commit, files, message } = HistoryLine::new(entry, session.speaker());
        let time = if reader.is_person() { ago(&time, now).unwrap_or(time) } else { time };
        vec![name, time, who, commit, files, message]
    });
    let mut page = columns(&rows.collect::<Vec<_>>(), reader);
    if let (true, Some(rest)) = (reader.is_person(), not_shown) {
        page.push_str(&format!("… {rest}\n"));
    }
    session.page(&page)
}

/// The command line that shows the older versions, too, of which there are some; or only their names if one log cannot
/// have so many lines.
fn with_older(session: &Session, log: &Log, limit: usize) -> String {
    let all = limit.saturating_add(log.older).to_string();
    let mut words = vec!["log", "-n", &all];
    let key = session.invocation.argument("KEY").or(session.invocation.raw.text(&KEY));
    // By itself it would be read as a flag, or as a channel.
    let by_flag = key.filter(|key| key.starts_with('-') || session.invocation.argument("KEY").is_none());
    let by_flag = by_flag.map(|key| format!("--{}={key}", KEY.flag_name()));
    words.extend(by_flag.as_deref().or(key));
    let separator = session.invocation.typed(&SEPARATOR).map(|typed| format!("--{}={typed}", SEPARATOR.flag_name()));
    let separator: Vec<_> = separator.collect();
    words.extend(separator.iter().map(String::as_str));
    if let Kind::Number(_, most) = LIMIT.kind
        && all.parse().is_ok_and(|all: u64| all > most)
    {
        words = vec!["list", "versions"];
    }
    session.suggested(&words, [])
}
