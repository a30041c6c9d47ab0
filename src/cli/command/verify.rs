use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command;
use crate::message::{checked, counted, diff, headline, verify as words};
use crate::option::JSON;
use crate::request::VerifyRequest;

/// Says whether every object is what its manifest says, and whether two sides have the same keys.
pub(in crate::cli) async fn verify(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let (request, run) = session.asked(&raw, VerifyRequest::new)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let verified = command::verify(&request, &run, &workspace, observer, &session.cancellation).await?;
    if let Some(files) = &verified.files {
        for notice in checked::notices(files, session.speaker()) {
            session.notice(&notice);
        }
        for note in &files.notes {
            session.note(note);
        }
        session.terminal.note(&format!("{}.", checked::headline(files)));
    }
    if let Some(objects) = &verified.objects {
        for notice in words::notices(objects, &|path| session.shown(path)) {
            session.notice(&notice);
        }
        let digest = objects.digest.map(|digest| format!(", {}", digest.pin())).unwrap_or_default();
        let (files, found) = (counted(objects.files.len(), "file"), words::how_many(objects));
        session.terminal.note(&format!("{}: {files}{digest}, {found}.", headline("Verified", &objects.location)));
    }
    if let Some(diffed) = &verified.same_keys {
        for note in &diffed.notes {
            session.note(note);
        }
        session.terminal.note(&format!("{}.", diff::compared(diffed)));
        if !verified.lacks_keys() {
            session.terminal.note("Both have the same keys.");
        }
    }
    if raw.flag(&JSON)? {
        session.terminal.document(&words::document(&verified, session.speaker()))?;
    }
    if verified.found_something() {
        Err(Failure::Found(words::findings(&verified, &|path| session.shown(path), session.speaker())))
    } else {
        Ok(())
    }
}
