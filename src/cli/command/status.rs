use serde_json::json;

use crate::cli::failure::Failure;
use crate::cli::head_memory::knowledge;
use crate::cli::session::Session;
use crate::command::{self, FileState, FileStatus, Named, Status};
use crate::message::{counted, list, notice};
use crate::option::{Command, JSON};
use crate::request::StatusRequest;

/// Says what lies here, what was changed, and what is newer in the bucket.
pub(in crate::cli) async fn status(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    session.add_files(&mut raw)?;
    let info = session.info()?;
    let request = StatusRequest::new(&raw, &info, Command::Status)?;
    raw.refuse_contradictions(Command::Status)?;
    let is_json = raw.flag(&JSON)?;
    let workspace = session.workspace()?;
    let known = knowledge(session, &request.target);
    let observer = session.observer();
    let found = command::status(&request.target, &info, &workspace, &known, observer, &session.cancellation).await?;
    found.notes.iter().for_each(|note| session.notice(&notice(note, session.speaker())));
    if is_json {
        return session.terminal.data(document(session, &found).as_bytes());
    }
    let mut lines = vec![headline(&found)];
    lines.extend(found.files.iter().map(|file| line(session, file)));
    match &found.newer {
        None => lines.push("Whether there are newer versions is not known, as they may not be listed.".to_owned()),
        Some(newer) if newer.is_empty() => {}
        Some(newer) => {
            let word = if found.named.is_some() { "Newer versions" } else { "Versions" };
            lines.push(format!("{word}: {}", list(newer)));
        }
    }
    session.terminal.data(format!("{}\n", lines.join("\n")).as_bytes())
}

/// "v1.4.2 of shop in s3://cstore-shop, 1 file changed".
fn headline(found: &Status) -> String {
    let location = &found.location;
    let changed = match &found.named {
        Some(Named { changed, .. }) => *changed,
        None => found.files.iter().filter(|file| file.state != FileState::Unchanged).count(),
    };
    let version = match &found.named {
        Some(Named { version, .. }) => version.to_string(),
        None => "the head".to_owned(),
    };
    let differs = if found.named.is_some() { "changed" } else { "different" };
    let changed = if changed == 0 { String::new() } else { format!(", {} {differs}", counted(changed, "file")) };
    format!("{version} of {} in s3://{}{changed}", location.context, location.bucket)
}

fn line(session: &Session, file: &FileStatus) -> String {
    let words = match file.state {
        FileState::Unchanged => "unchanged",
        FileState::ChangedHere => "changed here",
        FileState::Newer => "newer in the bucket",
        FileState::Both => "changed on both sides",
        FileState::MissingHere => "missing here",
        FileState::NotPushed => "not pushed yet",
        FileState::Nowhere => "neither here nor in the bucket",
        FileState::Unreadable => "no file, or not readable",
    };
    format!("  {words:<22} {}", crate::cli::terminal::shown(&session.shown(file.place.as_str())))
}

fn document(session: &Session, found: &Status) -> String {
    let file = |file: &FileStatus| {
        json!({
            "path": file.path.as_str(),
            "place": session.shown(file.place.as_str()),
            "state": file.state.word(),
        })
    };
    let document = json!({
        "schema": 1,
        "context": found.location.context.as_str(),
        "bucket": found.location.bucket,
        "version": found.named.as_ref().map(|named| named.version.as_str()),
        "changed_files": found.named.as_ref().map(|named| named.changed),
        "newer_versions": found.newer.as_ref().map(|newer| newer.iter().map(|name| name.as_str()).collect::<Vec<_>>()),
        "files": found.files.iter().map(file).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}
