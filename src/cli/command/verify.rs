use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command;
use crate::message::{counted, diff, headline, notice, verify as words};
use crate::name::{Reference, StoredReference};
use crate::option::{BUCKET, CONTEXT, Command, JSON, OptionError, OptionProblem, RawOptions, VERSION};
use crate::request::VerifyRequest;

/// Says whether every object is what its manifest says, and whether two sides have the same keys.
pub(in crate::cli) async fn verify(session: &Session) -> Result<(), Failure> {
    let mut raw = session.raw();
    if let Some(reference) = session.invocation.argument("REF") {
        take_reference(&mut raw, reference)?;
    }
    let run = session.info()?;
    let request = VerifyRequest::new(&raw, &run)?;
    raw.refuse_contradictions(Command::Verify)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let verified = command::verify(&request, &run, &workspace, observer, &session.cancellation).await?;
    if let Some(objects) = &verified.objects {
        for notice in words::notices(objects, &|path| session.shown(path)) {
            session.notice(&notice);
        }
        let digest = objects.digest.map(|digest| format!(", {}", digest.pin())).unwrap_or_default();
        let (files, found) = (counted(objects.files.len(), "file"), counted(objects.findings.len(), "finding"));
        session.terminal.note(&format!("{}: {files}{digest}, {found}.", headline("Verified", &objects.location)));
    }
    if let Some(diffed) = &verified.same_keys {
        for note in &diffed.notes {
            session.notice(&notice(note, session.speaker()));
        }
        session.terminal.note(&format!("{}.", diff::compared(diffed)));
    }
    if raw.flag(&JSON)? {
        session.terminal.data(format!("{}\n", words::document(&verified)).as_bytes())?;
    }
    if verified.found_something() {
        Err(Failure::Found(words::findings(&verified, &|path| session.shown(path), session.speaker())))
    } else {
        Ok(())
    }
}

/// Has the options name what a reference does.
fn take_reference(raw: &mut RawOptions, text: &str) -> Result<(), OptionError> {
    let reference = Reference::new(text).map_err(|error| OptionError::unusable(&VERSION, error))?;
    let Reference::Stored(StoredReference { bucket, context, version }) = reference else {
        return Err(OptionError::new(&VERSION, OptionProblem::IsNotA(text.to_owned(), "version in a bucket")));
    };
    raw.set(&VERSION, &version.to_string());
    bucket.iter().for_each(|bucket| raw.set(&BUCKET, bucket));
    context.iter().for_each(|context| raw.set(&CONTEXT, context.as_str()));
    Ok(())
}
