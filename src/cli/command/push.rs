use serde_json::{Value, json};

use crate::cli::failure::Failure;
use crate::cli::head_memory::HeadMemory;
use crate::cli::session::Session;
use crate::command::{self, Pushed, PushedFile};
use crate::message::{changes, counted, headline, notice};
use crate::name::VersionRequest;
use crate::option::{Command, JSON, OVERWRITE, UPDATE_CATALOG};
use crate::request::PushRequest;

/// Stores files, and remembers them as the base of the next push.
pub(in crate::cli) async fn push(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    session.settle(&mut raw).await?;
    session.add_files(&mut raw)?;
    if raw.text(&UPDATE_CATALOG).is_none() {
        raw.set(&UPDATE_CATALOG, "true");
    }
    let (overwrite, is_json) = (raw.flag(&OVERWRITE)?, raw.flag(&JSON)?);
    // For the head it means something else than for a version: to replace what nobody here has seen.
    raw.set(&OVERWRITE, "false");
    let info = session.info()?;
    let mut request = PushRequest::new(&raw, &info)?;
    raw.refuse_contradictions(Command::Push)?;
    let is_head = request.target.version == VersionRequest::Head;
    request.overwrite = overwrite && !is_head;
    let workspace = session.workspace()?;
    let location = command::push_location(&request, &info, &workspace, &*session.observer())?;
    let memory = HeadMemory::new(session, &request, location);
    if is_head && !overwrite {
        request.bases = Some(memory.bases());
    }
    let observer = session.observer();
    let pushed = command::push(&request, &info, &workspace, observer, &session.cancellation).await?;
    pushed.notes.iter().for_each(|note| session.notice(&notice(note, session.speaker())));
    changes::about_gone(&pushed).iter().for_each(|said| session.notice(said));
    let verb = match (request.dry_run, pushed.changed) {
        (true, true) => "Would push",
        (true, false) => "Nothing would change in",
        (false, true) => "Pushed",
        (false, false) => "Nothing has changed in",
    };
    session.terminal.line(&headline(verb, &pushed.location));
    session.terminal.line(&format!("{}, {}", counted(pushed.files.len(), "file"), pushed.digest.pin()));
    changes::lines(&pushed).iter().for_each(|line| session.terminal.line(line));
    if !request.dry_run {
        memory.remember(session, &workspace, &pushed)?;
    }
    if is_json {
        let document = document(&pushed, request.dry_run);
        session.terminal.data(format!("{document:#}\n").as_bytes())?;
    }
    Ok(())
}

fn document(pushed: &Pushed, dry_run: bool) -> Value {
    let file = |file: &PushedFile| {
        let merged = pushed.merged.iter().find(|merged| merged.path == file.path);
        json!({
            "path": file.path.as_str(),
            "sha256": file.digest,
            "size": file.size,
            "keys_from_others": merged.map(|merged| &merged.from_others),
        })
    };
    json!({
        "schema": 1,
        "context": pushed.location.context.as_str(),
        "bucket": pushed.location.bucket,
        "version": pushed.location.version,
        "digest": pushed.digest.pin(),
        "changed": pushed.changed,
        "dry_run": dry_run,
        "files": pushed.files.iter().map(file).collect::<Vec<_>>(),
    })
}
