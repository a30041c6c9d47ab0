use std::io::{self, IsTerminal as _};

use crate::cli::change_lines::change_page;
use crate::cli::contradiction::Contradiction;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::command::{self, DiffedSide};
use crate::error::Error;
use crate::message::diff as words;
use crate::name::Reference;
use crate::option::{BUCKET, JSON, RawOptions, YES};
use crate::request::DiffRequest;
use crate::store::{self, Missing};

/// Says what differs between two sides.
pub(in crate::cli) async fn diff(session: &Session) -> Result<(), Failure> {
    let raw = session.raw();
    let (request, run) = session.asked(&raw, DiffRequest::new)?;
    require_consent(&request, &raw)?;
    let workspace = session.workspace()?;
    let observer = session.observer();
    let diffed = command::diff(&request, &run, &workspace, observer, &session.cancellation).await;
    let diffed = diffed.map_err(|error| named_file(session, &error).map_or_else(|| error.into(), Failure::from))?;
    for note in &diffed.notes {
        session.note(note);
    }
    if raw.flag(&JSON)? {
        session.terminal.document(&words::document(&diffed))?;
    } else {
        session.terminal.note(&format!("{}: {}.", words::compared(&diffed), words::how_many(&diffed)));
        session.page(&change_page(session, &diffed.files, diffed.by_key))?;
        for keys in words::lacking_beside_lines(&diffed, &|path| session.shown(path)) {
            session.terminal.note(&keys);
        }
    }
    let sides = [(&request.from, &diffed.from), (&request.to, &diffed.to)];
    let mut next: Vec<_> = sides.into_iter().filter_map(|(named, side)| what_is_next(session, named, side)).collect();
    next.dedup();
    next.iter().for_each(|command| session.next(command));
    if request.fails_on_difference && diffed.is_different() { Err(Failure::Differs) } else { Ok(()) }
}

/// Whether what is no version is a file that lies here, whose versions were probably to be compared.
fn named_file(session: &Session, error: &Error) -> Option<Contradiction> {
    let Error::Store(failure) = error else { return None };
    let store::Error::Missing(missing) = &**failure else { return None };
    let Missing::Version { version, .. } = &**missing else { return None };
    let names = |typed: &&str| *typed == version.as_str() && session.place.here().join(typed).is_file();
    let typed: Vec<_> = ["A", "B"].into_iter().filter_map(|name| session.invocation.argument(name)).collect();
    typed.iter().copied().find(names).map(Contradiction::file_in_place_of_version)
}

/// The command that comes next where nothing was pushed to a head that is compared.
fn what_is_next(session: &Session, reference: &Reference, side: &DiffedSide) -> Option<String> {
    let is_empty = side.location.as_ref().is_some_and(|location| location.manifest.is_none() && side.files == 0);
    let (true, Reference::Stored(named)) = (is_empty, reference) else { return None };
    let bucket = named.bucket.as_deref().map(|bucket| ["--bucket", bucket]);
    let is_elsewhere = named.context.is_some();
    let mut words = if is_elsewhere { vec!["list", "contexts"] } else { vec!["push"] };
    match bucket {
        // A flag names another one.
        Some(_) if session.invocation.typed(&BUCKET).next().is_some() => return None,
        bucket => words.extend(bucket.into_iter().flatten()),
    }
    Some(if is_elsewhere { session.suggested(&words, []) } else { session.suggested_push(&words) })
}

/// Values are shown to who sees them on a terminal, or says that it may be elsewhere.
fn require_consent(request: &DiffRequest, raw: &RawOptions) -> Result<(), Failure> {
    if !request.with_values || raw.flag(&YES)? || io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::ValuesElsewhere)
}
