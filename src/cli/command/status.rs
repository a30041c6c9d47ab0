use std::io::{self, IsTerminal as _};

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::ago::ago;
use super::local::Local;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::cli::terminal::shown;
use crate::command::{self, FileState, FileStatus, Named, Status};
use crate::message::changes::SETTINGS_CHANGED;
use crate::message::counted;
use crate::name::ChannelName;
use crate::option::{Command, JSON};
use crate::store::PushSource;

/// How wide the column of states is at least.
const STATE_WIDTH: usize = 21;

/// How many versions are named.
const MOST_VERSIONS: usize = 5;

/// Says which version the local files are, what was changed, and what is newer in the bucket.
pub(in crate::cli) async fn status(session: &Session) -> Result<(), Failure> {
    let local = Local::open(session, Command::Status)?;
    let is_json = local.raw.flag(&JSON)?;
    let (observer, cancellation) = (session.observer(), &session.cancellation);
    let found = local.compared(async |files| command::status(files, observer, cancellation).await).await?;
    found.notes.iter().for_each(|note| session.note(note));
    if is_json {
        return session.terminal.document(&document(session, &found));
    }
    let now = io::stdout().is_terminal().then(OffsetDateTime::now_utc);
    let mut lines = vec![compared_with(&found, now), these_files(&found)];
    let states: Vec<_> = found.files.iter().map(|file| state(&found, file)).collect();
    let width = states.iter().map(String::len).max().unwrap_or_default().max(STATE_WIDTH);
    lines.extend(states.iter().zip(&found.files).map(|(state, file)| {
        let path = session.shown(file.place.as_str());
        format!("  {state:<width$}  {}", shown(&path))
    }));
    lines.extend(channels(&found));
    match &found.newer {
        None => {
            lines.push("It is not known whether there are newer versions, since they may not be listed.".to_owned())
        }
        Some(newer) if newer.is_empty() => {}
        Some(newer) => {
            let word = if found.named.is_some() { "Newer versions" } else { "Published versions" };
            let named: Vec<_> = newer.iter().take(MOST_VERSIONS).map(ToString::to_string).collect();
            let more = newer.len() - named.len();
            let more = if more == 0 { String::new() } else { format!(" and {more} more (cstore list versions)") };
            lines.push(format!("{word}: {}{more}", named.join(", ")));
        }
    }
    session.terminal.data(format!("{}\n", lines.join("\n")).as_bytes())?;
    if found.files.is_empty() {
        session.next(&session.suggested_push(&["push"]));
    }
    Ok(())
}

/// "Channels that point at v1.4.2: prod, staging (as it was before it was overwritten: pulls fail)"
fn channels(found: &Status) -> Option<String> {
    let (Named { version, .. }, channels) = (found.named.as_ref()?, found.channels.as_deref()?);
    let name = |channel: &ChannelName| {
        let is_left = found.channels_left.contains(channel);
        format!("{channel}{}", if is_left { " (as it was before it was overwritten: pulls fail)" } else { "" })
    };
    let names: Vec<_> = channels.iter().map(name).collect();
    (!names.is_empty()).then(|| format!("Channels that point at {version}: {}", names.join(", ")))
}

/// "Compared with: the head of shop in s3://cstore-shop, pushed 3 days ago by Jo". `now`: none where times are printed.
fn compared_with(found: &Status, now: Option<OffsetDateTime>) -> String {
    let location = &found.location;
    let pushed = match &found.pushed {
        Some(pushed) => {
            let time = now.and_then(|now| ago(&pushed.created_at, now)).unwrap_or_else(|| pushed.created_at.clone());
            let by = PushSource::by(pushed.source.as_ref());
            format!(", pushed {time}{by}")
        }
        None if found.is_without_manifest => ", pushed by the Go cStore, without a manifest".to_owned(),
        None => "; nothing was ever pushed to it".to_owned(),
    };
    let text = format!("{} of {} in s3://{}{pushed}", basis(found), location.context, location.bucket);
    format!("Compared with: {}", shown(&text))
}

/// What the files are compared with, within a sentence.
fn basis(found: &Status) -> &str {
    if found.location.version == "head" { "the head" } else { &found.location.version }
}

/// "These files are v1.4.2, 1 file changed".
fn these_files(found: &Status) -> String {
    let is_here =
        |file: &&FileStatus| !matches!(file.state, FileState::MissingHere | FileState::Nowhere | FileState::Unreadable);
    match (&found.named, found.changed()) {
        _ if found.files.is_empty() => {
            format!("There is nothing to compare: no file is in the catalog or in {}", basis(found))
        }
        _ if !found.files.iter().any(|file| is_here(&file)) => "None of its files is here".to_owned(),
        _ if found.is_without_manifest => {
            "These files cannot be compared until this tool has pushed them once".to_owned()
        }
        (Some(Named { version, changed: 0 }), _) => format!("These files are {version}"),
        (Some(Named { version, changed }), _) => {
            format!("These files are {version}, {} changed", counted(*changed, "file"))
        }
        (None, 0) => format!("These files are {}", basis(found)),
        (None, changed) => {
            let unknown = found.files.iter().filter(|file| file.state == FileState::WithoutManifest).count();
            let (changed, of) = (changed - unknown, counted(found.files.len(), "file"));
            let differ = if changed == 1 { "differs" } else { "differ" };
            let unknown = if unknown == 0 { String::new() } else { format!(", and {unknown} cannot be compared") };
            format!("{changed} of {of} {differ} from {}{unknown}", basis(found))
        }
    }
}

/// What is said of a file, before its path.
fn state(found: &Status, file: &FileStatus) -> String {
    let basis = basis(found);
    match file.state {
        FileState::Unchanged => "unchanged".to_owned(),
        FileState::ChangedHere => "changed here".to_owned(),
        FileState::SettingsChanged => SETTINGS_CHANGED.to_owned(),
        FileState::Newer => "newer in the bucket".to_owned(),
        FileState::Both => "changed on both sides".to_owned(),
        FileState::Differs => format!("not as in {basis}"),
        FileState::MissingHere => "missing here".to_owned(),
        FileState::NotPushed => format!("not in {basis}"),
        FileState::WithoutManifest => "not comparable".to_owned(),
        FileState::Unmanaged => "by another tool".to_owned(),
        FileState::Nowhere => format!("neither here nor in {basis}"),
        FileState::Unreadable => "no file, or not readable".to_owned(),
    }
}

fn document(session: &Session, found: &Status) -> Value {
    let file = |file: &FileStatus| {
        json!({
            "path": file.path.as_str(),
            "place": session.shown(file.place.as_str()),
            "state": file.state.word(),
        })
    };
    let here =
        |Named { version, changed }: &Named| -> Value { json!({ "version": version, "changed_files": changed }) };
    json!({
        "schema": 1,
        "context": found.location.context.as_str(),
        "bucket": found.location.bucket,
        "version": found.location.version,
        "pushed_at": found.pushed.as_ref().map(|pushed| &pushed.created_at),
        "source": found.pushed.as_ref().map(|pushed| &pushed.source),
        "changed_files": found.changed(),
        "here": found.named.as_ref().map(here),
        "channels": found.channels.as_ref().map(|channels| channels.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "newer_versions": found.newer,
        "files": found.files.iter().map(file).collect::<Vec<_>>(),
    })
}
